import type { Directory } from "../state/directory";
import { findDirectoryObject, type DirectoryObject } from "./directoryObjects";
import { alreadyReferenced, badRequest, directoryObjectNotFound } from "./directoryRefusals";

interface Owned {
  readonly ownerIds: readonly string[];
}

/** The object ids that `owners@odata.bind` or `@odata.id` addresses point at, whatever host they name. */
export function referencedId(address: string): string {
  const id = /\/(?:directoryObjects|users|servicePrincipals)(?:\/|\(')([0-9a-f-]{36})(?:'\))?$/i.exec(
    address,
  )?.[1];
  if (id === undefined) throw badRequest("Invalid URL format specified in payload.");
  return id.toLowerCase();
}

export function checkOwner(directory: Directory, id: string): string {
  const object = findDirectoryObject(directory, id);
  if (object === undefined) throw directoryObjectNotFound(id);
  if (object.kind === "application") {
    // Source: https://github.com/Azure/azure-cli/issues/12946
    throw badRequest(
      `The reference target 'Application_${id}' of type 'Application' is invalid for the 'owners' reference.`,
    );
  }
  return id;
}

export function withOwner<Item extends Owned>(directory: Directory, item: Item, id: string): Item {
  if (item.ownerIds.includes(id)) {
    throw alreadyReferenced("owners");
  }
  return { ...item, ownerIds: [...item.ownerIds, checkOwner(directory, id)] };
}

export function withoutOwner<Item extends Owned>(item: Item, id: string): Item {
  if (!item.ownerIds.includes(id.toLowerCase())) throw directoryObjectNotFound(id);
  return { ...item, ownerIds: item.ownerIds.filter((owner) => owner !== id.toLowerCase()) };
}

/** Owners that still exist. */
export function ownersOf(directory: Directory, item: Owned): readonly DirectoryObject[] {
  return item.ownerIds.flatMap((id) => findDirectoryObject(directory, id) ?? []);
}
