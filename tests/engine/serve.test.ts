import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, requestToken, TestSandbox } from "lab";
import { seedResourceIds } from "entra-sandbox";

const gateway = {
  displayName: "Gateway",
  access: [{ dicomService: seedResourceIds.dicomService }],
  secret: { from: "2026-11-23" },
};

describe("a tenant that is served", function () {
  this.timeout(60_000);
  const sandbox = new TestSandbox();
  let server: ChildProcess;
  let environment: Readonly<Record<string, string>>;
  let printed: string;

  before(async () => {
    server = spawn(
      process.execPath,
      [
        require.resolve("entra-sandbox/bin/cli.js"),
        "--provider",
        "stand-in",
        "--folder",
        sandbox.folder.root,
        "serve",
      ],
      {
        cwd: projectRoot,
        env: { ...process.env, ARM_USE_OIDC: "true" },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    [environment, printed] = await exports(server);
  });
  after(async () => {
    server.kill("SIGKILL");
    sandbox.remove();
    await Promise.resolve();
  });

  it("prints the environment that clients need, before it waits", () => {
    // The folders that a plain CLI needs depend on where this machine has the CLI and the language host.
    assert.deepEqual(
      Object.keys(environment)
        .filter((name) => name !== "PATH")
        .sort(),
      [
        "ARM_CLIENT_ID",
        "ARM_CLIENT_SECRET",
        "ARM_DISABLE_INSTANCE_DISCOVERY",
        "ARM_METADATA_HOSTNAME",
        "ARM_SUBSCRIPTION_ID",
        "ARM_TENANT_ID",
        "CURL_CA_BUNDLE",
        "ENTRA_SANDBOX_URL",
        "NODE_EXTRA_CA_CERTS",
        "NO_PROXY",
        "PULUMI_DEBUG_PROVIDERS",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
        "PULUMI_HOME",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "no_proxy",
      ],
    );
  });

  it("takes back what the user's own environment says about signing in", () => {
    assert.match(printed, /^unset ARM_USE_OIDC$/m);
  });

  it("lets clients sign in with it", async () => {
    const { status, claims } = await requestToken(
      `${environment["ENTRA_SANDBOX_URL"]}/${environment["ARM_TENANT_ID"]}/oauth2/v2.0/token`,
      environment["SSL_CERT_FILE"] ?? assert.fail(),
      {
        clientId: environment["ARM_CLIENT_ID"] ?? assert.fail(),
        secret: environment["ARM_CLIENT_SECRET"] ?? assert.fail(),
        scope: `${environment["ENTRA_SANDBOX_URL"]}/.default`,
      },
    );
    assert.equal(status, 200);
    assert.equal(claims?.["tid"], environment["ARM_TENANT_ID"]);
  });

  it("is what other commands use meanwhile", async () => {
    const config = sandbox.configure({ gateway });
    const { code, stderr } = await sandbox.run("--config", config, "up", "--verbose");
    assert.equal(code, 0, stderr);
    assert.ok(stderr.includes(environment["ENTRA_SANDBOX_URL"] ?? assert.fail()));
    assert.equal((await sandbox.run("--config", config, "destroy")).code, 0);
  });

  it("is not reset under the feet of its clients", async () => {
    const { code, stderr } = await sandbox.run("reset");
    assert.equal(code, 1);
    assert.match(stderr, /in use by another command/);
  });

  it("ends when it is told to, with its port closed and nothing left running", async () => {
    server.kill("SIGTERM");
    const [code] = (await once(server, "exit")) as [number | null];
    assert.equal(code, 0);
    await assert.rejects(fetch(environment["ENTRA_SANDBOX_URL"] ?? assert.fail()));
    assert.ok(!existsSync(join(sandbox.folder.root, "serving")));
  });
});

/** Reads the lines that a shell would evaluate, until the last of them is there. */
async function exports(server: ChildProcess): Promise<[Record<string, string>, string]> {
  const found: Record<string, string> = {};
  let text = "";
  for await (const chunk of server.stdout ?? assert.fail()) {
    text += String(chunk);
    for (const [, name = "", value = ""] of text.matchAll(/^export (\w+)='?(.*?)'?$/gm)) {
      found[name] = value;
    }
    if (found["ENTRA_SANDBOX_URL"] !== undefined && text.endsWith("\n")) {
      break;
    }
  }
  return [found, text];
}
