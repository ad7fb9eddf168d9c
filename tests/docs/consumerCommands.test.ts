import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { executableOnPath, seedResourceIds, vaultUri } from "entra-sandbox";
import { DeployedSandbox, readerAccess, requestAccessToken } from "lab";
import { codeBlocks, guide } from "./guideFiles";

const run = promisify(execFile);
const [issuer, subject] = [
  "https://token.actions.githubusercontent.com",
  "repo:contoso/research:environment:dev",
];

/** What the guides ask of jq, for machines without it: one property of a JSON text, raw. */
const jqStandIn = `#!/usr/bin/env node
const [option, path] = process.argv.slice(2);
if (option !== "--raw-output" || !/^\\.\\w+$/.test(path)) throw new Error("the guides have another use of jq now");
let text = "";
process.stdin.on("data", (part) => (text += part)).on("end", () => console.log(JSON.parse(text)[path.slice(1)]));
`;

describe("the commands that the guides give to consumers", function () {
  this.timeout(300_000);
  let sandbox: DeployedSandbox;
  let tools: string;
  let client: Readonly<Record<string, string>>;

  before(async () => {
    tools = await mkdtemp(join(tmpdir(), "guides-test-"));
    if ((await executableOnPath("jq", process.env)) === undefined)
      await writeFile(join(tools, "jq"), jqStandIn, { mode: 0o755 });
    sandbox = await DeployedSandbox.deploy(
      {
        "imaging-gateway": {
          displayName: "Imaging gateway",
          access: [readerAccess],
          consent: "none",
          secret: { from: "2026-11-23" },
          federatedCredentials: [{ name: "github-dev", issuer, subject }],
          vault: { id: seedResourceIds.keyVault, secretName: "imaging-gateway-dicom", export: false },
        },
      },
      "2026-11-24",
    );
    client = (await sandbox.clients())["imaging-gateway"] ?? {};
  });

  after(async () => {
    await sandbox.stop();
    await rm(tools, { recursive: true, force: true });
  });

  /** Runs a script as a consumer would, and returns what it prints. */
  async function shell(script: string, env: NodeJS.ProcessEnv): Promise<string> {
    const { stdout } = await run("bash", ["--norc", "-euo", "pipefail", "-c", script], {
      env: {
        PATH: [tools, process.env["PATH"] ?? ""].join(delimiter),
        CURL_CA_BUNDLE: sandbox.tenant.environment["SSL_CERT_FILE"],
        NO_PROXY: "127.0.0.1,localhost",
        TENANT_ID: client["tenantId"],
        CLIENT_ID: client["clientId"],
        TOKEN_URL: client["tokenUrl"],
        SCOPE: client["scope"],
        DICOM_SERVICE_URL: client["dicomServiceUrls"]?.[0],
        ...env,
      },
    });
    return stdout;
  }

  it("read the secret from the key vault, get a token and search on the DICOM service", async () => {
    const { environment } = sandbox.tenant;
    const vaultToken = await requestAccessToken(
      client["tokenUrl"] ?? "",
      environment["SSL_CERT_FILE"] ?? "",
      {
        clientId: environment["ARM_CLIENT_ID"] ?? "",
        secret: environment["ARM_CLIENT_SECRET"] ?? "",
        scope: "https://vault.azure.net/.default",
      },
    );
    const found = JSON.parse(
      await shell(bash("docs/use/key-vault.md"), { VAULT_TOKEN: vaultToken, VAULT_URL: vaultUrl() }),
    ) as readonly Readonly<Record<string, unknown>>[];
    assert.equal(found.length, 1);
    assert.ok("0020000D" in (found[0] ?? {}), "a study has its UID");
  });

  it("exchange a token of another issuer for one of the DICOM service, which it accepts", async () => {
    const { json } = await sandbox.tenant.control("POST", "assertion", { issuer, subject });
    const answer = JSON.parse(
      await shell(bash("docs/use/federation.md"), {
        WORKLOAD_TOKEN: (json as { assertion: string }).assertion,
      }),
    ) as { readonly access_token: string };
    const search = codeLines("docs/use/key-vault.md", /^curl .*DICOM_SERVICE_URL|^ {2}"\$DICOM_SERVICE_URL/);
    const found = JSON.parse(await shell(search, { TOKEN: answer.access_token })) as readonly unknown[];
    assert.equal(found.length, 1);
  });

  it("fail when the client is refused", async () => {
    const { json } = await sandbox.tenant.control("POST", "assertion", { issuer, subject: "repo:other/one" });
    await assert.rejects(
      shell(bash("docs/use/federation.md"), { WORKLOAD_TOKEN: (json as { assertion: string }).assertion }),
      ({ stdout }: { readonly stdout?: string }) => stdout?.includes("AADSTS700213") ?? false,
    );
  });

  /** The vault's address, as the guide writes it: without a slash at the end. */
  function vaultUrl(): string {
    const vault = seedResourceIds.keyVault.split("/").at(-1) ?? "";
    return vaultUri(sandbox.tenant.url, vault).replace(/\/$/, "");
  }

  function bash(path: string): string {
    return codeBlocks(guide(path))
      .filter(({ language }) => language === "bash")
      .map(({ text }) => text)
      .join("\n");
  }

  function codeLines(path: string, wanted: RegExp): string {
    const lines = bash(path).split("\n");
    const at = lines.findIndex((line) => wanted.test(line));
    return lines.slice(at - 1, at + 1).join("\n");
  }
});
