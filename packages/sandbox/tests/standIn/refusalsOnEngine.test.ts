import assert from "node:assert/strict";
import * as azuread from "@pulumi/azuread";
import { clientProgram } from "./clientProgram";
import { Deployment } from "./deployment";

describe("stand-ins on the engine: refusals of their own", function () {
  this.timeout(60_000);
  let deployment: Deployment;

  afterEach(() => deployment.stop());

  it("names a resource that they do not cover", async () => {
    deployment = await Deployment.start({ provider: "stand-in" });
    const program = (): Promise<void> => {
      new azuread.Group("imaging", { displayName: "imaging", securityEnabled: true });
      return Promise.resolve();
    };
    await assert.rejects(
      deployment.stack.up({ program }),
      /the stand-in for azuread does not cover azuread:index\/group:Group; install the real plugin/,
    );
  });

  it("says what is missing to sign in with, before anything is sent", async () => {
    deployment = await Deployment.start({ provider: "stand-in", environment: { ARM_CLIENT_SECRET: "" } });
    await assert.rejects(
      deployment.stack.up({ program: clientProgram() }),
      /failed to load application credentials:\s+Details: nothing to sign in with is configured/,
    );
    assert.deepEqual(deployment.newRequests(), []);
  });
});
