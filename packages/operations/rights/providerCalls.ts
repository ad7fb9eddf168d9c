import { childTypes } from "../project/deployedClient";
import { documented, type DocumentedPermission } from "./documentedPermission";

/** What a provider does to a resource. */
export const providerVerbs = ["create", "read", "change", "remove"] as const;
export type ProviderVerb = (typeof providerVerbs)[number];

/** The requests that a provider makes for one type of resource, and why: the end of "needed to …". */
export interface ProviderCalls {
  readonly type: string;
  readonly calls: Readonly<Record<ProviderVerb, readonly DocumentedPermission[]>>;
  readonly reasons: Readonly<Record<ProviderVerb, string>>;
}

const graph = (call: string): DocumentedPermission => documented("graph-v1.0", call);
const beta = (call: string): DocumentedPermission => documented("graph-beta", call);
const arm = (call: string): DocumentedPermission => documented("arm", call);
const same = (manage: string, read: string): ProviderCalls["reasons"] => ({
  create: manage,
  read,
  change: manage,
  remove: manage,
});

const readApplication = graph("GET /applications/{id}");
const changeApplication = graph("PATCH /applications/{id}");
const readPrincipal = graph("GET /servicePrincipals/{id}");
const changePrincipal = graph("PATCH /servicePrincipals/{id}");
const credential = "/applications/{id}/federatedIdentityCredentials";
const grant = "/oauth2PermissionGrants";
const assignedRole = "/servicePrincipals/{id}/appRoleAssignedTo";
const roleAssignment = "{scope}/providers/Microsoft.Authorization/roleAssignments/{name}";
const roleDefinition = "{scope}/providers/Microsoft.Authorization/roleDefinitions/{id}";

/** How the program makes sure that a custom role exists. */
export const roleLookup: DocumentedPermission = arm(`GET ${roleDefinition}`);
const vaultSecret = "{vaultId}/secrets/{secretName}";

/** The circumstance under which sources disagree about the creation of an application. */
export const usersAreOwners = "owners@odata.bind names users other than the caller";

/** What azuread asks to add an owner, beyond those that the creation names. */
export const ownerAddition: readonly DocumentedPermission[] = [
  graph("POST /applications/{id}/owners/$ref"),
  graph("POST /servicePrincipals/{id}/owners/$ref"),
];

/**
 * What the providers request, by type of resource. Sources: recorded traffic of Terraform's azuread 3.8.0, which
 * Pulumi's azuread is made of, and the sources of azure-native.
 */
export const providerCalls: readonly ProviderCalls[] = [
  {
    type: childTypes.application,
    calls: {
      create: [graph("GET /applications"), graph("POST /applications"), changeApplication],
      read: [readApplication, beta("GET /applications/{id}"), graph("GET /applications/{id}/owners")],
      change: [changeApplication, graph("DELETE /applications/{id}/owners/{ownerId}/$ref")],
      remove: [graph("DELETE /applications/{id}")],
    },
    reasons: same(
      "create, change and delete the applications",
      "see whether the applications are as declared",
    ),
  },
  {
    type: childTypes.servicePrincipal,
    calls: {
      create: [graph("GET /servicePrincipals"), graph("POST /servicePrincipals"), changePrincipal],
      read: [readPrincipal, beta("GET /servicePrincipals/{id}"), graph("GET /servicePrincipals/{id}/owners")],
      change: [changePrincipal, graph("DELETE /servicePrincipals/{id}/owners/{ownerId}/$ref")],
      remove: [graph("DELETE /servicePrincipals/{id}")],
    },
    reasons: same(
      "create, change and delete the service principals",
      "see whether the service principals are as declared",
    ),
  },
  {
    type: childTypes.password,
    calls: {
      create: [graph("POST /applications/{id}/addPassword")],
      read: [readApplication],
      change: [],
      remove: [graph("POST /applications/{id}/removePassword")],
    },
    reasons: same("issue and remove secrets", "see whether the secrets are still there"),
  },
  {
    type: childTypes.certificate,
    calls: {
      create: [changeApplication],
      read: [readApplication],
      change: [],
      remove: [changeApplication],
    },
    reasons: same("register and remove certificates", "see whether the certificates are still there"),
  },
  {
    type: childTypes.federated,
    calls: {
      create: [graph(`POST ${credential}`)],
      read: [graph(`GET ${credential}/{credentialId}`)],
      change: [graph(`PATCH ${credential}/{credentialId}`)],
      remove: [graph(`DELETE ${credential}/{credentialId}`)],
    },
    reasons: same(
      "create, change and remove federated credentials",
      "see whether the federated credentials are as declared",
    ),
  },
  {
    type: childTypes.flexible,
    calls: {
      create: [beta("GET /applications/{id}"), beta(`POST ${credential}`)],
      read: [beta(`GET ${credential}/{credentialId}`)],
      change: [beta(`PATCH ${credential}/{credentialId}`)],
      remove: [beta(`DELETE ${credential}/{credentialId}`)],
    },
    reasons: same(
      "create, change and remove federated credentials that match claims",
      "see whether the federated credentials that match claims are as declared",
    ),
  },
  {
    type: childTypes.consent,
    calls: {
      create: [readPrincipal, graph(`POST ${grant}`)],
      read: [graph(`GET ${grant}/{grantId}`)],
      change: [graph(`PATCH ${grant}/{grantId}`)],
      remove: [graph(`DELETE ${grant}/{grantId}`)],
    },
    reasons: same(
      "give and take back the tenant-wide consent (consent: managed)",
      "see whether the consent is as declared",
    ),
  },
  {
    type: childTypes.appRole,
    calls: {
      create: [readPrincipal, graph(`POST ${assignedRole}`)],
      read: [graph(`GET ${assignedRole}/{assignmentId}`)],
      change: [],
      remove: [graph(`DELETE ${assignedRole}/{assignmentId}`)],
    },
    reasons: same(
      "grant and take back application permissions (permissions[].roles)",
      "see whether the application permissions are still granted",
    ),
  },
  {
    type: childTypes.azureRole,
    calls: {
      create: [arm(`PUT ${roleAssignment}`)],
      read: [arm(`GET ${roleAssignment}`)],
      change: [],
      remove: [arm(`DELETE ${roleAssignment}`)],
    },
    reasons: {
      ...same("give the clients their roles (access)", "see whether the roles are still there"),
      remove: "take roles away that are not declared any more",
    },
  },
  {
    type: childTypes.customRole,
    calls: {
      create: [roleLookup, arm(`PUT ${roleDefinition}`)],
      read: [roleLookup],
      change: [arm(`PUT ${roleDefinition}`)],
      remove: [arm(`DELETE ${roleDefinition}`)],
    },
    reasons: {
      ...same(
        "make the custom role of an uploader (access[].role)",
        "see whether the custom role is still there",
      ),
      remove: "remove the custom role when it is not declared any more",
    },
  },
  {
    type: childTypes.vaultSecret,
    calls: {
      create: [arm(`PUT ${vaultSecret}`)],
      read: [arm(`GET ${vaultSecret}`)],
      change: [arm(`PUT ${vaultSecret}`)],
      remove: [documented("keyvault-data", "DELETE /secrets/{secretName}")],
    },
    reasons: {
      ...same(
        "write the current secret into the key vault",
        "see whether the key vault's secret is still there",
      ),
      remove: "remove the key vault's secret when it is not declared any more",
    },
  },
];

/** What the program asks through the providers before anything is created. */
export const programLookups: readonly {
  readonly permission: DocumentedPermission;
  readonly reason: string;
}[] = [
  graph("GET /applications"),
  graph("GET /servicePrincipals"),
  readPrincipal,
  beta("GET /servicePrincipals/{id}"),
].map((permission) => ({ permission, reason: "look up the APIs and equal names" }));

/**
 * What the program asks, too, to foretell refusals, and takes for right when it may not read it: no right is needed for these.
 */
export const optionalLookups: readonly DocumentedPermission[] = [
  arm("GET {workspaceId}"),
  arm("GET {workspaceId}/dicomservices/{name}"),
  arm("GET {vaultId}"),
  documented("keyvault-data", "GET /deletedsecrets/{secretName}"),
];
