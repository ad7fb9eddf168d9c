import assert from "node:assert/strict";
import { split } from "shlex";
import { type ChildKind, childKey, childName, children, componentUrn } from "../../components/childNames";
import { assertInert, hostileStrings } from "lab";
import { failedCreationMessage, type FailedCreation } from "../../components/failedCreation";

const project = "urn:pulumi:dev::dicom-service-client::dicom-service-client:index:DicomServiceClient";
const id = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0009";
const assignment = "/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r";

function failed(
  type: string,
  name: string,
  error: string,
  inputs: Readonly<Record<string, unknown>> = {},
): FailedCreation {
  return { type, name, component: `${project}::gateway`, error, inputs };
}

const application = "azuread:index/application:Application";
const servicePrincipal = "azuread:index/servicePrincipal:ServicePrincipal";
const flexible =
  "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential";
const federated =
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
const appRole = "azuread:index/appRoleAssignment:AppRoleAssignment";
const consent =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
const importOf = (type: string, name: string, of: string): string =>
  `  pulumi import ${type} ${name} ${of} --parent component=${project}::gateway --protect=false --stack dev`;

describe("failedCreationMessage", () => {
  const cases: readonly {
    readonly what: string;
    readonly failed: FailedCreation;
    readonly command: string;
  }[] = [
    {
      what: "an application of the same name",
      failed: failed(
        application,
        "gateway-application",
        `An existing "azuread_application" with name "Gateway" (ID: "${id}") was found and \`prevent_duplicate_names\` was specified`,
      ),
      command: importOf(application, "gateway-application", `/applications/${id}`),
    },
    {
      what: "an application whose owner does not exist",
      failed: failed(
        application,
        "gateway-application",
        `Could not create application: unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
        { owners: ["00000000-0000-4000-8000-000000000000", id] },
      ),
      command: `  az ad sp show --id ${id} --query id --output tsv`,
    },
    {
      what: "an application of which an application is to be an owner",
      failed: failed(
        application,
        "gateway-application",
        `unexpected status 400 (400 Bad Request) with error: Request_BadRequest: The reference target 'Application_${id}' of type 'Application' is invalid for the 'owners' reference.`,
        { owners: [id] },
      ),
      command: `  az ad sp show --id ${id} --query id --output tsv`,
    },
    {
      what: "a service principal",
      failed: failed(
        servicePrincipal,
        "gateway-service-principal",
        `A resource with the ID "${id}" already exists`,
      ),
      command: importOf(servicePrincipal, "gateway-service-principal", `/servicePrincipals/${id}`),
    },
    {
      what: "a federated credential",
      failed: failed(
        federated,
        "gateway-federated-github",
        "unexpected status 409 (409 Conflict) with error: Request_MultipleObjectsWithSameKeyValue: FederatedIdentityCredential with name github already exists.",
        { applicationId: `/applications/${id}`, displayName: "github" },
      ),
      command: `  # az ad app federated-credential delete --id ${id} --federated-credential-id <id>`,
    },
    {
      what: "a role for a principal that does not exist",
      failed: failed(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-hospital-pacs-reader",
        'Code="PrincipalNotFound" Message="Principal 0 does not exist in the directory 1."',
        { principalId: id },
      ),
      command:
        '  az identity list --query "[].{id: id, tenantId: tenantId, principalId: principalId, clientId: clientId}"',
    },
    {
      what: "a federated credential with the same issuer and subject",
      failed: failed(
        federated,
        "gateway-federated-github",
        "unexpected status 400 (400 Bad Request) with error: InvalidFederatedIdentityCredentialValue: The combination of issuer and subject must be unique for the application.",
        { applicationId: `/applications/${id}`, displayName: "github" },
      ),
      command: `  # az ad app federated-credential delete --id ${id} --federated-credential-id <id>`,
    },
    {
      what: "a flexible federated credential, for a reason that the provider keeps for itself",
      failed: failed(
        flexible,
        "gateway-federated-github",
        `adding flexible federated identity credential for Application (Application: "${id}")`,
        {
          applicationId: `/applications/${id}`,
          displayName: "github",
          issuer: "https://token.actions.githubusercontent.com",
          audience: "api://AzureADTokenExchange",
          claimsMatchingExpression: "claims['sub'] eq 'a'",
        },
      ),
      command: importOf(
        flexible,
        "gateway-federated-github",
        `'/applications/${id}/federatedIdentityCredentials/<id>'`,
      ),
    },
    {
      what: "an app role that is assigned",
      failed: failed(
        appRole,
        "gateway-role-fhir-system.all.read",
        "unexpected status 400 (400 Bad Request) with error: Request_BadRequest: Permission being assigned already exists on the object",
        { principalObjectId: "p", resourceObjectId: "r", appRoleId: "a" },
      ),
      command: importOf(
        appRole,
        "gateway-role-fhir-system.all.read",
        "'/servicePrincipals/r/appRoleAssignedTo/<id>'",
      ),
    },
    {
      what: "a consent that was given",
      failed: failed(
        consent,
        "gateway-consent",
        "unexpected status 409 (409 Conflict) with error: Request_MultipleObjectsWithSameKeyValue: Permission entry already exists.",
        { servicePrincipalObjectId: id, resourceServicePrincipalObjectId: id },
      ),
      command: importOf(
        consent,
        "gateway-consent",
        "/oauth2PermissionGrants/PFobn10MPk-KVQp9Tx8ACTxaG59dDD5PilUKfU8fAAk",
      ),
    },
    {
      what: "an Azure role that is assigned",
      failed: failed(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-pacs-reader",
        `cannot create already existing resource '${assignment}'`,
      ),
      command: importOf(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-pacs-reader",
        assignment,
      ),
    },
    {
      what: "an Azure role that is assigned under another name",
      failed: failed(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-pacs-reader",
        'Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists. The ID of the existing role assignment is 11111111222243338444555555555555."',
        { scope: "/subscriptions/s/resourceGroups/imaging (old)", principalId: "p" },
      ),
      command: importOf(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-pacs-reader",
        "'/subscriptions/s/resourceGroups/imaging (old)/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555'",
      ),
    },
    {
      what: "an Azure role that is assigned under a name that Azure does not tell",
      failed: failed(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-pacs-reader",
        'Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists."',
        { scope: "/subscriptions/s", principalId: "p" },
      ),
      command: importOf(
        "azure-native:authorization:RoleAssignment",
        "gateway-access-pacs-reader",
        "'/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/<name>'",
      ),
    },
    {
      what: "a vault secret that was deleted",
      failed: failed(
        "azure-native:keyvault:Secret",
        "gateway-vault",
        "Secret gateway is currently in a deleted but recoverable state, and its name cannot be reused",
        { vaultName: "kv", secretName: "gateway" },
      ),
      command: "  # az keyvault secret purge --vault-name kv --name gateway",
    },
    {
      what: "a vault secret",
      failed: failed(
        "azure-native:keyvault:Secret",
        "gateway-vault",
        "cannot create already existing resource '/subscriptions/s/secrets/gateway'",
      ),
      command: importOf("azure-native:keyvault:Secret", "gateway-vault", "/subscriptions/s/secrets/gateway"),
    },
  ];
  for (const { what, failed: creation, command } of cases) {
    it(`names the way on from ${what}`, () => {
      const lines = failedCreationMessage(creation)?.split("\n") ?? [];
      assert.ok(lines.includes(command), lines.join("\n"));
    });
    it(`deletes nothing when all is pasted, and looks at ${what} before it names an import or a deletion`, () => {
      const lines = failedCreationMessage(creation)?.split("\n") ?? [];
      const isDeletion = (line: string): boolean => /\b(delete|purge)\b.*--|--method DELETE/.test(line);
      assert.deepEqual(
        lines.filter((line) => isDeletion(line) && !/^ *#/.test(line)),
        [],
      );
      const change = lines.findIndex((line) => isDeletion(line) || /^ *pulumi import /.test(line));
      const look = lines.findIndex((line) => / (list|show|show-deleted|--method GET) /.test(line));
      assert.ok(change < 0 || (look >= 0 && look < change), lines.join("\n"));
      assert.ok(!lines.some((line) => line.includes("https://graph.microsoft.com")));
    });
    it(`writes every word of the way on from ${what} as a shell reads it, whatever resources are called`, () => {
      const [name, component] = ["it's $HOME; `a`", `urn:pulumi:dev::p::my:index:Site$t::it's "a"`];
      const lines = failedCreationMessage({ ...creation, name, component })?.split("\n") ?? [];
      for (const line of lines.filter((one) => /^ *pulumi import /.test(one))) {
        const words = split(line.replace(/"\$\([^)]*\)([^"]*)"/, "id$1"));
        assert.equal(words[3], name, line);
        assert.deepEqual(words.slice(5), [
          ...["--parent", `component=${component}`, "--protect=false", "--stack", "dev"],
        ]);
      }
    });
    it(`shows names and values as text on the way on from ${what}`, () => {
      for (const text of hostileStrings) {
        const inputs = Object.fromEntries(Object.keys(creation.inputs).map((key) => [key, text]));
        assertInert("text", failedCreationMessage({ ...creation, name: text, inputs }) ?? "");
      }
    });
    it(`says nothing about another failure of the creation of ${what}`, () => {
      assert.equal(failedCreationMessage({ ...creation, error: "socket hang up" }), undefined);
    });
  }
});

describe("failedCreationMessage of an object that could not be read back", () => {
  it("says that it exists, and what to run", () => {
    const error = "expected non-empty ID for new state during Create of urn:pulumi:dev::…";
    const message = failedCreationMessage(failed(servicePrincipal, "gateway-service-principal", error));
    assert.match(message ?? "", /^"gateway-service-principal" was created, but .*\nRun pulumi up again/);
    assert.match(message ?? "", /; npx dicom-ops audit --stack dev reports/);
  });
});

describe("the names of children", () => {
  const clients = ["gateway", "gateway-vault", "app-consent-role", "vault-secret-a", "my-application"];
  const keys: Readonly<Record<ChildKind, readonly string[]>> = {
    application: [],
    servicePrincipal: [],
    secret: ["b"],
    certificate: ["modality.1a2b3c4d"],
    federatedCredential: ["github"],
    flexibleFederatedCredential: ["github"],
    consent: ["fhir"],
    appRole: ["fhir", "system.all.read"],
    access: ["hospital-pacs-reader"],
    customRole: ["hospital-pacs-uploader"],
    vaultSecret: ["kv-vault.secret"],
  };

  it("lead back to the component and to what tells a child from others, whatever clients are called", () => {
    for (const client of clients) {
      for (const [kind, ofKind] of Object.entries(keys) as [ChildKind, readonly string[]][]) {
        const name = childName(client, kind, ...ofKind);
        const urn = `${project}$${children[kind].type}::${name}`;
        assert.equal(componentUrn(urn, client), `${project}::${client}`, urn);
        assert.equal(childKey(client, kind, name), ofKind.join("-"), name);
      }
    }
  });

  it("have no empty part when nothing tells a child from others", () => {
    assert.equal(childName("gateway", "consent", ""), "gateway-consent");
    assert.equal(childKey("gateway", "consent", "gateway-consent"), "");
  });
});
