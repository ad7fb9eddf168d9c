import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { parse } from "yaml";
import { Administrator, DeployedSandbox, type OperationRun, readerAccess, seedResourceIds } from "lab";

const enter = "\r";
const down = "\u001b[B";

describe("ops init", function () {
  this.timeout(120_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;

  before(async () => {
    sandbox = await DeployedSandbox.empty("2026-06-02");
    portal = new Administrator(sandbox.tenant);
  });
  after(() => sandbox?.stop());

  const stackFile = (stack: string): string => join(sandbox.projectFolder, `Pulumi.${stack}.yaml`);
  const clientsOf = (stack: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> => {
    const { config } = parse(readFileSync(stackFile(stack), "utf8")) as {
      config: Record<string, Record<string, Record<string, unknown>>>;
    };
    return Object.entries(config).find(([key]) => /(^|:)clients$/.test(key))?.[1] ?? {};
  };

  /** Answers each question once it is asked. */
  const answering = async (
    argv: readonly string[],
    answers: readonly (readonly [question: RegExp, ...keys: readonly string[]])[],
  ): Promise<OperationRun & { readonly asked: string }> => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const open = [...answers];
    let asked = "";
    let since = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      asked += text;
      since += text;
      const [[question, ...keys] = []] = open;
      if (question?.test(since)) {
        open.shift();
        since = "";
        setImmediate(() => {
          for (const key of keys) input.write(key);
        });
      }
    });
    const run = await sandbox.runAt({ input, output }, argv);
    assert.deepEqual(open, [], asked);
    return { ...run, asked };
  };

  it("asks five questions, writes a stack file that is valid, and leaves the rest to its defaults", async () => {
    const { code, stderr } = await answering(
      ["init", "--no-preview"],
      [
        [/Which DICOM service/, enter],
        [/stack called/, enter],
        [/client called/, enter],
        [/What may it do/, down, enter],
        [/How does it sign in/, enter],
      ],
    );
    assert.equal(code, 0, stderr);
    assert.match(readFileSync(stackFile("dev"), "utf8"), /^# yaml-language-server: \$schema=/);
    assert.deepEqual(clientsOf("dev"), {
      "imaging-gateway": {
        displayName: "Imaging gateway (dev)",
        access: [{ dicomService: seedResourceIds.dicomService, role: "owner" }],
        consent: "managed",
        secret: { from: "2026-06-02", lifetimeDays: 180, overlapDays: 30 },
      },
    });
  });

  it("does the same by options, adds to what is there, and shows the preview", async () => {
    const argv = [
      "init",
      "-s",
      "sandbox",
      "--client",
      "viewer",
      "--dicom-service",
      readerAccess.dicomService,
    ];
    const { code, stdout, stderr } = await sandbox.run(argv);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /viewer-application/);
    assert.match(stderr, /Wrote the client viewer to .*Pulumi\.sandbox\.yaml/);
    const before = readFileSync(stackFile("sandbox"), "utf8");
    const again = await sandbox.run(argv);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /has a client viewer already\. Nothing was written\./);
    assert.equal(readFileSync(stackFile("sandbox"), "utf8"), before);
    const other = await sandbox.run([
      ...argv.map((one) => (one === "viewer" ? "other" : one)),
      "--no-preview",
    ]);
    assert.equal(other.code, 0, other.stderr);
    assert.deepEqual(Object.keys(clientsOf("sandbox")).sort(), ["other", "viewer"]);
  });

  it("says without a terminal which options do the same, and which services there are", async () => {
    const { code, stdout, stderr } = await sandbox.run(["init", "--client", "third"]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /There is no terminal to ask questions on\. Nothing was written\./);
    assert.match(stderr, /Fix: Give --dicom-service <id>, --stack <name>\./);
    assert.ok(stderr.includes(`\n  ${seedResourceIds.dicomService}`), stderr);
    const federated = await sandbox.run(["init", "-s", "sandbox", "--client", "third", "--subject", "s"]);
    assert.match(federated.stderr, /Fix: Give --dicom-service <id>, --issuer <url>\./);
  });

  afterEach(() => portal.graph("PATCH", "policies/defaultAppManagementPolicy", { isEnabled: false }));

  it("keeps to the tenant's policy on secrets", async () => {
    const { id, appId, servicePrincipalId } = await portal.registerApplication("Operator");
    await portal.grantGraphPermission(servicePrincipalId, "Policy.Read.All");
    const { secretText } = await portal.graph("POST", `applications/${id}/addPassword`, {});
    const env = { ARM_CLIENT_ID: appId, ARM_CLIENT_SECRET: String(secretText) };
    const restrict = (restrictionType: string, maxLifetime: string | null): Promise<unknown> =>
      portal.graph("PATCH", "policies/defaultAppManagementPolicy", {
        isEnabled: true,
        applicationRestrictions: {
          passwordCredentials: [{ restrictionType, state: "enabled", maxLifetime }],
        },
      });
    const argv = ["init", "-s", "test", "--no-preview", "--dicom-service", readerAccess.dicomService];
    await restrict("passwordLifetime", "P60D");
    const short = await sandbox.run([...argv, "--client", "short"], env);
    assert.deepEqual([short.code, /Not read: .*policy/i.test(short.stderr)], [0, false], short.stderr);
    assert.deepEqual(clientsOf("test")["short"]?.["secret"], {
      from: "2026-06-02",
      lifetimeDays: 60,
      overlapDays: 20,
    });
    await restrict("passwordAddition", null);
    const refused = await sandbox.run([...argv, "--client", "none", "--credential", "secret"], env);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /policy forbids new secrets/);
    const federated = [
      "--issuer",
      "https://token.actions.githubusercontent.com",
      "--subject",
      "repo:a@1/b@2:c",
    ];
    assert.equal((await sandbox.run([...argv, "--client", "trusting", ...federated], env)).code, 0);
    assert.deepEqual(Object.keys(clientsOf("test")), ["short", "trusting"]);
  });

  it("writes nothing when somebody gives up, or when an answer is wrong", async () => {
    const { code, stderr } = await answering(
      ["init", "-s", "gone", "--no-preview"],
      [[/Which DICOM service/, "\u0003"]],
    );
    assert.equal(code, 1);
    assert.match(stderr, /^Cancelled; nothing was written\.$/m);
    const wrong = await sandbox.run(["init", "-s", "gone", "--client", "a", "--dicom-service", "/nowhere"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /clients\.a\.access\[0\]\.dicomService: /);
    assert.ok(!existsSync(stackFile("gone")));
  });
});
