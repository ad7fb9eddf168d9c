import assert from "node:assert/strict";
import { clearUserSettings, reachedDirectly } from "../../runner/userSettings";

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
      AZURE_CONFIG_DIR: "/home/user/.azure-sandbox",
      ACTIONS_ID_TOKEN_REQUEST_URL: "x",
    };
    clearUserSettings(environment);
    assert.deepEqual(Object.keys(environment), ["PATH", "HOME", "HTTPS_PROXY", "AZURE_CONFIG_DIR"]);
  });

  it("about what is reached without a proxy stay, and this machine is among it", () => {
    for (const [environment, expected] of [
      [{}, "127.0.0.1,localhost"],
      [{ NO_PROXY: ".hospital.example, 10.0.0.0/8" }, ".hospital.example,10.0.0.0/8,127.0.0.1,localhost"],
      [{ NO_PROXY: "", no_proxy: "localhost,pacs" }, "localhost,pacs,127.0.0.1"],
      [{ NO_PROXY: "a", no_proxy: "b" }, "a,b,127.0.0.1,localhost"],
      [{ NO_PROXY: "*" }, "*"],
    ] as const) {
      assert.deepEqual(reachedDirectly(environment), { NO_PROXY: expected, no_proxy: expected });
    }
  });
});
