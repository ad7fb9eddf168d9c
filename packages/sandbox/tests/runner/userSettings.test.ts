import assert from "node:assert/strict";
import { clearUserSettings } from "../../runner/userSettings";

describe("the user's settings", () => {
  it("stay out of the sandbox: no account, no identity, no cloud of theirs", () => {
    const environment: NodeJS.ProcessEnv = {
      PATH: "/usr/bin",
      HOME: "/home/user",
      HTTPS_PROXY: "http://proxy",
      PULUMI_ACCESS_TOKEN: "x",
      PULUMI_BACKEND_URL: "azblob://state",
      ARM_CLIENT_ID: "x",
      AZURE_TENANT_ID: "x",
      ACTIONS_ID_TOKEN_REQUEST_URL: "x",
    };
    clearUserSettings(environment);
    assert.deepEqual(Object.keys(environment), ["PATH", "HOME", "HTTPS_PROXY"]);
  });
});
