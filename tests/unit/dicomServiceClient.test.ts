import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { DicomServiceClientArgs } from "../../components/clientArgs";
import { DicomServiceClient } from "../../components/dicomServiceClient";
import { formatPath, ProblemsError } from "../../components/problem";
import { roleAssignmentName } from "../../components/roleAssignmentName";
import { makeCertificate } from "lab";
import {
  deployerId,
  dicomClientId,
  fhirClientId,
  principalOf,
  record,
  type Recording,
  type Registration,
  scopeId,
  secretValue,
  subscriptionId,
  tenantId,
  usualTenant,
  valueOf,
} from "./registrations";

const application = "azuread:index/application:Application";
const servicePrincipal = "azuread:index/servicePrincipal:ServicePrincipal";
const grant =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
const password = "azuread:index/applicationPassword:ApplicationPassword";
const roleAssignment = "azure-native:authorization:RoleAssignment";
const certificate = "azuread:index/applicationCertificate:ApplicationCertificate";
const federatedCredential =
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
const flexibleFederatedCredential =
  "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential";
const appRoleAssignment = "azuread:index/appRoleAssignment:AppRoleAssignment";
const vaultSecret = "azure-native:keyvault:Secret";
const component = "dicom-service-client:index:DicomServiceClient";

const workspace = `/subscriptions/${subscriptionId}/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital`;
const pacs = `${workspace}/dicomservices/pacs`;
const archive = `${workspace}/dicomservices/archive`;
const reader = "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a";

const usual: DicomServiceClientArgs = {
  displayName: "Imaging gateway",
  access: [{ dicomService: pacs }],
  secret: { from: "2026-11-23" },
  asOf: "2026-11-23",
};

const identity = {
  tenantId,
  principalId: "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0021",
  clientId: "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0022",
};
/** A client without an application; its ids as people may write them. */
const ofIdentity: DicomServiceClientArgs = {
  displayName: "Imaging gateway",
  application: "none",
  access: [{ dicomService: pacs }],
  runsOn: {
    managedIdentity: {
      ...identity,
      principalId: identity.principalId.toUpperCase(),
      clientId: identity.clientId.toUpperCase(),
    },
  },
};

describe("DicomServiceClient", () => {
  it("declares one application, service principal, consent, secret and role assignment, and nothing else", async () => {
    const { registrations } = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(
      registrations.map(({ type, name }) => [type, name]).sort(),
      [
        [component, "gateway"],
        [application, "gateway-application"],
        [servicePrincipal, "gateway-service-principal"],
        [grant, "gateway-consent"],
        [password, "gateway-secret-a"],
        [roleAssignment, "gateway-access-hospital-pacs-reader"],
      ].sort(),
    );
  });

  it("gives the application exactly what a service client needs", async () => {
    const recording = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(only(recording, application).inputs, {
      displayName: "Imaging gateway",
      signInAudience: "AzureADMyOrg",
      preventDuplicateNames: true,
      owners: [deployerId],
      requiredResourceAccesses: [
        {
          resourceAppId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
          resourceAccesses: [{ id: scopeId, type: "Scope" }],
        },
      ],
      deviceOnlyAuthEnabled: false,
      fallbackPublicClientEnabled: false,
      oauth2PostResponseRequired: false,
      identifierUris: [],
      groupMembershipClaims: [],
      publicClient: { redirectUris: [] },
      singlePageApplication: { redirectUris: [] },
      web: {
        redirectUris: [],
        implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
      },
      api: { mappedClaimsEnabled: false, knownClientApplications: [], requestedAccessTokenVersion: 1 },
    });
    assert.deepEqual(only(recording, servicePrincipal).inputs, {
      clientId: "gateway-application-client-id",
      owners: [deployerId],
      accountEnabled: true,
      appRoleAssignmentRequired: false,
    });
  });

  it("passes description and service management reference on", async () => {
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          description: "Stores studies",
          serviceManagementReference: "CMDB-4711",
        }),
    );
    const { description, serviceManagementReference } = only(recording, application).inputs;
    assert.deepEqual([description, serviceManagementReference], ["Stores studies", "CMDB-4711"]);
  });

  it("keeps the deploying identity among the owners, once, whatever is declared", async () => {
    const other = "9F1B5A3C-0C5D-4F3E-8A55-0A7D4F1F0000";
    const recording = await record(
      () => new DicomServiceClient("gateway", { ...usual, owners: [other, deployerId.toUpperCase()] }),
    );
    const expected = [other.toLowerCase(), deployerId];
    assert.deepEqual(only(recording, application).inputs["owners"], expected);
    assert.deepEqual(only(recording, servicePrincipal).inputs["owners"], expected);
  });

  it("consents for the whole tenant by the scope's name", async () => {
    const recording = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(only(recording, grant).inputs, {
      servicePrincipalObjectId: "gateway-service-principal-object-id",
      resourceServicePrincipalObjectId: principalOf(dicomClientId),
      claimValues: ["Dicom.ReadWrite"],
    });
  });

  for (const consent of ["external", "none"] as const) {
    it(`declares no grant with consent: ${consent}`, async () => {
      const { registrations, result } = await record(
        () => new DicomServiceClient("gateway", { ...usual, consent }),
      );
      assert.equal(registrations.filter(({ type }) => type === grant).length, 0);
      assert.equal(
        await valueOf(result.consentUrl),
        consent === "external"
          ? `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=gateway-application-client-id`
          : undefined,
      );
    });
  }

  it("ends the secret by the schedule, in the form that Graph returns, and sends no start date", async () => {
    const recording = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(only(recording, password).inputs, {
      applicationId: "gateway-application-id",
      displayName: "Managed by Pulumi, slot a",
      endDate: "2027-05-22T00:00:00Z",
      rotateWhenChanged: { reissue: "0" },
    });
  });

  it("declares the same secret when name, description and owners change", async () => {
    const before = await record(() => new DicomServiceClient("gateway", usual));
    const after = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          displayName: "Another name",
          description: "Another purpose",
          owners: ["9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0009"],
          asOf: "2027-04-21",
        }),
    );
    assert.deepEqual(only(after, password), only(before, password));
  });

  it("declares current and previous secret during the overlap, in different slots", async () => {
    const { registrations, result } = await record(
      () => new DicomServiceClient("gateway", { ...usual, asOf: "2027-04-22" }),
    );
    assert.deepEqual(
      registrations
        .filter(({ type }) => type === password)
        .map(({ name, inputs }) => [name, inputs["endDate"]])
        .sort(),
      [
        ["gateway-secret-a", "2027-05-22T00:00:00Z"],
        ["gateway-secret-b", "2027-10-19T00:00:00Z"],
      ],
    );
    assert.equal(await valueOf(result.secretId), "gateway-secret-b-key-id");
    assert.equal(await valueOf(result.previousSecretId), "gateway-secret-a-key-id");
    assert.equal(await valueOf(result.clientSecret), "gateway-secret-b-value");
    assert.equal(await valueOf(result.previousClientSecret), "gateway-secret-a-value");
  });

  it("re-mints by the reissue counter alone", async () => {
    const recording = await record(
      () => new DicomServiceClient("gateway", { ...usual, secret: { from: "2026-11-23", reissue: 3 } }),
    );
    assert.deepEqual(only(recording, password).inputs["rotateWhenChanged"], { reissue: "3" });
  });

  it("declares no credential when none is meant", async () => {
    const { registrations, result } = await record(
      () =>
        new DicomServiceClient("gateway", {
          displayName: "No secret",
          access: [{ dicomService: pacs }],
          credentials: "none",
        }),
    );
    assert.equal(registrations.filter(({ type }) => type === password).length, 0);
    assert.deepEqual(
      await Promise.all([result.clientSecret, result.secretId, result.secretExpiresOn].map(valueOf)),
      [undefined, undefined, undefined],
    );
    assert.equal(await pulumi.isSecret(result.clientSecret), false);
  });

  it("assigns Reader on the DICOM service, to a principal of known type, under a name that follows from it", async () => {
    const recording = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(only(recording, roleAssignment).inputs, {
      scope: pacs.slice(1),
      roleAssignmentName: roleAssignmentName(pacs, "gateway-service-principal-object-id", reader),
      principalId: "gateway-service-principal-object-id",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
    });
  });

  it("declares a role assignment that is taken over like its own, but for the name that it has", async () => {
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          access: [{ dicomService: pacs, assignmentName: "0A0A0A0A-0000-4000-8000-000000000000" }],
        }),
    );
    const { name, inputs } = only(recording, roleAssignment);
    assert.equal(name, "gateway-access-hospital-pacs-reader");
    assert.equal(inputs["roleAssignmentName"], "0a0a0a0a-0000-4000-8000-000000000000");
    assert.equal(inputs["scope"], pacs.slice(1));
  });

  it("names role assignments by what they assign, so that reordering renames nothing", async () => {
    const access = [
      { dicomService: pacs, role: "owner" },
      { dicomService: archive },
      { workspace, role: "0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0001" },
    ];
    const names = async (entries: typeof access): Promise<string[]> =>
      (await record(() => new DicomServiceClient("gateway", { ...usual, access: entries }))).registrations
        .filter(({ type }) => type === roleAssignment)
        .map(({ name }) => name)
        .sort();
    const expected = [
      "gateway-access-hospital-0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0001",
      "gateway-access-hospital-archive-reader",
      "gateway-access-hospital-pacs-owner",
    ];
    assert.deepEqual(await names(access), expected);
    assert.deepEqual(await names([...access].reverse()), expected);
  });

  for (const [what, written] of [
    [
      "another case of what Azure names",
      pacs.replace("dicomservices", "dicomServices").replace("resourceGroups", "resourcegroups"),
    ],
    ["another case of what people name", pacs.toUpperCase()],
    ["a slash at its end", `${pacs}/`],
  ] as const) {
    it(`takes a DICOM service whose id has ${what} for the same`, async () => {
      const usually = only(await record(() => new DicomServiceClient("gateway", usual)), roleAssignment);
      const recording = await record(
        () => new DicomServiceClient("gateway", { ...usual, access: [{ dicomService: written }] }),
      );
      const { name, inputs, ignoreChanges } = only(recording, roleAssignment);
      assert.equal(name, usually.name);
      assert.deepEqual(ignoreChanges, ["scope"]);
      assert.deepEqual({ ...inputs, scope: "" }, { ...usually.inputs, scope: "" });
    });
  }

  it("takes a built-in role for the same by its word and by its GUID", async () => {
    for (const [word, role] of [
      ["reader", reader.toUpperCase()],
      ["owner", "58a3b984-7adf-4c20-983a-32417c86fbc8"],
    ] as const) {
      const declare = async (one: string): Promise<Registration> =>
        only(
          await record(
            () =>
              new DicomServiceClient("gateway", { ...usual, access: [{ dicomService: pacs, role: one }] }),
          ),
          roleAssignment,
        );
      const [byWord, byGuid] = [await declare(word), await declare(role)];
      assert.deepEqual(byGuid, byWord);
      assert.equal(byWord.name, `gateway-access-hospital-pacs-${word}`);
      // Versions before named it by the GUID when it was written so.
      assert.deepEqual(byWord.aliases, [`gateway-access-hospital-pacs-${role.toLowerCase()}`]);
    }
  });

  it("takes an API for the same by its word and by its client id, and the DICOM service's own for what it is", async () => {
    const tenant = {
      ...usualTenant,
      [dicomClientId]: { ...usualTenant[dicomClientId], roles: { "Dicom.Read": "another-role" } },
      [fhirClientId]: { scopes: { user_impersonation: "a-scope" }, roles: { "system.all.read": "a-role" } },
    };
    const declare = async (api: string): Promise<Registration[]> =>
      (
        await record(
          () =>
            new DicomServiceClient("gateway", {
              ...usual,
              permissions: [
                { api, scopes: ["user_impersonation", "user_impersonation"], roles: ["system.all.read"] },
                { api: dicomClientId.toUpperCase(), scopes: ["Dicom.ReadWrite"], roles: ["Dicom.Read"] },
              ],
            }),
          { tenant },
        )
      ).registrations;
    const [byWord, byId] = [await declare("fhir"), await declare(fhirClientId.toUpperCase())];
    assert.deepEqual(byId, byWord);
    const consents = byWord.filter(({ type }) => [grant, appRoleAssignment].includes(type));
    assert.deepEqual(
      consents.map(({ name, aliases }) => [name, ...aliases]).sort(),
      [
        ["gateway-consent"],
        ["gateway-consent-fhir", `gateway-consent-${fhirClientId}`],
        ["gateway-role-Dicom.Read"],
        ["gateway-role-fhir-system.all.read", `gateway-role-${fhirClientId}-system.all.read`],
      ].sort(),
    );
    const [asked] = byWord.filter(({ type }) => type === application);
    assert.equal((asked?.inputs["requiredResourceAccesses"] as readonly unknown[]).length, 2);
  });

  it("takes a certificate for the same in whatever way its file writes it", async () => {
    const { pem } = await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
    const body = pem.split("\n").slice(1, -2).join("");
    const written = [
      pem,
      pem.trimEnd(),
      pem.replaceAll("\n", "\r\n"),
      `\ufeff${pem}`,
      `subject=CN = gateway\n${pem}\n\n`,
      `-----BEGIN CERTIFICATE-----\n${body.replace(/.{48}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    ];
    const declared: Registration[] = [];
    for (const text of written) {
      const recording = await record(
        () =>
          new DicomServiceClient("gateway", {
            displayName: "Gateway",
            access: [{ dicomService: pacs }],
            certificates: [{ name: "modality", pem: text }],
            asOf: "2026-11-23",
          }),
      );
      declared.push(only(recording, certificate));
    }
    for (const one of declared) assert.deepEqual(one, declared[0]);
    assert.deepEqual(declared[0]?.ignoreChanges, ["value", "endDate"]);
    assert.deepEqual(declared[0].aliases, ["gateway-certificate-modality"]);
  });

  it("takes a certificate for another when it is renewed, or is to end on another day", async () => {
    const [first, second] = [
      await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z"),
      await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z"),
    ];
    const names = new Set<string>();
    for (const one of [
      { name: "modality", pem: first.pem },
      { name: "modality", pem: second.pem },
      { name: "modality", pem: first.pem, expiresOn: "2027-05-01" },
    ]) {
      const { registrations } = await record(
        () => new DicomServiceClient("gateway", { ...usual, certificates: [one] }),
      );
      for (const { type, name } of registrations) if (type === certificate) names.add(name);
    }
    assert.equal(names.size, 3);
  });

  it("takes a vault secret for the same in any case, and another for another", async () => {
    const declare = async (id: string, secretName: string): Promise<Registration> =>
      only(
        await record(() => new DicomServiceClient("gateway", { ...usual, vault: { id, secretName } })),
        vaultSecret,
      );
    const id = `/subscriptions/${subscriptionId}/resourceGroups/Imaging/providers/Microsoft.KeyVault/vaults/kv-imaging`;
    const [one, same, other] = [
      await declare(id, "Gateway"),
      await declare(id.toUpperCase(), "gateway"),
      await declare(id, "viewer"),
    ];
    assert.deepEqual(one.ignoreChanges, ["resourceGroupName", "vaultName", "secretName"]);
    assert.equal(same.name, one.name);
    assert.notEqual(other.name, one.name);
    assert.deepEqual(one.aliases, ["gateway-vault"]);
  });

  it("declares certificates with their end, for the application", async () => {
    const { pem } = await makeCertificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          displayName: "Gateway",
          access: [{ dicomService: pacs }],
          certificates: [{ name: "modality", pem, expiresOn: "2027-05-01" }],
          asOf: "2026-11-23",
        }),
    );
    const { name, inputs, deletedWith } = only(recording, certificate);
    assert.match(name, /^gateway-certificate-modality\.[0-9a-f]{8}$/);
    assert.deepEqual(
      { ...inputs, value: secretValue(inputs["value"]) ?? inputs["value"] },
      {
        applicationId: "gateway-application-id",
        type: "AsymmetricX509Cert",
        encoding: "pem",
        value: pem,
        endDate: "2027-05-01T00:00:00Z",
      },
    );
    assert.match(deletedWith, /::gateway-application$/);
    assert.equal(recording.registrations.filter(({ type }) => type === password).length, 0);
  });

  it("declares federated credentials, which make way before their replacement comes", async () => {
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          displayName: "Gateway",
          access: [{ dicomService: pacs }],
          federatedCredentials: [
            {
              name: "github-dev",
              issuer: "https://token.actions.githubusercontent.com",
              subject: "repo:contoso/pacs:environment:dev",
            },
          ],
        }),
    );
    const { name, inputs, deleteBeforeReplace, deletedWith } = only(recording, federatedCredential);
    assert.equal(name, "gateway-federated-github-dev");
    assert.deepEqual(inputs, {
      applicationId: "gateway-application-id",
      displayName: "github-dev",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/pacs:environment:dev",
      audiences: ["api://AzureADTokenExchange"],
    });
    assert.equal(deleteBeforeReplace, true);
    assert.match(deletedWith, /::gateway-application$/);
  });

  it("declares a federated credential that matches claims by the provider's own resource for it", async () => {
    const claimsMatchingExpression =
      "claims['sub'] matches 'repo:contoso@1/pacs@2:*' and claims['repository_id'] eq '2'";
    const { registrations, result } = await record(
      () =>
        new DicomServiceClient("gateway", {
          displayName: "Gateway",
          access: [{ dicomService: pacs }],
          federatedCredentials: [
            {
              name: "github",
              formerName: "github-dev",
              issuer: "https://token.actions.githubusercontent.com",
              claimsMatchingExpression,
            },
          ],
        }),
    );
    const [made] = registrations.filter(({ type }) => type === flexibleFederatedCredential);
    assert.deepEqual(
      [made?.name, made?.deleteBeforeReplace, made?.protect, made?.aliases],
      ["gateway-federated-github", true, false, ["gateway-federated-github-dev"]],
    );
    assert.deepEqual(made?.inputs, {
      applicationId: "gateway-application-id",
      displayName: "github",
      issuer: "https://token.actions.githubusercontent.com",
      claimsMatchingExpression,
      audience: "api://AzureADTokenExchange",
    });
    assert.deepEqual(result.nodes.federatedCredentials, []);
    assert.equal(result.nodes.flexibleFederatedCredentials.length, 1);
  });

  it("asks for permissions of further APIs by name, sorted, and consents to them", async () => {
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          permissions: [{ api: "fhir", scopes: ["user_impersonation"], roles: ["system.all.read"] }],
        }),
      {
        tenant: {
          ...usualTenant,
          [fhirClientId]: {
            scopes: { user_impersonation: "b-scope" },
            roles: { "system.all.read": "a-role" },
          },
        },
      },
    );
    assert.deepEqual(only(recording, application).inputs["requiredResourceAccesses"], [
      {
        resourceAppId: fhirClientId,
        resourceAccesses: [
          { id: "a-role", type: "Role" },
          { id: "b-scope", type: "Scope" },
        ],
      },
      { resourceAppId: dicomClientId, resourceAccesses: [{ id: scopeId, type: "Scope" }] },
    ]);
    assert.deepEqual(
      recording.registrations
        .filter(({ type }) => type === grant)
        .map(({ name, inputs }) => [name, inputs["resourceServicePrincipalObjectId"], inputs["claimValues"]])
        .sort(),
      [
        ["gateway-consent", principalOf(dicomClientId), ["Dicom.ReadWrite"]],
        ["gateway-consent-fhir", principalOf(fhirClientId), ["user_impersonation"]],
      ],
    );
    const role = only(recording, appRoleAssignment);
    assert.equal(role.name, "gateway-role-fhir-system.all.read");
    assert.deepEqual(role.inputs, {
      principalObjectId: "gateway-service-principal-object-id",
      resourceObjectId: principalOf(fhirClientId),
      appRoleId: "a-role",
    });
  });

  it("writes the current secret to the vault as a secret, with its end and the rotation function's tags", async () => {
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          asOf: "2027-04-22",
          vault: {
            id: `/subscriptions/${subscriptionId}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv-imaging`,
            secretName: "gateway-dicom",
          },
        }),
    );
    const { name, inputs, deletedWith } = only(recording, vaultSecret);
    assert.equal(name, "gateway-vault-kv-imaging.gateway-dicom");
    const { properties, ...others } = inputs;
    assert.deepEqual(others, {
      resourceGroupName: "imaging",
      vaultName: "kv-imaging",
      secretName: "gateway-dicom",
      tags: {
        ValidityPeriodDays: "180",
        CredentialId: "gateway-secret-b-key-id",
        ProviderAddress: "gateway-application-object-id",
      },
    });
    const kept = secretValue(properties) ?? properties;
    assert.ok(kept !== null && typeof kept === "object" && "value" in kept && "attributes" in kept);
    assert.deepEqual(kept.attributes, { enabled: true, expires: Date.parse("2027-10-19T00:00:00Z") / 1000 });
    assert.notEqual(secretValue(properties) ?? secretValue(kept.value), undefined);
    assert.equal(deletedWith, "");
  });

  it("protects everything but credentials, which a destroy must not reach either", async () => {
    const { registrations } = await record(
      () => new DicomServiceClient("gateway", { ...usual, asOf: "2027-04-22", protect: true }),
    );
    assert.deepEqual(
      registrations
        .filter(({ custom, protect }) => custom && !protect)
        .map(({ name }) => name)
        .sort(),
      ["gateway-secret-a", "gateway-secret-b"],
    );
    const guard = registrations.find(({ type }) => type === servicePrincipal);
    for (const slot of ["a", "b"]) {
      assert.ok(guard?.dependencies.some((urn) => urn.endsWith(`::gateway-secret-${slot}`)));
    }
  });

  it("lets the service principal wait for no credential when nothing is protected", async () => {
    const recording = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(
      only(recording, servicePrincipal).dependencies.map((urn) => urn.split("::").at(-1)),
      ["gateway-application"],
    );
  });

  it("makes every child its own, and ties to the application what dies with it", async () => {
    const { registrations, result } = await record(() => new DicomServiceClient("gateway", usual));
    const componentUrn = await valueOf(result.urn);
    const children = registrations.filter(({ custom }) => custom);
    assert.equal(children.length, 5);
    for (const { parent } of children) {
      assert.equal(parent, componentUrn);
    }
    const tied = children.filter(({ deletedWith }) => deletedWith.endsWith("::gateway-application"));
    assert.deepEqual(tied.map(({ type }) => type).sort(), [grant, password, servicePrincipal].sort());
  });

  it("keeps inputs out of its own state: they hold a day that moves", async () => {
    const recording = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(only(recording, component).inputs, {});
  });

  it("hands out the secret as a secret, and everything else in the clear", async () => {
    const { result, componentOutputs } = await record(
      () => new DicomServiceClient("gateway", { ...usual, asOf: "2027-04-22", consent: "external" }),
    );
    const outputs = componentOutputs.get(await valueOf(result.urn));
    assert.ok(outputs);
    const secret = Object.keys(outputs).filter((key) => secretValue(outputs[key]) !== undefined);
    assert.deepEqual(secret.sort(), ["clientSecret", "previousClientSecret"]);
    assert.equal(secretValue(outputs["clientSecret"]), "gateway-secret-b-value");
    assert.deepEqual(Object.fromEntries(Object.entries(outputs).filter(([key]) => !secret.includes(key))), {
      clientId: "gateway-application-client-id",
      objectId: "gateway-application-object-id",
      servicePrincipalId: "gateway-service-principal-object-id",
      tenantId,
      audience: "https://dicom.healthcareapis.azure.com",
      scope: "https://dicom.healthcareapis.azure.com/.default",
      tokenUrl: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
      dicomServiceUrls: ["https://hospital-pacs.dicom.azurehealthcareapis.com"],
      secretId: "gateway-secret-b-key-id",
      secretExpiresOn: "2027-10-19T00:00:00Z",
      nextRotationOn: "2027-09-19",
      previousSecretId: "gateway-secret-a-key-id",
      consentUrl: `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=gateway-application-client-id`,
    });
    assert.equal(await pulumi.isSecret(result.clientSecret), true);
    assert.equal(await pulumi.isSecret(result.previousClientSecret), true);
    for (const plain of [result.clientId, result.secretId, result.tokenUrl, result.secretExpiresOn]) {
      assert.equal(await pulumi.isSecret(plain), false);
    }
  });

  it("declares the same resources in a preview, where computed values are unknown", async () => {
    const declared = async (preview: boolean): Promise<string[]> =>
      (await record(() => new DicomServiceClient("gateway", usual), { preview })).registrations
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(await declared(true), await declared(false));
  });

  it("reads the tenant once, and not at all when it was read before", async () => {
    const alone = await record(() => new DicomServiceClient("gateway", usual));
    assert.deepEqual(alone.invokes.map(({ token }) => token.split(":").at(-1)).sort(), [
      "getClientConfig",
      "getServicePrincipal",
    ]);
    const tenant = {
      tenantId,
      deployingIdentityId: deployerId,
      apis: {
        [dicomClientId]: {
          servicePrincipalId: principalOf(dicomClientId),
          scopeIds: { "Dicom.ReadWrite": scopeId },
          roleIds: {},
        },
      },
    };
    const shared = await record(() => new DicomServiceClient("gateway", { ...usual, tenant }));
    assert.deepEqual(shared.invokes, []);
    assert.deepEqual(only(shared, application).inputs, only(alone, application).inputs);
  });

  it("refuses wrong arguments all at once, before it declares anything", async () => {
    const { registrations, result } = await record(() => {
      try {
        return new DicomServiceClient("gateway", {
          displayName: "",
          access: [{ dicomService: pacs, role: "writer" }],
          // As a program in JavaScript may write it.
          consent: "manged" as "managed",
          secret: { from: "2027-01-01" },
          asOf: "2026-11-23",
        });
      } catch (error) {
        return error;
      }
    });
    assert.ok(pulumi.RunError.isInstance(result), "Pulumi shows no stack trace");
    assert.ok(result instanceof ProblemsError);
    assert.deepEqual(
      result.problems.map(({ path }) => formatPath(path)),
      ["displayName", "access[0].role", "consent", "secret.from"],
    );
    assert.match(
      result.message,
      /^The DICOM service client "gateway" has 4 problems; nothing has been created/,
    );
    assert.deepEqual(registrations, []);
  });

  it("says of a value that comes too late that it must be known, and takes a tenant that is read", async () => {
    const { result } = await record(() => {
      try {
        return new DicomServiceClient("gateway", {
          ...usual,
          access: [{ dicomService: pulumi.output(pacs) as unknown as string }],
        });
      } catch (error) {
        return error;
      }
    });
    assert.ok(result instanceof ProblemsError);
    assert.match(
      result.message,
      /access\[0\]\.dicomService: must be text, not a value that is known only when/,
    );
  });

  it("gives a program its children", async () => {
    const { registrations, result } = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          federatedCredentials: [
            { name: "github", issuer: "https://token.actions.githubusercontent.com", subject: "a" },
          ],
          asOf: "2027-04-22",
        }),
    );
    const { nodes } = result;
    const { secrets, federatedCredentials, consents, access, certificates, appRoles } = nodes;
    const many = [secrets, federatedCredentials, consents, access, certificates, appRoles].flat();
    const children = [nodes.application, nodes.servicePrincipal, ...many];
    assert.deepEqual(
      (await Promise.all(children.map((child) => valueOf(child?.urn ?? assert.fail()))))
        .map((urn) => urn.split("::").at(-1))
        .sort(),
      registrations
        .map(({ name }) => name)
        .filter((name) => name !== "gateway")
        .sort(),
    );
    assert.equal(await valueOf(secrets[0]?.keyId ?? assert.fail()), "gateway-secret-b-key-id");
    assert.equal(nodes.vaultSecret, undefined);
  });

  it("gives the roles straight to a managed identity, with no application and without reading the directory", async () => {
    const { registrations, invokes, result } = await record(
      () => new DicomServiceClient("gateway", ofIdentity),
    );
    assert.deepEqual(
      registrations.map(({ type, name }) => [type, name]),
      [
        [component, "gateway"],
        [roleAssignment, "gateway-access-hospital-pacs-reader"],
      ],
    );
    assert.deepEqual(
      invokes.map(({ token }) => token),
      ["azuread:index/getClientConfig:getClientConfig"],
    );
    const { principalId, principalType, roleAssignmentName: name } = registrations[1]?.inputs ?? {};
    assert.deepEqual(
      [principalId, principalType, name],
      [identity.principalId, "ServicePrincipal", roleAssignmentName(pacs, identity.principalId, reader)],
    );
    const { clientId, objectId, servicePrincipalId, tenantId: ofTenant, consentUrl, clientSecret } = result;
    const outputs = [clientId, objectId, servicePrincipalId, ofTenant, consentUrl, clientSecret];
    assert.deepEqual(await Promise.all(outputs.map((output) => valueOf<string | undefined>(output))), [
      identity.clientId,
      undefined,
      identity.principalId,
      tenantId,
      undefined,
      undefined,
    ]);
    const { application: ofNodes, servicePrincipal: principal, access } = result.nodes;
    assert.deepEqual([ofNodes, principal, access.length], [undefined, undefined, 1]);
  });

  it("brings an uploader's role along for a managed identity, too", async () => {
    const { registrations } = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...ofIdentity,
          access: [{ dicomService: pacs, role: "uploader" }],
        }),
    );
    assert.deepEqual(registrations.map(({ name }) => name).sort(), [
      "gateway",
      "gateway-access-hospital-pacs-uploader",
      "gateway-custom-role-hospital-pacs-uploader",
    ]);
  });

  it("takes values that are still being computed", async () => {
    const recording = await record(
      () =>
        new DicomServiceClient("gateway", {
          ...usual,
          displayName: pulumi.output("Computed name"),
          owners: pulumi.output(["9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0000"]),
        }),
    );
    assert.equal(only(recording, application).inputs["displayName"], "Computed name");
    assert.deepEqual(only(recording, application).inputs["owners"], [
      "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0000",
      deployerId,
    ]);
  });
});

function only(recording: Recording, type: string): Registration {
  const [first, ...others] = recording.registrations.filter((registration) => registration.type === type);
  assert.ok(first, `no ${type} was declared`);
  assert.equal(others.length, 0, `more than one ${type} was declared`);
  return first;
}
