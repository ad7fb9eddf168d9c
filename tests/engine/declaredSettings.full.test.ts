import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Administrator, type QuickStack, seedResourceIds } from "entra-sandbox";
import { TestSandbox } from "lab";

const access = [{ dicomService: seedResourceIds.dicomService }];
const secret = { from: "2026-11-23" };
const vault = { id: seedResourceIds.keyVault, secretName: "gateway" };

/** What an administrator might change by hand, property by property; each decides who can sign in, or how. */
const changedApplication = {
  signInAudience: "AzureADMultipleOrgs",
  isDeviceOnlyAuthSupported: true,
  isFallbackPublicClient: true,
  groupMembershipClaims: "SecurityGroup",
  identifierUris: ["api://gateway"],
  publicClient: { redirectUris: ["http://localhost/"] },
  spa: { redirectUris: ["https://imaging.example/spa"] },
  web: {
    redirectUris: ["https://imaging.example/callback"],
    implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
  },
  optionalClaims: { accessToken: [{ name: "email", essential: true }], idToken: [], saml2Token: [] },
  api: {
    acceptMappedClaims: true,
    requestedAccessTokenVersion: 2,
    knownClientApplications: ["99999999-9999-4999-8999-999999999999"],
  },
};
const changedPrincipal = {
  accountEnabled: false,
  appRoleAssignmentRequired: true,
  preferredSingleSignOnMode: "saml",
  samlSingleSignOnSettings: { relayState: "/home" },
  loginUrl: "https://imaging.example/login",
};

describe("what decides who can sign in, and how, on the engine", function () {
  this.timeout(120_000);
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.remove());

  it("is put right by the next update after it was changed by hand, although a refresh has taken it over", async () => {
    const config = sandbox.configure({ gateway: { displayName: "Gateway", access, secret } });
    await sandbox.use(config, async ({ stack, tenant }) => {
      await stack.up();
      const { gateway } = (await stack.outputs())["clients"]?.value as {
        readonly gateway: { readonly objectId: string; readonly servicePrincipalId: string };
      };
      const paths = [`applications/${gateway.objectId}`, `servicePrincipals/${gateway.servicePrincipalId}`];
      const administrator = new Administrator(tenant);
      const live = (): Promise<unknown[]> =>
        Promise.all(paths.map((path) => administrator.graph("GET", path)));
      const before = await live();
      await administrator.graph("PATCH", paths[0] ?? "", changedApplication);
      await administrator.graph("PATCH", paths[1] ?? "", changedPrincipal);

      await assertPutRight(stack, live, before);
    });
  });

  it("is put right where the role got a condition and the vault's secret was disabled and got another value", async () => {
    const config = sandbox.configure(
      { gateway: { displayName: "Gateway", access, secret, vault } },
      { asOf: "2026-11-24" },
    );
    await sandbox.use(config, async ({ stack, tenant }) => {
      await stack.up();
      const { resources } = (await stack.exportStack()).deployment as State;
      const role = resources.find(({ type }) => type.endsWith(":RoleAssignment")) ?? assert.fail();
      const administrator = new Administrator(tenant);
      const secretId = `${vault.id}/secrets/${vault.secretName}`;
      const live = async (): Promise<unknown> => {
        const [assigned, published] = await Promise.all([
          administrator.azure("GET", role.id),
          administrator.azure("GET", secretId),
        ]);
        const { principalId, roleDefinitionId, condition } = record(record(assigned)["properties"]);
        const { attributes, contentType } = record(record(published)["properties"]);
        const { enabled, nbf, exp } = record(attributes);
        return {
          principalId,
          roleDefinitionId,
          condition,
          contentType,
          enabled,
          nbf,
          exp,
          tags: record(published)["tags"],
        };
      };
      const before = await live();
      const { principalId, roleDefinitionId } = record(before);
      await administrator.azure("PUT", role.id, {
        properties: {
          principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId,
          condition: "(!(ActionMatches{'Microsoft.HealthcareApis/workspaces/dicomservices/resources/read'}))",
          conditionVersion: "2.0",
        },
      });
      await administrator.azure("PUT", secretId, {
        properties: { value: "another", attributes: { enabled: false, nbf: 1_900_000_000 } },
        tags: { by: "hand" },
      });

      await assertPutRight(stack, live, before);
    });
  });

  it("is declared without any change to a stack that was deployed before it was", async () => {
    const config = sandbox.configure(
      {
        gateway: {
          displayName: "Gateway",
          description: "Stores studies",
          access,
          secret,
          certificates: [{ name: "gateway", pem: earlierCertificate() }],
          federatedCredentials: [
            {
              name: "github-dev",
              issuer: "https://token.actions.githubusercontent.com",
              subject: "repo:contoso/pacs:environment:dev",
            },
          ],
        },
      },
      { asOf: "2026-11-27" },
    );
    await sandbox.use(config, async ({ stack }) => {
      await stack.up();
      const now = await stack.exportStack();
      await stack.importStack({ ...now, deployment: earlierState(now.deployment as State) });
      await stack.preview({ expectNoChanges: true });
      const { summary } = await stack.up();
      assert.deepEqual(Object.keys(summary.resourceChanges), ["same"]);
    });
  });
});

interface State {
  readonly resources: readonly { readonly urn: string; readonly type: string; readonly id: string }[];
  readonly secrets_providers: unknown;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

const earlierFile = join(__dirname, "..", "fixtures", "states", "0.1.0.json");

/** The certificate in that state; it is public, and secret to the provider only. */
function earlierCertificate(): string {
  const [, value = ""] =
    /"plaintext": ("\\"-----BEGIN CERTIFICATE.*")$/m.exec(readFileSync(earlierFile, "utf8")) ?? [];
  return JSON.parse(JSON.parse(value) as string) as string;
}

/** Lets drift show two changes by hand, a refresh take them over, and the next update put both right, once. */
async function assertPutRight(
  stack: QuickStack,
  live: () => Promise<unknown>,
  before: unknown,
): Promise<void> {
  await assert.rejects(stack.previewRefresh({ expectNoChanges: true }), "drift shows it");
  await stack.refresh();
  const { summary } = await stack.up();
  assert.equal(summary.resourceChanges["update"], 2);
  assert.deepEqual(await live(), before);
  await stack.previewRefresh({ expectNoChanges: true });
  await stack.preview({ expectNoChanges: true });
}

/** The state that version 0.1.0 left behind, with the ids of the objects that live in this tenant. */
function earlierState(now: State): State {
  let text = readFileSync(earlierFile, "utf8");
  const { deployment } = JSON.parse(text) as { readonly deployment: State };
  const ids = deployment.resources.flatMap((earlier) =>
    differentIds(
      earlier,
      // What has another name now has an alias for this one; there is one of each type.
      now.resources.find(({ urn }) => urn === earlier.urn) ??
        now.resources.find(({ type }) => type === earlier.type),
    ),
  );
  for (const [earlier, live] of ids.toSorted(([a], [b]) => b.length - a.length)) {
    text = text.replaceAll(earlier, live);
  }
  const { secrets_providers } = now;
  return { ...(JSON.parse(text) as { readonly deployment: State }).deployment, secrets_providers };
}

/** The texts at the same places of two values that differ and contain a GUID or an address. */
function differentIds(earlier: unknown, live: unknown): [string, string][] {
  if (typeof earlier === "string" && typeof live === "string") {
    // Scopes begin with a slash or do not; an id always does.
    const isOther = earlier.replace(/^\//, "") !== live.replace(/^\//, "");
    return isOther && earlier.length >= 36 ? [[earlier, live]] : [];
  }
  if (typeof earlier !== "object" || typeof live !== "object" || earlier === null || live === null) return [];
  const others = new Map<string, unknown>(Object.entries(live));
  return Object.entries(earlier).flatMap(([name, value]) => differentIds(value, others.get(name)));
}
