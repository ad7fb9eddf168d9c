import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addSecret, removeSecret, seed } from "entra-sandbox";
import {
  Administrator,
  DeployedSandbox,
  type OperationRun,
  readerAccess,
  requestToken,
  secretsIn,
} from "lab";
import type { RecordedStep } from "../retire/retirementRecord";

interface PlanJson {
  readonly readAt: string | null;
  readonly credentials: readonly {
    readonly keyId: string;
    readonly standing: string;
    readonly use: string;
    readonly why: string;
    readonly lastUsedAt: string | null;
    readonly action: string;
  }[];
  readonly unread: readonly { readonly why: string; readonly missingRight: string | null }[];
  readonly retired: readonly { readonly keyId: string; readonly outcome: string }[];
}

/** The second secret starts on 2026-07-31; the first ends on 2026-09-09. */
const secret = { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 };

describe("ops retire", function () {
  this.timeout(120_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;
  let objectId: string;
  let clientId: string;
  let servicePrincipalId: string;
  let current: string;
  let previous: string;
  let permission: string;

  const setClock = (instant: string): Promise<unknown> =>
    sandbox.tenant.control("PUT", "clock", { now: instant });
  /** Signs in on a day as a consumer does, and returns to the day of the test. */
  const signIn = async (value: string, day: string): Promise<void> => {
    await setClock(`${day}T12:00:00Z`);
    const { status } = await requestToken(
      `${sandbox.tenant.url}/${seed.tenantId}/oauth2/v2.0/token`,
      sandbox.tenant.caFile,
      { clientId, secret: value, scope: "https://dicom.healthcareapis.azure.com/.default" },
    );
    await setClock(`${sandbox.asOf}T09:00:00Z`);
    assert.equal(status, 200);
  };
  const plan = async (...argv: string[]): Promise<OperationRun & { readonly read: PlanJson }> => {
    const run = await sandbox.on("retire", ["--format", "json", ...argv]);
    assert.deepEqual(secretsIn(run), []);
    assert.notEqual(run.stdout, "", run.stderr);
    return { ...run, read: JSON.parse(run.stdout) as PlanJson };
  };
  const keysOf = async (): Promise<readonly string[]> => {
    const { passwordCredentials } = await portal.graph("GET", `applications/${objectId}`);
    return (passwordCredentials as readonly { readonly keyId: string }[]).map(({ keyId }) => keyId);
  };
  const recordFile = (): string => join(sandbox.projectFolder, "retirements.sandbox.jsonl");
  const record = async (): Promise<readonly RecordedStep[]> =>
    (await readFile(recordFile(), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as RecordedStep);

  before(async () => {
    const clients = { gateway: { displayName: "Gateway", access: [readerAccess], secret } };
    sandbox = await DeployedSandbox.deploy(clients, "2026-08-30");
    portal = new Administrator(sandbox.tenant);
    const ids = (await sandbox.clients())["gateway"] ?? assert.fail();
    ({ objectId = "", clientId = "", servicePrincipalId = "" } = ids);
    const values = (await sandbox.secrets())["gateway"] ?? assert.fail();
    current = values.current;
    previous = values.previous ?? assert.fail();
  });
  after(async () => {
    await sandbox?.stop();
  });
  afterEach(() => rm(recordFile(), { force: true }));

  it("says what is missing where the report may not be read, and decides nothing", async () => {
    const { code, read } = await plan("--apply");
    assert.equal(code, 1);
    assert.deepEqual(
      read.credentials.map(({ standing, use, why }) => [standing, use, why]),
      [["previous", "unknown", "when it was used could not be read"]],
    );
    assert.match(read.unread[0]?.missingRight ?? "", /AuditLog\.Read\.All/);
    assert.deepEqual(read.retired, []);
    const text = await sandbox.on("retire");
    assert.match(text.stdout, /You need the Microsoft Graph application permission AuditLog\.Read\.All/);
  });

  describe("with the right to read the report", () => {
    before(async () => {
      permission = await portal.grantGraphPermission(seed.pipeline.servicePrincipalId, "AuditLog.Read.All");
    });
    after(() =>
      portal.graph(
        "DELETE",
        `servicePrincipals/${seed.pipeline.servicePrincipalId}/appRoleAssignments/${permission}`,
      ),
    );

    it("knows of no use before there was one", async () => {
      const { code, read } = await plan();
      assert.equal(code, 0);
      assert.match(read.credentials[0]?.why ?? "", /does not prove that nobody uses it/);
    });

    it("warns of a consumer that has not moved, and leaves its secret alone", async () => {
      await signIn(previous, "2026-08-29");
      await signIn(current, "2026-08-29");
      const { code, stdout } = await sandbox.on("retire", ["--apply"]);
      assert.equal(code, 0);
      assert.match(
        stdout.replace(/\s+/g, " "),
        /! gateway, secret slot a: it was last used on 2026-08-29; .*a consumer has not moved yet and will be refused from 2026-09-09 on/,
      );
      assert.equal((await keysOf()).length, 2);
    });

    it("removes an undeclared secret once a successor is used and it is not, and keeps a record", async () => {
      const made = await addSecret(portal, { kind: "applications", id: objectId }, "Old one");
      await signIn(made.value, "2026-08-05");
      await signIn(current, "2026-08-28");
      const shown = await plan();
      assert.equal(shown.code, 7);
      assert.ok((await keysOf()).includes(made.keyId), "a plan changes nothing");

      const { code, read } = await plan("--apply");
      assert.equal(code, 0);
      assert.deepEqual(
        read.retired.map(({ keyId, outcome }) => [keyId, outcome]),
        [[made.keyId, "removed"]],
      );
      assert.ok(!(await keysOf()).includes(made.keyId));
      const steps = await record();
      assert.deepEqual(
        steps.map(({ phase, action }) => [phase, action]),
        [
          ["begin", "remove"],
          ["done", "remove"],
        ],
      );
      assert.equal(steps[0]?.by, seed.pipeline.servicePrincipalId);
      assert.equal(steps[0]?.credential.lastUsedAt, "2026-08-05T12:00:00Z");
      assert.equal(steps[0]?.credential.successor?.lastUsedAt, "2026-08-28T12:00:00Z");
      assert.ok(!JSON.stringify(steps).includes(made.value));
    });

    it("removes a secret of the service principal as well, and takes a lost answer for what it is", async () => {
      const holder = { kind: "servicePrincipals", id: servicePrincipalId } as const;
      // The pipeline owns the service principal.
      const made = await addSecret(portal, holder, "On the principal");
      await signIn(made.value, "2026-08-05");
      await sandbox.tenant.control("POST", "faults", {
        operation: "graph.servicePrincipals.removePassword",
        effect: { kind: "refuse", status: 503, when: "after" },
      });
      const { code, read } = await plan("--apply");
      assert.equal(code, 0);
      assert.deepEqual(
        read.retired.map(({ keyId, outcome }) => [keyId, outcome]),
        [[made.keyId, "removed"]],
      );
    });

    it("keeps a secret whose consumer came back between the plan and its removal", async () => {
      const holder = { kind: "applications", id: objectId } as const;
      const made = await addSecret(portal, holder, "Comes back");
      await signIn(made.value, "2026-08-05");
      let isBack = false;
      const { stdout } = await sandbox.on("retire", ["--apply"], {}, {}, undefined, async (said) => {
        if (!said.startsWith("Retiring") || isBack) return;
        isBack = true;
        await signIn(made.value, "2026-08-29");
      });
      assert.ok(isBack);
      assert.match(stdout, /kept {6}gateway, secret Comes back .*: it was last used on 2026-08-29/);
      assert.ok((await keysOf()).includes(made.keyId));
      await removeSecret(portal, holder, made.keyId);
    });

    it("waits for a report that is late", async () => {
      const holder = { kind: "applications", id: objectId } as const;
      const made = await addSecret(portal, holder, "Late");
      await signIn(made.value, "2026-08-15");
      assert.equal((await plan()).read.credentials.find(({ keyId }) => keyId === made.keyId)?.use, "used");
      await sandbox.tenant.control("PUT", "settings", { signInReportDelaySeconds: 3 * 86_400 });
      const { read } = await plan();
      assert.equal(read.credentials.find(({ keyId }) => keyId === made.keyId)?.use, "used");
      await sandbox.tenant.control("PUT", "settings", { signInReportDelaySeconds: 0 });
      await removeSecret(portal, holder, made.keyId);
    });

    it("refuses a pinned day that is not today: the current secret could be taken for an old one", async () => {
      await setClock("2026-09-03T09:00:00Z");
      const run = await sandbox.on("retire", ["--apply"]);
      await setClock(`${sandbox.asOf}T09:00:00Z`);
      assert.equal(run.code, 1);
      assert.match(run.stderr, /is 2026-08-30, but by Microsoft Graph's clock it is 2026-09-03/);
      assert.match(run.stderr, /Take asOf out of the stack file/);
    });

    it("writes a previous secret into the stack file, and pulumi up removes it and leaves the rest", async () => {
      await sandbox.tenant.control("PUT", "settings", { signInReportDelaySeconds: 0 });
      const kept = join(sandbox.projectFolder, "kept.yaml");
      const ofProject = join(sandbox.projectFolder, "Pulumi.sandbox.yaml");
      await writeFile(kept, await readFile(ofProject, "utf8"));
      const deployed = await keysOf();
      // A report without the use of the 29th, as of a consumer that moved long ago.
      const argv = ["--apply", "--stack-file", kept, "--unused-days", "1"];
      const early = await sandbox.on("retire", argv);
      assert.match(early.stdout, /Nothing can be retired now/);
      await setClock("2026-08-30T09:00:00Z");
      await sandbox.configure("asOf", "2026-09-03");
      await setClock("2026-09-03T09:00:00Z");
      await requestToken(`${sandbox.tenant.url}/${seed.tenantId}/oauth2/v2.0/token`, sandbox.tenant.caFile, {
        clientId,
        secret: current,
        scope: "https://dicom.healthcareapis.azure.com/.default",
      });
      await setClock("2026-09-03T12:00:00Z");
      const run = await sandbox.on("retire", argv);
      assert.match(
        run.stdout,
        /retired {3}gateway, secret slot a .*: in the stack file; pulumi up --stack sandbox removes it/,
      );
      assert.equal(run.code, 0);
      for (const file of [kept, ofProject]) {
        assert.match(await readFile(file, "utf8"), /retired: "2026-06-01"/);
      }
      assert.deepEqual(await keysOf(), deployed, "nothing is removed behind the state's back");
      await sandbox.redeploy();
      assert.equal((await keysOf()).length, 1);
      assert.equal((await sandbox.secrets())["gateway"]?.current, current);
      await sandbox.configure("asOf", sandbox.asOf);
    });
  });
});
