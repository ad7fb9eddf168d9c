import { randomUUID } from "node:crypto";
import type { Directory } from "../state/directory";
import type { ApplicationRecord } from "../state/records";
import type { ApplicationProperties } from "./applicationProperties";
import { badRequest, invalidValue, valueRequired } from "./directoryRefusals";
import { toWholeSecond } from "./instants";
import { checkObjectQuota } from "./objectQuota";
import { checkOwner } from "./owners";

interface Creation {
  readonly now: Date;
  /** Object id of the caller. */
  readonly createdBy: string;
  /** Whether the caller's quota of objects counts. */
  readonly hasQuota: boolean;
}

/** Registers an application. */
export function createApplication(
  directory: Directory,
  properties: ApplicationProperties,
  ownerIds: readonly string[],
  creation: Creation,
): ApplicationRecord {
  checkProperties(directory, properties, undefined);
  checkObjectQuota(directory, creation.hasQuota ? creation.createdBy : null);
  return directory.applications.put({
    id: randomUUID(),
    appId: randomUUID(),
    createdDateTime: toWholeSecond(creation.now),
    createdBy: creation.createdBy,
    properties,
    ownerIds: [...new Set(ownerIds)].map((id) => checkOwner(directory, id)),
    passwords: [],
    keys: [],
    federatedCredentials: [],
  });
}

/** Replaces what a caller may set. */
export function updateApplication(
  directory: Directory,
  application: ApplicationRecord,
  properties: ApplicationProperties,
): ApplicationRecord {
  checkProperties(directory, properties, application);
  checkPermissionsDisabled(application.properties, properties);
  return directory.applications.put({ ...application, properties });
}

function checkProperties(
  directory: Directory,
  properties: ApplicationProperties,
  before: ApplicationRecord | undefined,
): void {
  if (properties.displayName.trim() === "") {
    throw valueRequired("displayName", "Application");
  }
  if (properties.displayName.length > 256) {
    throw invalidValue("displayName", "Application");
  }
  const ids = [...properties.appRoles, ...(properties.api.oauth2PermissionScopes ?? [])].map(
    (entry) => entry.id,
  );
  if (new Set(ids).size < ids.length) {
    throw badRequest(
      "Invalid value specified for property 'id' of resource 'AppRole'. Ids of permissions must be unique.",
    );
  }
  const others = [
    ...directory.applications.all(),
    ...directory.deletedItems.all().flatMap((item) => item.application ?? []),
  ].filter((other) => other.id !== before?.id);
  const taken = new Set(others.flatMap((other) => other.properties.identifierUris));
  const published = directory.servicePrincipals
    .all()
    .flatMap((principal) => principal.published?.servicePrincipalNames ?? []);
  if (properties.identifierUris.some((uri) => taken.has(uri) || published.includes(uri))) {
    const message = "Another object with the same value for property identifierUris already exists.";
    throw badRequest(message, "Request_MultipleObjectsWithSameKeyValue", {
      code: "ObjectConflict",
      target: "identifierUris",
    });
  }
  // Most permissions an application may ask for (learn.microsoft.com, validation differences by supported account types).
  const apis = properties.requiredResourceAccess;
  const permissions = apis.reduce((sum, api) => sum + (api.resourceAccess?.length ?? 0), 0);
  if (apis.length > 50 || permissions > 400) {
    throw invalidValue("requiredResourceAccess", "Application");
  }
}

interface Permission {
  readonly id?: string;
  readonly isEnabled?: boolean;
}

/** An enabled role or scope can neither go nor change; it has to be disabled by an earlier request. */
function checkPermissionsDisabled(before: ApplicationProperties, after: ApplicationProperties): void {
  const list = (properties: ApplicationProperties): readonly Permission[] => [
    ...properties.appRoles,
    ...(properties.api.oauth2PermissionScopes ?? []),
  ];
  const later = list(after);
  for (const permission of list(before)) {
    if (permission.isEnabled !== true) continue;
    const now = later.find((candidate) => candidate.id === permission.id);
    const same = now !== undefined && essence(now) === essence(permission);
    if (!same) {
      throw badRequest(
        "Permission (scope or role) cannot be deleted or updated unless disabled first",
        "CannotDeleteOrUpdateEnabledEntitlement",
      );
    }
  }
}

/** What may not change of an enabled permission; `origin` is computed, and disabling is the way to change the rest. */
function essence(permission: Permission): string {
  return JSON.stringify({ ...permission, isEnabled: true, origin: null });
}
