import { isGuid } from "./azureResourceId";
import { outsideFacts } from "./outsideFacts";

/**
 * The two built-in Azure roles for the data of a DICOM service, by the names used in `access`. There is none that may only
 * write, see {@link uploaderRole}. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles (Integration).
 */
const builtInRoles: Readonly<Record<string, string>> = {
  /** DICOM Data Reader: read, search and change feed. */
  reader: outsideFacts.dicomDataReader.value,
  /** DICOM Data Owner: everything. */
  owner: outsideFacts.dicomDataOwner.value,
};

/** The role that is assigned when `access` names none. */
export const defaultRole = "reader";

/** The word for a custom role that may store and nothing else, which the client brings along. */
export const uploaderRole = "uploader";

/** How a role may be written, for messages. */
export const roleForms = `${[...Object.keys(builtInRoles), uploaderRole].join(", ")} or the GUID of a role definition`;

/** Whether a role is written as one that there is. */
export function isRole(role: string): boolean {
  return readRole(role) !== undefined || isUploader(role);
}

export function isUploader(role: string): boolean {
  return role.toLowerCase() === uploaderRole;
}

/** The GUID of a role by its name in `access`, or of a GUID itself, in lower case. Undefined when it is neither. */
export function readRole(role: string): string | undefined {
  const wanted = role.toLowerCase();
  return Object.keys(builtInRoles).includes(wanted)
    ? builtInRoles[wanted]
    : isGuid(wanted)
      ? wanted
      : undefined;
}

/** What a role is called in names of resources, by its GUID: a built-in one has a word, however it was written. */
export function roleKey(roleId: string): string {
  return Object.entries(builtInRoles).find(([, id]) => id === roleId)?.[0] ?? roleId;
}

/** Whether a role is one of the two built-in ones, which exist in every subscription. */
export function isBuiltInRole(roleId: string): boolean {
  return Object.values(builtInRoles).includes(roleId);
}
