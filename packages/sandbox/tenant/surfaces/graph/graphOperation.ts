import type { Operation } from "../../core/operation";
import type { Directory } from "../../state/directory";
import type { Caller } from "../caller";
import { type GraphAccess, ownedBy, type PermissionSet } from "./graphAuthorization";

/** A row of Microsoft Graph. */
export type GraphOperation = Operation<Directory, GraphAccess, Caller>;

const each = (...permissions: readonly string[]): readonly PermissionSet[] =>
  permissions.map((permission) => [permission]);

const readAll = "Application.Read.All";
const writeAll = "Application.ReadWrite.All";
const readDirectory = "Directory.Read.All";
const writeDirectory = "Directory.ReadWrite.All";
const readAppPolicies = "Policy.Read.ApplicationConfiguration";
const writeAppPolicies = "Policy.ReadWrite.ApplicationConfiguration";
const assignRoles = "AppRoleAssignment.ReadWrite.All";
const deviceManagement = ["Configuration", "ServiceConfig"].flatMap((part) => [
  `DeviceManagement${part}.Read.All`,
  `DeviceManagement${part}.ReadWrite.All`,
]);

/**
 * Who may do what, as the Microsoft Graph reference documents it for each operation. `Application.ReadWrite.OwnedBy` reads all
 * applications and service principals, and changes those that the caller owns. Where sources disagree, what some source denies stands
 * under `contested`.
 */
export const graphAccess = {
  list: { sets: each(readAll, ownedBy, writeAll, readDirectory) },
  read: { sets: each(readAll, ownedBy, writeAll, readDirectory, writeDirectory) },
  createApplication: { sets: each(ownedBy, "AppRegistration.Create", writeAll) },
  createServicePrincipal: { sets: each(ownedBy, writeAll, writeDirectory) },
  changeApplication: { sets: each(ownedBy, writeAll), ownerOf: "applicationId" },
  changeServicePrincipal: { sets: each(ownedBy, writeAll, writeDirectory), ownerOf: "servicePrincipalId" },
  /** Secrets of applications, and owners that go. */
  changeApplicationSecrets: { sets: each(ownedBy, writeAll, writeDirectory), ownerOf: "applicationId" },
  addApplicationOwner: {
    sets: [[writeAll, readDirectory], [writeDirectory]],
    contested: [[ownedBy, readDirectory], [ownedBy]],
    ownerOf: "applicationId",
  },
  addServicePrincipalOwner: {
    sets: [[ownedBy, readDirectory], [writeAll, readDirectory], [writeDirectory]],
    contested: [[ownedBy]],
    ownerOf: "servicePrincipalId",
  },
  listFederatedCredentials: { sets: each(readAll, ownedBy, writeAll) },
  readFederatedCredential: {
    sets: each(ownedBy, writeAll),
    contested: each(readAll),
    ownerOf: "applicationId",
  },
  readGrants: {
    sets: each("DelegatedPermissionGrant.ReadWrite.All", readDirectory, writeDirectory),
    contested: each("DelegatedPermissionGrant.Read.All"),
  },
  changeGrants: { sets: each("DelegatedPermissionGrant.ReadWrite.All", writeDirectory) },
  assignAppRole: {
    sets: [
      [assignRoles, readAll],
      [assignRoles, readDirectory],
    ],
    contested: [[writeAll], [writeDirectory], [assignRoles, ownedBy]],
  },
  removeAppRole: { sets: each(assignRoles), contested: each(writeAll) },
  readDeleted: { sets: each(readAll, writeAll), contested: each(ownedBy, readDirectory) },
  changeDeleted: { sets: each(ownedBy, writeAll), ownerOf: "deletedId" },
  readDirectoryObjects: { sets: each(readDirectory) },
  readOrganization: {
    sets: each(
      "Organization.Read.All",
      "Organization.ReadWrite.All",
      readDirectory,
      writeDirectory,
      "User.Read.All",
      ...deviceManagement,
    ),
  },
  readUsers: {
    sets: each(
      "User.ReadBasic.All",
      "User.Read.All",
      "User.ReadWrite.All",
      "User.ReadWrite.CrossCloud",
      readDirectory,
      writeDirectory,
      "AgentIdUser.ReadWrite.All",
      "AgentIdUser.ReadWrite.IdentityParentedBy",
      "DeviceManagementApps.Read.All",
      "DeviceManagementApps.ReadWrite.All",
      "DeviceManagementManagedDevices.Read.All",
      "DeviceManagementManagedDevices.ReadWrite.All",
      ...deviceManagement,
    ),
  },
  readDirectoryRoles: {
    sets: each(
      "RoleManagement.Read.Directory",
      "RoleManagement.ReadWrite.Directory",
      readDirectory,
      writeDirectory,
    ),
  },
  changeDirectoryRoles: { sets: each("RoleManagement.ReadWrite.Directory") },
  readReports: { sets: each("AuditLog.Read.All", readDirectory) },
  readPolicies: { sets: each("Policy.Read.All", readAppPolicies, writeAppPolicies) },
  changePolicies: { sets: each(writeAppPolicies) },
  /** The policies of an object, and the objects of a policy; a generated table of the reference lists the first half alone. */
  readAssignedPolicies: {
    sets: ["Policy.Read.All", writeAppPolicies].map((permission) => [readAll, permission]),
    contested: each(readAll, "Policy.Read.All", readAppPolicies, writeAppPolicies),
  },
  assignPolicy: { sets: [[readAll, writeAppPolicies]] },
  /** The objects of a policy on tokens or sign-in. */
  readTokenPolicyTargets: {
    sets: [["Policy.Read.All", readAll], [writeAppPolicies, readAll], [readDirectory]],
  },
  /** The policies on tokens and sign-in of an object, and their assignment: the reference asks for a right to write to read them, too. */
  assignTokenPolicy: {
    sets: ["Policy.Read.All", writeAppPolicies].flatMap((permission) =>
      [ownedBy, writeAll].map((write) => [permission, write]),
    ),
  },
} as const satisfies Readonly<Record<string, GraphAccess>>;

const unlimited = [writeAll, writeDirectory];

/** Whether a caller may only touch what it owns. */
export function isLimitedToOwned(caller: Caller): boolean {
  return caller.kind === "application" && !unlimited.some((permission) => caller.roles.includes(permission));
}

/** Whether the number of objects that a caller may create is limited: not for those who may change the whole directory. */
export function hasQuota(caller: Caller): boolean {
  return isLimitedToOwned(caller) || (caller.kind === "user" && caller.directoryRoles.length === 0);
}

/** Whether a caller may read objects to which this access applies; users of the portal may read everything. */
export function mayRead(caller: Caller, { sets }: GraphAccess): boolean {
  return (
    caller.kind === "user" || sets.some((set) => set.every((permission) => caller.roles.includes(permission)))
  );
}
