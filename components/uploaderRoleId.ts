import { v5 as uuidV5 } from "uuid";

/** Ids of this package's role definitions are drawn from this namespace; a new one would replace every one of them. */
const namespace = "0f4c3a0e-6f0b-4a55-9a57-4c1f6f1d8a52";

/**
 * A client among those of all projects and stacks.
 *
 * @param stack also as a command takes it, with organization and project before its name.
 */
export function roleOwner(project: string, stack: string, client: string): string {
  return `${project}/${stack.slice(stack.lastIndexOf("/") + 1)}/${client}`;
}

/**
 * The id of a client's role definition, the same on every run, so that the rights to assign it can be given before it exists.
 *
 * @param scope resource id that the role is for; compared without regard to case, as Azure does.
 */
export function uploaderRoleId(scope: string, owner: string): string {
  return uuidV5(`${scope.toLowerCase()}|${owner}`, namespace);
}
