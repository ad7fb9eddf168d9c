import type { Directory } from "../state/directory";
import { findDirectoryObject } from "./directoryObjects";
import { directoryRolesOf, globalAdministrator } from "./directoryRoles";

const readDirectory = [
  "Application.Read.All",
  "Directory.Read.All",
  "Organization.Read.All",
  "User.Read.All",
];
const readEverything = [
  ...readDirectory,
  "AuditLog.Read.All",
  "DelegatedPermissionGrant.Read.All",
  "Policy.Read.All",
  "RoleManagement.Read.Directory",
];
const administerApplications = [
  ...readDirectory,
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Policy.ReadWrite.ApplicationConfiguration",
];
const administerRoles = [
  ...readDirectory,
  "AppRoleAssignment.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "RoleManagement.Read.Directory",
  "RoleManagement.ReadWrite.Directory",
];

/** Roles that may consent to anything but the application permissions of Microsoft Graph (learn.microsoft.com, built-in roles). */
const applicationAdministrators = [
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  "158c047a-c907-4556-b7ef-446551a6b5f7",
];

/**
 * What a directory role lets a service principal do at Microsoft Graph, said in application permissions (learn.microsoft.com, Microsoft
 * Entra built-in roles).
 */
const permissionsOfRole: Readonly<Record<string, readonly string[]>> = {
  [globalAdministrator]: [
    ...readEverything,
    ...administerApplications,
    ...administerRoles,
    "Directory.ReadWrite.All",
  ],
  "f2ef992c-3afb-46b9-b7cf-a126ee74c451": readEverything,
  "e8611ab8-c189-46e8-94e1-60213ab1f814": administerRoles,
  "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": readDirectory,
  ...Object.fromEntries(applicationAdministrators.map((role) => [role, administerApplications])),
};

function rolesOf(directory: Directory, principalId: string): readonly string[] {
  const principal = findDirectoryObject(directory, principalId);
  return principal === undefined ? [] : directoryRolesOf(principal).map((role) => role.roleTemplateId);
}

/** The permissions at Microsoft Graph that a service principal has by its directory roles. They count at once, without a new token. */
export function permissionsByDirectoryRole(directory: Directory, principalId: string): readonly string[] {
  return rolesOf(directory, principalId).flatMap((role) => permissionsOfRole[role] ?? []);
}

/**
 * Whether a service principal may give app roles only because it administers applications, which excepts those of Microsoft Graph.
 *
 * @param granted the application permissions that it was given itself
 */
export function exceptsGraphRoles(
  directory: Directory,
  principalId: string,
  granted: readonly string[],
): boolean {
  const roles = rolesOf(directory, principalId);
  const others = roles.filter((role) => !applicationAdministrators.includes(role));
  const permissions = [...granted, ...others.flatMap((role) => permissionsOfRole[role] ?? [])];
  return roles.length > others.length && !permissions.includes("AppRoleAssignment.ReadWrite.All");
}
