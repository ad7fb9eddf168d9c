import type { PermissionSet } from "./documentedPermission";
import { graphPermissions } from "./graphPermission";
import { contain } from "./reading";

/**
 * The least permissions of Microsoft Graph that contain a sufficient set for every call, sorted by name.
 *
 * @param calls the sets that suffice for each call
 * @throws RangeError when for a call none suffices that can be asked for
 */
export function leastPermissions(calls: readonly (readonly PermissionSet[])[]): PermissionSet {
  const choices = calls.map((sets) => {
    const known = sets.filter((set) => set.every((one) => graphPermissions[one] !== undefined));
    if (known.length === 0) throw new RangeError(`no permission is known that suffices: ${String(sets)}`);
    return known;
  });
  // Calls with few choices first, so that the others mostly find their permissions there already.
  choices.sort((one, other) => one.length - other.length);
  let best: PermissionSet | undefined;
  const choose = (chosen: PermissionSet, next: number): void => {
    if (best && weightOf(chosen) >= weightOf(best)) return;
    const open = choices.findIndex((sets, index) => index >= next && !contain(chosen, sets));
    if (open < 0) {
      best = chosen;
      return;
    }
    for (const set of choices[open] ?? []) choose([...new Set([...chosen, ...set])], open + 1);
  };
  choose([], 0);
  return [...(best ?? [])].sort();
}

function weightOf(permissions: PermissionSet): number {
  return permissions.reduce((sum, one) => sum + (graphPermissions[one]?.weight ?? 0), 0);
}
