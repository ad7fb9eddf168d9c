import type { Directory, Table } from "../state/directory";
import type { ApplicationRecord, ServicePrincipalRecord, UserRecord } from "../state/records";
import { directoryObjectNotFound } from "./directoryRefusals";

/** Anything that has an object id in the directory. */
export type DirectoryObject =
  | { readonly kind: "user"; readonly record: UserRecord }
  | { readonly kind: "application"; readonly record: ApplicationRecord }
  | { readonly kind: "servicePrincipal"; readonly record: ServicePrincipalRecord };

export function findDirectoryObject(directory: Directory, id: string): DirectoryObject | undefined {
  const user = directory.users.get(id);
  if (user !== undefined) return { kind: "user", record: user };
  const application = directory.applications.get(id);
  if (application !== undefined) return { kind: "application", record: application };
  const servicePrincipal = directory.servicePrincipals.get(id);
  return servicePrincipal === undefined ? undefined : { kind: "servicePrincipal", record: servicePrincipal };
}

/** By object id or, as in `applications(appId='…')`, by application id. */
export function getApplication(directory: Directory, key: string): ApplicationRecord {
  return getByKey(directory.applications, key);
}

/** By object id or, as in `servicePrincipals(appId='…')`, by application id. */
export function getServicePrincipal(directory: Directory, key: string): ServicePrincipalRecord {
  return getByKey(directory.servicePrincipals, key);
}

export function applicationByAppId(directory: Directory, appId: string): ApplicationRecord | undefined {
  return directory.applications.all().find((application) => application.appId === appId.toLowerCase());
}

export function servicePrincipalByAppId(
  directory: Directory,
  appId: string,
): ServicePrincipalRecord | undefined {
  return directory.servicePrincipals.all().find((principal) => principal.appId === appId.toLowerCase());
}

function getByKey<Item extends ApplicationRecord | ServicePrincipalRecord>(
  table: Table<Item>,
  key: string,
): Item {
  const appId = /^appId='(.*)'$/i.exec(key)?.[1];
  const found =
    appId === undefined
      ? table.get(key.toLowerCase())
      : table.all().find((item) => item.appId === appId.toLowerCase());
  if (found === undefined) throw directoryObjectNotFound(appId ?? key);
  return found;
}
