import { createHash } from "node:crypto";
import type { AuditReport } from "./auditReport";
import { canonical } from "./canonical";
import { rules, severities } from "./rules";

/** Something that an audit has found, as its report has it. */
export type Finding = AuditReport["findings"][number];

/** What a rule has found; the rest follows from the rule. */
export type FindingFacts = Pick<Finding, "rule" | "client" | "side" | "object" | "detail" | "next"> &
  Partial<Pick<Finding, "startsAt" | "endsAt" | "severity">> & {
    /** What the digest is of. Default: the detail and the dates. */
    readonly content?: unknown;
  };

export function finding(facts: FindingFacts): Finding {
  const { rule, client, side, object, detail, next, startsAt = null, endsAt = null } = facts;
  const { severity, why } = rules[rule];
  return {
    rule,
    severity: facts.severity ?? severity,
    client,
    side,
    object,
    detail,
    startsAt,
    endsAt,
    why,
    next,
    fingerprint: digestOf(`${rule}\n${client}\n${object.toLowerCase()}`),
    content: digestOf(
      JSON.stringify([rule, canonical(facts.content ?? detail), instantOf(startsAt), instantOf(endsAt)]),
    ),
  };
}

/** A digest that is short enough to be written into a file by hand. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Services write the same instant with more or fewer digits. */
function instantOf(text: string | null): number | null {
  const milliseconds = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}

/** Worst first, then by client, rule and object. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ severity, client, rule, object }: Finding): string =>
    [severities.indexOf(severity), client, rule, object].join("\n");
  return [...findings].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
