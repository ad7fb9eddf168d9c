import assert from "node:assert/strict";
import type { DicomServiceClientArgs } from "../../components/clientArgs";
import { DicomServiceClient } from "../../components/dicomServiceClient";
import { saidBy } from "../../policy/pack/properties";
import { types } from "../../policy/pack/resourceTypes";
import { clientComponent } from "../../policy/rules/clientComponent";
import { componentChildren } from "../../policy/rules/componentChildren";
import { existingPrincipal } from "../../policy/rules/existingPrincipal";
import { owners } from "../../policy/rules/owners";
import { protection } from "../../policy/rules/protection";
import { uniqueName } from "../../policy/rules/uniqueName";
import { deployerId, fhirClientId, record, subscriptionId, usualTenant } from "../unit/registrations";
import { makeCertificate } from "lab";
import { examine, type ExaminedResource, passed, unknownText, violated } from "./examine";

const dicomService = `/subscriptions/${subscriptionId}/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs`;

/** Arguments that together make the component declare every kind of child, with everything that it sets of it. */
async function everyArgument(): Promise<DicomServiceClientArgs[]> {
  const { pem } = await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
  const github = { issuer: "https://token.actions.githubusercontent.com", description: "Deploys" };
  const claimsMatchingExpression = "claims['sub'] eq 'a' and claims['repository_id'] eq '2'";
  return [
    {
      displayName: "Gateway",
      description: "Stores studies",
      serviceManagementReference: "CMDB-4711",
      owners: [deployerId],
      access: [
        { dicomService, role: "owner" },
        { dicomService, role: "uploader" },
      ],
      permissions: [{ api: "fhir", scopes: ["user_impersonation"], roles: ["system.all.read"] }],
      secret: { from: "2026-11-23", lifetimeDays: 60, overlapDays: 30 },
      certificates: [{ name: "modality", pem }],
      federatedCredentials: [
        { name: "github", ...github, subject: "repo:contoso/pacs" },
        { name: "flexible", ...github, claimsMatchingExpression },
      ],
      vault: {
        id: `/subscriptions/${subscriptionId}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv-imaging`,
        secretName: "gateway",
      },
      protect: true,
      // The second secret is there, beside the first.
      asOf: "2027-01-01",
    },
    { displayName: "Viewer", credentials: "none", consent: "external", asOf: "2026-11-23" },
  ];
}

const fhirApi = { scopes: { user_impersonation: "b-scope" }, roles: { "system.all.read": "a-role" } };

const application = { type: types.application };
const principal = { type: types.servicePrincipal };

describe("policies on the structure of a stack", () => {
  describe("client-component", () => {
    const component = "dicom-service-client:index:DicomServiceClient";
    const outside = violated(`It is declared outside ${component}; declare it through that component.`);
    const foreign = violated(
      "It is declared below a client, but not by DicomServiceClient, which has no such child; give it another parent, or none.",
    );
    const own = { ...application, name: "imaging-gateway-application" };

    it("accepts what the component declares, however deep the component is", async () => {
      const props = { displayName: "Gateway", signInAudience: "AzureADMyOrg", preventDuplicateNames: true };
      assert.deepEqual(await examine(clientComponent, { ...own, props }), passed);
      const ancestors = ["contoso:index:Gateway", component];
      assert.deepEqual(await examine(clientComponent, { ...own, ancestors, props }), passed);
      const named = { ...own, name: "a::b-application", parent: "a::b" };
      assert.deepEqual(await examine(clientComponent, named), passed);
    });

    it("accepts everything that the component declares, and its table names nothing else", async () => {
      const seen = new Map<string, Set<string>>();
      for (const args of await everyArgument()) {
        const { registrations } = await record(() => new DicomServiceClient("gateway", args), {
          tenant: { ...usualTenant, [fhirClientId]: fhirApi },
        });
        assert.ok(registrations.length > 1);
        for (const { type, name, inputs } of registrations.filter(({ custom }) => custom)) {
          const props = { ...inputs, __defaults: [] };
          const child: ExaminedResource = { type, name, props, parent: "gateway" };
          assert.deepEqual(await examine(clientComponent, child), passed, name);
          const compared = componentChildren[type]?.properties
            ? Object.keys(inputs).filter((key) => saidBy(inputs[key]) !== undefined)
            : [];
          seen.set(type, new Set([...(seen.get(type) ?? []), ...compared]));
        }
      }
      assert.deepEqual(
        [...seen].map(([type, keys]) => [type, [...keys].sort()]).sort(),
        Object.entries(componentChildren)
          .map(([type, { properties = [], settled }]) => [
            type,
            [...properties, ...(settled?.keys() ?? [])].sort(),
          ])
          .sort(),
        "policy/rules/componentChildren.ts is to list the properties that the component sets",
      );
    });

    it("objects to an Entra resource outside of the component, of whatever provider", async () => {
      for (const type of [
        types.application,
        "azuread:index:ApplicationPassword",
        "azuread:index/group:Group",
        "azure:ad/application:Application",
        "azure:ad:ServicePrincipalPassword",
        "msgraph:index/resource:Resource",
      ]) {
        assert.deepEqual(await examine(clientComponent, { type, ancestors: [] }), outside, type);
        assert.deepEqual(
          await examine(clientComponent, { type, ancestors: ["contoso:index:Team"] }),
          outside,
          type,
        );
      }
    });

    it("objects to any resource that takes a client for its parent, whatever its type and name", async () => {
      for (const child of [
        { type: "azuread:index/group:Group", name: "imaging-gateway-group" },
        {
          type: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
          name: "imaging-gateway-uris",
        },
        {
          type: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
          name: "imaging-gateway-secret-a",
        },
        { type: "azure-native:storage:StorageAccount", name: "imaging-gateway-vault" },
        { type: "contoso:index:Team", name: "imaging-gateway-application" },
        { type: "pulumi:providers:azuread", name: "imaging-gateway-application" },
        { type: "pulumi-nodejs:dynamic:Resource", name: "imaging-gateway-vault" },
        { type: "azure:authorization/assignment:Assignment", name: "imaging-gateway-access-x" },
        {
          type: "azure-native:authorization:RoleEligibilityScheduleRequest",
          name: "imaging-gateway-access-x",
        },
        { type: types.application, name: "foreign" },
        { type: types.application, name: "imaging-gateway-application-2" },
        { type: types.application, name: "viewer-application" },
        { type: types.applicationPassword, name: "imaging-gateway-secret-c" },
        { type: types.azureRoleAssignment, name: "imaging-gateway-role" },
      ]) {
        assert.deepEqual(await examine(clientComponent, child), foreign, child.name);
      }
    });

    it("objects to what stands below something else of a client", async () => {
      for (const between of ["contoso:index:Part", types.application]) {
        assert.deepEqual(
          await examine(clientComponent, { ...own, ancestors: [component, between] }),
          foreign,
        );
      }
    });

    it("objects to properties that the component does not set, under its type and its children's names", async () => {
      const props = {
        displayName: "Gateway",
        identifierUris: ["api://gateway"],
        web: { redirectUris: ["https://contoso.example/callback"] },
        tags: ["HideApp"],
        constructor: "x",
        optionalClaims: unknownText,
        __defaults: ["identifierUris"],
      };
      const { violations, notYet } = await examine(clientComponent, { ...own, props });
      assert.deepEqual(violations, [
        "Its identifierUris is set, which DicomServiceClient never does; remove it.",
        "Its web is set, which DicomServiceClient never does; remove it.",
        "Its tags is set, which DicomServiceClient never does; remove it.",
        "Its constructor is set, which DicomServiceClient never does; remove it.",
      ]);
      assert.deepEqual(notYet, ["string value at .optionalClaims can't be known during preview"]);
    });

    it("takes nothing for a property that says nothing, such as a provider's default", async () => {
      const props = {
        __defaults: ["fallbackPublicClientEnabled"],
        fallbackPublicClientEnabled: false,
        identifierUris: [],
        web: { __defaults: ["implicitGrant"], implicitGrant: { idTokenIssuanceEnabled: false } },
        notes: "",
      };
      assert.deepEqual(await examine(clientComponent, { ...own, props }), passed);
    });

    it("compares by content what the component sets for every client alike", async () => {
      const api = { requestedAccessTokenVersion: 1, knownClientApplications: [], mappedClaimsEnabled: false };
      assert.deepEqual(await examine(clientComponent, { ...own, props: { api } }), passed);
      for (const other of [
        { ...api, requestedAccessTokenVersion: 2 },
        { ...api, knownClientApplications: [deployerId] },
        { ...api, oauth2PermissionScopes: [{ value: "Gateway.Use" }] },
      ]) {
        assert.deepEqual(
          await examine(clientComponent, { ...own, props: { api: other } }),
          violated("Its api is not set the way DicomServiceClient sets it; remove it."),
        );
      }
    });

    it("lets transforms adjust the properties that are configured", async () => {
      const props = { tags: ["HideApp"], web: { homepageUrl: "https://contoso.example" } };
      assert.deepEqual(
        await examine(clientComponent, { ...own, props }, { adjustedProperties: ["tags"] }),
        violated("Its web is set, which DicomServiceClient never does; remove it."),
      );
    });

    it("says nothing of other providers, and of the component itself", async () => {
      for (const type of ["azure-native:storage:StorageAccount", component]) {
        assert.deepEqual(await examine(clientComponent, { type, ancestors: [] }), passed);
      }
    });

    it("lets other components be configured", async () => {
      const resource = { ...application, ancestors: ["contoso:index:Gateway"] };
      const config = { components: ["contoso:index:Gateway", "contoso:index:Viewer"] };
      assert.deepEqual(await examine(clientComponent, resource, config), passed);
      for (const ancestors of [[], [component]]) {
        assert.deepEqual(
          await examine(clientComponent, { ...application, ancestors }, config),
          violated(
            "It is declared outside contoso:index:Gateway and contoso:index:Viewer; declare it through that component.",
          ),
        );
      }
    });
  });

  describe("existing-principal", () => {
    it("accepts a service principal of the stack's own", async () => {
      assert.deepEqual(
        await examine(existingPrincipal, { ...principal, props: { clientId: unknownText } }),
        passed,
      );
      assert.deepEqual(
        await examine(existingPrincipal, { ...principal, props: { useExisting: false } }),
        passed,
      );
    });

    it("objects to one that existed before", async () => {
      assert.deepEqual(
        await examine(existingPrincipal, { ...principal, props: { useExisting: true } }),
        violated("Its useExisting is true, so pulumi destroy deletes what others use; read it instead."),
      );
    });

    it("waits for what a preview does not know", async () => {
      const { violations, notYet } = await examine(existingPrincipal, {
        ...principal,
        props: { useExisting: unknownText },
      });
      assert.deepEqual(violations, []);
      assert.deepEqual(notYet, ["string value at .useExisting can't be known during preview"]);
    });
  });

  describe("owners", () => {
    const owned = (...ids: readonly string[]): object => ({ props: { owners: ids } });

    it("accepts one owner anywhere but in production", async () => {
      for (const resource of [application, principal]) {
        assert.deepEqual(await examine(owners, { ...resource, ...owned("a") }), passed);
      }
    });

    it("objects to nobody being the owner", async () => {
      for (const props of [{}, { owners: [] }]) {
        assert.deepEqual(
          await examine(owners, { ...principal, props }),
          violated("It has no owner; name one under owners."),
        );
      }
    });

    it("wants two owners in production, and counts nobody twice", async () => {
      const production = { ...application, stack: "prod" };
      assert.deepEqual(await examine(owners, { ...production, ...owned("a", "b") }), passed);
      for (const ids of [["a"], ["a", "A"]]) {
        assert.deepEqual(
          await examine(owners, { ...production, ...owned(...ids) }),
          violated("It has 1 owner, but 2 are required in production; name more under owners."),
        );
      }
    });

    it("takes other names of production and other numbers", async () => {
      const config = { productionStacks: ["live-*"], productionOwners: 3 };
      const violation = violated(
        "It has 2 owners, but 3 are required in production; name more under owners.",
      );
      assert.deepEqual(
        await examine(owners, { ...application, ...owned("a", "b"), stack: "live-eu" }, config),
        violation,
      );
      for (const stack of ["live", "not-live-eu", "prod"]) {
        assert.deepEqual(
          await examine(owners, { ...application, ...owned("a", "b"), stack }, config),
          passed,
        );
      }
    });

    it("waits for owners that a preview does not know", async () => {
      assert.deepEqual(await examine(owners, { ...application, ...owned("a", unknownText) }), {
        violations: [],
        notYet: ["string value at .owners.1 can't be known during preview"],
      });
    });
  });

  describe("protection", () => {
    it("accepts what is protected in production, and anything elsewhere", async () => {
      assert.deepEqual(await examine(protection, application), passed);
      assert.deepEqual(
        await examine(protection, { ...principal, stack: "production", opts: { protect: true } }),
        passed,
      );
    });

    it("objects to what is not protected in production", async () => {
      const violation = violated("It is not protected, so pulumi destroy deletes it; set protect: true.");
      for (const resource of [application, principal]) {
        assert.deepEqual(await examine(protection, { ...resource, stack: "prod" }), violation);
      }
      const config = { productionStacks: ["*"] };
      assert.deepEqual(await examine(protection, application, config), violation);
    });

    it("needs no property, so that a preview judges it as well", async () => {
      const props = { displayName: unknownText };
      assert.deepEqual(
        await examine(protection, { ...application, props, opts: { protect: true }, stack: "prod" }),
        passed,
      );
    });
  });

  describe("unique-name", () => {
    it("accepts an application that keeps its name to itself", async () => {
      assert.deepEqual(
        await examine(uniqueName, { ...application, props: { preventDuplicateNames: true } }),
        passed,
      );
    });

    it("objects to one that does not", async () => {
      for (const props of [{}, { preventDuplicateNames: false }]) {
        assert.deepEqual(
          await examine(uniqueName, { ...application, props }),
          violated(
            "Its preventDuplicateNames is not true, so it can get the same name as another application.",
          ),
        );
      }
    });

    it("waits for what a preview does not know", async () => {
      assert.deepEqual(
        await examine(uniqueName, { ...application, props: { preventDuplicateNames: unknownText } }),
        {
          violations: [],
          notYet: ["string value at .preventDuplicateNames can't be known during preview"],
        },
      );
    });
  });
});
