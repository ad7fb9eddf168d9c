import type { LoggedRequest } from "../../core/requestLog";
import { findDirectoryObject, servicePrincipalByAppId } from "../../domain/directoryObjects";
import { toInstant } from "../../domain/instants";
import { deletedItems, restorableUntil } from "../../domain/recycleBin";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { TenantProfile } from "../../domain/tenantProfile";
import type { Directory } from "../../state/directory";
import type { ApplicationRecord, DeletedItemRecord, ServicePrincipalRecord } from "../../state/records";
import { credentialLife, type CredentialLife } from "./credentialLife";

/** An object by its id and the name it has now. */
export interface Party {
  readonly id: string;
  readonly name: string;
}

export interface ApplicationRow extends Party {
  readonly appId: string;
  /** Null for an application that has none. */
  readonly servicePrincipalId: string | null;
  readonly owners: readonly Party[];
}

export interface DeletedRow extends Party {
  readonly kind: "application" | "service principal";
  readonly appId: string;
  readonly deletedAt: string;
  readonly restorableUntil: string;
}

export interface CredentialRow {
  /** The application or service principal that it belongs to. */
  readonly holder: Party;
  readonly kind: "client secret" | "certificate" | "federated credential";
  readonly name: string;
  readonly id: string;
  /** Null for a federated credential, which has no dates. */
  readonly life: CredentialLife | null;
}

export interface ConsentRow {
  readonly id: string;
  readonly client: Party;
  readonly resource: Party;
  readonly scope: string;
  readonly consentType: string;
  /** Null for a consent for the whole tenant. */
  readonly user: Party | null;
}

export interface AppRoleRow {
  readonly id: string;
  readonly principal: Party;
  readonly resource: Party;
  readonly role: string;
  readonly createdAt: string;
}

export interface AzureRoleRow {
  readonly id: string;
  readonly principal: Party;
  readonly role: string;
  readonly scope: string;
}

/** A resource of the sandbox's stack that is an object of the tenant. */
export interface StackResource {
  /** The last part of its id. */
  readonly id: string;
  /** Its name in the stack. */
  readonly name: string;
}

/** Reads what the sandbox's stack has deployed; undefined when that cannot be read. */
export type ReadStack = () => Promise<readonly StackResource[] | undefined>;

/** What the page shows of the tenant: names, ids and dates, and nothing of a secret or a token. */
export interface TenantOverview {
  readonly profile: TenantProfile;
  readonly now: Date;
  readonly applications: readonly ApplicationRow[];
  readonly deleted: readonly DeletedRow[];
  readonly credentials: readonly CredentialRow[];
  readonly consents: readonly ConsentRow[];
  readonly appRoles: readonly AppRoleRow[];
  readonly azureRoles: readonly AzureRoleRow[];
  /** What the stack has deployed; undefined when that is not known. */
  readonly stack: readonly StackResource[] | undefined;
  /** Newest first. */
  readonly requests: readonly LoggedRequest[];
}

/** How many requests the page shows. */
const requestCount = 50;

export function tenantOverview(
  directory: Directory,
  profile: TenantProfile,
  now: Date,
  requests: readonly LoggedRequest[],
  stack: readonly StackResource[] | undefined,
): TenantOverview {
  const facts = (principal: ServicePrincipalRecord): ReturnType<typeof servicePrincipalFacts> =>
    servicePrincipalFacts(directory, principal, profile.tenantId);
  const party = (id: string): Party => {
    const object = findDirectoryObject(directory, id);
    if (object === undefined) return { id, name: "no longer there" };
    if (object.kind === "application") return applicationParty(object.record);
    return { id, name: (object.kind === "user" ? object.record : facts(object.record)).displayName };
  };
  const roleName = (resourceId: string, roleId: string): string => {
    const resource = directory.servicePrincipals.get(resourceId);
    const roles = resource === undefined ? [] : facts(resource).appRoles;
    return roles.find((role) => role.id === roleId)?.value ?? roleId;
  };
  const deleted = deletedItems(directory, now);
  return {
    profile,
    now,
    stack,
    applications: directory.applications.all().map((application) => ({
      ...applicationParty(application),
      appId: application.appId,
      servicePrincipalId: servicePrincipalByAppId(directory, application.appId)?.id ?? null,
      owners: application.ownerIds.map(party),
    })),
    deleted: deleted.map((item) => deletedRow(item, deleted)),
    credentials: [
      ...directory.applications
        .all()
        .flatMap((application) => credentialRows(applicationParty(application), application, now)),
      ...directory.servicePrincipals
        .all()
        .flatMap((principal) => credentialRows(party(principal.id), principal, now)),
    ],
    consents: directory.grants.all().map((grant) => ({
      id: grant.id,
      client: party(grant.clientId),
      resource: party(grant.resourceId),
      scope: grant.scope,
      consentType: grant.consentType,
      user: grant.principalId === null ? null : party(grant.principalId),
    })),
    appRoles: directory.appRoleAssignments.all().map((assignment) => ({
      id: assignment.id,
      principal: party(assignment.principalId),
      resource: party(assignment.resourceId),
      role: roleName(assignment.resourceId, assignment.appRoleId),
      createdAt: assignment.createdDateTime,
    })),
    azureRoles: directory.roleAssignments.all().map((assignment) => ({
      id: assignment.id,
      principal: party(assignment.principalId),
      role:
        directory.roleDefinitions.get(assignment.roleDefinitionId)?.roleName ?? assignment.roleDefinitionId,
      scope: assignment.scope,
    })),
    requests: requests.slice(-requestCount).reverse(),
  };
}

function applicationParty(application: ApplicationRecord): Party {
  return { id: application.id, name: application.properties.displayName };
}

/** A service principal has its name from its application, which is usually deleted, too. */
function deletedRow(item: DeletedItemRecord, all: readonly DeletedItemRecord[]): DeletedRow {
  const appId = item.application?.appId ?? item.servicePrincipal?.appId ?? "";
  const application =
    item.application ?? all.find((other) => other.application?.appId === appId)?.application;
  return {
    id: item.id,
    name: application?.properties.displayName ?? item.servicePrincipal?.published?.displayName ?? appId,
    kind: item.application === null ? "service principal" : "application",
    appId,
    deletedAt: item.deletedDateTime,
    restorableUntil: toInstant(restorableUntil(item)),
  };
}

type Holder = Pick<ApplicationRecord, "passwords" | "keys"> &
  Partial<Pick<ApplicationRecord, "federatedCredentials">>;

function credentialRows(holder: Party, record: Holder, now: Date): readonly CredentialRow[] {
  const dated = (
    kind: CredentialRow["kind"],
    { keyId, displayName, startDateTime, endDateTime }: Holder["keys" | "passwords"][number],
  ): CredentialRow => ({
    holder,
    kind,
    name: displayName ?? "",
    id: keyId,
    life: credentialLife(startDateTime, endDateTime, now),
  });
  return [
    ...record.passwords.map((password) => dated("client secret", password)),
    ...record.keys.map((key) => dated("certificate", key)),
    ...(record.federatedCredentials ?? []).map((credential) => ({
      holder,
      kind: "federated credential" as const,
      name: credential.name,
      id: credential.id,
      life: null,
    })),
  ];
}
