import { startStandIn, type StandInOptions } from "../standIn/standIn";
import type { ChosenProvider } from "./providers";

/** The stand-ins that serve an engine. */
export interface RunningStandIns {
  /** For PULUMI_DEBUG_PROVIDERS; empty when every plugin is real. */
  readonly attachments: string;
  stop(): Promise<void>;
}

/**
 * Serves the stand-ins among the chosen provider plugins.
 *
 * @param environment how they reach the tenant.
 * @param options how they wait.
 */
export async function startStandIns(
  providers: readonly ChosenProvider[],
  environment: Readonly<Record<string, string>>,
  options: StandInOptions,
): Promise<RunningStandIns> {
  const standIns = await Promise.all(
    providers
      .filter(({ kind }) => kind === "stand-in")
      .map(({ name }) => startStandIn(name, environment, options)),
  );
  return {
    attachments: standIns.map(({ provider, port }) => `${provider}:${port}`).join(","),
    stop: async () => {
      await Promise.all(standIns.map((standIn) => standIn.stop()));
    },
  };
}
