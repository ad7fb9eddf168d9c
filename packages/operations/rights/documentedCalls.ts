import { calls } from "../cloud/calls";
import { documentedPermissions, permissionKind, type DocumentedPermission } from "./documentedPermission";
import { leastPermissions } from "./leastPermissions";
import {
  optionalLookups,
  ownerAddition,
  programLookups,
  providerCalls,
  providerVerbs,
  roleLookup,
} from "./providerCalls";
import { sufficientSets, type RightsReading } from "./reading";

/** One call that is made, with what is documented about it, as the reference shows it. */
export interface DocumentedCall {
  readonly permission: DocumentedPermission;
  readonly kind: "graph" | "action" | "dataAction" | "nothing";
  /** Commands, and `providers`. */
  readonly madeBy: readonly string[];
  /** Ends of "needed to …". */
  readonly reasons: readonly string[];
  /** The least that suffices by each reading. */
  readonly strict: readonly string[];
  readonly lenient: readonly string[];
}

/** Every call that the operations and the providers make, in the order of the table. */
export function documentedCalls(): readonly DocumentedCall[] {
  const found = new Map<DocumentedPermission, { madeBy: Set<string>; reasons: Set<string> }>();
  const add = (permission: DocumentedPermission, madeBy: string, reason: string): void => {
    const entry = found.get(permission) ?? { madeBy: new Set(), reasons: new Set() };
    entry.madeBy.add(madeBy);
    entry.reasons.add(reason);
    found.set(permission, entry);
  };
  for (const call of Object.values(calls)) {
    // What no command counts on the operator's rights for is asked as a client, or needs none.
    const otherwise = permissionKind(call.needs) === "nothing" ? "operations" : "verify, as the client";
    for (const name of call.madeBy.length > 0 ? call.madeBy : [otherwise]) add(call.needs, name, call.reason);
  }
  for (const { calls: ofType, reasons } of providerCalls) {
    for (const verb of providerVerbs) {
      for (const permission of ofType[verb]) add(permission, "providers", reasons[verb]);
    }
  }
  for (const { permission, reason } of programLookups) add(permission, "providers", reason);
  for (const permission of optionalLookups) {
    add(permission, "the program, if it may", "foretell what Azure would refuse; not needed");
  }
  for (const permission of ownerAddition) add(permission, "providers", "add owners to what exists (owners)");
  add(roleLookup, "providers", "make sure that the custom role exists");
  return documentedPermissions.flatMap((permission) => {
    const entry = found.get(permission);
    if (!entry) return [];
    const kind = permissionKind(permission);
    const least = (reading: RightsReading): readonly string[] =>
      kind === "graph"
        ? leastPermissions([sufficientSets(permission, reading, { owns: true })])
        : permission.least;
    return [
      {
        permission,
        kind,
        madeBy: [...entry.madeBy].sort(),
        reasons: [...entry.reasons].sort(),
        strict: least("strict"),
        lenient: least("lenient"),
      },
    ];
  });
}
