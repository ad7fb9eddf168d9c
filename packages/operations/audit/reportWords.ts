import type { AuditReport } from "./auditReport";
import { severities } from "./rules";

/** What a verdict of clean says: that nothing differs, but for what was accepted. */
export function cleanWords({ counts, suppressedCounts }: AuditReport): string {
  if (counts.suppressed === 0) return "clean: everything could be read, and nothing differs";
  const numbers = severities
    .filter((severity) => suppressedCounts[severity] > 0)
    .map((severity) => `${suppressedCounts[severity]} ${severity}`);
  const findings = counts.suppressed === 1 ? "accepted finding" : "accepted findings";
  return `clean except for ${counts.suppressed} ${findings} (${numbers.join(", ")}): everything could be read, and nothing else differs`;
}

/** What is not compared, with everything that has the same reason in one entry. */
export function notComparedByReason({ notCompared }: AuditReport): readonly {
  readonly of: string;
  readonly names: readonly string[];
  readonly reason: string;
}[] {
  const groups = new Map<string, { of: string; names: string[]; reason: string }>();
  for (const { of, name, reason } of notCompared) {
    const key = `${of}\n${reason}`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { of, names: [name], reason });
  }
  return [...groups.values()];
}
