import assert from "node:assert/strict";
import type { RunsOn } from "../../components/clientArgs";
import { exchangeAudience } from "../../components/exchangeAudience";
import { federationOf } from "../../components/runsOn";
import { ConfigError, readStackConfig } from "../../components/stack/config";

const loginUrl = "https://login.microsoftonline.com";
const tenantId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0001";
const principalId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0002";
const cluster = "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/";
const repository = "contoso@123456/pacs@456789";

const identity = { tenantId, principalId, clientId: "9F1B5A3C-0C5D-4F3E-8A55-0A7D4F1F0003" };
const subscription = "/subscriptions/9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0004/resourceGroups/imaging";
const vault = `${subscription}/providers/Microsoft.KeyVault/vaults/kv-imaging`;
const now = new Date("2026-11-23T00:00:00Z");
const ofIdentity = {
  displayName: "Gateway",
  application: "none",
  access: [
    {
      dicomService: `${subscription}/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs`,
    },
  ],
  runsOn: { managedIdentity: identity },
};

describe("where a client runs", () => {
  it("is asked for with the public audience, unless a cloud with another one is known", () => {
    assert.equal(exchangeAudience("https://login.microsoftonline.us/"), "api://AzureADTokenExchangeUSGov");
    assert.equal(
      exchangeAudience("https://login.partner.microsoftonline.cn"),
      "api://AzureADTokenExchangeChina",
    );
    for (const host of ["login.microsoftonline.com", "constructor", "__proto__"]) {
      assert.equal(exchangeAudience(`https://${host}`), "api://AzureADTokenExchange");
    }
  });

  const cases: readonly [what: string, place: RunsOn, trust: readonly (readonly [string, string])[]][] = [
    [
      "a managed identity",
      { managedIdentity: { tenantId: tenantId.toUpperCase(), principalId } },
      [[`${loginUrl}/${tenantId}/v2.0`, principalId]],
    ],
    [
      "a Kubernetes cluster",
      { aks: { issuer: cluster, namespace: "imaging", serviceAccount: "gateway" } },
      [[cluster, "system:serviceaccount:imaging:gateway"]],
    ],
    [
      "GitHub Actions in an environment",
      { githubActions: { repository, environment: "dev" } },
      [["https://token.actions.githubusercontent.com", `repo:${repository}:environment:dev`]],
    ],
    [
      "GitHub Actions on a branch",
      { githubActions: { repository, branch: "main" } },
      [["https://token.actions.githubusercontent.com", `repo:${repository}:ref:refs/heads/main`]],
    ],
    [
      "Azure DevOps",
      { azureDevOps: { issuer: `${loginUrl}/${tenantId}/v2.0`, subject: "/eid1/c/pub/t/a/a/b/sc/o/c" } },
      [[`${loginUrl}/${tenantId}/v2.0`, "/eid1/c/pub/t/a/a/b/sc/o/c"]],
    ],
    [
      "GitLab",
      { gitlab: { project: "contoso/imaging/pacs", branch: "main" } },
      [["https://gitlab.com", "project_path:contoso/imaging/pacs:ref_type:branch:ref:main"]],
    ],
    [
      "HCP Terraform",
      { terraformCloud: { organization: "contoso", project: "imaging", workspace: "pacs" } },
      ["plan", "apply"].map((phase) => [
        "https://app.terraform.io",
        `organization:contoso:project:imaging:workspace:pacs:run_phase:${phase}`,
      ]),
    ],
    [
      "a GitLab of one's own, whose tokens have no slash behind its address",
      { gitlab: { project: "contoso/pacs", branch: "main", url: "https://gitlab.example/" } },
      [["https://gitlab.example", "project_path:contoso/pacs:ref_type:branch:ref:main"]],
    ],
    [
      "Terraform Enterprise, likewise",
      { terraformCloud: { organization: "o", project: "p", workspace: "w", url: "https://tfe.example/" } },
      ["plan", "apply"].map((phase) => [
        "https://tfe.example",
        `organization:o:project:p:workspace:w:run_phase:${phase}`,
      ]),
    ],
    [
      "SPIFFE",
      { spiffe: { issuer: "https://spire.hospital.example", id: "spiffe://hospital.example/gateway" } },
      [["https://spire.hospital.example", "spiffe://hospital.example/gateway"]],
    ],
  ];
  for (const [what, place, trust] of cases) {
    it(`gives the trust that fits ${what}, and the configuration takes it`, () => {
      const expected = federationOf(place, loginUrl);
      assert.deepEqual(
        expected.map(({ issuer, subject }) => [issuer, subject]),
        trust,
      );
      assert.deepEqual(read({ runsOn: place }), expected);
    });
  }

  it("stands beside what is written", () => {
    const written = { name: "other", issuer: "https://issuer.example", subject: "s" };
    const spiffe = { issuer: "https://spire.hospital.example", id: "spiffe://hospital.example/gateway" };
    assert.deepEqual(
      read({ runsOn: { spiffe }, federatedCredentials: [written] })?.map(({ name }) => name),
      ["runs-on-spiffe", "other"],
    );
  });

  it("of a managed identity is trusted in the cloud of the stack", () => {
    const [credential] =
      read(
        { runsOn: { managedIdentity: { tenantId, principalId } } },
        { loginUrl: "https://login.microsoftonline.us/" },
      ) ?? [];
    assert.equal(credential?.issuer, `https://login.microsoftonline.us/${tenantId}/v2.0`);
  });

  for (const [what, client, expected] of [
    ["no place", { runsOn: {} }, /runsOn: names no place; name one/],
    [
      "a repository by names alone",
      { runsOn: { githubActions: { repository: "contoso/pacs", environment: "dev" } } },
      /runsOn\.githubActions\.repository: .*contoso@123456\/pacs@456789.*gh api repos\/<owner>\/<repository>/,
    ],
    [
      "both an environment and a branch",
      { runsOn: { githubActions: { repository, environment: "dev", branch: "main" } } },
      /runsOn\.githubActions: needs either environment or branch/,
    ],
    [
      "a pair that is written, too",
      {
        runsOn: { aks: { issuer: cluster, namespace: "imaging", serviceAccount: "gateway" } },
        federatedCredentials: [
          { name: "cluster", issuer: cluster, subject: "system:serviceaccount:imaging:gateway" },
        ],
      },
      /runsOn: gives a credential runs-on-aks, which has the same issuer and subject as federatedCredentials\[0\]/,
    ],
    [
      "the client id of an identity beside an application",
      { runsOn: { managedIdentity: identity } },
      /runsOn\.managedIdentity\.clientId: is for a client without an application.*remove it, or add application: none/,
    ],
    [
      "credentials: none",
      { runsOn: { gitlab: { project: "contoso/pacs", branch: "main" } }, credentials: "none" },
      /credentials: is none although the client has runsOn/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => read(client),
        (error) => error instanceof ConfigError && expected.test(error.message),
      );
    });
  }
});

describe("a client without an application", () => {
  it("keeps its identity in place of federated credentials, and consents to nothing", () => {
    const { clients } = readStackConfig({ clients: { gateway: ofIdentity } }, now);
    assert.deepEqual(clients["gateway"], {
      ...ofIdentity,
      consent: "none",
      runsOn: { managedIdentity: { ...identity, clientId: identity.clientId.toLowerCase() } },
    });
  });

  const { runsOn, access, ...bare } = ofIdentity;
  const place = runsOn.managedIdentity;
  for (const [what, client, expected] of [
    [
      "another word than none",
      { ...ofIdentity, application: "no" },
      [/application: "no" is not a valid value; write none/],
    ],
    [
      "everything that belongs to an application",
      {
        ...ofIdentity,
        description: "Stores studies",
        owners: [principalId],
        serviceManagementReference: "CMDB-4711",
        permissions: [{ api: "fhir", roles: ["system.all.read"] }],
        secret: { from: "2026-11-23" },
        certificates: [],
        federatedCredentials: [],
        vault: { id: vault, secretName: "gateway" },
        consent: "managed",
      },
      [
        ...["description", "owners", "serviceManagementReference", "permissions", "secret", "certificates"],
        ...["federatedCredentials", "vault", "consent"],
      ].map((key) => new RegExp(`${key}: needs an application; remove it, or remove application: none`)),
    ],
    [
      "another place beside the identity's",
      {
        ...ofIdentity,
        runsOn: { ...runsOn, spiffe: { issuer: "https://spire.example", id: "spiffe://a/b" } },
      },
      [/runsOn\.spiffe: needs an application/],
    ],
    [
      "a client without a place",
      { ...bare, access },
      [/application: is none, so the roles need a managed identity; name it under runsOn/],
    ],
    [
      "a place that is no identity",
      { ...bare, access, runsOn: { gitlab: { project: "contoso/pacs", branch: "main" } } },
      [/application: is none, so the roles need a managed identity/, /runsOn\.gitlab: needs an application/],
    ],
    [
      "an identity without its client id",
      { ...ofIdentity, runsOn: { managedIdentity: { tenantId, principalId } } },
      [/runsOn\.managedIdentity\.clientId: is missing/],
    ],
    [
      "no access",
      { ...bare, runsOn },
      [/access: is missing; a client without an application consists of its Azure roles/],
    ],
    ["an empty access", { ...ofIdentity, access: [] }, [/access: is missing/]],
    [
      "credentials: none",
      { ...ofIdentity, credentials: "none" },
      [/credentials: is none although the client has runsOn/],
    ],
  ] as const) {
    it(`refuses ${what}, and says nothing else`, () => {
      assert.throws(
        () => readStackConfig({ clients: { gateway: client } }, now),
        (error) => {
          assert.ok(error instanceof ConfigError);
          for (const one of expected) assert.match(error.message, one);
          assert.equal(error.problems.length, expected.length, error.message);
          return true;
        },
      );
    });
  }

  it("shares its identity with no other, however that is written", () => {
    const other = {
      ...ofIdentity,
      runsOn: { managedIdentity: { ...place, principalId: principalId.toUpperCase() } },
    };
    assert.throws(
      () =>
        readStackConfig(
          { clients: { gateway: ofIdentity, archive: { ...other, displayName: "Archive" } } },
          now,
        ),
      /clients\.archive\.runsOn\.managedIdentity\.principalId: is already the identity of clients\.gateway; put the access/,
    );
  });
});

function read(
  client: Readonly<Record<string, unknown>>,
  api?: unknown,
): readonly { readonly name: string; readonly issuer: string }[] | undefined {
  const { clients } = readStackConfig(
    { clients: { gateway: { displayName: "Gateway", ...client } }, api },
    new Date("2026-11-27T12:00:00Z"),
  );
  return clients["gateway"]?.federatedCredentials;
}
