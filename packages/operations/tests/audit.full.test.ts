import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import type { Run } from "sarif";
import { type AuditReport, auditReportSchema } from "../audit/auditReport";
import { reportFormats } from "../audit/reportWriter";
import { addSecret, builtInRoleIds, firstPartyAppIds, removeSecret } from "entra-sandbox";
import {
  Administrator,
  DeployedSandbox,
  makeCertificate,
  type OperationRun,
  readerAccess,
  secretsIn,
  seed,
  seedResourceIds,
} from "lab";
import { assertValidSarif } from "./sarifRules";

/** What others check an audit's JSON by. */
const fitsCommittedSchema = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(__dirname, "..", "audit", "audit.schema.json"), "utf8")) as object,
);

interface Ids {
  readonly clientId: string;
  readonly objectId: string;
  readonly servicePrincipalId: string;
  readonly secretId: string;
}

/** Something done by hand: what the audit has to say about it, and how it is undone. */
interface Case {
  readonly name: string;
  readonly rules: readonly string[];
  readonly severity?: string;
  /** Of which client it is said. */
  readonly client?: string;
  readonly side?: string;
  /** @returns id of the object to be named, and how to undo it */
  readonly make: (ids: Ids) => Promise<{ object: string; undo: () => Promise<unknown>; says?: RegExp }>;
}

describe("ops audit", function () {
  this.timeout(60_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;
  let ids: Ids;
  let clients: Record<string, Record<string, unknown>>;
  let pem: string;

  before(async () => {
    ({ pem } = await makeCertificate("2026-01-01T00:00:00Z", "2027-09-01T00:00:00Z"));
    clients = {
      gateway: {
        displayName: "Gateway",
        description: "Stores studies",
        owners: [seed.secondOwnerId],
        access: [readerAccess],
        secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
        certificates: [{ name: "modality", pem }],
        federatedCredentials: [
          {
            name: "github",
            issuer: "https://token.actions.githubusercontent.com",
            subject: "repo:a@1/b@2:c",
          },
        ],
      },
      viewer: {
        displayName: "Viewer",
        access: [readerAccess],
        consent: "external",
        secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
      },
    };
    sandbox = await DeployedSandbox.deploy(clients, "2026-08-20");
    portal = new Administrator(sandbox.tenant);
    const deployed = await sandbox.clients();
    ids = deployed["gateway"] as unknown as Ids;
    // What the configuration leaves to an administrator.
    const viewer = deployed["viewer"] as unknown as Ids;
    await portal.graph("POST", "oauth2PermissionGrants", {
      clientId: viewer.servicePrincipalId,
      consentType: "AllPrincipals",
      resourceId: await portal.servicePrincipalOf(firstPartyAppIds.dicom),
      scope: "Dicom.ReadWrite",
    });
  });
  after(() => sandbox?.stop());

  const audit = async (
    argv: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<{ run: OperationRun; report: AuditReport }> => {
    const sarif = join(sandbox.projectFolder, "..", "..", "audit.sarif");
    const reports = ["--format", "json", "--report", `sarif=${sarif}`];
    const run = await sandbox.on("audit", [...reports, ...argv], env);
    assert.notEqual(run.stdout, "", run.stderr);
    const written: unknown = JSON.parse(run.stdout);
    assert.ok(fitsCommittedSchema(written), JSON.stringify(fitsCommittedSchema.errors));
    const report = auditReportSchema.parse(written);
    assert.equal(existsSync(sarif), report.coverage.complete);
    if (report.coverage.complete) {
      const [{ results }] = assertValidSarif(readFileSync(sarif, "utf8")).runs as [Run];
      assert.equal(results?.length, report.findings.length);
      await rm(sarif);
    }
    return { run, report };
  };
  /** Makes a policy that says little, and attaches it. */
  const attachPolicy = async (kind: string, segment: string, id: string): ReturnType<Case["make"]> => {
    const content = kind === "appManagementPolicies" ? { restrictions: {} } : { definition: ["{}"] };
    const made = await portal.graph("POST", `policies/${kind}`, {
      displayName: "By hand",
      description: "By hand",
      ...content,
    });
    const policy = `policies/${kind}/${String(made["id"])}`;
    await portal.graph("POST", `${segment}/${id}/${kind}/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/${policy}`,
    });
    return {
      object: `${id}/${kind}/${String(made["id"])}`,
      undo: async () => {
        await portal.graph("DELETE", `${segment}/${id}/${kind}/${String(made["id"])}/$ref`);
        await portal.graph("DELETE", policy);
      },
    };
  };
  const short = (report: AuditReport): string[] =>
    report.findings.map(({ rule, object }) => `${rule} ${object}`);

  it("is clean after a deployment, exits with 0, changes nothing and asks each thing once", async () => {
    const before = sandbox.tenant.requests().length;
    const { run, report } = await audit();
    assert.deepEqual(short(report), []);
    assert.equal(report.verdict, "clean");
    assert.equal(run.code, 0);
    const made = sandbox.tenant.requests().slice(before);
    assert.deepEqual(
      made.filter(
        ({ method, operation }) => method !== "GET" && !/^(login\.token|graph\.batch)$/.test(operation ?? ""),
      ),
      [],
    );
    const addresses = made
      .filter(({ operation }) => /^(graph|arm)\./.test(operation ?? "") && operation !== "graph.batch")
      .map(({ url }) => url);
    assert.equal(new Set(addresses).size, addresses.length, "something was asked for twice");
    // eight for each client and one for the keys of certificates; one for namesakes, for temporary names, for deleted ones, for an API,
    // subscriptions, roles in one of them, a role's name and five kinds of policies; and one for the report on use, which is refused
    assert.equal(addresses.length, 2 * 8 + 1 + 7 + 5 + 1);
    assert.deepEqual(secretsIn(run), []);
    assert.ok(report.coverage.complete && report.coverage.calls.length >= 11);
  });

  it("gives the same output for the same input, in every format", async () => {
    const { id } = await portal.registerApplication("Gateway");
    await portal.graph("DELETE", `applications/${id}`);
    const folder = join(sandbox.projectFolder, "..", "..");
    const write = async (): Promise<readonly string[]> => {
      const files = reportFormats.map((format) => join(folder, `same.${format}`));
      const reports = reportFormats.map((format, index) => `${format}=${files[index] ?? ""}`);
      const argv = [
        "--reason",
        "known",
        "--owner",
        "team",
        "--expires",
        "2026-12-31",
        "--report",
        ...reports,
      ];
      const { stdout, code, stderr } = await sandbox.on("audit", ["--format", "suppressions", ...argv]);
      assert.notEqual(code, 1, stderr);
      return [stdout, ...files.map((file) => readFileSync(file, "utf8"))];
    };
    const [one, other] = [await write(), await write()];
    await portal.graph("DELETE", `directory/deletedItems/${id}`);
    assert.deepEqual(one, other);
    assert.ok(one.every((text) => text.includes("leftover-deleted-namesake")));
    assert.ok(one.slice(1).every((text) => /applicationTemplateId/.test(text) || text.includes("sarif")));
    const text = await sandbox.on("audit", ["--verbose"]);
    assert.match(text.stdout, /\nClean: everything could be read, and nothing differs\.\n$/);
    assert.match(text.stdout, /graph\.consents +2 +2 +0 +0 +0\n/);
  });

  const certificateText = async (): Promise<string> => {
    const { pem } = await makeCertificate("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    return pem.replace(/-----[^-]+-----|\s/g, "");
  };

  /** An application that is none of the stack's. */
  const another = async (displayName: string): ReturnType<Case["make"]> => {
    const { id } = await portal.registerApplication(displayName);
    return {
      object: id,
      undo: async () => {
        await portal.graph("DELETE", `applications/${id}`);
        await portal.graph("DELETE", `directory/deletedItems/${id}`);
      },
    };
  };
  const cases: readonly Case[] = [
    {
      name: "a secret on the application",
      rules: ["secret-undeclared"],
      severity: "critical",
      make: async ({ objectId }) => {
        const keyId = await portal.addSecret(objectId, 'rogue "one"');
        return {
          object: keyId,
          undo: () => portal.graph("POST", `applications/${objectId}/removePassword`, { keyId }),
          says: /Secret "rogue \\"one\\"" on the application, from 2026-08-20 until 2028-08-20/,
        };
      },
    },
    {
      name: "a secret on the service principal, which the portal hides",
      rules: ["principal-secret"],
      severity: "critical",
      make: async ({ servicePrincipalId }) => {
        const holder = { kind: "servicePrincipals", id: servicePrincipalId } as const;
        const { keyId } = await addSecret(portal, holder, "hidden");
        return {
          object: keyId,
          undo: () => removeSecret(portal, holder, keyId),
        };
      },
    },
    {
      name: "a certificate on the application, counted once though listed twice",
      rules: ["certificate-undeclared"],
      severity: "critical",
      make: async ({ objectId }) => {
        const { keyCredentials } = (await portal.graph(
          "GET",
          `applications/${objectId}?$select=keyCredentials`,
        )) as { keyCredentials: readonly object[] };
        const key = await certificateText();
        const [one, other] = [randomUUID(), randomUUID()].sort();
        const entry = { type: "AsymmetricX509Cert", key, displayName: "CN=rogue" };
        await portal.graph("PATCH", `applications/${objectId}`, {
          keyCredentials: [
            ...keyCredentials,
            { ...entry, keyId: one, usage: "Verify" },
            { ...entry, keyId: other, usage: "Verify" },
          ],
        });
        return {
          object: one ?? "",
          undo: () => portal.graph("PATCH", `applications/${objectId}`, { keyCredentials }),
        };
      },
    },
    {
      name: "a declared certificate that is there twice",
      rules: ["certificate-twice"],
      make: async ({ objectId }) => {
        const { keyCredentials } = (await portal.graph(
          "GET",
          `applications/${objectId}?$select=keyCredentials`,
        )) as { keyCredentials: readonly { usage: string }[] };
        const keyId = randomUUID();
        const key = pem.replace(/-----[^-]+-----|\s/g, "");
        const again = { type: "AsymmetricX509Cert", usage: "Verify", key, keyId };
        const put = (credentials: readonly object[]): Promise<unknown> =>
          portal.graph("PATCH", `applications/${objectId}`, { keyCredentials: credentials });
        await put([...keyCredentials, again]);
        return { object: keyId, undo: () => put(keyCredentials) };
      },
    },
    {
      name: "a foreign certificate that carries the declared one's identifier",
      rules: ["certificate-undeclared"],
      severity: "critical",
      make: async ({ objectId }) => {
        const { keyCredentials } = (await portal.graph(
          "GET",
          `applications/${objectId}?$select=keyCredentials`,
        )) as { keyCredentials: readonly { customKeyIdentifier: string }[] };
        const [declared] = keyCredentials;
        const keyId = randomUUID();
        const put = (credentials: readonly object[]): Promise<unknown> =>
          portal.graph("PATCH", `applications/${objectId}`, { keyCredentials: credentials });
        await put([
          ...keyCredentials,
          {
            type: "AsymmetricX509Cert",
            usage: "Verify",
            key: await certificateText(),
            keyId,
            customKeyIdentifier: declared?.customKeyIdentifier,
          },
        ]);
        return { object: keyId, undo: () => put(keyCredentials) };
      },
    },
    {
      name: "another role under the name of the declared assignment",
      rules: ["azure-role-changed"],
      severity: "critical",
      make: async ({ servicePrincipalId }) => {
        const [role] = await portal.rolesOf(seedResourceIds.dicomService, servicePrincipalId);
        assert.ok(role);
        const put = (roleId: string): Promise<unknown> =>
          portal.azure("PUT", role.id, {
            properties: {
              roleDefinitionId: `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
              principalId: servicePrincipalId,
              principalType: "ServicePrincipal",
            },
          });
        await portal.removeRole(role.id);
        await put(builtInRoleIds.contributor);
        return {
          object: role.id,
          undo: async () => {
            await portal.removeRole(role.id);
            await put(builtInRoleIds.dicomDataReader);
          },
          says: /has the Azure role "Contributor" at .*, instead of/,
        };
      },
    },
    {
      name: "a federated credential that was deleted and made anew as it was",
      rules: ["recreated-by-hand"],
      severity: "medium",
      side: "state",
      make: async ({ objectId }) => {
        const path = `applications/${objectId}/federatedIdentityCredentials`;
        const [declared] = (await portal.graph("GET", path))["value"] as readonly Record<string, unknown>[];
        const { id, name, issuer, subject, audiences } = declared ?? {};
        await portal.graph("DELETE", `${path}/${String(id)}`);
        const anew = await portal.graph("POST", path, { name, issuer, subject, audiences });
        return {
          object: String(anew["id"]),
          undo: async () => {
            await portal.graph("DELETE", `${path}/${String(anew["id"])}`);
            await sandbox.redeploy();
          },
        };
      },
    },
    {
      name: "a certificate on the service principal",
      rules: ["principal-certificate"],
      make: async ({ servicePrincipalId }) => {
        const keyId = randomUUID();
        const key = await certificateText();
        await portal.graph("PATCH", `servicePrincipals/${servicePrincipalId}`, {
          keyCredentials: [
            { type: "AsymmetricX509Cert", usage: "Verify", key, keyId, displayName: "CN=hidden" },
          ],
        });
        return {
          object: keyId,
          undo: () =>
            portal.graph("PATCH", `servicePrincipals/${servicePrincipalId}`, { keyCredentials: [] }),
        };
      },
    },
    {
      name: "a claims mapping policy on the service principal",
      rules: ["policy-attached"],
      severity: "high",
      make: ({ servicePrincipalId }) =>
        attachPolicy("claimsMappingPolicies", "servicePrincipals", servicePrincipalId),
    },
    {
      name: "a token lifetime policy on the application",
      rules: ["policy-attached"],
      severity: "high",
      make: ({ objectId }) => attachPolicy("tokenLifetimePolicies", "applications", objectId),
    },
    {
      name: "a home realm discovery policy on the service principal",
      rules: ["policy-attached"],
      severity: "medium",
      make: ({ servicePrincipalId }) =>
        attachPolicy("homeRealmDiscoveryPolicies", "servicePrincipals", servicePrincipalId),
    },
    {
      name: "an app management policy on the application",
      rules: ["policy-attached"],
      severity: "high",
      make: ({ objectId }) => attachPolicy("appManagementPolicies", "applications", objectId),
    },
    {
      name: "a federated credential",
      rules: ["federated-credential-undeclared"],
      make: async ({ objectId }) => {
        const path = `applications/${objectId}/federatedIdentityCredentials`;
        const { id } = await portal.graph("POST", path, {
          name: "rogue",
          issuer: "https://evil.example",
          subject: "anyone",
          audiences: ["api://AzureADTokenExchange"],
        });
        return { object: String(id), undo: () => portal.graph("DELETE", `${path}/${String(id)}`) };
      },
    },
    {
      name: "a federated credential whose trust will not last",
      rules: [
        "federated-credential-undeclared",
        "federated-audience-of-other-cloud",
        "federated-subject-recyclable",
      ],
      make: async ({ objectId }) => {
        const path = `applications/${objectId}/federatedIdentityCredentials`;
        const { id } = await portal.graph("POST", path, {
          name: "by-name",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:contoso/imaging:environment:dev",
          audiences: ["api://AzureADTokenExchangeUSGov"],
        });
        return { object: String(id), undo: () => portal.graph("DELETE", `${path}/${String(id)}`) };
      },
    },
    {
      name: "a federated credential that trusts somebody else",
      rules: ["federated-credential-changed"],
      make: async ({ objectId }) => {
        const path = `applications/${objectId}/federatedIdentityCredentials`;
        const { value } = (await portal.graph("GET", path)) as { value: readonly { id: string }[] };
        const id = value[0]?.id ?? "";
        await portal.graph("PATCH", `${path}/${id}`, { subject: "repo:evil@3/fork@4:c" });
        return {
          object: id,
          undo: () => portal.graph("PATCH", `${path}/${id}`, { subject: "repo:a@1/b@2:c" }),
        };
      },
    },
    {
      name: "an owner",
      rules: ["owner-undeclared"],
      make: async ({ objectId }) => {
        const owner = seed.adminUserId;
        const reference = { "@odata.id": `${sandbox.tenant.url}/v1.0/directoryObjects/${owner}` };
        await portal.graph("POST", `applications/${objectId}/owners/$ref`, reference);
        return {
          object: `${objectId}/owners/${owner}`,
          undo: () => portal.graph("DELETE", `applications/${objectId}/owners/${owner}/$ref`),
          says: /The user "Sandbox Administrator" \(.*\) is an owner of the application/,
        };
      },
    },
    {
      name: "an owner of the service principal who was removed",
      rules: ["owner-missing"],
      make: async ({ servicePrincipalId }) => {
        const owner = seed.secondOwnerId;
        await portal.graph("DELETE", `servicePrincipals/${servicePrincipalId}/owners/${owner}/$ref`);
        const reference = { "@odata.id": `${sandbox.tenant.url}/v1.0/directoryObjects/${owner}` };
        return {
          object: `${servicePrincipalId}/owners/${owner}`,
          undo: () => portal.graph("POST", `servicePrincipals/${servicePrincipalId}/owners/$ref`, reference),
        };
      },
    },
    {
      name: "a consent to another API",
      rules: ["consent-undeclared"],
      make: async ({ servicePrincipalId }) => {
        const { id } = await portal.graph("POST", "oauth2PermissionGrants", {
          clientId: servicePrincipalId,
          consentType: "AllPrincipals",
          resourceId: await portal.servicePrincipalOf(firstPartyAppIds.microsoftGraph),
          scope: "User.Read",
        });
        return {
          object: String(id),
          undo: () => portal.graph("DELETE", `oauth2PermissionGrants/${String(id)}`),
          says: /User\.Read of "Microsoft Graph" for everybody/,
        };
      },
    },
    {
      name: "a consent of one user",
      rules: ["consent-undeclared"],
      make: async ({ servicePrincipalId }) => {
        const { id } = await portal.graph("POST", "oauth2PermissionGrants", {
          clientId: servicePrincipalId,
          consentType: "Principal",
          principalId: seed.secondOwnerId,
          resourceId: await portal.servicePrincipalOf(firstPartyAppIds.dicom),
          scope: "Dicom.ReadWrite",
        });
        return {
          object: String(id),
          undo: () => portal.graph("DELETE", `oauth2PermissionGrants/${String(id)}`),
          says: new RegExp(`for the user ${seed.secondOwnerId}`),
        };
      },
    },
    {
      name: "an application permission of Microsoft Graph",
      rules: ["app-role-undeclared"],
      severity: "critical",
      make: async ({ servicePrincipalId }) => {
        const id = await portal.grantGraphPermission(servicePrincipalId, "Application.Read.All");
        return {
          object: id,
          undo: () =>
            portal.graph("DELETE", `servicePrincipals/${servicePrincipalId}/appRoleAssignments/${id}`),
          says: /It may use Application\.Read\.All of "Microsoft Graph"/,
        };
      },
    },
    {
      name: "Contributor at the subscription",
      rules: ["azure-role-undeclared"],
      severity: "critical",
      make: async ({ servicePrincipalId }) => {
        const id = await portal.assignRole(
          seedResourceIds.subscription,
          builtInRoleIds.contributor,
          servicePrincipalId,
        );
        return {
          object: id,
          undo: () => portal.removeRole(id),
          says: /the Azure role "Contributor" at \/subscriptions/,
        };
      },
    },
    {
      name: "a role on the workspace, above the declared service",
      rules: ["azure-role-undeclared"],
      severity: "high",
      make: async ({ servicePrincipalId }) => {
        const id = await portal.assignRole(
          seedResourceIds.workspace,
          builtInRoleIds.dicomDataOwner,
          servicePrincipalId,
        );
        return { object: id, undo: () => portal.removeRole(id) };
      },
    },
    {
      name: "a changed name",
      rules: ["property-changed"],
      make: async ({ objectId }) => {
        await portal.graph("PATCH", `applications/${objectId}`, { displayName: "By hand" });
        return {
          object: `${objectId}/displayName`,
          undo: () => portal.graph("PATCH", `applications/${objectId}`, { displayName: "Gateway" }),
          says: /displayName is "By hand" instead of "Gateway"/,
        };
      },
    },
    {
      name: "the temporary name of an interrupted update",
      rules: ["leftover-temporary-name"],
      make: async ({ objectId }) => {
        await portal.graph("PATCH", `applications/${objectId}`, { displayName: "TERRAFORM_UPDATE_1" });
        return {
          object: objectId,
          undo: () => portal.graph("PATCH", `applications/${objectId}`, { displayName: "Gateway" }),
        };
      },
    },
    {
      name: "an application whose creation was interrupted",
      client: "clients",
      rules: ["leftover-temporary-name"],
      make: () => another("TERRAFORM_UPDATE_2"),
    },
    {
      name: "a disabled service principal",
      rules: ["service-principal-disabled"],
      make: async ({ servicePrincipalId }) => {
        await portal.graph("PATCH", `servicePrincipals/${servicePrincipalId}`, { accountEnabled: false });
        return {
          object: servicePrincipalId,
          undo: () =>
            portal.graph("PATCH", `servicePrincipals/${servicePrincipalId}`, { accountEnabled: true }),
        };
      },
    },
    {
      name: "another application of the same name",
      rules: ["leftover-namesake"],
      make: () => another("Gateway"),
    },
    {
      name: "another application of the same name in other letters",
      rules: ["leftover-namesake"],
      make: () => another("GATEWAY"),
    },
    {
      name: "a deleted application of the same name",
      rules: ["leftover-deleted-namesake"],
      make: async () => {
        const { id } = await portal.registerApplication("Gateway");
        await portal.graph("DELETE", `applications/${id}`);
        return {
          object: id,
          undo: () => portal.graph("DELETE", `directory/deletedItems/${id}`),
        };
      },
    },
    {
      name: "a role of a principal that does not exist",
      rules: ["leftover-role-assignment"],
      make: async () => {
        const { id, servicePrincipalId } = await portal.registerApplication("Short-lived");
        const role = await portal.assignRole(
          seedResourceIds.dicomService,
          builtInRoleIds.dicomDataReader,
          servicePrincipalId,
        );
        await portal.graph("DELETE", `applications/${id}`);
        return { object: role, undo: () => portal.removeRole(role) };
      },
    },
  ];
  for (const { name, rules, severity, client = "gateway", side = "live", make } of cases) {
    it(`finds ${name}, and nothing else`, async () => {
      const { object, undo, says } = await make(ids);
      try {
        const { run, report } = await audit();
        assert.deepEqual(
          short(report),
          rules.map((rule) => `${rule} ${object}`),
        );
        assert.equal(run.code, 7);
        const [found] = report.findings;
        assert.equal(found?.client, client);
        assert.equal(found.side, side);
        assert.ok(found.why.length > 10 && found.next.length > 5);
        assert.doesNotMatch(
          found.next.split("#")[0] ?? "",
          /delete\b|DELETE|remove/,
          "it does harm when pasted",
        );
        if (severity !== undefined) assert.equal(found.severity, severity);
        if (says !== undefined) assert.match(found.detail, says);
      } finally {
        await undo();
      }
    });
  }

  /** What may be set on an application by hand, and what sets it back. */
  const applicationChanges: Readonly<Record<string, readonly [change: object, back: object]>> = {
    "web.redirectUris": [{ web: { redirectUris: ["https://evil.example/"] } }, { web: { redirectUris: [] } }],
    "spa.redirectUris": [{ spa: { redirectUris: ["https://evil.example/"] } }, { spa: { redirectUris: [] } }],
    "publicClient.redirectUris": [
      { publicClient: { redirectUris: ["https://evil.example/"] } },
      { publicClient: { redirectUris: [] } },
    ],
    "web.implicitGrantSettings": [
      { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } },
      { web: { implicitGrantSettings: { enableIdTokenIssuance: false } } },
    ],
    "web.logoutUrl": [{ web: { logoutUrl: "https://evil.example/" } }, { web: { logoutUrl: null } }],
    isFallbackPublicClient: [{ isFallbackPublicClient: true }, { isFallbackPublicClient: false }],
    isDeviceOnlyAuthSupported: [{ isDeviceOnlyAuthSupported: true }, { isDeviceOnlyAuthSupported: false }],
    identifierUris: [{ identifierUris: ["api://evil"] }, { identifierUris: [] }],
    signInAudience: [{ signInAudience: "AzureADMultipleOrgs" }, { signInAudience: "AzureADMyOrg" }],
    groupMembershipClaims: [{ groupMembershipClaims: "All" }, { groupMembershipClaims: null }],
    optionalClaims: [{ optionalClaims: { accessToken: [{ name: "acct" }] } }, { optionalClaims: null }],
    "api.requestedAccessTokenVersion": [
      { api: { requestedAccessTokenVersion: 2 } },
      { api: { requestedAccessTokenVersion: null } },
    ],
    "api.acceptMappedClaims": [{ api: { acceptMappedClaims: true } }, { api: { acceptMappedClaims: null } }],
    "api.knownClientApplications": [
      { api: { knownClientApplications: [randomUUID()] } },
      { api: { knownClientApplications: [] } },
    ],
    "api.preAuthorizedApplications": [
      { api: { preAuthorizedApplications: [{ appId: randomUUID(), delegatedPermissionIds: [] }] } },
      { api: { preAuthorizedApplications: [] } },
    ],
    servicePrincipalLockConfiguration: [
      { servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true } },
      { servicePrincipalLockConfiguration: null },
    ],
    tokenEncryptionKeyId: [{ tokenEncryptionKeyId: randomUUID() }, { tokenEncryptionKeyId: null }],
    defaultRedirectUri: [{ defaultRedirectUri: "https://evil.example/" }, { defaultRedirectUri: null }],
    tags: [{ tags: ["HideApp"] }, { tags: [] }],
    notes: [{ notes: "by hand" }, { notes: null }],
    info: [{ info: { supportUrl: "https://evil.example/" } }, { info: { supportUrl: null } }],
  };
  const principalChanges: Readonly<Record<string, readonly [change: object, back: object]>> = {
    appRoleAssignmentRequired: [{ appRoleAssignmentRequired: true }, { appRoleAssignmentRequired: false }],
    preferredSingleSignOnMode: [{ preferredSingleSignOnMode: "saml" }, { preferredSingleSignOnMode: null }],
    loginUrl: [{ loginUrl: "https://evil.example/" }, { loginUrl: null }],
    alternativeNames: [{ alternativeNames: ["isExplicit=True"] }, { alternativeNames: [] }],
    notificationEmailAddresses: [
      { notificationEmailAddresses: ["a@evil.example"] },
      { notificationEmailAddresses: [] },
    ],
    tags: [{ tags: ["WindowsAzureActiveDirectoryIntegratedApp"] }, { tags: [] }],
    notes: [{ notes: "by hand" }, { notes: null }],
  };
  for (const [holder, changes] of [
    ["applications", applicationChanges],
    ["servicePrincipals", principalChanges],
  ] as const) {
    it(`finds every property of ${holder} that was changed by hand, each with what is there`, async () => {
      const id = holder === "applications" ? ids.objectId : ids.servicePrincipalId;
      for (const [name, [change, back]] of Object.entries(changes)) {
        await portal.graph("PATCH", `${holder}/${id}`, change);
        try {
          const { report } = await audit();
          assert.ok(
            short(report).includes(`property-changed ${id}/${name}`),
            `${name}: ${short(report).join(", ")}`,
          );
          assert.equal(report.verdict, "findings");
        } finally {
          await portal.graph("PATCH", `${holder}/${id}`, back);
        }
      }
      assert.deepEqual(short((await audit()).report), []);
    });
  }

  it("finds what a temporary name would hide", async () => {
    const { objectId } = ids;
    await portal.graph("PATCH", `applications/${objectId}`, {
      displayName: "TERRAFORM_UPDATE_1",
      web: { redirectUris: ["https://evil.example/"] },
    });
    try {
      assert.deepEqual(
        short((await audit()).report).sort(),
        [
          `property-changed ${objectId}/web.redirectUris`,
          `property-changed ${ids.servicePrincipalId}/replyUrls`,
          `leftover-temporary-name ${objectId}`,
        ].sort(),
      );
    } finally {
      await portal.graph("PATCH", `applications/${objectId}`, {
        displayName: "Gateway",
        web: { redirectUris: [] },
      });
    }
  });

  it("names what it does not compare, and what this tenant does not send", async () => {
    const { report } = await audit();
    assert.ok(report.notCompared.some(({ name }) => name === "applicationTemplateId"));
    assert.ok(
      report.notCompared.some(
        ({ name, reason }) => name === "isDisabled" && reason === "is not returned by this tenant",
      ),
    );
  });

  it("finds and audits what lives although the state has lost it", async () => {
    const kept = await sandbox.exportState();
    const lost = (type: string, client: string): ((state: string) => string) => withoutResource(type, client);
    const remove = await portal.addSecret(ids.objectId, "while the state had lost it");
    let namesake: Record<string, unknown> | undefined;
    try {
      await sandbox.editState(lost("ServicePrincipal", "gateway"));
      const principal = (await audit()).report;
      assert.deepEqual(
        principal.findings.map(({ rule, side, object }) => [rule, side, object]),
        [
          ["secret-undeclared", "live", remove],
          ["part-not-deployed", "state", "clients.gateway.servicePrincipal"],
        ],
      );
      assert.match(principal.findings[1]?.detail ?? "", new RegExp(`It lives as ${ids.servicePrincipalId}`));
      await sandbox.editState(lost("Application", "gateway"));
      const both = (await audit()).report;
      assert.deepEqual(
        both.findings.filter(({ rule }) => rule === "part-not-deployed").map(({ object }) => object),
        ["clients.gateway.application", "clients.gateway.servicePrincipal"],
      );
      assert.ok(short(both).includes(`secret-undeclared ${remove}`));
      await sandbox.editState((state) => {
        const exported = JSON.parse(state) as { deployment: { resources: { urn: string }[] } };
        exported.deployment.resources = exported.deployment.resources.filter(
          ({ urn }) => !/::gateway(-|$)/.test(urn),
        );
        return JSON.stringify(exported);
      });
      const all = (await audit()).report;
      assert.ok(short(all).includes(`secret-undeclared ${remove}`));
      const whole = all.findings.find(({ object }) => object === "clients.gateway");
      assert.deepEqual([whole?.client, whole?.rule], ["gateway", "part-not-deployed"]);
      assert.match(whole?.next ?? "", new RegExp(`^az ad app show --id ${ids.objectId} `));
      namesake = { ...(await portal.registerApplication("GATEWAY")) };
      // Whoever adds an application of the same name does not hide what the lost one has.
      const evil = await portal.addSecret(String(namesake["id"]), "of the namesake");
      const several = (await audit()).report;
      const each = several.findings.filter(({ object }) => object === "clients.gateway");
      assert.deepEqual(
        each.map(({ rule }) => rule),
        ["part-not-deployed", "part-not-deployed"],
      );
      for (const id of [ids.objectId, String(namesake["id"])]) {
        assert.ok(
          each.some(
            ({ next, detail }) =>
              next.startsWith(`az ad app show --id ${id} `) && /one of 2 app/.test(detail),
          ),
        );
      }
      for (const secret of [remove, evil]) assert.ok(short(several).includes(`secret-undeclared ${secret}`));
      assert.deepEqual(
        several.clients.flatMap(({ name, objectId }) => (name === "gateway" ? [objectId] : [])).sort(),
        [ids.objectId, String(namesake["id"])].sort(),
      );
    } finally {
      if (namesake) await portal.graph("DELETE", `applications/${String(namesake["id"])}`);
      await sandbox.editState(() => kept);
      await portal.graph("POST", `applications/${ids.objectId}/removePassword`, { keyId: remove });
    }
    if (namesake) await portal.graph("DELETE", `directory/deletedItems/${String(namesake["id"])}`);
    assert.deepEqual(short((await audit()).report), []);
  });

  it("finds clients in an empty state, and what a deleted application leaves behind", async () => {
    const kept = await sandbox.exportState();
    const { objectId, servicePrincipalId } = ids;
    try {
      await portal.graph("DELETE", `applications/${objectId}`);
      const deleted = (await audit()).report;
      assert.deepEqual(
        deleted.findings.map(({ rule, object }) => `${rule} ${object}`),
        [`application-missing ${objectId}`, `service-principal-missing ${servicePrincipalId}`],
      );
      for (const [index, id] of [objectId, servicePrincipalId].entries()) {
        assert.match(deleted.findings[index]?.next ?? "", new RegExp(`deletedItems/${id}/restore`));
      }
      assert.match(deleted.findings[1]?.next ?? "", / # after its application, within 30 days; later: /);
      await sandbox.editState((state) => {
        const exported = JSON.parse(state) as { deployment: { resources: unknown[] } };
        exported.deployment.resources = [];
        return JSON.stringify(exported);
      });
      const { report, run } = await audit();
      assert.equal(run.code, 7, run.stderr);
      assert.deepEqual(
        report.findings
          .filter(({ rule, object }) => object.startsWith("clients.") || rule.startsWith("leftover-deleted"))
          .filter(({ rule }) => rule !== "rotation-due")
          .map(({ rule, client, object }) => `${client}: ${rule} ${object}`)
          .sort(),
        [
          "gateway: client-not-deployed clients.gateway",
          `gateway: leftover-deleted-namesake ${objectId}`,
          "viewer: part-not-deployed clients.viewer",
        ],
      );
    } finally {
      for (const id of [objectId, servicePrincipalId]) {
        await portal.graph("POST", `directory/deletedItems/${id}/restore`);
      }
      await sandbox.editState(() => kept);
    }
    assert.deepEqual(short((await audit()).report), []);
  });

  it("knows by its content what is configured and live, and says that the state has lost it", async () => {
    const kept = await sandbox.exportState();
    try {
      await sandbox.editState((state) => {
        const exported = JSON.parse(state) as { deployment: { resources: { urn: string }[] } };
        exported.deployment.resources = exported.deployment.resources.filter(
          ({ urn }) => !/::gateway-(access|certificate|consent|federated)/.test(urn),
        );
        return JSON.stringify(exported);
      });
      const { report } = await audit();
      assert.deepEqual(
        report.findings.filter(({ rule }) => rule.endsWith("-undeclared")),
        [],
      );
      const lost = report.findings.filter(({ rule }) => rule === "part-not-deployed");
      assert.deepEqual(
        lost
          .map(
            ({ detail }) =>
              /^(Certificate|Federated credential|The Azure role|The consent)/.exec(detail)?.[1],
          )
          .sort(),
        ["Certificate", "Federated credential", "The Azure role", "The consent"],
      );
      for (const { next } of lost) assert.match(next, /^npx dicom-ops adopt /);
    } finally {
      await sandbox.editState(() => kept);
    }
  });

  it("finds deleted namesakes although Graph refuses to filter by a list of names", async () => {
    const { id } = await portal.registerApplication("Gateway");
    await portal.graph("DELETE", `applications/${id}`);
    await sandbox.tenant.control("POST", "faults", {
      operation: "graph.deletedItems.listApplications",
      effect: {
        kind: "refuse",
        status: 400,
        code: "Request_UnsupportedQuery",
        message: "Unsupported or invalid query filter clause specified for property 'displayName'.",
      },
      times: 1,
    });
    try {
      const { run, report } = await audit();
      assert.equal(run.code, 7, run.stderr);
      assert.deepEqual(short(report), [`leftover-deleted-namesake ${id}`]);
      const { asked, read } =
        report.coverage.calls.find(({ call }) => call === "graph.deletedApplications") ?? {};
      assert.deepEqual([asked, read], [1, 1]);
    } finally {
      await sandbox.tenant.control("DELETE", "faults");
      await portal.graph("DELETE", `directory/deletedItems/${id}`);
    }
  });

  for (const operation of [
    "graph.applications.owners.list",
    "graph.federatedIdentityCredentials.list",
    "graph.servicePrincipals.owners.list",
    "graph.servicePrincipals.oauth2PermissionGrants.list",
  ]) {
    it(`takes ${operation} for unread, not for empty, when it is not found although its owner is there`, async () => {
      await sandbox.tenant.control("POST", "faults", {
        operation,
        effect: { kind: "refuse", status: 404 },
        times: 1,
      });
      try {
        const { run, report } = await audit();
        assert.equal(run.code, 1, run.stderr);
        assert.equal(report.verdict, "incomplete");
        assert.deepEqual(report.findings, []);
        assert.deepEqual(
          report.coverage.gaps.map(({ outcome }) => outcome),
          ["failed"],
        );
      } finally {
        await sandbox.tenant.control("DELETE", "faults");
      }
    });
  }

  it("finds declared things that are gone", async () => {
    const { objectId, servicePrincipalId, secretId } = ids;
    const [consent] = (
      await portal.graph("GET", `servicePrincipals/${servicePrincipalId}/oauth2PermissionGrants`)
    )["value"] as readonly { id: string }[];
    const [role] = await portal.rolesOf(seedResourceIds.dicomService, servicePrincipalId);
    const federated = `applications/${objectId}/federatedIdentityCredentials`;
    const [credential] = (await portal.graph("GET", federated))["value"] as readonly { id: string }[];
    const { keyCredentials } = (await portal.graph(
      "GET",
      `applications/${objectId}?$select=keyCredentials`,
    )) as {
      keyCredentials: readonly { keyId: string }[];
    };
    await portal.graph("POST", `applications/${objectId}/removePassword`, { keyId: secretId });
    await portal.graph("DELETE", `oauth2PermissionGrants/${consent?.id ?? ""}`);
    await portal.removeRole(role?.id ?? "");
    await portal.graph("DELETE", `${federated}/${credential?.id ?? ""}`);
    await portal.graph("PATCH", `applications/${objectId}`, { keyCredentials: [] });
    try {
      const { report } = await audit();
      assert.deepEqual(
        short(report).sort(),
        [
          `azure-role-missing ${role?.id ?? ""}`,
          `certificate-missing ${keyCredentials[0]?.keyId ?? ""}`,
          `consent-missing ${consent?.id ?? ""}`,
          `federated-credential-missing ${credential?.id ?? ""}`,
          `secret-missing ${secretId}`,
        ].sort(),
      );
      assert.ok(report.findings.every(({ next }) => next.startsWith("pulumi up --stack sandbox")));
    } finally {
      await sandbox.redeploy();
      ids = (await sandbox.clients())["gateway"] as unknown as Ids;
    }
    assert.deepEqual(short((await audit()).report), []);
  });

  it("finds what is written but not deployed, and a rotation that is due", async () => {
    const { viewer, ...others } = clients;
    await sandbox.configure("clients", {
      gateway: {
        ...others["gateway"],
        description: "Something else",
        access: [{ ...readerAccess, role: "owner" }],
        owners: [],
      },
      later: { ...viewer, displayName: "Later" },
    });
    try {
      const { report } = await audit();
      assert.deepEqual(
        report.findings.map(({ severity, rule, client, side }) => [severity, rule, client, side]),
        [
          // What goes with it gives something until then.
          ["high", "change-pending", "gateway", "config"],
          ["high", "change-pending", "gateway", "config"],
          ["high", "consent-undeclared", "viewer", "live"],
          ["medium", "client-not-deployed", "later", "state"],
          ["medium", "client-not-declared", "viewer", "config"],
          ["low", "change-pending", "gateway", "config"],
        ],
      );
      assert.deepEqual(
        report.findings.filter(({ rule }) => rule === "change-pending").map(({ object }) => object),
        ["clients.gateway.access", "clients.gateway.owners", "clients.gateway.description"],
      );
    } finally {
      await sandbox.configure("clients", clients);
    }
    await sandbox.configure("asOf", "2026-10-01");
    try {
      const { report } = await audit();
      assert.ok(report.findings.some(({ rule, client }) => rule === "rotation-due" && client === "gateway"));
      assert.ok(report.findings.some(({ rule }) => rule === "credential-expired"));
    } finally {
      await sandbox.configure("asOf", sandbox.asOf);
    }
  });

  it("finds credentials that end soon without a successor, or live too long", async () => {
    const soon = await audit(["--warn", "80"]);
    assert.deepEqual(
      soon.report.findings.map(({ rule, client }) => `${rule} ${client}`),
      ["credential-expiring gateway", "credential-expiring viewer"],
      "the previous secrets have successors",
    );
    const long = await audit(["--max-life", "99"]);
    assert.equal(
      long.report.findings.filter(({ rule }) => rule === "credential-long-lived").length > 0,
      true,
    );
  });

  it("finds a client that the state has lost and somebody has renamed, by what only it has", async () => {
    const kept = await sandbox.exportState();
    const rename = (displayName: string): Promise<unknown> =>
      portal.graph("PATCH", `applications/${ids.objectId}`, { displayName });
    const secret = await portal.addSecret(ids.objectId, "under another name");
    const lostAre = async (): Promise<readonly (readonly [rule: string, detail: string])[]> =>
      (await audit()).report.findings
        .filter(({ object }) => object === "clients.gateway")
        .map(({ rule, detail }) => [rule, detail] as const);
    try {
      await rename("Harmless");
      await sandbox.editState((state) => {
        const exported = JSON.parse(state) as { deployment: { resources: { urn: string }[] } };
        exported.deployment.resources = exported.deployment.resources.filter(
          ({ urn }) => !/::gateway(-|$)/.test(urn),
        );
        return JSON.stringify(exported);
      });
      const [[rule, detail] = [], ...others] = await lostAre();
      assert.equal(rule, "part-not-deployed");
      assert.match(
        detail ?? "",
        /"Harmless" \(client id .* has another name, and a certificate of the client/,
      );
      assert.deepEqual(others, []);
      assert.ok(short((await audit()).report).includes(`secret-undeclared ${secret}`));
      // Without anything of its own it may be any client of another stack: it is named, and not audited.
      const { certificates: _c, federatedCredentials: _f, ...plain } = clients["gateway"] ?? {};
      await sandbox.configure("clients", { ...clients, gateway: plain });
      const [[unknown, candidates] = [], ...more] = await lostAre();
      assert.equal(unknown, "client-not-deployed");
      assert.match(
        candidates ?? "",
        new RegExp(`1 service principal outside .* \\(${ids.servicePrincipalId}\\)`),
      );
      assert.deepEqual(more, []);
      // Without a role, it is among what the deploying identity has created.
      const { access: _a, ...bare } = plain as { readonly access?: unknown };
      await sandbox.configure("clients", { ...clients, gateway: bare });
      const [[, made] = []] = await lostAre();
      assert.match(
        made ?? "",
        new RegExp(`1 application outside .* has created asks for .* \\(${ids.objectId}\\)`),
      );
    } finally {
      await sandbox.configure("clients", clients);
      await sandbox.editState(() => kept);
      await rename("Gateway");
      await portal.graph("POST", `applications/${ids.objectId}/removePassword`, { keyId: secret });
    }
    assert.deepEqual(short((await audit()).report), []);
  });

  describe("suppressions", () => {
    let keyId: string;
    let file: string;
    let content: string;
    const entry = (): Record<string, string> => ({
      rule: "secret-undeclared",
      client: "gateway",
      object: keyId,
      severity: "critical",
      content,
      reason: "migration",
      owner: "pacs-team",
      expires: "2026-12-31",
    });
    const write = (entries: readonly object[]): Promise<void> =>
      writeFile(file, JSON.stringify({ suppressions: entries }));

    before(async () => {
      keyId = await portal.addSecret(ids.objectId, "known");
      file = join(sandbox.projectFolder, "audit-suppressions.sandbox.yaml");
      content = (await audit()).report.findings[0]?.content ?? "";
    });
    after(async () => {
      await portal.graph("POST", `applications/${ids.objectId}/removePassword`, { keyId });
      await rm(file, { force: true });
    });

    it("hide a finding until their last day, and stay visible", async () => {
      await write([{ ...entry(), expires: "2026-09-30" }]);
      const { run, report } = await audit();
      assert.equal(run.code, 0);
      assert.deepEqual(
        report.suppressed.map(({ finding, reason, owner }) => [finding.object, reason, owner]),
        [[keyId, "migration", "pacs-team"]],
      );
      assert.deepEqual(report.suppressedCounts, { critical: 1, high: 0, medium: 0, low: 0 });
      const text = await sandbox.on("audit");
      assert.match(text.stdout, /Suppressed:\n[^]*migration/);
      assert.match(text.stdout, /\nNot compared: [1-9]\d+ properties and places, which --verbose names\.\n/);
      assert.match(
        text.stdout.replace(/\s+/g, " "),
        / Clean except for 1 accepted finding \(1 critical\): everything could be read, and nothing else differs\. $/,
      );
      assert.equal((await audit(["--no-suppressions"])).run.code, 7);
    });

    it("count on their last day and not on the next", async () => {
      await write([{ ...entry(), expires: sandbox.asOf }]);
      assert.deepEqual(
        (await audit()).report.findings.map(({ rule }) => rule),
        ["suppression-expiring"],
      );
      await write([{ ...entry(), expires: "2026-08-19" }]);
      assert.deepEqual(
        (await audit()).report.findings.map(({ rule }) => rule),
        ["secret-undeclared", "suppression-expired"],
      );
    });

    it("are found when they hide nothing", async () => {
      await write([entry(), { ...entry(), object: randomUUID() }]);
      assert.deepEqual(
        (await audit()).report.findings.map(({ rule }) => rule),
        ["suppression-unused"],
      );
    });

    it("hide nothing when they do not say what was accepted, and tell what to write", async () => {
      const { severity: _severity, content: _content, ...unbound } = entry();
      await write([unbound]);
      const { run, report } = await audit();
      assert.equal(run.code, 7);
      assert.deepEqual(
        report.findings.map(({ rule }) => rule),
        ["secret-undeclared", "suppression-unbound"],
      );
      assert.match(report.findings[1]?.next ?? "", new RegExp(`severity: critical and content: ${content} `));
    });

    it("speak again when severity or content is not the accepted one", async () => {
      for (const changed of [{ severity: "low" }, { content: "0".repeat(32) }]) {
        await write([{ ...entry(), ...changed }]);
        assert.deepEqual(
          (await audit()).report.findings.map(({ rule }) => rule),
          ["secret-undeclared", "suppression-changed"],
        );
      }
    });

    it("of a federated credential do not cover another issuer under the same id", async () => {
      const path = `applications/${ids.objectId}/federatedIdentityCredentials`;
      const trust = { name: "known", subject: "a", audiences: ["api://AzureADTokenExchange"] };
      const { id } = await portal.graph("POST", path, { ...trust, issuer: "https://partner.example" });
      try {
        await rm(file, { force: true });
        const accepted = await sandbox.on("audit", [
          ...["--format", "suppressions", "--reason", "partner", "--owner", "pacs-team"],
          ...["--expires", "2026-12-31"],
        ]);
        await writeFile(file, accepted.stdout);
        assert.equal((await audit()).report.verdict, "clean");
        await portal.graph("PATCH", `${path}/${String(id)}`, { issuer: "https://evil.example" });
        const { run, report } = await audit();
        assert.equal(run.code, 7);
        assert.deepEqual(
          report.findings.map(({ rule }) => rule),
          ["federated-credential-undeclared", "suppression-changed"],
        );
      } finally {
        await portal.graph("DELETE", `${path}/${String(id)}`);
      }
    });

    it("of a service principal's certificate do not cover another key under the same id", async () => {
      const path = `servicePrincipals/${ids.servicePrincipalId}`;
      const put = async (keyId: string): Promise<unknown> => {
        const entry = { type: "AsymmetricX509Cert", usage: "Verify", key: await certificateText(), keyId };
        const dates = { startDateTime: "2026-02-01T00:00:00Z", endDateTime: "2026-12-01T00:00:00Z" };
        await portal.graph("PATCH", path, { keyCredentials: [] });
        return portal.graph("PATCH", path, {
          keyCredentials: [{ ...entry, ...dates, customKeyIdentifier: "QUFBQQ==", displayName: "CN=known" }],
        });
      };
      const id = randomUUID();
      try {
        await put(id);
        await rm(file, { force: true });
        const accepted = await sandbox.on("audit", [
          ...["--format", "suppressions", "--reason", "partner", "--owner", "pacs-team"],
          ...["--expires", "2026-12-31"],
        ]);
        await writeFile(file, accepted.stdout);
        assert.equal((await audit()).report.verdict, "clean");
        await put(id);
        assert.deepEqual(
          (await audit()).report.findings.map(({ rule }) => rule),
          ["principal-certificate", "suppression-changed"],
        );
      } finally {
        await portal.graph("PATCH", path, { keyCredentials: [] });
      }
    });

    for (const [what, wrong] of Object.entries<Record<string, string | undefined>>({
      "without a reason": { reason: undefined },
      "with an empty owner": { owner: " " },
      "with a misspelt key": { expiry: "2026-12-31" },
      "with a date that does not exist": { expires: "2026-02-30" },
      "that last for ever": { expires: "2099-01-01" },
      "of a rule that does not exist": { rule: "secret-undeclare" },
      "of a severity that does not exist": { severity: "fatal" },
      "with a content that is no digest": { content: "anything" },
    })) {
      it(`${what} are refused as a whole`, async () => {
        await write([{ ...entry(), ...wrong }]);
        const run = await sandbox.on("audit");
        assert.equal(run.code, 1);
        assert.match(run.stderr, /are wrong, so none of them is applied\.\nCause: suppressions\.0/);
      });
    }

    it("with a key that is there twice are refused as a whole", async () => {
      const [line = ""] = JSON.stringify(entry()).split("\n");
      await writeFile(file, `suppressions:\n  - ${line.replace("{", '{"reason":"another",')}\n`);
      const run = await sandbox.on("audit");
      assert.equal(run.code, 1);
      assert.match(run.stderr, /so none of them is applied\.\nCause: Map keys must be unique at line 2/);
    });

    it("are generated from today's findings, and make the next audit clean", async () => {
      await rm(file, { force: true });
      const generated = await sandbox.on("audit", [
        ...["--format", "suppressions", "--reason", "before the takeover"],
        ...["--owner", "pacs-team", "--expires", "2026-12-31"],
      ]);
      assert.equal(generated.code, 0);
      await writeFile(file, generated.stdout);
      assert.equal((await audit()).run.code, 0);
      const incomplete = await sandbox.on("audit", ["--format", "suppressions"]);
      assert.equal(incomplete.code, 1);
      assert.match(incomplete.stderr, /Suppressions need a reason, an owner and a last day\./);
    });
  });

  it("writes several reports of one run, adds to a job's summary, and no SARIF when incomplete", async () => {
    const folder = join(sandbox.projectFolder, "..", "..");
    const file = (name: string): string => join(folder, name);
    await writeFile(file("summary.md"), "before\n");
    const argv = [
      "--report",
      `html=${file("a.html")}`,
      `sarif=${file("a.sarif")}`,
      `markdown=${file("summary.md")}`,
    ];
    const run = await sandbox.on("audit", [...argv, `json=${file("a.json")}`], {
      GITHUB_STEP_SUMMARY: file("summary.md"),
    });
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /^Audit of the stack sandbox/);
    assert.match(readFileSync(file("summary.md"), "utf8"), /^before\n### Audit of sandbox/);
    assert.match(readFileSync(file("a.html"), "utf8"), /^<!doctype html>/);
    assert.deepEqual(assertValidSarif(readFileSync(file("a.sarif"), "utf8")).runs[0]?.results, []);
    const written = auditReportSchema.parse(JSON.parse(readFileSync(file("a.json"), "utf8")));
    assert.deepEqual(
      written.credentials
        .filter(({ client }) => client === "gateway")
        .map(({ kind, name, standing }) => [kind, name, standing]),
      [
        ["certificate", "modality", "declared"],
        ["federated", "github", "declared"],
        ["secret", "slot a", "declared"],
        ["secret", "slot b", "declared"],
      ],
    );
    await rm(file("a.sarif"));
    await sandbox.tenant.control("POST", "faults", {
      operation: "graph.deletedItems.listApplications",
      effect: { kind: "refuse", status: 403, code: "Authorization_RequestDenied", message: "No." },
    });
    const partial = await sandbox.on("audit", argv);
    assert.equal(partial.code, 1);
    assert.match(partial.stderr, /No SARIF is written/);
    assert.throws(() => readFileSync(file("a.sarif")));
    const wrong = await sandbox.on("audit", ["--report", "pdf=x"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /"pdf=x" is not a report/);
  });

  /** A state without one resource of a client, and without what refers to it. */
  const withoutResource =
    (type: string, client: string) =>
    (text: string): string => {
      const state = JSON.parse(text) as {
        deployment: { resources: (Record<string, unknown> & { urn: string; type: string })[] };
      };
      const gone = state.deployment.resources.find(
        (resource) => resource.type.endsWith(`:${type}`) && resource.urn.includes(`::${client}-`),
      )?.urn;
      assert.ok(gone !== undefined);
      const without = (urns: unknown): unknown =>
        Array.isArray(urns) ? urns.filter((urn) => urn !== gone) : urns;
      state.deployment.resources = state.deployment.resources
        .filter(({ urn }) => urn !== gone)
        .map((resource) => {
          const { deletedWith, dependencies, propertyDependencies, ...others } = resource;
          const ofProperties = Object.entries((propertyDependencies ?? {}) as Record<string, unknown>);
          return {
            ...others,
            ...(deletedWith === undefined || deletedWith === gone ? {} : { deletedWith }),
            ...(dependencies === undefined ? {} : { dependencies: without(dependencies) }),
            propertyDependencies: Object.fromEntries(
              ofProperties.map(([name, urns]) => [name, without(urns)]),
            ),
          };
        });
      return JSON.stringify(state);
    };
});
