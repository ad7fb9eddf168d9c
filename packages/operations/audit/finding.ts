import { createHash } from "node:crypto";
import { rules, severities, type RuleId, type Severity } from "./rules";

/** Which of the three differs from the other two: what is written, what was deployed, or what is there. */
export type Side = "config" | "state" | "live";

/** Something that an audit has found. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** The client's name in the stack. */
  readonly client: string;
  readonly side: Side;
  /** Id of the object that it is about: a key id, object id, resource id, or a path in the configuration. */
  readonly object: string;
  /** What was found, with names. */
  readonly detail: string;
  /** When the object starts and ends, as Microsoft Graph writes it; null when it does not. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly why: string;
  /** The next command, after you know where it comes from. */
  readonly next: string;
  /** Stays the same as long as rule, client and object do. */
  readonly fingerprint: string;
}

/** What a rule has found; the rest follows from the rule. */
export type FindingFacts = Pick<Finding, "rule" | "client" | "side" | "object" | "detail" | "next"> &
  Partial<Pick<Finding, "startsAt" | "endsAt" | "severity">>;

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
    fingerprint: createHash("sha256")
      .update(`${rule}\n${client}\n${object.toLowerCase()}`)
      .digest("hex")
      .slice(0, 32),
  };
}

/** Worst first, then by client, rule and object. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ severity, client, rule, object }: Finding): string =>
    [severities.indexOf(severity), client, rule, object].join("\n");
  return [...findings].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
