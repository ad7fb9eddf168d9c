import type { LoggedRequest } from "../../core/requestLog";
import { findDirectoryObject, servicePrincipalByAppId } from "../../domain/directoryObjects";
import { deletedItems, restorableUntil } from "../../domain/recycleBin";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { TenantProfile } from "../../domain/tenantProfile";
import type { Directory } from "../../state/directory";
import type { ApplicationRecord, KeyRecord, PasswordRecord } from "../../state/records";
import { credentialLife, type CredentialLife } from "./credentialLife";

/** An object by its id and the name it has now. */
export interface Party {
  readonly id: string;
  readonly name: string;
}

export interface CredentialRow {
  readonly holder: Party;
  readonly kind: "client secret" | "certificate" | "federated credential";
  readonly name: string;
  readonly id: string;
  readonly start: string | null;
  readonly end: string | null;
  /** Null for a credential without an end. */
  readonly life: CredentialLife | null;
}

/** What the page shows of the tenant: names, ids and dates, and never anything of a secret or a token. */
export interface TenantOverview {
  readonly profile: TenantProfile;
  readonly now: Date;
  readonly applications: readonly (Party & {
    readonly appId: string;
    readonly servicePrincipalId: string | null;
    readonly owners: readonly Party[];
  })[];
  readonly deleted: readonly (Party & {
    readonly kind: "application" | "service principal";
    readonly appId: string;
    readonly deletedAt: string;
    readonly restorableUntil: string;
  })[];
  readonly credentials: readonly CredentialRow[];
  readonly consents: readonly {
    readonly client: Party;
    readonly resource: Party;
    readonly scope: string;
    readonly consentType: string;
    readonly user: Party | null;
  }[];
  readonly appRoles: readonly {
    readonly principal: Party;
    readonly resource: Party;
    readonly role: string;
    readonly createdAt: string;
  }[];
  readonly azureRoles: readonly {
    readonly principal: Party;
    readonly role: string;
    readonly scope: string;
  }[];
  /** Newest first. */
  readonly requests: readonly LoggedRequest[];
}

/** How many requests the page shows. */
const requestCount = 50;

export function tenantOverview(
  directory: Directory,
  context: {
    readonly profile: TenantProfile;
    readonly now: Date;
    readonly requests: readonly LoggedRequest[];
  },
): TenantOverview {
  const { profile, now } = context;
  const party = (id: string): Party => ({ id, name: nameOf(directory, id, profile.tenantId) });
  return {
    profile,
    now,
    applications: directory.applications.all().map((application) => ({
      ...applicationParty(application),
      appId: application.appId,
      servicePrincipalId: servicePrincipalByAppId(directory, application.appId)?.id ?? null,
      owners: application.ownerIds.map(party),
    })),
    deleted: deletedItems(directory, now).flatMap((item) => {
      const { application, servicePrincipal } = item;
      const object = application ?? servicePrincipal;
      if (object === null) return [];
      return {
        id: item.id,
        name:
          application?.properties.displayName ??
          deletedName(directory, object.appId) ??
          servicePrincipal?.published?.displayName ??
          "",
        kind: application === null ? ("service principal" as const) : ("application" as const),
        appId: object.appId,
        deletedAt: item.deletedDateTime,
        restorableUntil: restorableUntil(item),
      };
    }),
    credentials: credentialRows(directory, party, now),
    consents: directory.grants.all().map((grant) => ({
      client: party(grant.clientId),
      resource: party(grant.resourceId),
      scope: grant.scope,
      consentType: grant.consentType,
      user: grant.principalId === null ? null : party(grant.principalId),
    })),
    appRoles: directory.appRoleAssignments.all().map((assignment) => ({
      principal: party(assignment.principalId),
      resource: party(assignment.resourceId),
      role: appRoleName(directory, assignment.resourceId, assignment.appRoleId, profile.tenantId),
      createdAt: assignment.createdDateTime,
    })),
    azureRoles: directory.roleAssignments.all().map((assignment) => ({
      principal: party(assignment.principalId),
      role: directory.roleDefinitions.get(assignment.roleDefinitionId)?.roleName ?? assignment.roleDefinitionId,
      scope: assignment.scope,
    })),
    requests: context.requests.slice(-requestCount).reverse(),
  };
}
