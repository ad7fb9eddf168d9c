import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { builtInRoleIds } from "entra-sandbox";
import { Administrator, DeployedSandbox, makeCertificate, readerAccess, seed, seedResourceIds } from "lab";
import type { AdoptionPlan } from "../adopt/adoptionPlan";

const dicomApi = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const dicomScope = "e69ab058-b8ae-4c0f-b687-5d97888ddccb";
const graphApi = "00000003-0000-0000-c000-000000000000";
const retiredGraph = "00000002-0000-0000-c000-000000000000";
const today = "2026-11-24";
const kept = {
  displayName: "Kept",
  description: "1_000",
  access: [readerAccess],
  consent: "managed",
  owners: [seed.adminUserId],
  secret: { from: today },
};

describe("ops adopt takes what is really there", function () {
  this.timeout(400_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;
  let folder: string;

  before(async () => {
    sandbox = await DeployedSandbox.deploy({ kept }, today);
    administrator = new Administrator(sandbox.tenant);
    folder = await mkdtemp(join(tmpdir(), "adopt-there-"));
  });
  after(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function adopt(
    ...argv: readonly string[]
  ): Promise<{ readonly code: number; readonly plan: AdoptionPlan; readonly stderr: string }> {
    const { code, stdout, stderr } = await sandbox.on("adopt", [
      "--backup",
      join(folder, "kept"),
      "--format",
      "json",
      ...argv,
    ]);
    assert.notEqual(stdout, "", stderr);
    return { code, plan: JSON.parse(stdout) as AdoptionPlan, stderr };
  }

  /** Runs the command lines that cures show, as an administrator does; sentences and comments are for people. */
  async function follow(cures: readonly string[]): Promise<number> {
    let ran = 0;
    for (const line of cures.flatMap((cure) => cure.split("\n"))) {
      const owner = /^az ad app owner add --id (\S+) --owner-object-id (\S+)$/.exec(line);
      const accesses = /^az ad app update --id (\S+) --required-resource-accesses '(.*)'$/.exec(line);
      const audience = /^az ad app update --id (\S+) --sign-in-audience (\S+)$/.exec(line);
      const rest =
        /^az rest --method (\S+) --url 'https:\/\/[^/]+\/v1\.0\/([^\s']+)'(?: --body '(.*)')?$/.exec(line);
      if (owner) {
        await administrator.graph("POST", `applications/${owner[1] ?? ""}/owners/$ref`, {
          "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${owner[2] ?? ""}`,
        });
      } else if (accesses) {
        await administrator.graph("PATCH", `applications(appId='${accesses[1] ?? ""}')`, {
          requiredResourceAccess: JSON.parse(accesses[2] ?? "") as unknown,
        });
      } else if (audience) {
        await administrator.graph("PATCH", `applications(appId='${audience[1] ?? ""}')`, {
          signInAudience: audience[2],
        });
      } else if (rest) {
        const body = rest[3]?.replaceAll("'\\''", "'");
        await administrator.graph(
          rest[1] as "POST" | "PATCH",
          rest[2] ?? "",
          body === undefined ? undefined : JSON.parse(body),
        );
      } else {
        assert.ok(!line.startsWith("az ") || / show /.test(line), `no command that is known: ${line}`);
        continue;
      }
      ran += 1;
    }
    return ran;
  }

  async function register(
    displayName: string,
    more: object = {},
  ): Promise<{ readonly objectId: string; readonly clientId: string; readonly principalId: string }> {
    const application = await administrator.graph("POST", "applications", {
      displayName,
      requiredResourceAccess: [
        { resourceAppId: dicomApi, resourceAccess: [{ id: dicomScope, type: "Scope" }] },
      ],
      ...more,
    });
    const [objectId, clientId] = [String(application["id"]), String(application["appId"])];
    const principal = await administrator.graph("POST", "servicePrincipals", { appId: clientId });
    const principalId = String(principal["id"]);
    for (const [object, owner] of [
      [`applications/${objectId}`, seed.pipeline.servicePrincipalId],
      [`servicePrincipals/${principalId}`, seed.pipeline.servicePrincipalId],
      [`servicePrincipals/${principalId}`, seed.adminUserId],
    ]) {
      await administrator.graph("POST", `${object ?? ""}/owners/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${owner ?? ""}`,
      });
    }
    return { objectId, clientId, principalId };
  }

  async function state(): Promise<string> {
    let exported = "";
    await sandbox.editState((text) => (exported = text));
    return exported;
  }

  /** Previews with the Pulumi CLI, as the next `pulumi up` would begin. */
  async function nextUp(): Promise<Readonly<Record<string, readonly string[]>>> {
    const steps: Record<string, string[]> = {};
    const { stdout } = await sandbox.pulumi(["preview", "--json"]);
    for (const { op, urn } of (JSON.parse(stdout) as { steps: { op: string; urn: string }[] }).steps) {
      if (!["same", "read", "refresh"].includes(op))
        (steps[op] ??= []).push(urn.slice(urn.lastIndexOf("::") + 2));
    }
    return steps;
  }

  it("declares names, certificates and permissions that a block cannot have as they are", async () => {
    const certificates = await Promise.all(
      ["CN=gateway-2", "CN=gateway"].map(async (displayName) => {
        const { pem } = await makeCertificate(`${today}T00:00:00Z`, "2027-06-01T00:00:00Z");
        const key = new X509Certificate(pem).raw.toString("base64");
        return { type: "AsymmetricX509Cert", usage: "Verify", displayName, key };
      }),
    );
    const name = `St. Mary's "Röntgen" \`$(id)\` \${HOME}: # & *\n\t\u202egpj\u{e0041} ##[x] ${"x".repeat(110)}`;
    const made = await register(name, {
      description: "1_000",
      requiredResourceAccess: [
        {
          resourceAppId: graphApi,
          resourceAccess: [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }],
        },
        { resourceAppId: dicomApi, resourceAccess: [{ id: dicomScope, type: "Scope" }] },
        {
          resourceAppId: retiredGraph,
          resourceAccess: [{ id: "311a71cc-e848-46a1-bdf8-97ff7156d8e6", type: "Scope" }],
        },
        {
          resourceAppId: graphApi,
          resourceAccess: [{ id: "df021288-bdef-4463-88db-98f22de89214", type: "Role" }],
        },
      ],
    });
    await administrator.graph("PATCH", `applications/${made.objectId}`, { keyCredentials: certificates });
    const roles = await administrator.graph("GET", "directoryRoles");
    const [role] = roles["value"] as { id: string; displayName: string }[];
    await administrator.graph("POST", `directoryRoles/${role?.id ?? ""}/members/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${made.principalId}`,
    });

    const { code, plan } = await adopt(made.clientId, "--as", "gateway");
    assert.deepEqual([code, plan.verdict], [7, "differences"]);
    const { gateway } = parse(plan.config.block) as { gateway: Record<string, unknown> };
    assert.deepEqual([gateway["displayName"], gateway["description"]], [name.replace("'", "’"), "1_000"]);
    assert.deepEqual(
      (gateway["certificates"] as { name: string }[]).map(({ name: of }) => of),
      ["gateway-2", "gateway"],
    );
    assert.deepEqual(gateway["permissions"], [
      { api: graphApi, scopes: ["User.Read"], roles: ["User.Read.All"] },
    ]);
    assert.deepEqual(
      plan.unmanaged.map(({ what }) => what),
      [
        `request for a permission (Scope) of ${retiredGraph}`,
        "directory role whose name you are not allowed to read",
      ],
    );
    await follow(plan.differences.map(({ cure }) => cure));
    const again = await adopt(made.clientId, "--as", "gateway", "--apply");
    assert.deepEqual(
      [again.code, again.plan.verdict],
      [0, "adopted"],
      JSON.stringify(again.plan.differences),
    );
    // It signs in by certificates, so there is no secret to create.
    assert.deepEqual([again.plan.creates, await nextUp()], [[], {}]);
    await sandbox.previewRefreshAs({});
  });

  it("names a request for every difference, so that following them leaves none", async () => {
    const made = await register("Changed by hand", {
      notes: "by hand",
      tags: ["HideApp"],
      isFallbackPublicClient: true,
      identifierUris: [`api://${seed.tenantId}/changed`],
      groupMembershipClaims: "SecurityGroup",
      web: { redirectUris: ["https://x.example/"], implicitGrantSettings: { enableIdTokenIssuance: true } },
      spa: { redirectUris: ["https://y.example/"] },
      publicClient: { redirectUris: ["https://z.example/"] },
      signInAudience: "AzureADMultipleOrgs",
    });
    await administrator.graph("PATCH", `servicePrincipals/${made.principalId}`, {
      accountEnabled: false,
      appRoleAssignmentRequired: true,
      notes: "by hand",
      notificationEmailAddresses: ["a@example.org"],
    });
    const { code, plan } = await adopt(made.clientId, "--as", "changed");
    assert.deepEqual([code, plan.verdict], [7, "differences"]);
    assert.deepEqual(
      plan.differences.map(
        ({ resource, property }) => `${resource.replace("changed-", "")} ${String(property)}`,
      ),
      [
        "application fallbackPublicClientEnabled",
        "application groupMembershipClaims",
        "application identifierUris",
        "application notes",
        "application publicClient",
        "application signInAudience",
        "application singlePageApplication",
        "application web",
        "service-principal accountEnabled",
        "service-principal appRoleAssignmentRequired",
        "service-principal notes",
        "service-principal notificationEmailAddresses",
      ],
    );
    for (const { property, cure } of plan.differences) {
      assert.ok(
        cure.split("\n").some((line) => line.startsWith("az ")),
        `${String(property)}: ${cure}`,
      );
    }
    // What could do harm is a comment, for whoever has looked before.
    await follow(plan.differences.map(({ cure }) => cure.replaceAll(/^# /gm, "")));
    const again = await adopt(made.clientId, "--as", "changed");
    assert.deepEqual(again.plan.differences, []);
    assert.equal(again.plan.verdict, "clean");
  });

  it("offers a deleted service principal for restoring, and takes it over then", async () => {
    const made = await register("Principal deleted");
    await administrator.graph("DELETE", `servicePrincipals/${made.principalId}`);
    const { code, plan } = await adopt(made.clientId, "--as", "restored");
    assert.deepEqual([code, plan.registration.servicePrincipalId], [7, null]);
    const [found] = plan.differences.filter(({ resource }) => resource === "restored-service-principal");
    assert.ok(found?.cure.includes(made.principalId), JSON.stringify(plan.differences));
    assert.equal(await follow(plan.differences.map(({ cure }) => cure)), plan.differences.length);
    const again = await adopt(made.clientId, "--as", "restored");
    assert.equal(again.plan.registration.servicePrincipalId, made.principalId);
  });

  it("takes back a client that this project has deployed, when the state has lost it", async () => {
    const { clientId = "", servicePrincipalId = "" } = (await sandbox.clients())["kept"] ?? {};
    const before = await administrator.rolesOf(seedResourceIds.dicomService, servicePrincipalId);
    await sandbox.editState((text) => {
      const exported = JSON.parse(text) as { deployment: { resources: { urn: string }[] } };
      exported.deployment.resources = exported.deployment.resources.filter(
        ({ urn }) => !/::kept(-|$)/.test(urn),
      );
      return JSON.stringify(exported);
    });
    const { code, plan } = await adopt(clientId, "--apply");
    assert.deepEqual(
      [code, plan.verdict, plan.client],
      [0, "adopted", "kept"],
      JSON.stringify(plan.differences),
    );
    assert.ok(plan.adopted.some(({ type }) => type === "azure-native:authorization:RoleAssignment"));
    const up = await nextUp();
    assert.deepEqual(Object.keys(up), ["create"], JSON.stringify(up));
    await sandbox.redeploy();
    assert.deepEqual(await administrator.rolesOf(seedResourceIds.dicomService, servicePrincipalId), before);
    await sandbox.previewRefreshAs({});
    assert.deepEqual(await nextUp(), {});
  });

  it("notices an application that another stack of the project holds", async () => {
    const { clientId = "" } = (await sandbox.clients())["kept"] ?? {};
    const held = await state();
    const { stdout: encrypted } = await sandbox.pulumi(["stack", "export"]);
    const file = join(sandbox.projectFolder, "Pulumi.other.yaml");
    await sandbox.pulumi(["stack", "init", "other", "--no-select"], {}, "none");
    await writeFile(
      join(folder, "state.json"),
      encrypted.replaceAll("urn:pulumi:sandbox::", "urn:pulumi:other::"),
    );
    await sandbox.pulumi(["stack", "import", "--file", join(folder, "state.json"), "--force"], {}, "other");
    await sandbox.editState((text) => {
      const exported = JSON.parse(text) as { deployment: { resources: { urn: string }[] } };
      exported.deployment.resources = exported.deployment.resources.filter(
        ({ urn }) => !/::kept(-|$)/.test(urn),
      );
      return JSON.stringify(exported);
    });
    try {
      const { code, stderr } = await sandbox.on("adopt", [clientId]);
      assert.equal(code, 1);
      assert.match(stderr, /The application is in the state of the stack other already\./);
      assert.match(stderr, /It is kept-application there\./);
      const stray = await register("Held by nobody");
      const { plan } = await adopt(stray.clientId, "--as", "stray");
      assert.deepEqual(plan.otherStacks, { looked: ["other"], unread: [] });
    } finally {
      await sandbox.editState(() => held);
      await sandbox.pulumi(["stack", "rm", "--yes", "--force"], {}, "other");
      await rm(file, { force: true });
    }
  });

  it("says in text what cannot be known, and keeps the stack file's line endings", async () => {
    const stackFile = join(sandbox.projectFolder, "Pulumi.sandbox.yaml");
    await writeFile(stackFile, (await readFile(stackFile, "utf8")).replaceAll("\n", "\r\n"));
    const made = await register("Line endings");
    await administrator.assignRole(
      seedResourceIds.dicomService,
      builtInRoleIds.dicomDataReader,
      made.principalId,
    );
    const { code, stdout, stderr } = await sandbox.on("adopt", [
      made.clientId,
      "--as",
      "endings",
      "--apply",
      "--backup",
      join(folder, "kept"),
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Other projects and other backends cannot be looked into\./);
    assert.match(stdout, /^Not looked at\n {2}Azure roles in subscriptions that you cannot see$/m);
    const text = await readFile(stackFile, "utf8");
    assert.ok(text.includes("endings:\r\n") && !/[^\r]\n/.test(text), JSON.stringify(text));
  });
});
