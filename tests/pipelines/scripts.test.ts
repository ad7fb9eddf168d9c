import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectRoot } from "lab";
import { runStepScript, type ShellRun } from "./stepShell";

const scripts = readdirSync(join(projectRoot, "pipelines"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sh"))
  .map((name) => join("pipelines", name));

describe("the scripts of the pipelines", () => {
  for (const script of scripts) {
    it(`${script} is a program for bash that says what it does and stops at the first error`, () => {
      const file = join(projectRoot, script);
      execFileSync("bash", ["-n", file]);
      const text = readFileSync(file, "utf8");
      const isSourced = script.endsWith("ciOutput.sh");
      assert.equal((statSync(file).mode & 0o111) !== 0, !isSourced);
      if (isSourced) return;
      assert.match(text, /^#!\/usr\/bin\/env bash\n# \w/);
      assert.match(text, /^set -euo pipefail$/m);
    });
  }

  it("refuse options that they do not have, and say which they have", async () => {
    for (const [script, message] of [
      ["pipelines/deployStack.sh dev --everything", /usage/],
      ["pipelines/github/driftIssue.sh dev maybe report.md", /clean\|rotation\|drift/],
      ["pipelines/bootstrap.sh --for everything", /--for is deploy or drift/],
      ["pipelines/bootstrap.sh --wrong", /Unknown option: --wrong/],
      ["pipelines/asIdentity.sh", /usage/],
    ] as const) {
      const { code, output } = await runStepScript(script, ["-e"], projectRoot, {
        PATH: [gh, process.env["PATH"]].join(delimiter),
      });
      assert.equal(code, 1, script);
      assert.match(output, message);
    }
  });

  const gh = mkdtempSync(join(tmpdir(), "gh-"));
  before(() => {
    writeFileSync(join(gh, "gh"), "#!/bin/sh\necho '[]'\n", { mode: 0o755 });
  });
  after(() => {
    rmSync(gh, { recursive: true });
  });
});

describe("a command that runs as the pipeline's identity", () => {
  let server: Server;
  let url: string;
  let bin: string;
  const asked: string[] = [];

  before(async () => {
    bin = mkdtempSync(join(tmpdir(), "pulumi-"));
    writeFileSync(
      join(bin, "pulumi"),
      '#!/bin/sh\necho "pulumi $*"\nfor last; do :; done; echo "holds $(cat "${last#file://}")"\n',
      { mode: 0o755 },
    );
    server = createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization}`);
      const audience = new URL(incoming.url ?? "", url).searchParams.get("audience");
      if (incoming.headers.authorization !== "Bearer of the job") outgoing.writeHead(403).end("{}");
      else outgoing.end(JSON.stringify({ value: `token for ${audience}`, oidcToken: "token of Azure" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked.length = 0;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(bin, { recursive: true });
  });

  const identity = {
    AZURE_CLIENT_ID: "client",
    AZURE_TENANT_ID: "tenant",
    AZURE_SUBSCRIPTION_ID: "subscription",
  };
  const github = (): Record<string, string> => ({
    ...identity,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/?v=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of the job",
  });
  const run = (command: string, env: Readonly<Record<string, string>>): Promise<ShellRun> =>
    runStepScript(`pipelines/asIdentity.sh ${command}`, ["-e"], projectRoot, {
      PATH: [bin, join(projectRoot, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
      ...env,
    });

  it("finds on GitHub what the providers, the backend and the secrets provider read", async () => {
    const { code, output } = await run(
      `sh -c 'cat "$AZURE_FEDERATED_TOKEN_FILE"; echo; env | grep -E "^(ARM|AZURE)_" | sort'`,
      github(),
    );
    assert.equal(code, 0, output);
    const [token, ...variables] = output.trimEnd().split("\n");
    assert.equal(token, "token for api://AzureADTokenExchange");
    assert.deepEqual(
      variables.filter((line) => !line.startsWith("AZURE_FEDERATED_TOKEN_FILE=")),
      [
        "ARM_CLIENT_ID=client",
        "ARM_SUBSCRIPTION_ID=subscription",
        "ARM_TENANT_ID=tenant",
        "ARM_USE_OIDC=true",
        "AZURE_CLIENT_ID=client",
        "AZURE_SUBSCRIPTION_ID=subscription",
        "AZURE_TENANT_ID=tenant",
      ],
    );
    assert.deepEqual(asked, ["GET /?v=1&audience=api://AzureADTokenExchange Bearer of the job"]);
  });

  it("asks in Azure Pipelines for the service connection of its task, and hands it on to both providers", async () => {
    const { code, output } = await run(
      `sh -c 'cat "$ARM_OIDC_TOKEN_FILE_PATH"; echo; echo "$ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID $ARM_CLIENT_ID"'`,
      {
        AZURE_SUBSCRIPTION_ID: "subscription",
        AZURESUBSCRIPTION_CLIENT_ID: "client of the task",
        AZURESUBSCRIPTION_TENANT_ID: "tenant",
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
        SYSTEM_OIDCREQUESTURI: `${url}/oidc`,
        SYSTEM_ACCESSTOKEN: "of the job",
      },
    );
    assert.deepEqual([code, output], [0, "token of Azure\nconnection client of the task\n"]);
    assert.deepEqual(asked, ["POST /oidc?api-version=7.1&serviceConnectionId=connection Bearer of the job"]);
  });

  it("is logged in to Pulumi Cloud first, if an organization is named", async () => {
    const { code, output } = await run("true", { ...github(), PULUMI_CLOUD_ORGANIZATION: "contoso" });
    assert.equal(code, 0, output);
    assert.match(output, /^pulumi login --non-interactive --oidc-org contoso --oidc-token file:\/\/\S+\n/);
    assert.match(output, /holds token for urn:pulumi:org:contoso\n$/);
  });

  it("keeps its exit code, and leaves no token behind", async () => {
    const { code, output } = await run(`sh -c 'echo "$AZURE_FEDERATED_TOKEN_FILE"; exit 7'`, github());
    assert.equal(code, 7);
    assert.throws(() => statSync(output.trim()), /ENOENT/);
  });

  for (const [what, env, message] of [
    ["an identity", { AZURE_TENANT_ID: "t" }, /Not set: AZURE_CLIENT_ID AZURE_SUBSCRIPTION_ID\./],
    ["a way to a token", identity, /may not ask for a token: give it the permission id-token: write/],
  ] as const) {
    it(`says what is missing without ${what}, and is not run`, async () => {
      const { code, output } = await run("echo was run", env);
      assert.equal(code, 1);
      assert.match(output, message);
      assert.doesNotMatch(output, /was run/);
    });
  }

  it("is not run when it is given no token", async () => {
    const { code, output } = await run("echo was run", {
      ...github(),
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another",
    });
    assert.notEqual(code, 0);
    assert.match(output, /403/);
    assert.doesNotMatch(output, /was run|another/);
  });
});
