import { diagnosed } from "../bridge/diagnostic";
import { textIn } from "../http/jsonBody";
import { isZero } from "../bridge/propertySchema";
import { textsOf, type PropertyMap, type PropertyValue } from "../server/propertyValue";
import type { AzureadContext } from "./azureadContext";
import { sameId } from "./objectIds";

/** How many owners besides the caller fit into a create request. */
const ownersInRequest = 19;

/** How the owners of a new object are set: Graph always makes the caller one at first. */
export interface InitialOwners {
  /** References for the create request; the caller comes first. */
  readonly inRequest: readonly string[];
  /** Object ids that have to be added afterwards. */
  readonly afterwards: readonly string[];
  /** Whether the program does not want the caller among the owners. */
  readonly removeCaller: boolean;
}

export function initialOwners(context: AzureadContext, wanted: PropertyValue | undefined): InitialOwners {
  const { graph, callerId } = context;
  const ids = textsOf(wanted);
  const others = ids.filter((id) => !sameId(id, callerId));
  return {
    inRequest: [callerId, ...others.slice(0, ownersInRequest)].map((id) => graph.directoryObject(id)),
    afterwards: others.slice(ownersInRequest),
    removeCaller: others.length === ids.length,
  };
}

/** Completes the owners of a new object. `path` is the object's own, `named` its name in messages. */
export async function completeOwners(
  context: AzureadContext,
  path: string,
  owners: InitialOwners,
  named: string,
): Promise<void> {
  const { graph, callerId } = context;
  for (const id of owners.afterwards) {
    await diagnosed(`Could not add owners to ${named}`, () => addOwner(context, path, id));
  }
  if (owners.removeCaller) {
    await diagnosed(`Could not remove initial owner from ${named}`, () =>
      graph.delete(`${path}/owners/${callerId}/$ref`),
    );
  }
}

async function addOwner({ graph }: AzureadContext, path: string, id: string): Promise<void> {
  await graph.post(`${path}/owners/$ref`, { "@odata.id": graph.directoryObject(id) });
}

/** The object ids of an object's owners. */
export async function readOwners({ graph }: AzureadContext, path: string, named: string): Promise<string[]> {
  const owners = await diagnosed(`Could not retrieve owners for ${named}`, () =>
    graph.list(`${path}/owners`),
  );
  return owners.map((owner) => textIn(owner["id"]));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.some((other) => sameId(id, other)));
}

/** Brings the owners to what is planned, if the plan changes them: additions first, then removals. */
export async function updateOwners(
  context: AzureadContext,
  path: string,
  change: { readonly old: PropertyMap; readonly planned: PropertyMap },
  named: string,
): Promise<void> {
  const before = change.old["owners"];
  const wanted = change.planned["owners"];
  if ((isZero(before) && isZero(wanted)) || sameSet(textsOf(before), textsOf(wanted))) return;
  const existing = await readOwners(context, path, named);
  const desired = textsOf(wanted);
  const isIn = (ids: readonly string[]) => (id: string) => ids.some((other) => sameId(id, other));
  for (const id of desired.filter((owner) => !isIn(existing)(owner))) {
    await diagnosed(`Could not add owners to ${named}`, () => addOwner(context, path, id));
  }
  for (const id of existing.filter((owner) => !isIn(desired)(owner))) {
    await diagnosed(`Could not remove owners from ${named}`, () =>
      context.graph.delete(`${path}/owners/${id}/$ref`),
    );
  }
}
