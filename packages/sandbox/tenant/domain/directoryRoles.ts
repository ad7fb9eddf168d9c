import type { Directory } from "../state/directory";
import { findDirectoryObject, type DirectoryObject } from "./directoryObjects";
import { alreadyReferenced, badRequest, directoryObjectNotFound } from "./directoryRefusals";

/** A directory role of Entra that is activated in the tenant. */
export interface DirectoryRole {
  /** Object id in this tenant. */
  readonly id: string;
  /** The same in every tenant. */
  readonly roleTemplateId: string;
  readonly displayName: string;
  readonly description: string;
}

/** Template id of the directory role Global Administrator. */
export const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

/** The activated roles, by their template ids (learn.microsoft.com, Microsoft Entra built-in roles). */
export const directoryRoles: readonly DirectoryRole[] = [
  [globalAdministrator, "Global Administrator", "Can manage all aspects of the directory."],
  ["f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", "Can read everything that an administrator can."],
  [
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "Application Administrator",
    "Can manage all aspects of applications.",
  ],
  [
    "158c047a-c907-4556-b7ef-446551a6b5f7",
    "Cloud Application Administrator",
    "Can manage applications, but not the application proxy.",
  ],
  [
    "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "Privileged Role Administrator",
    "Can manage role assignments in the directory.",
  ],
  ["88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", "Can read basic directory information."],
].map(([roleTemplateId = "", displayName = "", description = ""], index) => ({
  id: `d0000000-0000-4000-8000-00000000000${String(index + 1)}`,
  roleTemplateId,
  displayName,
  description,
}));

/** By object id or, as in `directoryRoles(roleTemplateId='…')`, by template id. */
export function getDirectoryRole(key: string): DirectoryRole {
  const wanted = key.toLowerCase();
  const template = /^roletemplateid='(.*)'$/.exec(wanted)?.[1];
  const role = directoryRoles.find(({ id, roleTemplateId }) =>
    template === undefined ? id === wanted : roleTemplateId === template,
  );
  if (role === undefined) throw directoryObjectNotFound(template ?? key);
  return role;
}

/** The roles that a user or a service principal holds. */
export function directoryRolesOf(object: DirectoryObject): readonly DirectoryRole[] {
  const held = object.kind === "application" ? [] : (object.record.directoryRoles ?? []);
  return directoryRoles.filter(({ roleTemplateId }) => held.includes(roleTemplateId));
}

/** The users and service principals that hold a role. */
export function membersOf(directory: Directory, role: DirectoryRole): readonly DirectoryObject[] {
  return [...directory.users.all(), ...directory.servicePrincipals.all()]
    .flatMap(({ id }) => findDirectoryObject(directory, id) ?? [])
    .filter((object) => directoryRolesOf(object).includes(role));
}

/** Gives a role to a user or a service principal. */
export function addMember(directory: Directory, role: DirectoryRole, id: string): void {
  const member = memberById(directory, id);
  if (directoryRolesOf(member).includes(role)) {
    throw alreadyReferenced("members");
  }
  keep(directory, member, (held) => [...held, role.roleTemplateId]);
}

/** Takes a role away. */
export function removeMember(directory: Directory, role: DirectoryRole, id: string): void {
  const member = memberById(directory, id);
  if (!directoryRolesOf(member).includes(role)) throw directoryObjectNotFound(id);
  keep(directory, member, (held) => held.filter((one) => one !== role.roleTemplateId));
}

function memberById(directory: Directory, id: string): DirectoryObject {
  const member = findDirectoryObject(directory, id.toLowerCase());
  if (member === undefined) throw directoryObjectNotFound(id);
  if (member.kind === "application") {
    throw badRequest("The reference target 'Application' is invalid for the 'members' reference.");
  }
  return member;
}

function keep(
  directory: Directory,
  member: DirectoryObject,
  change: (held: readonly string[]) => readonly string[],
): void {
  if (member.kind === "user") {
    directory.users.put({ ...member.record, directoryRoles: change(member.record.directoryRoles) });
  } else if (member.kind === "servicePrincipal") {
    const directoryRoles = change(member.record.directoryRoles ?? []);
    directory.servicePrincipals.put({ ...member.record, directoryRoles });
  }
}
