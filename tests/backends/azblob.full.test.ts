import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { type AuditReport, auditReportSchema } from "dicom-ops";
import { seedResourceIds, stackName } from "entra-sandbox";
import { Administrator, type CommandResult, projectName } from "lab";
import { program } from "../../components/stack/program";
import { liveObjects, type LiveObjects } from "../engine/liveTenant";
import { azblobUrl, BackendFixture, container, storageAccount, type Variables } from "./backendFixture";

const gateway = {
  displayName: "Gateway",
  access: [{ dicomService: seedResourceIds.dicomService }],
  consent: "managed",
  secret: { from: new Date().toISOString().slice(0, 10) },
};
const locks = `.pulumi/locks/organization/${projectName}/${stackName}`;

// What this does not prove: Azure's own Blob Storage and its roles. Azurite checks a token's issuer, audience and life, no rights.
describe("the state backend azblob://", function () {
  this.timeout(120_000);
  let fixture: BackendFixture;
  let portal: Administrator;
  let seeded: LiveObjects;
  let stack: Stack;

  const live = (): Promise<LiveObjects> => liveObjects(fixture.session.tenant);
  const counts = async (): Promise<Record<string, number>> => {
    const now = await live();
    const added = (kind: keyof LiveObjects): number => now[kind].length - seeded[kind].length;
    return {
      applications: added("applications"),
      servicePrincipals: added("servicePrincipals"),
      consents: added("oauth2PermissionGrants"),
    };
  };
  const one = { applications: 1, servicePrincipals: 1, consents: 1 };
  const secretValue = async (backend?: string): Promise<string> => {
    const changed = backend === undefined ? {} : { PULUMI_BACKEND_URL: backend };
    const shown = await fixture.pulumi(
      ["stack", "output", "clientSecret", "--show-secrets", "--stack", stackName],
      changed,
    );
    assert.equal(shown.code, 0, shown.stderr);
    return shown.stdout.trim();
  };
  const audit = async (): Promise<{ code: number | null; report: AuditReport }> => {
    const { code, stdout, stderr } = await fixture.operate(["audit", "--format", "json"]);
    assert.notEqual(stdout, "", stderr);
    return { code, report: auditReportSchema.parse(JSON.parse(stdout)) };
  };

  /** Kills `pulumi up` without mercy while a request of its is under way at the tenant, which will carry it out. */
  const killWhile = async (operation: string): Promise<void> => {
    const { tenant } = fixture.session;
    await tenant.control("DELETE", "faults");
    await tenant.control("POST", "faults", { operation, effect: { kind: "slow", milliseconds: 500 } });
    let hasEnded = false;
    const up = stack.up().then(
      ({ stdout }) => stdout,
      (error: unknown) => String(error),
    );
    void up.then(() => (hasEnded = true));
    const isUnderWay = async (): Promise<boolean> =>
      JSON.stringify((await tenant.control("GET", "faults")).json).includes('"completed":true');
    while (!hasEnded && !(await isUnderWay())) await sleep(10);
    assert.ok(!hasEnded, hasEnded ? await up : "");
    const [lock] = await fixture.azurite.blobs(container, locks);
    const blob = fixture.azurite.container(container).getBlobClient(lock ?? assert.fail("there is no lock"));
    const { pid } = JSON.parse((await blob.downloadToBuffer()).toString("utf8")) as { readonly pid: number };
    process.kill(pid, "SIGKILL");
    assert.match(await up, /SIGKILL/);
  };

  before(async () => {
    fixture = await BackendFixture.start({ gateway });
    portal = new Administrator(fixture.session.tenant);
    seeded = await live();
    assert.match(await fixture.follow("Start a stack"), new RegExp(`^${stackName}\\*? `, "m"));
    stack = await fixture.stack();
  });
  after(() => fixture?.stop());

  it("lets the second of two runs fail with the name of the lock, and the first finish", async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let declaring: () => void = () => undefined;
    const isDeclaring = new Promise<void>((resolve) => (declaring = resolve));
    const slow = await fixture.stack({}, async () => {
      declaring();
      await held;
      return program();
    });
    const first = slow.up();
    await isDeclaring;
    const second = await stack.up().then(
      () => assert.fail("two runs were at work on one stack"),
      (error: unknown) => String(error),
    );
    const status = await fixture.operate(["status"]);
    letGo();
    assert.match(second, /ConcurrentUpdateError/);
    assert.match(
      second,
      /error: the stack is currently locked by 1 lock\(s\)\. Either wait .* `pulumi cancel`/,
    );
    assert.match(second, new RegExp(`azblob://${container}/${locks}/[0-9a-f-]+\\.json`));
    assert.equal(status.code, 0, `operations only read, so they need no lock: ${status.stderr}`);
    assert.equal((await first).summary.result, "succeeded");
    assert.deepEqual(await counts(), one);
    assert.deepEqual(await fixture.azurite.blobs(container, locks), []);
    assert.deepEqual((await stack.preview({ expectNoChanges: true })).changeSummary, { same: 7 });
  });

  it("holds secrets as ciphertext only", async () => {
    const secret = await secretValue();
    assert.ok(secret.length >= 30);
    const contents = fixture.azurite.contents();
    assert.ok(contents.includes("urn:pulumi:sandbox::dicom-service-client"), "the state is looked at");
    assert.ok(contents.includes('"ciphertext"'));
    assert.ok(!contents.includes(secret));
  });

  it("can be renamed without a change", async () => {
    await fixture.follow("Layout, rename, backup", { NEW_NAME: "renamed" });
    await fixture.follow("Layout, rename, backup", { STACK: "renamed", NEW_NAME: stackName });
    await stack.preview({ expectNoChanges: true });
  });

  it("serves the operations, of which those without a cloud may only read it", async () => {
    const token = await fixture.azurite.sasToken(container, "rl");
    const reading = { AZURE_CLIENT_SECRET: undefined, AZURE_STORAGE_SAS_TOKEN: token };
    assert.equal((await fixture.operate(["status"], reading)).code, 0);
    const { code, report } = await audit();
    assert.deepEqual([code, report.findings], [0, []]);
    const verified = await fixture.operate(["verify"]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });

  it("gives a stack to file:// and takes it back, with its secrets and without a change", async () => {
    const before = await stack.exportStack();
    const secret = await secretValue();
    const [azblob, file] = [azblobUrl, fixture.fileUrl];
    await fixture.follow("Moving a stack to another backend", { NEW_BACKEND: file });
    await fixture.follow("Moving a stack to another backend", {}, 1);
    const onFile = await fixture.stack({ PULUMI_BACKEND_URL: file });
    assert.deepEqual((await onFile.exportStack()).deployment, before.deployment);
    assert.equal(await secretValue(file), secret);
    await onFile.preview({ expectNoChanges: true });

    await fixture.follow("Moving a stack to another backend", {
      PULUMI_BACKEND_URL: file,
      NEW_BACKEND: azblob,
    });
    assert.deepEqual((await stack.exportStack()).deployment, before.deployment);
    assert.equal(await secretValue(), secret);
    await stack.preview({ expectNoChanges: true });
    assert.deepEqual(await counts(), one);
  });

  describe("is explained by the operations", () => {
    /** Azure's library tries for ten seconds, so this is under way while other tests run. */
    let unreachable: Promise<readonly [CommandResult, CommandResult]>;

    before(() => {
      const changed = { HTTPS_PROXY: "http://127.0.0.1:1", AZURE_STORAGE_SAS_TOKEN: "sv=1&sig=from-a-token" };
      unreachable = Promise.all([
        fixture.pulumi(["stack", "ls"], changed),
        fixture.operate(["status", "--debug"], changed),
      ]);
    });

    const refused = async (changed: Variables): Promise<string> => {
      const { code, stdout, stderr } = await fixture.operate(["status"], changed);
      assert.deepEqual([code, stdout], [1, ""]);
      return stderr;
    };

    it("when the container is not there", async () => {
      const said = await refused({
        PULUMI_BACKEND_URL: `azblob://nowhere?storage_account=${storageAccount}`,
      });
      assert.match(said, /The stack "sandbox" cannot be read\. The backend's container does not exist\./);
      assert.match(said, /ERROR CODE: ContainerNotFound/);
      assert.match(said, /\nFix: .*az storage container create/);
    });

    it("when there are no rights on it, in Azure's words", async () => {
      const token = await fixture.azurite.sasToken(container, "l");
      const said = await refused({ AZURE_CLIENT_SECRET: undefined, AZURE_STORAGE_SAS_TOKEN: token });
      assert.match(said, /You are not allowed to read the backend's container\./);
      assert.match(said, /AuthorizationPermissionMismatch/);
      assert.match(said, /\nFix: .*Storage Blob Data Contributor/);
      assert.ok(!said.includes(new URLSearchParams(token).get("sig") ?? token), "a signature is a secret");
    });

    it("when nobody is signed in to it", async () => {
      const said = await refused({
        AZURE_CLIENT_SECRET: "wrong",
      });
      assert.match(said, /Signing in to Azure failed, for the backend or /);
      assert.match(said, /AADSTS7000215/);
      assert.match(said, /\nFix: .*AZURE_CLIENT_ID/);
    });

    it("when its account's key is wrong", async () => {
      const said = await refused({
        AZURE_STORAGE_ACCOUNT: storageAccount,
        AZURE_STORAGE_KEY: Buffer.from("wrong").toString("base64"),
      });
      assert.match(said, /Signing in to Azure failed, for the backend or /);
    });

    it("when it cannot be reached, without the signature that Pulumi prints", async () => {
      const [direct, operation] = await unreachable;
      assert.ok(direct.stderr.includes("from-a-token"), "this is what makes it necessary");
      assert.deepEqual([operation.code, operation.stdout], [1, ""]);
      assert.match(operation.stderr, /The backend cannot be reached\./);
      assert.match(operation.stderr, /connection refused/);
      assert.match(operation.stderr, / {4}at /);
      assert.ok(!operation.stderr.includes("from-a-token"));
    });

    it("when its URL names no account, or no folder that is there", async () => {
      const noAccount = await refused({ PULUMI_BACKEND_URL: `azblob://${container}` });
      assert.match(noAccount, /The backend's URL names no storage account\./);
      const noFolder = await refused({ PULUMI_BACKEND_URL: "file:///nowhere/at/all" });
      assert.match(noFolder, /The backend's folder does not exist\./);
    });
  });

  it("keeps the lock of a run that was killed, until it is cancelled; what the run made unseen is found by audit", async () => {
    const secret = await secretValue();
    fixture.configure({ gateway: { ...gateway, secret: { ...gateway.secret, reissue: 1 } } });
    await killWhile("graph.applications.addPassword");
    await assert.rejects(stack.up(), /the stack is currently locked by 1 lock\(s\)/);
    assert.equal(await secretValue(), secret, "the state is whole, and still publishes the secret of before");

    await fixture.follow("After a run that was killed");
    assert.deepEqual(await fixture.azurite.blobs(container, locks), []);
    await fixture.follow("After a run that was killed", {}, 1);
    await stack.up();
    assert.notEqual(await secretValue(), secret);
    assert.deepEqual(await counts(), one);

    const { code, report } = await audit();
    assert.equal(code, 7);
    assert.deepEqual(
      report.findings.map(({ rule }) => rule),
      ["secret-undeclared"],
    );
    const { objectId = "" } =
      ((await stack.outputs())["clients"]?.value as Record<string, { objectId: string }>)["gateway"] ?? {};
    await portal.graph("POST", `applications/${objectId}/removePassword`, {
      keyId: report.findings[0]?.object,
    });
    assert.equal((await audit()).code, 0);
    await stack.preview({ expectNoChanges: true });
  });

  it("names an application that a killed run made unseen; without it, the next run makes what is declared", async () => {
    const second = { ...gateway, displayName: "Second" };
    const reissued = { ...gateway, secret: { ...gateway.secret, reissue: 1 } };
    fixture.configure({ gateway: reissued, second });
    await killWhile("graph.applications.create");
    const unseen = async (): Promise<string | undefined> =>
      (await live()).applications.find((name) => name.startsWith("Second "))?.replace("Second ", "");
    while ((await unseen()) === undefined) await sleep(10);

    await fixture.follow("After a run that was killed");
    const id = await unseen();
    await assert.rejects(stack.up(), (error) =>
      String(error).includes(`with name "Second" (ID: "${id}") was found`),
    );
    await portal.graph("DELETE", `applications/${id}`);
    await stack.up();
    assert.deepEqual(await counts(), { applications: 2, servicePrincipals: 2, consents: 2 });
    const { findings } = (await audit()).report;
    assert.deepEqual(
      findings.map(({ rule, object }) => [rule, object]),
      [["leftover-deleted-namesake", id]],
    );
    await stack.preview({ expectNoChanges: true });
  });
});
