import { startStandIn, type ProviderName, type StandIn } from "../../standIn/standIn";
import { EngineClient } from "./engineClient";
import { recordedPart } from "./recording";
import { ReplayServer } from "./replayServer";

/** A stand-in between a client that speaks as the engine and a server that replays; waiting takes no time. */
export class PluginFixture {
  /** The waits that were asked for, in milliseconds. */
  waits: number[] = [];

  private constructor(
    readonly directory: ReplayServer,
    readonly standIn: StandIn,
    readonly engine: EngineClient,
  ) {}

  /** @param options.environment of the plugin, on top of what leads to the replaying server */
  static async start(
    provider: ProviderName,
    options: {
      readonly fixedWaits?: boolean;
      readonly environment?: Readonly<Record<string, string | undefined>>;
    } = {},
  ): Promise<PluginFixture> {
    const directory = await ReplayServer.start();
    const waits: number[] = [];
    const standIn = await startStandIn(
      provider,
      { ...directory.environment, ...options.environment },
      {
        fixedWaits: options.fixedWaits ?? false,
        sleep: (milliseconds, signal) => {
          waits.push(milliseconds);
          return signal.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
        },
      },
    );
    const fixture = new PluginFixture(directory, standIn, new EngineClient(standIn.port));
    fixture.waits = waits;
    return fixture;
  }

  /** Configures the azuread plugin, with the two requests that this takes. */
  async signIn(): Promise<void> {
    this.directory.expect(...recordedPart("01-up", [0, 1]));
    await this.engine.configure();
  }

  async stop(): Promise<void> {
    this.engine.close();
    await this.standIn.stop();
    await this.directory.close();
  }
}
