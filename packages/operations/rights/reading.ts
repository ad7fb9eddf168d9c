import type { ContestedSet, DocumentedPermission, PermissionSet } from "./documentedPermission";

/**
 * How documentation that contradicts itself is read: `strict` counts on nothing that any source denies, `lenient` on everything that
 * some source says.
 */
export const readings = ["strict", "lenient"] as const;
export type RightsReading = (typeof readings)[number];

/** What decides, besides the row, which sets suffice. */
export interface Circumstances {
  /** A circumstance by the words of the row's contested entries. */
  readonly when?: string;
  /** Whether the identity owns the objects; otherwise permissions for owned ones do not count. */
  readonly owns: boolean;
}

/** What includes a permission; counts where the source names the least permission only. */
const including: Readonly<Record<string, PermissionSet>> = {
  "Application.Read.All": ["Application.ReadWrite.All"],
};

/** The sets that suffice for a call. */
export function sufficientSets(
  row: DocumentedPermission,
  reading: RightsReading,
  { when, owns }: Circumstances,
): readonly PermissionSet[] {
  const applying = contestedNow(row, when);
  const sets = row.suffices.flatMap((set) => [
    set,
    ...(row.onlyLeastKnown ? set.flatMap((one) => (including[one] ?? []).map((more) => [more])) : []),
  ]);
  const read =
    reading === "lenient"
      ? [...sets, ...applying.map(({ set }) => set)]
      : sets.flatMap((set) => {
          const against = applying.find((entry) => isSame(entry.set, set));
          if (!against) return [set];
          // Where the sources do not contradict each other, what is listed counts.
          return against.alternative ? [against.alternative] : row.confidence === "contradicted" ? [] : [set];
        });
  return owns ? read : read.filter((set) => !set.some((one) => row.ownedOnly?.includes(one)));
}

/**
 * The sets that no source says anything against, although what is listed counts: who holds one of these follows somebody's
 * documentation. Those of the strict reading when there is no other.
 */
export function undisputedSets(
  row: DocumentedPermission,
  circumstances: Circumstances,
): readonly PermissionSet[] {
  const strict = sufficientSets(row, "strict", circumstances);
  const applying = contestedNow(row, circumstances.when);
  const undisputed = strict.filter((set) => !applying.some((entry) => isSame(entry.set, set)));
  return undisputed.length > 0 ? undisputed : strict;
}

/** What sources say beyond or against a row under a circumstance. */
export function contestedNow(row: DocumentedPermission, when: string | undefined): readonly ContestedSet[] {
  return (row.contested ?? []).filter((entry) => entry.when === undefined || entry.when === when);
}

/** Whether these permissions contain a set. */
export function contain(held: Iterable<string>, sets: readonly PermissionSet[]): boolean {
  const all = new Set(held);
  return sets.some((set) => set.every((one) => all.has(one)));
}

function isSame(one: PermissionSet, other: PermissionSet): boolean {
  return one.length === other.length && one.every((permission) => other.includes(permission));
}
