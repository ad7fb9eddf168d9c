import { isGuid } from "../guid";
import { SandboxError } from "../runner/sandboxError";
import { suggestion } from "../suggestion";
import { textIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import { listObjects, listed, type Listed } from "./directory";

/** An application as the portal lists it. */
export interface FoundApplication {
  readonly id: string;
  /** Client id. */
  readonly appId: string;
  readonly displayName: string;
}

/** Object ids of the stack's applications, by the names of their resources and of the components that they belong to. */
export type ApplicationIds = ReadonlyMap<string, string>;

/**
 * Finds an application by the name of its resource or component in the stack, or by its client id, object id or display name.
 *
 * @param deleted looks among those that were deleted and can be restored.
 * @throws SandboxError when there is none, or when several bear the display name.
 */
export async function findApplication(
  administrator: Administrator,
  ofStack: ApplicationIds,
  wanted: string,
  deleted: boolean = false,
): Promise<FoundApplication> {
  const collection = deleted ? "directory/deletedItems/microsoft.graph.application" : "applications";
  const key = ofStack.get(wanted) ?? wanted;
  const found = isGuid(key)
    ? [
        ...(await listObjects(administrator, collection, { id: key })),
        ...(await listObjects(administrator, collection, { appId: key })),
      ]
    : await listObjects(administrator, collection, { displayName: key });
  const [first, ...others] = found;
  if (others.length > 0) {
    throw new SandboxError(
      [
        `Several applications are called ${JSON.stringify(wanted)}; name one by its object id:`,
        ...found.map(({ id }) => `  ${id}`),
      ].join("\n"),
    );
  }
  if (first) {
    return asApplication(first);
  }
  const missing = deleted
    ? `There is no deleted application ${JSON.stringify(wanted)}, by name in the stack, client id, object id or display name.`
    : `There is no application ${JSON.stringify(wanted)}: neither a name in the stack nor a client id, object id or display name in the tenant.`;
  const names = [...ofStack.keys()].sort();
  if (names.length === 0) throw new SandboxError(missing);
  throw new SandboxError(`${missing}\nThe stack has: ${names.join(", ")}${suggestion(wanted, names)}`);
}

/** Reads an application from Graph's answer. */
export function asApplication(answer: unknown): FoundApplication {
  const object: Listed = listed(answer);
  return {
    id: object.id,
    appId: textIn(object["appId"]),
    displayName: textIn(object["displayName"]),
  };
}
