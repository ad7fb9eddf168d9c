import { seed } from "entra-sandbox";

type Body = Readonly<Record<string, unknown>>;

const scope = `/subscriptions/${seed.subscriptionId}`;
const reader = `${scope}/providers/Microsoft.Authorization/roleDefinitions/e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a`;
const dicom = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const someId = "3f1c5ad6-6d4b-4f0e-8d0a-0e7b8c1d2e3f";

const application: Body = {
  displayName: "Fuzz",
  signInAudience: "AzureADMyOrg",
  description: "x",
  tags: ["x"],
  requiredResourceAccess: [{ resourceAppId: dicom, resourceAccess: [{ id: someId, type: "Scope" }] }],
  web: { redirectUris: [], implicitGrantSettings: { enableIdTokenIssuance: false } },
  api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [] },
  appRoles: [],
  keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: "AAAA" }],
  "owners@odata.bind": [`https://graph.microsoft.com/v1.0/directoryObjects/${seed.adminUserId}`],
};

/** Valid bodies, or nearly valid ones, by what an operation's id ends with. */
const bodies: readonly (readonly [idEnds: RegExp, body: Body])[] = [
  [/applications\.(create|update)$/, application],
  [/addPassword$/, { passwordCredential: { displayName: "x", endDateTime: "2027-01-01T00:00:00Z" } }],
  [/removePassword$/, { keyId: someId }],
  [
    /federatedIdentityCredentials\./,
    {
      name: "x",
      issuer: "https://issuer.example",
      subject: "s",
      audiences: ["api://AzureADTokenExchange"],
      description: "x",
    },
  ],
  [
    /oauth2PermissionGrants\./,
    {
      clientId: seed.pipeline.servicePrincipalId,
      consentType: "AllPrincipals",
      resourceId: someId,
      scope: "Dicom.ReadWrite",
    },
  ],
  [
    /servicePrincipals\.(create|update)$/,
    {
      appId: seed.pipeline.appId,
      accountEnabled: true,
      tags: ["x"],
      keyCredentials: [],
      preferredSingleSignOnMode: null,
    },
  ],
  [/appRoleAssign/, { principalId: seed.pipeline.servicePrincipalId, resourceId: someId, appRoleId: someId }],
  [
    /owners\.|members\./,
    { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${seed.adminUserId}` },
  ],
  [/getByIds$/, { ids: [seed.adminUserId, someId], types: ["user"] }],
  [/directoryRoles\./, { roleTemplateId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" }],
  [
    /olicies\./,
    {
      isEnabled: true,
      applicationRestrictions: {
        passwordCredentials: [
          {
            restrictionType: "passwordLifetime",
            maxLifetime: "P90D",
            restrictForAppsCreatedAfterDateTime: "2020-01-01T00:00:00Z",
          },
        ],
      },
    },
  ],
  [
    /roleAssignments\./,
    {
      properties: {
        roleDefinitionId: reader,
        principalId: seed.pipeline.servicePrincipalId,
        principalType: "ServicePrincipal",
        description: "x",
      },
    },
  ],
  [
    /roleDefinitions\./,
    { properties: { roleName: "x", assignableScopes: [scope], permissions: [{ actions: ["*/read"] }] } },
  ],
  [
    /(ecrets)\./,
    {
      properties: {
        value: "x",
        contentType: "text/plain",
        attributes: { enabled: true, exp: 1_900_000_000 },
      },
      tags: { x: "y" },
    },
  ],
  [/keys\.create$/, { kty: "RSA", key_size: 2048 }],
  [/crypt/, { alg: "RSA-OAEP-256", value: "AAAA" }],
  [
    /login\.token$/,
    {
      grant_type: "client_credentials",
      client_id: seed.pipeline.appId,
      client_secret: "x",
      scope: "https://graph.microsoft.com/.default",
    },
  ],
  [/control\.token$/, { resource: "graph" }],
  [/control\.settings/, { dicomRoleCacheSeconds: 0, objectQuota: 250 }],
  [
    /control\.faults/,
    { operation: "graph.users.list", effect: { kind: "throttled", retryAfter: 1 }, times: 1 },
  ],
  [/control\.providers/, { registrationState: "Registered" }],
  [
    /control\.assertion/,
    {
      issuer: "https://issuer.example",
      subject: "s",
      audience: "api://AzureADTokenExchange",
      lifetimeSeconds: 60,
    },
  ],
  [/control\.firstParty/, { present: true, servicePrincipalNames: null, oauth2PermissionScopes: null }],
];

/** A body that an operation takes, or nearly so, to start changes from. */
export function validBody(operation: string): Body {
  return (
    bodies.find(([idEnds]) => idEnds.test(operation))?.[1] ?? { displayName: "x", properties: { x: "y" } }
  );
}
