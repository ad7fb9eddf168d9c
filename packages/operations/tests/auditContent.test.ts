import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { certificateKey, completeDicomApi, parseCalendarDay, readAccess } from "dicom-service-client/model";
import type { AttachedPolicy } from "../audit/attachedPolicies";
import { compareApplication } from "../audit/compareApplication";
import { compareAzureRoles } from "../audit/compareAzureRoles";
import { deployerOf, presumedDeployer } from "../audit/owners";
import { compareConfig } from "../audit/compareConfig";
import { compareCredentials } from "../audit/compareCredentials";
import { compareMemberships } from "../audit/compareMemberships";
import { comparePolicies } from "../audit/comparePolicies";
import { comparePermissions } from "../audit/comparePermissions";
import { type Comparison, comparisonOf } from "../audit/comparison";
import { credentialInventory } from "../audit/credentialInventory";
import type { CloudCall } from "../cloud/call";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { CoverageLog } from "../cloud/coverage";
import { shellQuoted } from "../cloud/graphRequest";
import { LiveReader } from "../cloud/liveReader";
import { RefusedCall } from "../cloud/refusedCall";
import { roleDefinition } from "../cloud/roleDefinition";
import type { Finding } from "../audit/finding";
import { readIdentityCredentials } from "../audit/identityCredentials";
import type { LiveClient } from "../audit/liveClient";
import {
  comparableApplication,
  comparableServicePrincipal,
  liveAppRole,
  liveConsent,
  liveDirectoryObject,
  liveFederatedCredential,
  liveKeyCredentials,
  liveRoleAssignment,
} from "../audit/liveObjects";
import { clientNotDeployed, findLostClients } from "../audit/lostClient";
import { type LiveTenant, readAssignments, readLiveTenant } from "../audit/liveTenant";
import type { StackDeclaration } from "../project/declaration";
import { deployedClient } from "../project/deployedClient";
import type { DeployedResource } from "../project/deployedResource";
import { makeCertificate } from "lab";

// Whoever may write can choose ids. Here everything bears the declared id; what differs is the content.

const ids = {
  tenant: "11111111-1111-4111-8111-111111111111",
  client: "8a8e167c-9dcf-4932-9871-55c94fa5e008",
  application: "6a3042ed-d7e8-4b0f-bb9d-666d6bf7600e",
  principal: "d9b097b4-0b3f-488a-bd6a-b6362325fb2b",
  owner: "22222222-2222-4222-8222-222222222222",
  api: "81ee5b06-9385-48d0-ae79-6e1bae78260c",
  secret: "c73f5887-ae9d-4d2b-bbc0-4765a997b2ee",
  key: "16cace08-b873-a8c8-f45d-8cd4aa96d670",
  federated: "39a3159a-e435-4ddd-9819-6f28ff1b51c1",
  stranger: "33333333-3333-4333-8333-333333333333",
} as const;
const service =
  "/subscriptions/44444444-4444-4444-8444-444444444444/resourceGroups/imaging (prod)/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs";
const roleId = "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a";
const assignment = `${service}/providers/Microsoft.Authorization/roleAssignments/55555555-5555-4555-8555-555555555555`;
const definition = `/subscriptions/44444444-4444-4444-8444-444444444444/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
const api = completeDicomApi({});
const audiences = ["api://AzureADTokenExchange"];

describe("an audit compares by content", () => {
  let pem: string;
  let foreign: string;

  before(async () => {
    ({ pem } = await makeCertificate("2026-01-01T00:00:00Z", "2027-09-01T00:00:00Z"));
    ({ pem: foreign } = await makeCertificate("2026-01-01T00:00:00Z", "2027-09-01T00:00:00Z"));
  });

  const certificateResource = (): string => `certificate-${certificateKey({ name: "modality", pem })}`;
  const der = (text: string): string => new X509Certificate(text).raw.toString("base64");
  /** The certificate that is live under the declared id: the declared one, but for what is changed. */
  const declaredKey = (change: object = {}): object => ({
    keyId: ids.key,
    usage: "Verify",
    type: "AsymmetricX509Cert",
    key: der(pem),
    endDateTime: "2027-09-01T00:00:00Z",
    ...change,
  });

  const state = (): DeployedResource[] => {
    const component = "urn:pulumi:prod::clients::dicom-service-client:index:DicomServiceClient::gateway";
    const child = (
      type: string,
      name: string,
      outputs: object,
      inputs: object = outputs,
    ): DeployedResource => ({
      urn: `${component}$${type}::gateway-${name}`,
      type,
      name: `gateway-${name}`,
      id: "id" in outputs && typeof outputs.id === "string" ? outputs.id : "",
      parent: component,
      inputs: { ...inputs },
      outputs: { ...outputs },
    });
    const required = [
      {
        resourceAppId: api.clientId,
        resourceAccesses: [{ id: "e69ab058-b8ae-4c0f-b687-5d97888ddccb", type: "Scope" }],
      },
    ];
    return [
      {
        urn: component,
        type: "dicom-service-client:index:DicomServiceClient",
        name: "gateway",
        inputs: {},
        outputs: { tenantId: ids.tenant },
      },
      child(
        "azuread:index/application:Application",
        "application",
        {
          displayName: "Gateway",
          clientId: ids.client,
          objectId: ids.application,
          signInAudience: "AzureADMyOrg",
          tags: [],
        },
        {
          displayName: "Gateway",
          owners: [ids.owner],
          requiredResourceAccesses: required,
          signInAudience: "AzureADMyOrg",
          // What a refresh wrote there is not what the program declared.
          __defaults: ["web"],
          web: { redirectUris: ["https://evil.example/"] },
        },
      ),
      child(
        "azuread:index/servicePrincipal:ServicePrincipal",
        "service-principal",
        { clientId: ids.client, objectId: ids.principal, tags: [] },
        { clientId: ids.client, owners: [ids.owner], accountEnabled: false, __defaults: ["accountEnabled"] },
      ),
      child("azuread:index/applicationPassword:ApplicationPassword", "secret-a", {
        applicationId: `/applications/${ids.application}`,
        keyId: ids.secret,
        displayName: "Managed by Pulumi, slot a",
        startDate: "2026-06-01T00:00:00Z",
        endDate: "2026-11-28T00:00:00Z",
      }),
      child("azuread:index/applicationCertificate:ApplicationCertificate", certificateResource(), {
        applicationId: `/applications/${ids.application}`,
        keyId: ids.key,
        endDate: "2027-09-01T00:00:00Z",
      }),
      child(
        "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
        "federated-github",
        {
          applicationId: `/applications/${ids.application}`,
          credentialId: ids.federated,
          displayName: "github",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:a/b:c",
          audiences,
        },
      ),
      child(
        "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
        "consent",
        {
          id: "/oauth2PermissionGrants/grant",
          resourceServicePrincipalObjectId: ids.api,
          servicePrincipalObjectId: ids.principal,
          claimValues: [api.scope],
        },
      ),
      child("azuread:index/appRoleAssignment:AppRoleAssignment", "role", {
        id: "/servicePrincipals/api/appRoleAssignedTo/granted",
        appRoleId: roleId,
        principalObjectId: ids.principal,
        resourceObjectId: ids.api,
      }),
      child("azure-native:authorization:RoleAssignment", "access-pacs", {
        id: assignment,
        scope: service,
        principalId: ids.principal,
        roleDefinitionId: definition,
      }),
    ];
  };

  /** Live objects as they were deployed, and what is changed of them. */
  const look = (
    change: {
      readonly application?: object;
      readonly principal?: object;
      readonly secret?: object;
      readonly keys?: readonly object[];
      readonly federated?: object;
      readonly consent?: object;
      readonly appRole?: object;
      readonly azureRole?: object;
      /** What the role allows. */
      readonly role?: object;
      readonly undeclaredRole?: boolean;
      readonly policies?: readonly AttachedPolicy[];
      readonly principalKeys?: readonly object[];
      readonly owner?: object;
      readonly memberships?: readonly object[];
      readonly config?: object;
      readonly withoutConfig?: boolean;
      readonly apiName?: string;
      readonly roleOwner?: string;
      /** What a refresh has written into the state, by the resource's name. */
      readonly refreshed?: Readonly<Record<string, object>>;
      /** The same of what the program does not set: it is in the outputs alone. */
      readonly refreshedOutputs?: Readonly<Record<string, object>>;
    } = {},
  ): { readonly comparison: Comparison; readonly findings: readonly Finding[] } => {
    const keys = change.keys ?? [declaredKey()];
    const application = comparableApplication.parse({
      id: ids.application,
      appId: ids.client,
      displayName: "Gateway",
      description: null,
      serviceManagementReference: null,
      signInAudience: "AzureADMyOrg",
      requiredResourceAccess: [
        {
          resourceAppId: api.clientId,
          resourceAccess: [{ id: "e69ab058-b8ae-4c0f-b687-5d97888ddccb", type: "Scope" }],
        },
      ],
      groupMembershipClaims: null,
      identifierUris: [],
      isDeviceOnlyAuthSupported: null,
      isFallbackPublicClient: false,
      optionalClaims: null,
      api: {
        acceptMappedClaims: null,
        knownClientApplications: [],
        oauth2PermissionScopes: [],
        preAuthorizedApplications: [],
        requestedAccessTokenVersion: null,
      },
      appRoles: [],
      publicClient: { redirectUris: [] },
      spa: { redirectUris: [] },
      web: {
        homePageUrl: null,
        logoutUrl: null,
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
      info: { logoUrl: "https://logo.example/" },
      notes: null,
      tags: [],
      servicePrincipalLockConfiguration: null,
      tokenEncryptionKeyId: null,
      defaultRedirectUri: null,
      samlMetadataUrl: null,
      addIns: [],
      parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
      passwordCredentials: [
        {
          keyId: ids.secret,
          displayName: "Managed by Pulumi, slot a",
          startDateTime: "2026-06-01T00:00:00Z",
          endDateTime: "2026-11-28T00:00:00Z",
          ...change.secret,
        },
      ],
      keyCredentials: keys,
      ...change.application,
    });
    const principal = comparableServicePrincipal.parse({
      id: ids.principal,
      appId: ids.client,
      displayName: "Gateway",
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      alternativeNames: [],
      description: null,
      loginUrl: null,
      notes: null,
      notificationEmailAddresses: [],
      preferredSingleSignOnMode: null,
      preferredTokenSigningKeyThumbprint: null,
      samlSingleSignOnSettings: null,
      replyUrls: [],
      servicePrincipalNames: [ids.client],
      tags: [],
      tokenEncryptionKeyId: null,
      homepage: null,
      logoutUrl: null,
      addIns: [],
      appOwnerOrganizationId: ids.tenant,
      servicePrincipalType: "Application",
      passwordCredentials: [],
      keyCredentials: [],
      ...change.principal,
    });
    const owner = liveDirectoryObject.parse({
      "@odata.type": "#microsoft.graph.user",
      id: ids.owner,
      ...change.owner,
    });
    const role = liveRoleAssignment.parse({
      id: change.undeclaredRole === true ? `${assignment}-by-hand` : assignment,
      properties: {
        roleDefinitionId: definition,
        principalId: ids.principal,
        scope: service,
        condition: null,
        ...change.azureRole,
      },
    });
    const live: LiveClient = {
      ids: { clientId: ids.client, objectId: ids.application, servicePrincipalId: ids.principal },
      application: { value: application },
      keys: { value: liveKeyCredentials.parse({ keyCredentials: keys }).keyCredentials },
      servicePrincipal: { value: principal },
      principalKeys: {
        value: liveKeyCredentials.parse({ keyCredentials: change.principalKeys ?? [] }).keyCredentials,
      },
      applicationOwners: { value: [owner] },
      servicePrincipalOwners: { value: [owner] },
      federatedCredentials: {
        value: [
          liveFederatedCredential.parse({
            id: ids.federated,
            name: "github",
            issuer: "https://token.actions.githubusercontent.com",
            subject: "repo:a/b:c",
            audiences,
            ...change.federated,
          }),
        ],
      },
      consents: {
        value: [
          liveConsent.parse({
            id: "grant",
            clientId: ids.principal,
            consentType: "AllPrincipals",
            principalId: null,
            resourceId: ids.api,
            scope: api.scope,
            ...change.consent,
          }),
        ],
      },
      appRoles: {
        value: [
          liveAppRole.parse({
            id: "granted",
            appRoleId: roleId,
            principalId: ids.principal,
            resourceId: ids.api,
            ...change.appRole,
          }),
        ],
      },
      memberships: { value: (change.memberships ?? []).map((one) => liveDirectoryObject.parse(one)) },
    };
    const tenant: LiveTenant = {
      namesakes: { value: [] },
      temporaryNames: { value: [] },
      deletedApplications: { value: [] },
      policies: { value: change.policies ?? [] },
      rolesByPrincipal: { value: new Map([[role.properties.principalId, [role]]]) },
      rolesOfDeclaredIds: new Map(change.undeclaredRole === true ? [] : [[assignment.toLowerCase(), role]]),
      orphans: [],
      roles: new Map(
        change.role === undefined
          ? []
          : [
              [
                role.properties.roleDefinitionId.toLowerCase(),
                roleDefinition.parse({ properties: change.role }).properties,
              ],
            ],
      ),
      apis: [
        {
          id: ids.api,
          appId: api.clientId,
          displayName: change.apiName ?? "DICOM",
          roleNames: { [roleId]: "Some.Role" },
          scopeNames: { "e69ab058-b8ae-4c0f-b687-5d97888ddccb": api.scope },
        },
      ],
    };
    const resources = state().map((resource) => {
      const written = change.refreshed?.[resource.name];
      const { inputs, outputs } = resource;
      const ofOutputs = change.refreshedOutputs?.[resource.name];
      return {
        ...resource,
        inputs: { ...inputs, ...written },
        outputs: { ...outputs, ...written, ...ofOutputs },
      };
    });
    const [component] = resources;
    assert.ok(component);
    const deployed = deployedClient(component, resources);
    const client = {
      name: "gateway",
      deployed,
      ...(change.roleOwner === undefined ? {} : { roleOwner: change.roleOwner }),
      ...(change.withoutConfig === true
        ? {}
        : {
            config: {
              displayName: "Gateway",
              secret: { from: "2026-06-01", lifetimeDays: 180, overlapDays: 40 },
              certificates: [{ name: "modality", pem }],
              federatedCredentials: [
                {
                  name: "github",
                  issuer: "https://token.actions.githubusercontent.com",
                  subject: "repo:a/b:c",
                },
              ],
              access: [{ dicomService: service, role: roleId }],
              ...change.config,
            },
          }),
    };
    const declaration: StackDeclaration = {
      stack: "prod",
      clients: [client],
      resources: [],
      api,
      asOf: parseCalendarDay("2026-08-20") ?? 0,
      asOfIsPinned: true,
      providers: {},
    };
    const comparison = comparisonOf({
      declaration,
      deployer: deployerOf(declaration),
      client,
      deployed,
      live,
      use: undefined,
      tenant,
      limits: { warnDays: 14, maximumLifeDays: 730 },
      graph: "https://graph.microsoft.com",
    });
    const findings = [
      ...compareApplication(comparison),
      ...compareCredentials(comparison),
      ...comparePermissions(comparison),
      ...compareMemberships(comparison),
      ...comparePolicies(comparison),
      ...compareAzureRoles(comparison),
    ];
    return { comparison, findings };
  };
  const short = ({ findings }: { readonly findings: readonly Finding[] }): string[] =>
    findings.map(({ severity, rule }) => `${severity} ${rule}`);

  it("and finds nothing where all is as declared, whatever a refresh has written into the state", () => {
    assert.deepEqual(short(look()), []);
  });

  const changes: Readonly<
    Record<string, readonly [change: () => Parameters<typeof look>[0], finding: string]>
  > = {
    "a secret that ends later": [
      () => ({ secret: { endDateTime: "2299-01-01T00:00:00Z" } }),
      "critical secret-changed",
    ],
    "a secret that starts on another day": [
      () => ({ secret: { startDateTime: "2026-07-01T00:00:00Z" } }),
      "critical secret-changed",
    ],
    "a secret by another name": [() => ({ secret: { displayName: "mine" } }), "critical secret-changed"],
    "a certificate with another key": [
      () => ({
        keys: [declaredKey({ key: der(foreign) })],
      }),
      "critical certificate-changed",
    ],
    "a certificate with another key and end that a refresh has taken into the state": [
      () => ({
        keys: [declaredKey({ key: der(foreign), endDateTime: "2031-09-01T00:00:00Z" })],
        refreshed: { [`gateway-${certificateResource()}`]: { endDate: "2031-09-01T00:00:00Z" } },
      }),
      "critical certificate-changed",
    ],
    "such a one of which the configuration says nothing": [
      () => ({
        keys: [declaredKey({ key: der(foreign) })],
        withoutConfig: true,
      }),
      "critical certificate-changed",
    ],
    "a certificate that ends later, as a refresh has taken into the state": [
      () => ({
        keys: [declaredKey({ endDateTime: "2031-09-01T00:00:00Z" })],
        refreshed: { [`gateway-${certificateResource()}`]: { endDate: "2031-09-01T00:00:00Z" } },
      }),
      "critical certificate-changed",
    ],
    "the deployed certificate, after which another was configured": [
      () => ({ config: { certificates: [{ name: "modality", pem: foreign }] } }),
      "medium certificate-unproved",
    ],
    "bytes that are no certificate, under the id of one": [
      () => ({
        keys: [declaredKey({ key: "AAAA" })],
        withoutConfig: true,
      }),
      "critical certificate-changed",
    ],
    "a certificate that ends later": [
      () => ({
        keys: [declaredKey({ endDateTime: "2031-09-01T00:00:00Z" })],
      }),
      "critical certificate-changed",
    ],
    "a certificate of another usage": [
      () => ({
        keys: [declaredKey({ usage: "Sign" })],
      }),
      "critical certificate-changed",
    ],
    "a certificate of another type": [
      () => ({
        keys: [
          {
            keyId: ids.key,
            usage: "Verify",
            type: "Symmetric",
            key: der(pem),
            endDateTime: "2027-09-01T00:00:00Z",
          },
        ],
      }),
      "critical certificate-changed",
    ],
    "a certificate whose key the tenant does not show": [
      () => ({
        keys: [declaredKey({ key: null })],
      }),
      "medium certificate-unproved",
    ],
    "a certificate whose declared key is not known any more": [
      () => ({ withoutConfig: true }),
      "medium certificate-unproved",
    ],
    "a federated credential of another issuer": [
      () => ({ federated: { issuer: "https://evil.example" } }),
      "critical federated-credential-changed",
    ],
    "a federated credential of another audience": [
      () => ({ federated: { audiences: [...audiences, "api://evil"] } }),
      "critical federated-credential-changed",
    ],
    "a consent to more": [() => ({ consent: { scope: `${api.scope} Other` } }), "critical consent-changed"],
    "a consent for one user": [
      () => ({ consent: { consentType: "Principal", principalId: ids.stranger } }),
      "critical consent-changed",
    ],
    "a consent of another API": [
      () => ({ consent: { resourceId: ids.stranger } }),
      "critical consent-changed",
    ],
    "another application permission": [
      () => ({ appRole: { appRoleId: ids.stranger } }),
      "critical app-role-changed",
    ],
    "an application permission of another API": [
      () => ({ appRole: { resourceId: ids.stranger } }),
      "critical app-role-changed",
    ],
    "an application permission of somebody else": [
      () => ({ appRole: { principalId: ids.stranger } }),
      "critical app-role-changed",
    ],
    "another Azure role": [
      () => ({ azureRole: { roleDefinitionId: definition.replace(roleId, ids.stranger) } }),
      "critical azure-role-changed",
    ],
    "an Azure role elsewhere": [
      () => ({ azureRole: { scope: service.split("/").slice(0, 3).join("/") } }),
      "critical azure-role-changed",
    ],
    "an Azure role of somebody else": [
      () => ({ azureRole: { principalId: ids.stranger } }),
      "critical azure-role-changed",
    ],
    "an Azure role within a condition": [
      () => ({ azureRole: { condition: "@Resource[x] StringEquals 'y'" } }),
      "critical azure-role-changed",
    ],
    "a service principal of another application": [
      () => ({ principal: { appId: ids.stranger } }),
      "critical object-changed",
    ],
    "a service principal of another tenant's application": [
      () => ({ principal: { appOwnerOrganizationId: ids.stranger } }),
      "critical property-changed",
    ],
    "a service principal that was disabled and then taken for its own default": [
      () => ({ principal: { accountEnabled: false } }),
      "high service-principal-disabled",
    ],
  };
  for (const [what, [change, expected]] of Object.entries(changes)) {
    it(`and finds ${what}`, () => {
      const looked = look(change());
      assert.deepEqual(short(looked), [expected]);
      assert.match(looked.findings[0]?.content ?? "", /^[0-9a-f]{32}$/);
    });
  }

  it("and finds what was changed by hand although a refresh has taken it into the state", () => {
    const redirectUris = ["https://evil.example/"];
    const web = { redirectUris, implicitGrant: { accessTokenIssuanceEnabled: true } };
    const { findings } = look({
      application: {
        signInAudience: "AzureADMultipleOrgs",
        isFallbackPublicClient: true,
        web: {
          homePageUrl: null,
          logoutUrl: null,
          redirectUris,
          implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: false },
        },
      },
      principal: { accountEnabled: false, appRoleAssignmentRequired: true },
      refreshed: {
        "gateway-application": {
          signInAudience: "AzureADMultipleOrgs",
          fallbackPublicClientEnabled: true,
          web,
          __defaults: [],
        },
        "gateway-service-principal": {
          accountEnabled: false,
          appRoleAssignmentRequired: true,
          __defaults: [],
        },
      },
    });
    assert.deepEqual(
      findings.map(({ rule, object }) => `${rule} ${object.split("/")[1] ?? ""}`.trim()).sort(),
      [
        "property-changed appRoleAssignmentRequired",
        "property-changed isFallbackPublicClient",
        "property-changed signInAudience",
        "property-changed web.implicitGrantSettings",
        "property-changed web.redirectUris",
        "service-principal-disabled",
      ],
    );
    const tags = ["HideApp"];
    const tagged = look({
      application: { tags },
      principal: { tags },
      refreshedOutputs: { "gateway-application": { tags }, "gateway-service-principal": { tags } },
    }).findings;
    assert.deepEqual(short({ findings: tagged }), ["low property-changed", "low property-changed"]);
    for (const { next } of tagged) assert.match(next, /--method PATCH .*"tags":\[\]/);
    assert.deepEqual(
      short(
        look({
          consent: { consentType: "Principal", principalId: ids.stranger },
          refreshedOutputs: { "gateway-consent": { userObjectId: ids.stranger } },
        }),
      ),
      ["critical consent-changed"],
    );
    const condition = "@Resource[x] StringEquals 'y'";
    for (const changed of [{ condition }, { principalId: ids.stranger }]) {
      const refreshed = { "gateway-access-pacs": changed };
      assert.deepEqual(short(look({ azureRole: changed, refreshed })), ["critical azure-role-changed"]);
    }
  });

  it("and calls it as severe as what no state has when more is live and in the state than the configuration declares", () => {
    const pending = (change: Parameters<typeof look>[0]): string[] =>
      compareConfig(look({ config: { permissions: [] }, ...change }).comparison).map(
        ({ severity, object, detail }) => `${severity} ${object.replace("clients.gateway.", "")}: ${detail}`,
      );
    const usual = pending({});
    const subject = "repo:evil@6/b@2:c";
    const cases: Readonly<Record<string, readonly [change: Parameters<typeof look>[0], said: RegExp]>> = {
      "another subject": [
        { federated: { subject }, refreshed: { "gateway-federated-github": { subject } } },
        /^critical federatedCredentials: .*To be removed: .*evil@6.*refresh/,
      ],
      // The role, which it has beside the scope, decides how severe it is.
      "an API's further permission": [
        { refreshed: { "gateway-consent": { claimValues: [api.scope, "Other"] } } },
        /^critical consent: .*To be removed: Scope Other .*refresh/,
      ],
      "two owners": [
        { refreshed: { "gateway-service-principal": { owners: [ids.owner, ids.stranger] } } },
        new RegExp(`^high owners: .*${ids.stranger}.*refresh`),
      ],
      "another role": [
        {
          refreshed: {
            "gateway-access-pacs": { roleDefinitionId: definition.replace(roleId, ids.stranger) },
          },
        },
        /^high access: .*To be removed: .*refresh/,
      ],
    };
    for (const [what, [change, said]] of Object.entries(cases)) {
      const [first, ...others] = pending(change).filter((one) => !usual.includes(one));
      assert.match(first ?? "", said, what);
      assert.deepEqual(others, [], what);
    }
  });

  it("and takes nobody for the deploying identity who is an owner of one client alone", () => {
    const clientOf = (...owners: readonly string[]): Comparison["client"] => {
      const refreshed = Object.fromEntries(
        ["gateway-application", "gateway-service-principal"].map((name) => [name, { owners }]),
      );
      return look({ refreshed }).comparison.client;
    };
    const [deployer, evil] = [ids.owner, ids.stranger];
    const of = (...clients: readonly Comparison["client"][]): string | undefined =>
      presumedDeployer({ clients });
    assert.equal(of(), undefined);
    assert.equal(of(clientOf(deployer)), deployer);
    assert.equal(of(clientOf(deployer), clientOf(deployer), clientOf(evil)), deployer);
    assert.equal(of(clientOf(deployer), clientOf(deployer, evil)), deployer);
    assert.equal(of(clientOf(deployer), clientOf(evil)), undefined);
    const { comparison } = look({
      refreshed: Object.fromEntries(
        ["gateway-application", "gateway-service-principal"].map((name) => [name, { owners: [evil] }]),
      ),
    });
    const clients = [clientOf(deployer), clientOf(deployer), comparison.client];
    const declaration = { ...comparison.declaration, clients };
    const [owners] = compareConfig({
      ...comparison,
      declaration,
      deployer: deployerOf(declaration),
    }).filter(({ object }) => object.endsWith(".owners"));
    assert.equal(owners?.severity, "high");
    assert.match(owners.detail, new RegExp(`^To be added: ${deployer}\\. To be removed: ${evil}\\.`));
  });

  it("and takes the deploying identity for an owner of what the state has lost", () => {
    const { comparison } = look();
    const { application: _application, servicePrincipal: _principal, ...lost } = comparison.deployed;
    const ownersFor = (deployingIdentity: string): readonly string[] => {
      const declaration = { ...comparison.declaration, deployingIdentity };
      return compareApplication({
        ...comparison,
        deployed: lost,
        declaration,
        deployer: deployerOf(declaration),
      }).flatMap(({ rule }) => (rule.startsWith("owner-") ? [rule] : []));
    };
    assert.deepEqual(ownersFor(ids.owner), []);
    assert.deepEqual(ownersFor(ids.stranger), [
      "owner-undeclared",
      "owner-missing",
      "owner-undeclared",
      "owner-missing",
    ]);
  });

  it("and holds the role that comes with an uploader against what the component declares", () => {
    const access = [{ dicomService: service, role: "uploader" }];
    const owner = "clients/prod/gateway";
    const [entry] = access;
    const uploader = entry && readAccess(entry, owner);
    assert.ok(uploader);
    const roleDefinitionId = definition.replace(roleId, uploader.roleId);
    const of = (permissions: object): string[] =>
      short(
        look({
          config: { access },
          roleOwner: owner,
          azureRole: { roleDefinitionId },
          refreshed: { "gateway-access-pacs": { roleDefinitionId } },
          role: custom(permissions),
        }),
      );
    assert.deepEqual(of({ dataActions: [`${data}/write`] }), []);
    for (const dataActions of [[`${data}/write`, `${data}/delete`], [`${data}/*`], [`${data}/read`], []]) {
      assert.deepEqual(of({ dataActions }), ["critical azure-role-changed"], dataActions.join());
    }
  });

  /** A custom role with these actions, as one that the configuration names by its id. */
  const custom = (permissions: object): object => ({
    roleName: "Imaging",
    type: "CustomRole",
    permissions: [permissions],
  });
  const data = "Microsoft.HealthcareApis/workspaces/dicomservices/resources";

  it("and looks into a declared custom role, whose id stays when what it allows is changed", () => {
    const usual = { actions: ["Microsoft.HealthcareApis/workspaces/read"], dataActions: [`${data}/read`] };
    assert.deepEqual(short(look({ role: custom(usual) })), []);
    assert.deepEqual(short(look({ role: custom({ ...usual, dataActions: [`${data}/*`] }) })), []);
    const broad: readonly [object, string][] = [
      [{ dataActions: ["*"] }, "high"],
      [{ dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"] }, "high"],
      [{ actions: ["Microsoft.HealthcareApis/workspaces/*"] }, "high"],
      [{ actions: ["*"], notActions: ["Microsoft.Authorization/*"] }, "critical"],
      [{ actions: ["microsoft.authorization/roleassignments/WRITE"] }, "critical"],
    ];
    for (const [permissions, severity] of broad) {
      const { findings } = look({ role: custom(permissions) });
      assert.deepEqual(short({ findings }), [`${severity} azure-role-broad`]);
      assert.match(findings[0]?.detail ?? "", /allows more than the data of DICOM services: /);
    }
    const builtIn = { roleName: "DICOM Data Owner", type: "BuiltInRole", permissions: [{ actions: ["*"] }] };
    assert.deepEqual(short(look({ role: builtIn })), []);
  });

  it("and binds the suppression of an undeclared custom role to what the role allows", () => {
    const contentOf = (permissions: object, type = "CustomRole"): string | undefined =>
      look({
        azureRole: { condition: "@Resource[x] StringEquals 'y'" },
        role: { ...custom(permissions), type },
        undeclaredRole: true,
      }).findings.find(({ rule }) => rule === "azure-role-undeclared")?.content;
    const accepted = contentOf({ dataActions: [`${data}/read`] });
    assert.ok(accepted);
    assert.equal(contentOf({ dataActions: [`${data}/read`] }), accepted);
    assert.notEqual(contentOf({ dataActions: [`${data}/read`, `${data}/write`] }), accepted);
    // Microsoft's own roles change without anybody's doing.
    assert.equal(
      contentOf({ dataActions: ["a"] }, "BuiltInRole"),
      contentOf({ dataActions: ["b"] }, "BuiltInRole"),
    );
  });

  it("and finds policies that are attached to one of its objects, bound to what they say", () => {
    const policy: AttachedPolicy = {
      kind: "tokenLifetimePolicies",
      id: ids.stranger,
      displayName: "Long tokens",
      content: { definition: ['{"TokenLifetimePolicy":{"AccessTokenLifetime":"23:59:59"}}'] },
      objectIds: [ids.owner],
    };
    assert.deepEqual(short(look({ policies: [policy] })), []);
    const attached = { ...policy, objectIds: [ids.principal, ids.application] };
    const { findings } = look({ policies: [attached] });
    assert.deepEqual(short({ findings }), ["high policy-attached", "high policy-attached"]);
    assert.match(
      findings[0]?.detail ?? "",
      /^The token lifetime policy "Long tokens" is attached to the application: .*23:59:59/,
    );
    assert.match(findings[1]?.next ?? "", /GET .* only if .*--method DELETE .*servicePrincipals.*\$ref'$/);
    const changed = look({ policies: [{ ...attached, content: { definition: ["{}"] } }] }).findings;
    const renamed = look({ policies: [{ ...attached, displayName: "x" }] }).findings;
    assert.notEqual(changed[0]?.content, findings[0]?.content);
    assert.equal(renamed[0]?.content, findings[0]?.content);
  });

  it("and knows a certificate of the service principal by its key", () => {
    const entry = (text: string): object => ({
      keyId: ids.stranger,
      usage: "Verify",
      type: "AsymmetricX509Cert",
      customKeyIdentifier: "AAAA",
      key: der(text),
      endDateTime: "2027-09-01T00:00:00Z",
    });
    const [one, other] = [pem, foreign].map((text) => look({ principalKeys: [entry(text)] }).findings[0]);
    assert.deepEqual([one?.rule, other?.rule], ["principal-certificate", "principal-certificate"]);
    assert.notEqual(one?.content, other?.content);
    assert.match(
      other?.detail ?? "",
      new RegExp(`thumbprint ${new X509Certificate(foreign).fingerprint.replaceAll(":", "")}`),
    );
  });

  it("and names a certificate with a key that Entra does not use", async () => {
    const weak = await makeCertificate("2026-01-01T00:00:00Z", "2027-09-01T00:00:00Z", 1024);
    const entry = { usage: "Verify", type: "AsymmetricX509Cert", endDateTime: "2027-09-01T00:00:00Z" };
    const { findings } = look({
      keys: [
        { ...entry, keyId: ids.key, key: der(pem) },
        { ...entry, keyId: ids.stranger, key: der(weak.pem), displayName: "CN=weak" },
      ],
    });
    assert.deepEqual(short({ findings }), ["critical certificate-undeclared", "medium certificate-unusable"]);
    assert.match(findings[1]?.detail ?? "", /^Certificate "CN=weak" has an RSA key of 1024 bits; /);
    assert.match(findings[1]?.next ?? "", /^openssl req -x509 -newkey rsa:2048 /);
  });

  it("and does not take a changed credential for a declared one in the inventory", () => {
    const { comparison } = look({
      secret: { endDateTime: "2299-01-01T00:00:00Z" },
      federated: { issuer: "https://evil.example" },
      keys: [declaredKey({ key: der(foreign) })],
    });
    const { client, live, declaration } = comparison;
    const inventory = credentialInventory(client, live, undefined, declaration);
    assert.deepEqual(
      inventory.map(({ standing }) => standing),
      ["undeclared", "undeclared", "undeclared"],
    );
  });

  it("and names the thumbprint of the key itself, never one that was chosen", () => {
    const { findings } = look({
      keys: [
        declaredKey({
          key: der(foreign),
          customKeyIdentifier: new X509Certificate(pem).fingerprint.replaceAll(":", ""),
        }),
      ],
    });
    const of = (text: string): string => new X509Certificate(text).fingerprint.replaceAll(":", "");
    assert.match(findings[0]?.detail ?? "", new RegExp(`thumbprint ${of(foreign)} instead of ${of(pem)}`));
  });

  it("and reports a declared certificate's second entry as severe as it outlives the first", () => {
    const entry = { usage: "Verify", type: "AsymmetricX509Cert", key: der(pem) };
    const first = { ...entry, keyId: ids.key, endDateTime: "2027-09-01T00:00:00Z" };
    const again = (endDateTime: string): object => ({ ...entry, keyId: ids.stranger, endDateTime });
    assert.deepEqual(short(look({ keys: [first, again("2027-09-01T00:00:00Z")] })), [
      "low certificate-twice",
    ]);
    assert.deepEqual(short(look({ keys: [first, again("2031-09-01T00:00:00Z")] })), [
      "high certificate-twice",
    ]);
    const recreated = look({ keys: [again("2027-09-01T00:00:00Z")] });
    assert.deepEqual(short(recreated), ["medium recreated-by-hand"]);
    assert.match(
      recreated.findings[0]?.next ?? "",
      /^az ad app credential list .* # only if pulumi up may .* --key-id \S+ && pulumi up --stack prod$/,
    );
    assert.deepEqual(short(look({ keys: [first, { ...first, keyId: ids.stranger, usage: "Sign" }] })), [
      "critical certificate-undeclared",
    ]);
  });

  it("and shows by its id what the tenant does not name", () => {
    const { findings } = look({
      apiName: "",
      consent: { scope: "Other" },
      owner: { id: ids.stranger, displayName: null },
      memberships: [{ "@odata.type": "#microsoft.graph.directoryRole", id: ids.stranger, displayName: null }],
    });
    assert.ok(findings.every(({ detail }) => !detail.includes('""')));
    assert.match(
      findings.find(({ rule }) => rule === "consent-changed")?.detail ?? "",
      new RegExp(`Other of ${ids.api} for everybody`),
    );
    assert.match(
      findings.find(({ rule }) => rule === "owner-undeclared")?.detail ?? "",
      new RegExp(`^The user ${ids.stranger} is an owner`),
    );
    assert.match(
      findings.find(({ rule }) => rule === "directory-role")?.detail ?? "",
      new RegExp(`It has the directory role ${ids.stranger}\\.`),
    );
  });

  it("and takes an answer without a property for unread, not for nothing", () => {
    const { comparison } = look();
    const application = comparison.live.application?.value;
    assert.ok(application !== undefined && application !== "absent");
    for (const name of ["web", "identifierUris", "servicePrincipalLockConfiguration", "description"]) {
      const { [name]: _left, ...others } = application;
      assert.equal(comparableApplication.safeParse(others).success, false, name);
    }
    const web = { redirectUris: [] };
    assert.equal(comparableApplication.safeParse({ ...application, web }).success, false);
  });

  it("and takes a role that is assigned and not found for unread, not for harmless", async () => {
    const { comparison } = look();
    const coverage = new CoverageLog();
    const cloud = {
      readAll: ({ name }: CloudCall) =>
        Promise.resolve(
          name === calls.subscriptions.name
            ? [{ subscriptionId: service.split("/")[2] }]
            : name === calls.roleAssignmentsOfSubscription.name
              ? [
                  {
                    id: assignment,
                    properties: { roleDefinitionId: definition, principalId: ids.principal, scope: service },
                  },
                ]
              : [],
        ),
      read: (call: CloudCall) => Promise.reject(new RefusedCall(call, 404, "RoleDefinitionDoesNotExist", "")),
    } as unknown as CloudClient;
    const reader = new LiveReader(cloud, coverage);
    const assignments = await readAssignments(reader, comparison.declaration);
    await readLiveTenant(reader, comparison.declaration, [comparison.live], assignments);
    assert.ok(
      coverage
        .result()
        .gaps.some(({ call, outcome }) => call === calls.roleDefinition.name && outcome === "failed"),
    );
  });

  it("and reads whose tokens a managed identity trusts, or takes them for unread when nothing says where", async () => {
    const { comparison } = look();
    const principal = comparison.live.servicePrincipal?.value;
    assert.ok(principal !== undefined && principal !== "absent");
    const identity =
      "/subscriptions/44444444-4444-4444-8444-444444444444/resourcegroups/imaging (prod)/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway";
    const listed = {
      id: `${identity}/federatedIdentityCredentials/jobs`,
      name: "jobs",
      properties: { issuer: "https://issuer.example", subject: "it's", audiences },
    };
    const readWith = async (
      alternativeNames: unknown,
      item: object = listed,
    ): Promise<readonly [unknown, readonly string[]]> => {
      const coverage = new CoverageLog();
      const cloud = {
        readAll: (_call: CloudCall, { identityId }: { readonly identityId: string }) =>
          identityId === identity ? Promise.resolve([item]) : assert.fail(identityId),
      } as unknown as CloudClient;
      const of = { value: { ...principal, alternativeNames } };
      const read = await readIdentityCredentials(new LiveReader(cloud, coverage), "gateway", of);
      return [read?.value, coverage.result().gaps.map(({ call, said }) => `${call} ${said}`)];
    };
    const { id, name, properties } = listed;
    const credential = { id, name, ...properties, claimsMatchingExpression: "" };
    assert.deepEqual(await readWith(["isExplicit=True", identity]), [[credential], []]);
    const machine = `${service.split("/providers")[0] ?? ""}/providers/Microsoft.Compute/virtualMachines/pacs`;
    assert.deepEqual(await readWith(["isExplicit=False", machine]), [[], []]);
    for (const names of [
      ["isExplicit=True"],
      [machine],
      [],
      null,
      [`${identity}?x=`],
      [`${identity}/..`],
      [identity, `${identity}2`],
    ]) {
      assert.deepEqual(
        await readWith(names),
        [
          undefined,
          [
            "resourceManager.identityCredentials graph.servicePrincipal: 200: alternativeNames does not say which Azure resource the managed identity is",
          ],
        ],
        JSON.stringify(names),
      );
    }
    const [unread, gaps] = await readWith([identity], { ...listed, id: "jobs" });
    assert.deepEqual([unread, gaps.length], [undefined, 1]);
    const deployed = { ...comparison.deployed, isManagedIdentity: true, federatedCredentials: [] };
    const live: LiveClient = {
      ...comparison.live,
      application: { value: "absent" },
      federatedCredentials: { value: [credential] },
    };
    const [finding, ...others] = compareCredentials({ ...comparison, deployed, live }).filter(({ rule }) =>
      rule.startsWith("federated"),
    );
    assert.deepEqual([finding?.rule, finding?.object, others], ["federated-credential-undeclared", id, []]);
    assert.match(
      finding?.next ?? "",
      /^az identity federated-credential show --name jobs --identity-name gateway --resource-group 'imaging \(prod\)' --subscription 4{8}\S+ {3}# only if nobody signs in by it, delete it: az identity federated-credential delete /,
    );
  });

  it("and does not say of a lost client that no application has its name when that could not be read", async () => {
    const { comparison } = look();
    const { deployed: _deployed, ...client } = comparison.client;
    const declaration = { ...comparison.declaration, clients: [client], deployingIdentity: ids.owner };
    const saidWith = async (readAll: (call: CloudCall) => Promise<readonly unknown[]>): Promise<string> => {
      const reader = new LiveReader({ readAll } as unknown as CloudClient, new CoverageLog());
      const deployer = deployerOf(declaration);
      const assignments = await readAssignments(reader, declaration);
      const lost = await findLostClients(reader, declaration, deployer, assignments);
      const { candidates } = lost.get(client.name) ?? {};
      return clientNotDeployed(client.name, candidates, { stack: declaration.stack, deployer }).detail;
    };
    const denied = await saidWith((call) =>
      Promise.reject(new RefusedCall(call, 403, "Authorization_RequestDenied", "")),
    );
    assert.match(
      denied,
      /^It is configured, but not in the state\. Whether it lives is not known, as this could not be read: applications of its name, Azure roles, what the deploying identity has created\. /,
    );
    const read = await saidWith(() => Promise.resolve([]));
    assert.match(
      read,
      /^It is configured, but not in the state, and no application has its name\. Under another name /,
    );
  });

  it("and finds the application permissions that an administrator has yet to grant", () => {
    const permissions = [{ api: ids.stranger, roles: ["Read.All"] }];
    const { findings } = look({ config: { consent: "external", permissions } });
    const pending = findings.filter(({ rule }) => rule === "consent-pending");
    assert.deepEqual(
      pending.map(({ object }) => object),
      [`${ids.stranger}/roles`],
    );
    assert.match(pending[0]?.detail ?? "", /Read\.All/);
  });

  it("and says the same of a rotation that is due on each day, so that its suppression holds", () => {
    const due = (asOf: string): Finding | undefined => {
      const { comparison } = look({
        config: { secret: { from: "2026-05-01", lifetimeDays: 180, overlapDays: 40 } },
      });
      return compareCredentials({ ...comparison, asOf: parseCalendarDay(asOf) ?? 0 }).find(
        ({ rule }) => rule === "rotation-due",
      );
    };
    assert.equal(due("2026-08-20")?.content, due("2026-08-21")?.content);
    assert.ok(due("2026-08-20")?.content);
  });

  it("and quotes ids in commands for a shell", () => {
    const { findings } = look({ azureRole: { condition: "x" } });
    assert.match(findings[0]?.next ?? "", /--ids '\/subscriptions\/[^']*imaging \(prod\)[^']*'/);
    assert.equal(shellQuoted("a'b"), `'a'\\''b'`);
    // A program of one's own may call a component anything.
    const { comparison } = look();
    const { unmanaged } = comparisonOf({
      ...comparison,
      client: { ...comparison.client, name: "gateway; $(date)" },
      live: { ...comparison.live, ids: {} },
    });
    assert.match(unmanaged("id", "It").next, /^npx dicom-ops adopt 'gateway; \$\(date\)' --stack prod /);
  });

  it("and compares the configuration's permissions, consent and secrets with the state", () => {
    const pending = (config: object): string[] =>
      compareConfig(look({ config }).comparison).map(({ rule, object }) => `${rule} ${object}`);
    const permissions = [{ api: "fhir", scopes: ["user_impersonation"] }];
    assert.deepEqual(pending({ permissions }), [
      "change-pending clients.gateway.permissions",
      "change-pending clients.gateway.consent",
    ]);
    assert.deepEqual(pending({ secret: undefined }), [
      "change-pending clients.gateway.secret",
      "change-pending clients.gateway.consent",
    ]);
    // Both certificates end on the same day.
    assert.deepEqual(pending({ certificates: [{ name: "modality", pem: foreign }] }), [
      "change-pending clients.gateway.certificates",
      "change-pending clients.gateway.consent",
    ]);
    const vault = (name: string): string =>
      `/subscriptions/44444444-4444-4444-8444-444444444444/resourceGroups/g/providers/Microsoft.KeyVault/vaults/${name}`;
    assert.ok(
      pending({ vault: { id: vault("kv-imaging"), secretName: "y" } }).includes(
        "part-not-deployed clients.gateway.vault",
      ),
    );
    const inVault = (config: object): string[] => {
      const { comparison } = look({ config });
      const vaultSecrets = [`${vault("KV-imaging")}/secrets/y`];
      return compareConfig({ ...comparison, deployed: { ...comparison.deployed, vaultSecrets } })
        .filter(({ object }) => object.endsWith(".vault"))
        .map(({ rule, detail }) => `${rule} ${detail}`);
    };
    assert.deepEqual(inVault({ vault: { id: vault("kv-imaging"), secretName: "y" } }), []);
    assert.match(inVault({})[0] ?? "", /^change-pending To be removed: vaults\/kv-imaging\/secrets\/y\./);
    assert.match(
      inVault({ vault: { id: vault("kv-imaging"), secretName: "z" } })[0] ?? "",
      /^change-pending To be added: .*\/z\. To be removed: .*\/y\./,
    );
  });
});
