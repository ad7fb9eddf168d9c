import { counted } from "../console/counted";
import type { AuditReport } from "./auditReport";
import { severities, type Severity } from "./rules";

/** What a verdict of clean says: that nothing differs, but for what was accepted. */
export function cleanWords({ counts, suppressedCounts }: AuditReport): string {
  if (counts.suppressed === 0) return "clean: everything could be read, and nothing differs";
  const numbers = severities
    .filter((severity) => suppressedCounts[severity] > 0)
    .map((severity) => `${suppressedCounts[severity]} ${severity}`);
  return `clean except for ${counted(counts.suppressed, "accepted finding")} (${numbers.join(", ")}): everything could be read, and nothing else differs`;
}

/** How many findings there are of each severity, in words. */
export function severityCounts(counts: Readonly<Record<Severity, number>>): string {
  return severities.map((severity) => `${counts[severity]} ${severity}`).join(", ");
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
