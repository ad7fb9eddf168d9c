import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { Administrator, seed, seedResourceIds, type Session } from "entra-sandbox";
import { makeCertificate, TestSandbox } from "lab";
import { liveObjects } from "./liveTenant";

const access = [{ dicomService: seedResourceIds.dicomService }];
const secret = { from: "2026-11-23" };
const github = {
  name: "github-dev",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/pacs:environment:dev",
};
const customRole = "0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0001";

/** A way to declare clients, and what it makes. */
interface Variant {
  readonly what: string;
  readonly clients: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
  /** What must be there before the first update. */
  readonly prepare?: (administrator: Administrator) => Promise<void>;
  /** Resources by type and number, apart from applications and service principals. */
  readonly makes: Readonly<Record<string, number>>;
}

const variants: readonly Variant[] = [
  {
    what: "a certificate instead of a secret",
    clients: {
      gateway: { displayName: "Gateway", access, certificates: [{ name: "modality", file: "gateway.pem" }] },
    },
    makes: { ApplicationCertificate: 1, RoleAssignment: 1, ServicePrincipalDelegatedPermissionGrant: 1 },
  },
  {
    what: "a federated credential instead of a secret",
    clients: { gateway: { displayName: "Gateway", access, federatedCredentials: [github] } },
    makes: {
      ApplicationFederatedIdentityCredential: 1,
      RoleAssignment: 1,
      ServicePrincipalDelegatedPermissionGrant: 1,
    },
  },
  {
    what: "all kinds of credentials at once, two secrets in their overlap",
    clients: {
      gateway: {
        displayName: "Gateway",
        access,
        secret: { from: "2026-06-01" },
        certificates: [{ name: "modality", file: "gateway.pem", expiresOn: "2027-05-01" }],
        federatedCredentials: [github, { ...github, name: "github-prod", subject: `${github.subject}-prod` }],
      },
    },
    more: { asOf: "2026-11-23" },
    makes: {
      ApplicationPassword: 2,
      ApplicationCertificate: 1,
      ApplicationFederatedIdentityCredential: 2,
      RoleAssignment: 1,
      ServicePrincipalDelegatedPermissionGrant: 1,
    },
  },
  {
    what: "no credential at all, and no access",
    clients: { gateway: { displayName: "Gateway", credentials: "none" } },
    makes: { ServicePrincipalDelegatedPermissionGrant: 1 },
  },
  {
    what: "consent by an administrator",
    clients: { gateway: { displayName: "Gateway", access, secret, consent: "external" } },
    makes: { ApplicationPassword: 1, RoleAssignment: 1 },
  },
  {
    what: "no consent",
    clients: { gateway: { displayName: "Gateway", access, secret, consent: "none" } },
    makes: { ApplicationPassword: 1, RoleAssignment: 1 },
  },
  {
    what: "the current secret in a key vault only",
    clients: {
      gateway: {
        displayName: "Gateway",
        access,
        secret,
        vault: { id: seedResourceIds.keyVault, secretName: "gateway-dicom", export: false },
      },
    },
    makes: {
      ApplicationPassword: 1,
      RoleAssignment: 1,
      Secret: 1,
      ServicePrincipalDelegatedPermissionGrant: 1,
    },
  },
  {
    what: "roles on a service, on a workspace, and of one's own making",
    clients: {
      gateway: {
        displayName: "Gateway",
        access: [
          { dicomService: seedResourceIds.dicomService, role: "owner" },
          { workspace: seedResourceIds.workspace },
          { dicomService: seedResourceIds.dicomService, role: customRole },
        ],
        secret,
      },
    },
    prepare: (administrator) =>
      administrator
        .azure(
          "PUT",
          `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions/${customRole}`,
          {
            properties: {
              roleName: "DICOM writer",
              description: "Stores studies, reads none",
              type: "CustomRole",
              permissions: [
                {
                  actions: [],
                  notActions: [],
                  dataActions: ["Microsoft.HealthcareApis/workspaces/dicomservices/resources/write"],
                  notDataActions: [],
                },
              ],
              assignableScopes: [seedResourceIds.subscription],
            },
          },
        )
        .then(() => undefined),
    makes: { ApplicationPassword: 1, RoleAssignment: 3, ServicePrincipalDelegatedPermissionGrant: 1 },
  },
  {
    what: "permissions of the FHIR service, app roles included",
    clients: {
      gateway: {
        displayName: "Gateway",
        access,
        secret,
        permissions: [{ api: "fhir", scopes: ["user_impersonation"], roles: ["system.all.read"] }],
      },
    },
    prepare: allowAppRoleAssignment,
    makes: {
      ApplicationPassword: 1,
      AppRoleAssignment: 1,
      RoleAssignment: 1,
      ServicePrincipalDelegatedPermissionGrant: 2,
    },
  },
  {
    what: "two clients with owners, description and reference",
    clients: {
      gateway: {
        displayName: "Gateway",
        description: "Stores studies",
        owners: [seed.secondOwnerId],
        serviceManagementReference: "CMDB-4711",
        access,
        secret,
      },
      research: {
        displayName: "Research",
        access,
        secret: { from: "2026-11-01", lifetimeDays: 90, overlapDays: 14 },
      },
    },
    makes: { ApplicationPassword: 2, RoleAssignment: 2, ServicePrincipalDelegatedPermissionGrant: 2 },
  },
];

// What this does not prove: that the stand-ins behave as the real plugins do. Run it with SANDBOX_PROVIDER=real for that.
describe("every variant on the engine: up, preview without changes, no drift, destroy to the seeded state", function () {
  this.timeout(240_000);
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.remove());

  for (const { what, clients, more = {}, prepare, makes } of variants) {
    it(what, async () => {
      const { pem } = await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
      writeFileSync(sandbox.file("gateway.pem"), pem);
      const text = JSON.stringify(clients).replaceAll("gateway.pem", sandbox.file("gateway.pem"));
      const config = sandbox.configure(JSON.parse(text) as Record<string, unknown>, more);
      await sandbox.use(config, async ({ stack, tenant }) => {
        if (prepare) {
          const administrator = new Administrator(tenant);
          await prepare(administrator);
          administrator.signOut();
        }
        const seeded = await liveObjects(tenant);
        await stack.up();
        assert.deepEqual(await declared(stack), {
          ...makes,
          Application: Object.keys(clients).length,
          ServicePrincipal: Object.keys(clients).length,
        });
        await stack.preview({ expectNoChanges: true });
        await stack.previewRefresh({ expectNoChanges: true });
        await stack.destroy();
        assert.deepEqual(await liveObjects(tenant), seeded);
      });
    });
  }

  it("a protected client: destroy is refused, nothing is lost, and secrets still rotate", async () => {
    const client = { displayName: "Gateway", access, secret, protect: true };
    await sandbox.use(sandbox.configure({ gateway: client }), async ({ stack, tenant }) => {
      await stack.up();
      const [objects, resources] = [await liveObjects(tenant), await declared(stack)];
      await assert.rejects(stack.destroy(), /protect/);
      assert.deepEqual(await liveObjects(tenant), objects);
      assert.deepEqual(await declared(stack), resources);
      await stack.up({ expectNoChanges: true });
    });
    const reissued = { ...client, secret: { ...secret, reissue: 1 } };
    await sandbox.use(sandbox.configure({ gateway: reissued }), async ({ stack }) => {
      const { summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { replace: 1, same: 6 });
    });
    await sandbox.use(sandbox.configure({ gateway: { ...reissued, protect: false } }), async ({ stack }) => {
      await stack.up();
      await stack.destroy();
    });
  });

  it("a renamed client: nothing is recreated, its secret included", async () => {
    const client = { displayName: "Gateway", access, secret, federatedCredentials: [github] };
    const before = await sandbox.use(sandbox.configure({ gateway: client }), async ({ stack }) => {
      await stack.up();
      const outputs = await stack.outputs();
      return outputs["clientSecretId"]?.value as unknown;
    });
    const renamed = { "imaging-gateway": { ...client, formerNames: ["gateway"] } };
    await sandbox.use(sandbox.configure(renamed), async ({ stack }) => {
      const { summary } = await stack.up();
      const outputs = await stack.outputs();
      assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
      assert.equal(outputs["clientSecretId"]?.value, before);
    });
  });
});

/** The resources in the stack's state by the last part of their types, without components and providers. */
async function declared(stack: Session["stack"]): Promise<Record<string, number>> {
  const exported: { readonly deployment: unknown } = await stack.exportStack();
  const { resources } = exported.deployment as { readonly resources: readonly { readonly type: string }[] };
  const counts: Record<string, number> = {};
  for (const { type } of resources) {
    if (/^(azuread|azure-native):/.test(type)) {
      const name = type.split(":").at(-1) ?? type;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

/** Grants the deploying identity what it needs to assign app roles, which it does not hold for DICOM alone. */
async function allowAppRoleAssignment(administrator: Administrator): Promise<void> {
  const filter = encodeURIComponent("appId eq '00000003-0000-0000-c000-000000000000'");
  const { value } = (await administrator.graph("GET", `servicePrincipals?$filter=${filter}`)) as {
    readonly value: readonly {
      readonly id: string;
      readonly appRoles: readonly { id: string; value: string }[];
    }[];
  };
  const graph = value[0] ?? assert.fail("the tenant has no Microsoft Graph");
  const role = graph.appRoles.find((candidate) => candidate.value === "AppRoleAssignment.ReadWrite.All");
  await administrator.graph("POST", `servicePrincipals/${graph.id}/appRoleAssignedTo`, {
    principalId: seed.pipeline.servicePrincipalId,
    resourceId: graph.id,
    appRoleId: role?.id,
  });
}
