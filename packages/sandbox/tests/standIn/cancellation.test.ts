import assert from "node:assert/strict";
import { startStandIn, type StandIn } from "../../standIn/standIn";
import { EngineClient } from "./engineClient";
import { recordedPart, recordedResource } from "./recording";
import { ReplayServer } from "./replayServer";

const password = "azuread:index/applicationPassword:ApplicationPassword";

describe("stand-in: cancelling", () => {
  let directory: ReplayServer;
  let standIn: StandIn;
  let engine: EngineClient;
  /** Resolves when the plugin has begun to wait. */
  let waiting: Promise<void>;

  beforeEach(async () => {
    directory = await ReplayServer.start();
    let begun: () => void;
    waiting = new Promise((resolve) => (begun = resolve));
    standIn = await startStandIn("azuread", directory.environment, {
      fixedWaits: true,
      // Never over by itself.
      sleep: (_milliseconds, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("cancelled while waiting")));
          begun();
        }),
    });
    engine = new EngineClient(standIn.port);
    directory.expect(...recordedPart("01-up", [0, 1]));
    await engine.configure();
  });

  afterEach(async () => {
    engine.close();
    await standIn.stop();
    await directory.close();
  });

  it("ends what is under way when the engine cancels, and works on afterwards", async () => {
    const { inputs } = recordedResource("01-up", "ApplicationPassword");
    directory.expect(...recordedPart("01-up", 17, 19, 22));
    const creation = assert.rejects(engine.create(password, inputs), /cancelled while waiting/);
    await waiting;
    await engine.cancel();
    await creation;
    directory.expect(...recordedPart("03-refresh", 5));
    const { id, outputs } = recordedResource("01-up", "ApplicationPassword");
    assert.notEqual(await engine.read(password, id, inputs, outputs), undefined);
    directory.verify();
  });

  it("ends what is under way when it is stopped", async () => {
    const { inputs } = recordedResource("01-up", "ApplicationPassword");
    directory.expect(...recordedPart("01-up", 17, 19, 22));
    const creation = assert.rejects(engine.create(password, inputs));
    await waiting;
    await standIn.stop();
    await creation;
    directory.verify();
  });
});
