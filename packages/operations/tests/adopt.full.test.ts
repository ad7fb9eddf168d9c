import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { AdoptionPlan } from "../adopt/adoptionPlan";
import type { AuditReport } from "../audit/auditReport";
import type { RightsReport } from "../rights/rightsReport";
import { builtInRoleIds } from "entra-sandbox";
import {
  Administrator,
  DeployedSandbox,
  makeCertificate,
  type OperationRun,
  projectName,
  requestToken,
  secretsIn,
  seed,
  seedResourceIds,
} from "lab";

const dicomApi = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const dicomScope = "e69ab058-b8ae-4c0f-b687-5d97888ddccb";
const graphApi = "00000003-0000-0000-c000-000000000000";
const today = "2026-11-24";

/** A registration that a person has made as the how-to says. */
interface Registration {
  readonly objectId: string;
  readonly clientId: string;
  readonly servicePrincipalId: string;
  /** Value of the secret, which is shown once. */
  readonly secret: string;
  readonly secretId: string;
}

describe("ops adopt", function () {
  this.timeout(240_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;
  let backups: string;
  const runs: OperationRun[] = [];
  const handMadeSecrets: string[] = [];

  before(async () => {
    sandbox = await DeployedSandbox.empty(today);
    administrator = new Administrator(sandbox.tenant);
    backups = await mkdtemp(join(tmpdir(), "adopt-test-"));
  });
  after(async () => {
    await sandbox?.stop();
    await rm(backups, { recursive: true, force: true });
  });

  /** Follows the how-to: application, required permission, consent, secret. */
  async function register(displayName: string, more: object = {}): Promise<Registration> {
    const application = await administrator.graph("POST", "applications", {
      displayName,
      requiredResourceAccess: [
        { resourceAppId: dicomApi, resourceAccess: [{ id: dicomScope, type: "Scope" }] },
      ],
      ...more,
    });
    const [objectId, clientId] = [String(application["id"]), String(application["appId"])];
    const principal = await administrator.graph("POST", "servicePrincipals", { appId: clientId });
    const servicePrincipalId = String(principal["id"]);
    await consent(servicePrincipalId, dicomApi, "Dicom.ReadWrite");
    const made = await administrator.graph("POST", `applications/${objectId}/addPassword`, {
      passwordCredential: { displayName: "Made by hand" },
    });
    handMadeSecrets.push(String(made["secretText"]));
    return {
      objectId,
      clientId,
      servicePrincipalId,
      secret: String(made["secretText"]),
      secretId: String(made["keyId"]),
    };
  }

  async function consent(clientId: string, api: string, scope: string): Promise<string> {
    const made = await administrator.graph("POST", "oauth2PermissionGrants", {
      clientId,
      resourceId: await administrator.servicePrincipalOf(api),
      consentType: "AllPrincipals",
      scope,
    });
    return String(made["id"]);
  }

  /** Runs the command lines that a plan shows, as an administrator does. */
  async function followCures({ differences }: AdoptionPlan): Promise<void> {
    for (const line of differences.flatMap(({ cure }) => cure.split("\n"))) {
      const owner = /^az ad app owner add --id (\S+) --owner-object-id (\S+)$/.exec(line);
      const rest = /^az rest --method (\S+) --url 'https:\/\/[^/]+\/v1\.0\/([^\s']+)' --body '(.*)'$/.exec(
        line,
      );
      if (owner) {
        await administrator.graph("POST", `applications/${owner[1] ?? ""}/owners/$ref`, {
          "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${owner[2] ?? ""}`,
        });
      } else if (rest) {
        await administrator.graph(rest[1] as "POST" | "PATCH", rest[2] ?? "", JSON.parse(rest[3] ?? ""));
      } else {
        assert.fail(`no command that is known: ${line}`);
      }
    }
  }

  /** Gives application and service principal the same owners, the deploying identity among them. */
  async function own({ objectId, servicePrincipalId }: Registration): Promise<void> {
    const person = seed.adminUserId;
    for (const [object, owner] of [
      [`applications/${objectId}`, seed.pipeline.servicePrincipalId],
      [`servicePrincipals/${servicePrincipalId}`, seed.pipeline.servicePrincipalId],
      [`servicePrincipals/${servicePrincipalId}`, person],
    ]) {
      await administrator.graph("POST", `${object ?? ""}/owners/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${owner ?? ""}`,
      });
    }
  }

  async function run(
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
    onSaid?: (text: string) => Promise<void>,
  ): Promise<OperationRun> {
    const done = await sandbox.on(
      "adopt",
      ["--backup", join(backups, "kept"), ...argv],
      env,
      {},
      undefined,
      onSaid,
    );
    runs.push(done);
    return done;
  }

  async function json(
    ...argv: readonly string[]
  ): Promise<{ readonly code: number; readonly plan: AdoptionPlan }> {
    const { code, stdout, stderr } = await run([...argv, "--format", "json"]);
    assert.notEqual(stdout, "", stderr);
    return { code, plan: JSON.parse(stdout) as AdoptionPlan };
  }

  const stackFilePath = (): string => join(sandbox.projectFolder, "Pulumi.sandbox.yaml");
  const stackFile = (): Promise<string> => readFile(stackFilePath(), "utf8");

  async function state(): Promise<string> {
    let exported = "";
    await sandbox.editState((text) => (exported = text));
    return exported;
  }

  /** What the administrator's and the providers' requests have changed in the tenant since. */
  const changesSince = (start: number): readonly string[] =>
    sandbox.tenant
      .requests()
      .slice(start)
      .filter(({ method, url }) => method !== "GET" && !url.includes("/oauth2/v2.0/token"))
      .map(({ method, url }) => `${method} ${url.split("?")[0] ?? ""}`);

  describe("of a registration that was made exactly as the how-to says", () => {
    let made: Registration;
    let planned: AdoptionPlan;

    before(async () => {
      made = await register("Bildgebung Gateway");
    });

    it("plans without changing anything, and names what differs with its line and its cure", async () => {
      const [before, file, requests] = [await state(), await stackFile(), sandbox.tenant.requests().length];
      const { code, plan } = await json("Bildgebung Gateway");
      planned = plan;
      assert.equal(code, 7);
      assert.equal(plan.verdict, "differences");
      assert.deepEqual(plan.registration, {
        displayName: "Bildgebung Gateway",
        clientId: made.clientId,
        objectId: made.objectId,
        createdAt: plan.registration.createdAt,
        servicePrincipalId: made.servicePrincipalId,
      });
      assert.ok(plan.registration.createdAt?.startsWith(`${today}T09:`));
      assert.deepEqual(parse(plan.config.block), {
        "bildgebung-gateway": {
          displayName: "Bildgebung Gateway",
          owners: ["66666666-6666-4666-8666-666666666666"],
          consent: "managed",
          secret: { from: today },
        },
      });
      assert.deepEqual(
        plan.differences.map(({ resource, operation, property, key, file: of, line }) => ({
          resource,
          operation,
          property,
          key,
          of,
          line,
        })),
        ["application", "service-principal"].map((resource) => ({
          resource: `bildgebung-gateway-${resource}`,
          operation: "update",
          property: "owners",
          key: "clients.bildgebung-gateway.owners",
          of: "Pulumi.sandbox.yaml",
          line: plan.differences[0]?.line,
        })),
      );
      assert.deepEqual(changesSince(requests), []);
      assert.deepEqual([await state(), await stackFile()], [before, file]);
    });

    it("is clean once the owners are the same", async () => {
      await followCures(planned);
      const { code, plan } = await json(made.objectId, "--as", "gateway");
      assert.deepEqual([code, plan.verdict, plan.differences], [0, "clean", []]);
      assert.deepEqual(
        plan.adopted.map(({ name, inState }) => [name, inState]),
        [
          ["gateway-application", false],
          ["gateway-service-principal", false],
          ["gateway-consent", false],
        ],
      );
      assert.deepEqual(
        plan.creates.map(({ name }) => name),
        ["gateway-secret-a"],
      );
    });

    it("--apply takes it over, keeps the state before, and leaves the tenant as it is", async () => {
      await writeFile(stackFilePath(), `# Kept by hand.\n${await stackFile()}`);
      const [before, requests] = [await state(), sandbox.tenant.requests().length];
      const { code, plan } = await json(made.clientId, "--as", "gateway", "--apply");
      assert.deepEqual([code, plan.verdict, plan.differences], [0, "adopted", []]);
      assert.deepEqual(changesSince(requests), []);
      assert.ok(plan.backup);
      assert.deepEqual(JSON.parse(await readFile(plan.backup.state, "utf8")), JSON.parse(before));
      assert.equal((await stat(plan.backup.state)).mode & 0o777, 0o600);
      const file = await stackFile();
      assert.ok(file.startsWith("# Kept by hand.\n"), file);
      const { config } = parse(file) as { config: Record<string, unknown> };
      assert.deepEqual(config[`${projectName}:clients`], parse(plan.config.block));
    });

    it("pulumi up then only issues the managed secret; client id and old secret stay", async () => {
      const requests = sandbox.tenant.requests().length;
      await sandbox.redeploy();
      assert.deepEqual(changesSince(requests), [`POST /v1.0/applications/${made.objectId}/addPassword`]);
      const gateway = (await sandbox.clients())["gateway"];
      assert.equal(gateway?.["clientId"], made.clientId);
      const answer = await requestToken(String(gateway?.["tokenUrl"]), sandbox.tenant.caFile, {
        clientId: made.clientId,
        secret: made.secret,
        scope: String(gateway?.["scope"]),
      });
      assert.equal(answer.status, 200);
    });

    it("audit names the old secret as undeclared", async () => {
      const audited = await sandbox.on("audit", ["--format", "json"]);
      const { findings } = JSON.parse(audited.stdout) as AuditReport;
      assert.deepEqual(
        findings.map(({ rule, object }) => [rule, object]),
        [["secret-undeclared", made.secretId]],
      );
    });

    it("a second --apply changes nothing, and still shows how to retire the old secret", async () => {
      const before = await state();
      const { code, plan } = await json(made.clientId, "--apply");
      assert.deepEqual([code, plan.verdict, plan.client, plan.backup], [0, "adopted", "gateway", null]);
      assert.deepEqual(plan.creates, []);
      assert.equal(await state(), before);
      const [secret] = plan.secrets;
      assert.equal(plan.secrets.length, 1);
      assert.deepEqual([secret?.keyId, secret?.name], [made.secretId, "Made by hand"]);
      assert.equal(secret?.hint, made.secret.slice(0, 3));
      assert.ok(
        plan.next.indexOf(`# ${secret?.remove ?? ""}`) >
          plan.next.findIndex((step) => step.includes("verify")),
      );
      assert.ok(
        plan.next.every((step) => step.startsWith("#") || !/\bdelete\b|DELETE/.test(step)),
        "nothing is deleted when all is pasted",
      );
    });
  });

  describe("of a registration with everything", () => {
    let made: Registration;
    let roleId: string;
    let unrelatedConsent: string;

    before(async () => {
      const { pem } = await makeCertificate("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
      const graph = await administrator.graph(
        "GET",
        `servicePrincipals/${await administrator.servicePrincipalOf(graphApi)}`,
      );
      const idOf = (list: string, value: string): string =>
        (graph[list] as readonly { id: string; value: string }[]).find((one) => one.value === value)?.id ??
        assert.fail(value);
      made = await register('Research pipeline: "Ü"', {
        description: "Reads studies for research",
        serviceManagementReference: "CMDB-4711",
        requiredResourceAccess: [
          {
            resourceAppId: graphApi,
            resourceAccess: [
              { id: idOf("oauth2PermissionScopes", "User.Read"), type: "Scope" },
              { id: idOf("appRoles", "Application.Read.All"), type: "Role" },
            ].sort((one, other) => one.id.localeCompare(other.id)),
          },
          { resourceAppId: dicomApi, resourceAccess: [{ id: dicomScope, type: "Scope" }] },
        ],
      });
      // As the portal uploads it: the certificate itself, not its PEM.
      await administrator.graph("PATCH", `applications/${made.objectId}`, {
        keyCredentials: [
          {
            type: "AsymmetricX509Cert",
            usage: "Verify",
            displayName: "CN=gateway",
            key: new X509Certificate(pem).raw.toString("base64"),
          },
        ],
      });
      await administrator.graph("POST", `applications/${made.objectId}/federatedIdentityCredentials`, {
        name: "github-dev",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso@123456/pacs@456789:environment:dev",
        audiences: ["api://AzureADTokenExchange"],
        description: "The nightly export",
      });
      await consent(made.servicePrincipalId, graphApi, "User.Read");
      await administrator.grantGraphPermission(made.servicePrincipalId, "Application.Read.All");
      roleId = await administrator.assignRole(
        seedResourceIds.dicomService,
        builtInRoleIds.dicomDataReader,
        made.servicePrincipalId,
      );
      await own(made);
      unrelatedConsent = await consent(
        made.servicePrincipalId,
        "4f6778d8-5aef-43dc-a1ff-b073724b9495",
        "user_impersonation",
      );
    });

    it("takes over role, certificate, federated credential and consents under the ids that they have", async () => {
      const { code, plan } = await json(made.clientId, "--as", "research", "--apply");
      assert.deepEqual([code, plan.verdict, plan.differences], [0, "adopted", []]);
      const config = (parse(plan.config.block) as { research: Record<string, unknown> }).research;
      assert.deepEqual(
        { ...config, certificates: (config["certificates"] as readonly object[]).length },
        {
          displayName: 'Research pipeline: "Ü"',
          description: "Reads studies for research",
          owners: ["66666666-6666-4666-8666-666666666666"],
          serviceManagementReference: "CMDB-4711",
          access: [
            {
              dicomService: seedResourceIds.dicomService,
              role: "reader",
              assignmentName: roleId.slice(roleId.lastIndexOf("/") + 1),
            },
          ],
          consent: "managed",
          permissions: [{ api: graphApi, scopes: ["User.Read"], roles: ["Application.Read.All"] }],
          secret: { from: today },
          certificates: 1,
          federatedCredentials: [
            {
              name: "github-dev",
              issuer: "https://token.actions.githubusercontent.com",
              subject: "repo:contoso@123456/pacs@456789:environment:dev",
              description: "The nightly export",
            },
          ],
        },
      );
      assert.deepEqual(
        // What tells a certificate from its successor differs with every certificate.
        plan.adopted.map(({ name }) => name.replace(/\.[0-9a-f]{8}$/, ".*")),
        [
          "application",
          "service-principal",
          "certificate-gateway.*",
          "federated-github-dev",
          "consent",
          `consent-${graphApi}`,
          `role-${graphApi}-Application.Read.All`,
          "access-sandboxworkspace-imaging-reader",
        ].map((suffix) => `research-${suffix}`),
      );
      assert.deepEqual(
        plan.creates.map(({ name }) => name),
        ["research-secret-a"],
      );
      assert.deepEqual(
        plan.unmanaged.map(({ id }) => id),
        [unrelatedConsent],
      );
    });

    it("pulumi up issues the managed secret and changes nothing else; verify proves it", async () => {
      const requests = sandbox.tenant.requests().length;
      await sandbox.redeploy();
      assert.deepEqual(changesSince(requests), [`POST /v1.0/applications/${made.objectId}/addPassword`]);
      const verified = await sandbox.on("verify", ["--client", "research"]);
      assert.equal(verified.code, 0, `${verified.stdout}${verified.stderr}`);
    });

    it("audit finds nothing but the old secret and the consent that is not declared", async () => {
      const { stdout } = await sandbox.on("audit", ["--format", "json"]);
      const { findings } = JSON.parse(stdout) as AuditReport;
      assert.deepEqual(
        findings
          .filter(({ client }) => client === "research")
          .map(({ rule, object }) => [rule, object])
          .sort(),
        [
          ["consent-undeclared", unrelatedConsent],
          ["secret-undeclared", made.secretId],
        ],
      );
    });
  });

  describe("finds", () => {
    it("several of one display name, and lists them with ids and dates", async () => {
      const [one, other] = [await register("Twin"), await register("Twin")];
      const { code, stdout, stderr } = await run(["Twin"]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /There are 2 applications "Twin":/);
      for (const { clientId, objectId } of [one, other]) {
        assert.ok(
          stderr.includes(`client id ${clientId}, object id ${objectId}, registered ${today}T09:`),
          stderr,
        );
      }
    });

    it("none, and says whether it was deleted", async () => {
      const nowhere = await run(["Nowhere"]);
      assert.deepEqual([nowhere.code, nowhere.stdout], [1, ""]);
      assert.match(nowhere.stderr, /There is no application "Nowhere".*\nCause: It is not among the deleted/);
      const { objectId, clientId } = await register("Deleted by mistake");
      await administrator.graph("DELETE", `applications/${objectId}`);
      for (const wanted of [clientId, "Deleted by mistake"]) {
        const { code, stderr } = await run([wanted]);
        assert.equal(code, 1);
        assert.ok(stderr.includes(`(client id ${clientId}) was deleted on ${today}T`), stderr);
        assert.match(
          stderr,
          new RegExp(`--method GET .*deletedItems/${objectId}'[^]*# .*${objectId}/restore`),
        );
      }
    });

    it("with exactly the rights that `rights --for adopt` names", async () => {
      const made = await register("With least rights");
      const { stdout } = await sandbox.on("rights", ["--for", "adopt", "--format", "json"]);
      const [needed] = (JSON.parse(stdout) as RightsReport).identities;
      assert.ok(needed);
      const { env } = await administrator.identityWith(needed);
      const { code, stdout: planned, stderr } = await run([made.clientId, "--format", "json"], env);
      assert.equal(code, 7, stderr);
      const { differences } = JSON.parse(planned) as AdoptionPlan;
      // Whoever deploys is an owner.
      assert.deepEqual([...new Set(differences.map(({ property }) => property))], ["owners"]);
    });

    it("refuses what cannot be read in full, and names the right that is missing", async () => {
      const made = await register("Half known");
      const { env } = await administrator.identityWith({
        graph: [
          { permission: "Application.Read.All", id: "", escalation: false, contested: false, reasons: [] },
        ],
        azure: [],
      });
      const { code, stdout, stderr } = await run([made.clientId], env);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /Not everything about the registration could be read/);
      assert.match(stderr, /Directory\.Read\.All/);
    });
  });

  describe("puts everything back", () => {
    let made: Registration;

    before(async () => {
      made = await register("Put back");
      await own(made);
    });

    const applyDisturbed = async (
      disturb: () => Promise<unknown>,
    ): Promise<{ readonly run: OperationRun; readonly isPutBack: boolean }> => {
      const before = [await state(), await stackFile()];
      let isDisturbed = false;
      const done = await run([made.clientId, "--apply"], {}, async (text) => {
        if (!text.startsWith("The previous state is saved in")) return;
        isDisturbed = true;
        await disturb();
      });
      assert.ok(isDisturbed, done.stderr);
      const after = [await state(), await stackFile()];
      return { run: done, isPutBack: JSON.stringify(before) === JSON.stringify(after) };
    };

    it("when the import shows a difference that the rehearsal did not", async () => {
      const { run: done, isPutBack } = await applyDisturbed(() =>
        administrator.graph("PATCH", `applications/${made.objectId}`, { displayName: "Renamed meanwhile" }),
      );
      assert.equal(done.code, 7);
      assert.ok(isPutBack);
      assert.match(
        done.stdout,
        /put-back-application, displayName: pulumi up would update it\n +declared by Pulumi\.sandbox\.yaml:\d+ \(clients\.put-back\.displayName\)\n +live: +"Renamed meanwhile"\n +declared: "Put back"/,
      );
      await administrator.graph("PATCH", `applications/${made.objectId}`, { displayName: "Put back" });
    });

    it("when the import fails", async () => {
      const { run: done, isPutBack } = await applyDisturbed(() =>
        administrator.graph("DELETE", `applications/${made.objectId}`),
      );
      assert.equal(done.code, 1);
      assert.ok(isPutBack, done.stderr);
      assert.match(done.stderr, /The live objects cannot be imported\.\nCause: .*does not exist/);
      for (const id of [made.objectId, made.servicePrincipalId]) {
        await administrator.graph("POST", `directory/deletedItems/${id}/restore`);
      }
    });

    it("and changes nothing when a file that is asked for cannot be written", async () => {
      const before = [await state(), await stackFile()];
      const done = await run([made.clientId, "--apply", "--config-out", join(backups, "none", "block.yaml")]);
      assert.equal(done.code, 1);
      assert.match(done.stderr, /^The file .*block\.yaml cannot be written\.$/m);
      assert.deepEqual([await state(), await stackFile()], before);
    });

    it("a difference that the plan shows is not even tried", async () => {
      const file = await stackFile();
      await writeFile(
        stackFilePath(),
        file.replace(
          /(clients:\n)/,
          '$1    put-back:\n      displayName: Put back\n      description: Another one\n      owners: [66666666-6666-4666-8666-666666666666]\n      consent: managed\n      secret: { from: "2026-11-24" }\n',
        ),
      );
      const before = [await state(), await stackFile()];
      const kept = await readdir(backups);
      const { code, plan } = await json(made.clientId, "--apply");
      assert.deepEqual([code, plan.verdict], [7, "differences"]);
      const [difference, ...others] = plan.differences;
      assert.deepEqual(others, []);
      const line = (await stackFile()).split("\n").findIndex((text) => text.includes("Another one")) + 1;
      assert.deepEqual(
        [difference?.property, difference?.key, difference?.line, difference?.live, difference?.declared],
        ["description", "clients.put-back.description", line, "", "Another one"],
      );
      assert.deepEqual([await state(), await stackFile()], before);
      assert.deepEqual(await readdir(backups), kept);
      await writeFile(stackFilePath(), file);
    });
  });

  describe("goes on", () => {
    it("where an interrupted run has stopped", async () => {
      const made = await register("Interrupted");
      await own(made);
      const { plan } = await json(made.clientId);
      await writeFile(
        stackFilePath(),
        (await stackFile()).replace(/(clients:\n)/, `$1${plan.config.block.replace(/^(?=.)/gm, "    ")}`),
      );
      await sandbox.import({}, { resources: plan.importFile.resources.slice(0, 2) });
      const again = await json(made.clientId, "--apply");
      assert.deepEqual([again.code, again.plan.verdict, again.plan.config.isThere], [0, "adopted", true]);
      const requests = sandbox.tenant.requests().length;
      await sandbox.redeploy();
      assert.deepEqual(changesSince(requests), [`POST /v1.0/applications/${made.objectId}/addPassword`]);
    });

    it("not when the state has something else in its place", async () => {
      const made = await register("In the way");
      await sandbox.import(
        {},
        {
          resources: [
            { type: "dicom-service-client:index:DicomServiceClient", name: "in-the-way", component: true },
            {
              type: "azuread:index/servicePrincipal:ServicePrincipal",
              name: "in-the-way-service-principal",
              id: `/servicePrincipals/${(await register("Something else")).servicePrincipalId}`,
              parent: "in-the-way",
            },
          ],
        },
      );
      const { code, stderr } = await run([made.clientId]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /in-the-way-service-principal is \/servicePrincipals\/.* in the state, and .* in the tenant/,
      );
      assert.match(
        stderr,
        /pulumi state delete 'urn:pulumi:sandbox::.*in-the-way-service-principal' --stack sandbox/,
      );
    });
  });

  it("ends clearly when the stack does not exist", async () => {
    const { code, stdout, stderr } = await sandbox.run([
      ...["adopt", "Anything", "--stack", "nowhere", "--cwd", sandbox.projectFolder],
    ]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /The stack "nowhere" cannot be read\. There is no such stack in this backend\./);
  });

  // A suite of its own, because the tests of a suite run before the suites in it.
  describe("after all that", () => {
    it("has not written a secret anywhere", () => {
      assert.ok(runs.length > 10);
      for (const done of runs) {
        assert.deepEqual(secretsIn(done), []);
        for (const secret of handMadeSecrets) assert.ok(!`${done.stdout}${done.stderr}`.includes(secret));
      }
    });
  });
});
