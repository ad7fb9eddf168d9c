import type { OpMap } from "@pulumi/pulumi/automation";

/** Words for what the engine does to resources, in the order in which they are told. */
const words: readonly (readonly [kind: keyof OpMap, word: string])[] = [
  ["create", "created"],
  ["update", "updated"],
  ["replace", "replaced"],
  ["delete", "deleted"],
  ["same", "unchanged"],
];

/** Whether a run has changed anything. */
export function hasChanged(changes: OpMap): boolean {
  return Object.entries(changes).some(([kind, count]) => kind !== "same" && count > 0);
}

/** What a run has done, in one line: `9 created, 1 unchanged`. */
export function changesText(changes: OpMap): string {
  const told = words.flatMap(([kind, word]) => {
    const count = changes[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return told.length === 0 ? "nothing to do" : told.join(", ");
}
