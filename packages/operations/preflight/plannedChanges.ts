import { X509Certificate } from "node:crypto";
import {
  type Access,
  certificateEndDate,
  certificateKey,
  childName,
  type ClientConfig,
  defaultConsent,
  endDateOf,
  permissionRequests,
  planSecrets,
  type SecretGeneration,
} from "dicom-service-client/model";
import { isSameId } from "../audit/canonical";
import { configuredAccess } from "../project/configuredAccess";
import { configuredFederation, federationKey, type Federation } from "../project/configuredFederation";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { childTypes, type DeployedClient } from "../project/deployedClient";
import type { ProviderVerb } from "../rights/providerCalls";
import { resourceGroupOf } from "../rights/providerNeeds";

/** A secret or certificate that the next update adds to an application. */
export interface PlannedCredential {
  readonly kind: "secret" | "certificate";
  /** Where it is configured, within the client. */
  readonly path: readonly string[];
  /** Its first instant; undefined: the moment at which it is made. */
  readonly start: Date | undefined;
  readonly end: Date;
}

/** The secret that the schedule brings after the next update. */
export interface LaterSecret {
  /** UTC day, such as `2027-04-22`. */
  readonly on: string;
  readonly lifetimeDays: number;
}

/** What the next update does to a resource of a client. */
export interface PlannedRequest {
  readonly type: string;
  readonly verb: ProviderVerb;
  /** Resource id that decides about Azure's rights. */
  readonly scope?: string;
}

/** A consent or app role that the next update gives. */
export interface PlannedGrant {
  readonly type: typeof childTypes.consent | typeof childTypes.appRole;
  /** Name of the Pulumi resource. */
  readonly resource: string;
  /** Client id of the API. */
  readonly api: string;
  /** Name of the app role; "" of a consent. */
  readonly role: string;
}

/** An Azure role that the next update assigns. */
export interface PlannedRole {
  /** Name of the Pulumi resource. */
  readonly resource: string;
  /** Its place under the client's access. */
  readonly index: number;
  /** Resource id. */
  readonly scope: string;
  /** GUID of the role definition. */
  readonly roleId: string;
}

/** What the next update changes about one client. */
export interface PlannedClient {
  readonly name: string;
  /** Absent of a client that is only removed. */
  readonly config?: ClientConfig;
  readonly deployed?: DeployedClient;
  readonly credentials: readonly PlannedCredential[];
  readonly laterSecret?: LaterSecret;
  readonly grants: readonly PlannedGrant[];
  readonly roles: readonly PlannedRole[];
  /** The display name that it takes; absent when it keeps the one that it has. */
  readonly takesName?: string;
  readonly createsVaultSecret: boolean;
  readonly requests: readonly PlannedRequest[];
}

/**
 * What the next `pulumi up` sends, worked out from configuration and state. What an update of this package itself would change about
 * clients as they are is not seen.
 */
export function plannedChanges(declaration: StackDeclaration): readonly PlannedClient[] {
  return declaration.clients.flatMap((client) => {
    const { name, config, deployed } = client;
    const planned =
      config === undefined ? removal(name, deployed) : changes(declaration, client, config, deployed);
    return planned.requests.length === 0 && planned.laterSecret === undefined ? [] : [planned];
  });
}

function removal(name: string, deployed: DeployedClient | undefined): PlannedClient {
  return {
    name,
    ...(deployed === undefined ? {} : { deployed }),
    credentials: [],
    grants: [],
    roles: [],
    createsVaultSecret: false,
    // What dies with the application is not removed by itself.
    requests: [
      ...remove(childTypes.servicePrincipal, deployed?.servicePrincipal === undefined ? 0 : 1),
      ...remove(childTypes.application, deployed?.application === undefined ? 0 : 1),
      ...(deployed?.azureRoles ?? []).map(({ scope }) => request(childTypes.azureRole, "remove", scope)),
    ],
  };
}

function changes(
  declaration: StackDeclaration,
  { name, roleOwner }: DeclaredClient,
  config: ClientConfig,
  deployed: DeployedClient | undefined,
): PlannedClient {
  const access = configuredAccess(config, roleOwner);
  const roles = plannedRoles(name, config, access, deployed);
  const roleRequests = [
    ...roles.added.flatMap(({ scope }) => [
      request(childTypes.azureRole, "create", scope),
      request(childTypes.azureRole, "read", scope),
    ]),
    ...customRoleRequests(declaration, access, deployed),
    ...roles.removed.map((scope) => request(childTypes.azureRole, "remove", scope)),
  ];
  if (config.application === "none") {
    const removed = removal(name, deployed && { ...deployed, azureRoles: [] });
    return {
      ...removed,
      config,
      ...(deployed === undefined ? {} : { deployed }),
      roles: roles.added,
      requests: [...removed.requests, ...roleRequests],
    };
  }
  const secrets = plannedSecrets(declaration, config, deployed);
  const certificates = plannedCertificates(name, config, deployed);
  const grants = plannedGrants(declaration, name, config, deployed);
  const application = deployed?.application;
  const isNew = application === undefined;
  const vaultSecrets = declaration.resources
    .filter(({ type, parent }) => type === childTypes.vaultSecret && parent === deployed?.urn)
    .map(({ id = "" }) => id);
  const { vault } = config;
  const vaultSecret = vault && `${vault.id.replace(/\/$/, "")}/secrets/${vault.secretName}`.toLowerCase();
  const createsVaultSecret =
    vaultSecret !== undefined && !vaultSecrets.some((id) => id.toLowerCase() === vaultSecret);
  const takesName = application?.displayName === config.displayName ? undefined : config.displayName;
  return {
    name,
    config,
    ...(deployed === undefined ? {} : { deployed }),
    credentials: [...secrets.added, ...certificates.added],
    ...(secrets.later === undefined ? {} : { laterSecret: secrets.later }),
    grants: grants.added,
    roles: roles.added,
    ...(takesName === undefined ? {} : { takesName }),
    createsVaultSecret,
    requests: [
      ...(isNew
        ? [request(childTypes.application, "create"), request(childTypes.application, "read")]
        : changesApplication(declaration, config, deployed)
          ? [request(childTypes.application, "change")]
          : []),
      ...(deployed?.servicePrincipal === undefined
        ? [request(childTypes.servicePrincipal, "create"), request(childTypes.servicePrincipal, "read")]
        : []),
      ...create(childTypes.password, secrets.added.length),
      ...remove(childTypes.password, secrets.removed),
      ...create(childTypes.certificate, certificates.added.length),
      ...remove(childTypes.certificate, certificates.removed),
      ...federatedRequests(config, deployed, declaration.api.loginUrl),
      ...grants.added.map(({ type }) => request(type, "create")),
      ...grants.changed.map((type) => request(type, "change")),
      ...grants.removed.map((type) => request(type, "remove")),
      ...roleRequests,
      ...(vault && createsVaultSecret ? [request(childTypes.vaultSecret, "create", vault.id)] : []),
      ...(vault && !createsVaultSecret && secrets.added.length > 0
        ? [request(childTypes.vaultSecret, "change", vault.id)]
        : []),
      ...vaultSecrets
        .filter((id) => id.toLowerCase() !== vaultSecret)
        .map((id) => request(childTypes.vaultSecret, "remove", id.replace(/\/secrets\/[^/]+$/i, ""))),
    ],
  };
}

function request(type: string, verb: ProviderVerb, scope?: string): PlannedRequest {
  return { type, verb, ...(scope === undefined ? {} : { scope: scope.replace(/\/$/, "") }) };
}

function create(type: string, count: number): readonly PlannedRequest[] {
  return count === 0 ? [] : [request(type, "create"), request(type, "read")];
}

function remove(type: string, count: number): readonly PlannedRequest[] {
  return count === 0 ? [] : [request(type, "remove")];
}

function plannedSecrets(
  { asOf }: StackDeclaration,
  { secret }: ClientConfig,
  deployed: DeployedClient | undefined,
): {
  readonly added: readonly PlannedCredential[];
  readonly removed: number;
  readonly later: LaterSecret | undefined;
} {
  const there = deployed?.secrets ?? [];
  if (secret === undefined) return { added: [], removed: there.length, later: undefined };
  const plan = planSecrets(secret, asOf);
  const wanted = [plan.current, ...(plan.previous ? [plan.previous] : [])];
  const reissue = String(secret.reissue ?? 0);
  const isThere = (one: DeployedClient["secrets"][number], generation: SecretGeneration): boolean =>
    generation.slot === one.slot && endDateOf(generation) === one.endsAt && one.reissue === reissue;
  const { current } = plan;
  return {
    added: wanted
      .filter((generation) => !there.some((one) => isThere(one, generation)))
      .map((generation) => ({
        kind: "secret",
        path: ["secret"],
        start: undefined,
        end: new Date(endDateOf(generation)),
      })),
    removed: there.filter((one) => !wanted.some((generation) => isThere(one, generation))).length,
    later: { on: plan.nextRotationOn, lifetimeDays: current.endsOn - current.startsOn },
  };
}

function plannedCertificates(
  client: string,
  { certificates = [] }: ClientConfig,
  deployed: DeployedClient | undefined,
): { readonly added: readonly PlannedCredential[]; readonly removed: number } {
  const there = deployed?.certificates ?? [];
  const read = certificates.map((certificate) => {
    const { name, pem } = certificate;
    const end = certificateEndDate(certificate);
    const { validFromDate } = new X509Certificate(pem);
    const resource = childName(client, "certificate", certificateKey(certificate));
    const isThere = there.some(
      (one) => one.resource === resource || (isFormerName(client, name, one.resource) && one.endsAt === end),
    );
    return { resource, name, end, isThere, start: validFromDate };
  });
  return {
    added: read
      .filter(({ isThere }) => !isThere)
      .map(({ name, end, start }) => ({
        kind: "certificate",
        path: ["certificates", name],
        start,
        end: new Date(end),
      })),
    removed: there.filter((one) => !read.some(({ name, isThere }) => isThere && name === one.name)).length,
  };
}

/** The resource name that earlier versions gave a certificate. */
function isFormerName(client: string, certificate: string, resource: string): boolean {
  return resource === childName(client, "certificate", certificate);
}

function plannedGrants(
  declaration: StackDeclaration,
  client: string,
  config: ClientConfig,
  deployed: DeployedClient | undefined,
): {
  readonly added: readonly PlannedGrant[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
} {
  const { consent, appRole } = childTypes;
  const isManaged = (config.consent ?? defaultConsent) === "managed";
  const requests = isManaged ? permissionRequests(declaration.api, config.permissions ?? []) : [];
  const wanted = requests.flatMap(({ clientId, key, formerKey, scopes, roles }) => [
    ...(scopes.length === 0
      ? []
      : [
          {
            type: consent,
            names: [childName(client, "consent", key), childName(client, "consent", formerKey)],
            api: clientId,
            role: "",
            scopes: [...scopes].sort().join(" "),
          },
        ]),
    ...roles.map((role) => ({
      type: appRole,
      names: [childName(client, "appRole", key, role), childName(client, "appRole", formerKey, role)],
      api: clientId,
      role,
      scopes: "",
    })),
  ]);
  const there = [
    ...(deployed?.consents ?? []).map(({ resource, scopes }) => ({
      type: consent,
      resource,
      scopes: [...scopes].sort().join(" "),
    })),
    ...(deployed?.appRoles ?? []).map(({ resource }) => ({ type: appRole, resource, scopes: "" })),
  ];
  return {
    added: wanted
      .filter(({ names }) => !there.some(({ resource }) => names.includes(resource)))
      .map(({ type, names: [resource = ""], api: of, role }) => ({ type, resource, api: of, role })),
    changed: wanted.flatMap(({ type, names, scopes }) =>
      there.some((one) => names.includes(one.resource) && one.scopes !== scopes) ? [type] : [],
    ),
    removed: there.flatMap(({ type, resource }) =>
      wanted.some(({ names }) => names.includes(resource)) ? [] : [type],
    ),
  };
}

function federatedRequests(
  config: ClientConfig,
  deployed: DeployedClient | undefined,
  loginUrl: string,
): readonly PlannedRequest[] {
  const { federated, flexible } = childTypes;
  return [federated, flexible].flatMap((type) => {
    const keys = (all: readonly Federation[]): readonly string[] =>
      all
        .filter(({ claimsMatchingExpression }) => (claimsMatchingExpression === "") === (type === federated))
        .map(federationKey);
    const wanted = keys(configuredFederation(config, loginUrl));
    const there = keys(deployed?.federatedCredentials ?? []);
    const added = wanted.filter((one) => !there.includes(one)).length;
    const removed = there.filter((one) => !wanted.includes(one)).length;
    return [
      ...create(type, added),
      ...remove(type, removed),
      ...(added > 0 && removed > 0 ? [request(type, "change")] : []),
    ];
  });
}

function plannedRoles(
  client: string,
  config: ClientConfig,
  access: readonly Access[],
  deployed: DeployedClient | undefined,
): { readonly added: readonly PlannedRole[]; readonly removed: readonly string[] } {
  const isSame = (one: RolePlace, other: RolePlace): boolean =>
    one.scope.toLowerCase() === other.scope.toLowerCase() &&
    one.roleId.toLowerCase() === other.roleId.toLowerCase();
  const there = deployed?.azureRoles ?? [];
  const wanted = access.map(({ scope, roleId, key }, index) => ({
    resource: childName(client, "access", key),
    index,
    scope: scope.id,
    roleId,
  }));
  const isKept = (one: RolePlace, other: RolePlace): boolean =>
    isSame(one, other) && !changesHolder(config, deployed);
  return {
    added: wanted.filter((one) => !there.some((other) => isKept(one, other))),
    removed: there.filter((one) => !wanted.some((other) => isKept(one, other))).map(({ scope }) => scope),
  };
}

/** Whether a deployed client's roles go to another managed identity, to one instead of an application, or the other way round. */
export function changesHolder(
  config: ClientConfig | undefined,
  deployed: DeployedClient | undefined,
): boolean {
  const holder = deployed?.servicePrincipalId;
  const identity = config?.runsOn?.managedIdentity.principalId;
  return identity === undefined
    ? deployed?.isManagedIdentity === true
    : holder !== undefined && !isSameId(identity, holder);
}

/** Roles that clients bring along. */
function customRoleRequests(
  { resources }: StackDeclaration,
  access: readonly Access[],
  deployed: DeployedClient | undefined,
): readonly PlannedRequest[] {
  const there = resources.filter(
    ({ type, parent }) => type === childTypes.customRole && parent === deployed?.urn,
  );
  const isRole = (id: string | undefined, roleId: string): boolean =>
    id?.toLowerCase().endsWith(`/${roleId.toLowerCase()}`) === true;
  const wanted = access.filter(({ isUploader }) => isUploader);
  return [
    ...wanted
      .filter(({ roleId }) => !there.some(({ id }) => isRole(id, roleId)))
      .map(({ scope }) => request(childTypes.customRole, "create", resourceGroupOf(scope.id))),
    ...there
      .filter(({ id }) => !wanted.some(({ roleId }) => isRole(id, roleId)))
      .map(({ inputs }) =>
        request(childTypes.customRole, "remove", `/${String(inputs["scope"]).replace(/^\/+/, "")}`),
      ),
  ];
}

type RolePlace = Pick<PlannedRole, "scope" | "roleId">;

function changesApplication(
  declaration: StackDeclaration,
  config: ClientConfig,
  deployed: DeployedClient | undefined,
): boolean {
  const application = deployed?.application;
  if (application === undefined) return false;
  const texts = (["displayName", "description", "serviceManagementReference"] as const).some(
    (key) => (config[key] ?? "") !== application[key],
  );
  // What names stand for, only the tenant knows; how many permissions of which API are asked for, the state knows, too.
  const asked = permissionRequests(declaration.api, config.permissions ?? []).map(
    ({ clientId, scopes, roles }) => `${clientId.toLowerCase()} ${scopes.length + roles.length}`,
  );
  const there = application.requiredAccess.map(
    ({ api, permissions }) => `${api.toLowerCase()} ${permissions.length}`,
  );
  return (
    texts || ownersChange(config, application.owners) || [...asked].sort().join() !== [...there].sort().join()
  );
}

/** The deploying identity is always an owner, whom the configuration does not name. */
function ownersChange({ owners = [] }: ClientConfig, there: readonly string[]): boolean {
  const wanted = owners.map((owner) => owner.toLowerCase());
  const missing = wanted.filter((owner) => !there.includes(owner)).length;
  return missing > 0 || there.length - (wanted.length - missing) > 1;
}
