import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { type CalendarDay, formatCalendarDay, parseCalendarDay } from "dicom-service-client/model";
import { messageOf, OperationError } from "../operationError";
import { pulumiYaml } from "../project/pulumiYaml";
import type { AuditReport } from "./auditReport";
import { finding, type Finding } from "./finding";
import { ruleIds, severities } from "./rules";

/** The longest time that something may be suppressed for, in days. */
const longestSuppression = 366;

const words = z.string().refine((text) => text.trim() !== "", { error: "must not be empty" });

const file = z.strictObject({
  suppressions: z.array(
    z.strictObject({
      rule: z.enum(ruleIds),
      client: words,
      object: words,
      // What was accepted, as severe and with the content that it had then: an entry without both of these hides nothing.
      severity: z.enum(severities).exactOptional(),
      content: z
        .string()
        .regex(/^[0-9a-f]{32}$/, { error: "is not a digest; take it from --format suppressions" })
        .exactOptional(),
      reason: words,
      // Who answers for it.
      owner: words,
      // The last UTC day on which it counts.
      expires: z
        .string()
        .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && parseCalendarDay(text) !== undefined, {
          error: 'is not a calendar date; write it as "2027-03-31"',
        }),
    }),
  ),
});

/** A finding that is known and accepted for a time. */
export type Suppression = z.infer<typeof file>["suppressions"][number];

/** Name of the file that is read when none is named, in the project's folder. */
function defaultSuppressionsFile(stack: string): string {
  return `audit-suppressions.${stack}.yaml`;
}

/**
 * Reads suppressions. Nothing in the file is passed over: a key that is not known, an empty reason, a date that does not exist or
 * that lies more than {@link longestSuppression} days ahead makes it void as a whole.
 *
 * @param named the file that was asked for; absent: the default one, which need not be there
 * @throws OperationError when the file cannot be read or anything in it is wrong
 */
export async function readSuppressions(
  folder: string,
  stack: string,
  named: string | undefined,
  asOf: CalendarDay,
): Promise<readonly Suppression[]> {
  const path = named ?? join(folder, defaultSuppressionsFile(stack));
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && named === undefined) return [];
    throw new OperationError(`The suppressions in ${path} cannot be read.`, {
      cause: messageOf(error),
      error,
    });
  }
  const { content, errors } = parse(text);
  const read = file.safeParse(content);
  const problems = read.success
    ? semanticProblems(read.data.suppressions, asOf)
    : errors.length > 0
      ? errors
      : read.error.issues.map(({ path: at, message }) => `${at.join(".") || "the file"}: ${message}`);
  if (!read.success || problems.length > 0) {
    throw new OperationError(`The suppressions in ${path} are wrong, so none of them is applied.`, {
      cause: problems.join("\n  "),
      cure: "Every entry needs rule, client, object, severity, content, reason, owner and expires, and nothing else; --no-suppressions audits without them.",
    });
  }
  return read.data.suppressions;
}

/** What a file says, or why it is not YAML that can be read. */
function parse(text: string): { readonly content: unknown; readonly errors: readonly string[] } {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return { content: undefined, errors: document.errors.map(({ message }) => message.trim()) };
  }
  try {
    return { content: document.toJS(), errors: [] };
  } catch (error) {
    // Aliases that would take up all memory, or that stand for nothing.
    return { content: undefined, errors: [messageOf(error)] };
  }
}

function semanticProblems(suppressions: readonly Suppression[], asOf: CalendarDay): string[] {
  const seen = new Map<string, number>();
  return suppressions.flatMap((suppression, index) => {
    const key = acceptedBy(suppression);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    const expires = parseCalendarDay(suppression.expires) ?? 0;
    return [
      ...(first === undefined ? [] : [`suppressions.${index}: is the same as suppressions.${first}`]),
      ...(expires - asOf > longestSuppression
        ? [
            `suppressions.${index}.expires: is more than ${longestSuppression} days ahead; write ${formatCalendarDay(asOf + longestSuppression)} or earlier`,
          ]
        : []),
    ];
  });
}

/**
 * @param expires the last day of suppressions that are to be written
 * @throws OperationError when an audit would not apply them
 */
export function refuseLastDay(expires: string, asOf: CalendarDay): void {
  const day = parseCalendarDay(expires) ?? 0;
  if (day >= asOf && day - asOf <= longestSuppression) return;
  throw new OperationError(
    `Suppressions cannot end on ${expires}: ${day < asOf ? "that day is over" : `that is more than ${longestSuppression} days ahead`}.`,
    {
      cure: `Write a day from ${formatCalendarDay(asOf)} to ${formatCalendarDay(asOf + longestSuppression)}.`,
    },
  );
}

/**
 * Takes out the findings that are suppressed, and why, and adds findings about the suppressions themselves: expired, expiring within the
 * days given, and of nothing. These cannot be suppressed.
 *
 * @param isComplete whether everything was read; otherwise nothing is said to be of nothing
 */
export function suppress(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  asOf: CalendarDay,
  warnDays: number,
  isComplete: boolean,
): Pick<AuditReport, "findings" | "suppressed"> {
  const byAccepted = new Map(
    suppressions.map((suppression) => [acceptedBy(suppression), suppression] as const),
  );
  const isValid = ({ expires }: Suppression): boolean => (parseCalendarDay(expires) ?? 0) >= asOf;
  const suppressed = findings.flatMap((one): AuditReport["suppressed"] => {
    const suppression = byAccepted.get(acceptedBy(one));
    if (!suppression || !isValid(suppression)) return [];
    const { reason, owner, expires } = suppression;
    return [{ finding: one, reason, owner, expires }];
  });
  const hidden = new Set(suppressed.map((one) => one.finding));
  const about = suppressions.flatMap((suppression): Finding[] => {
    const { rule, client, object, owner, expires } = suppression;
    const facts = {
      client,
      side: "config" as const,
      object: `${rule}/${object}`,
      endsAt: `${expires}T23:59:59Z`,
    };
    const what = `The suppression of ${rule} for ${object} (${owner})`;
    // One rule may have found several things of an object, each of which is accepted on its own.
    const found = findings.filter((other) => keyOf(other) === keyOf(suppression));
    const isAccepted = found.some((other) => acceptedBy(other) === acceptedBy(suppression));
    const one = isAccepted ? found[0] : found.find((other) => !byAccepted.has(acceptedBy(other)));
    if (one === undefined) {
      return isComplete
        ? [
            finding({
              ...facts,
              rule: "suppression-unused",
              detail: `${what} hides nothing.`,
              next: "Remove it from the file.",
            }),
          ]
        : [];
    }
    if (!isValid(suppression)) {
      return [
        finding({
          ...facts,
          rule: "suppression-expired",
          detail: `${what} expired on ${expires}.`,
          next: "Fix its finding, or give it a new reason and date.",
        }),
      ];
    }
    if (!isAccepted) {
      const isUnbound = suppression.severity === undefined || suppression.content === undefined;
      return [
        finding({
          ...facts,
          rule: isUnbound ? "suppression-unbound" : "suppression-changed",
          detail: isUnbound
            ? `${what} does not say what was accepted, so it hides nothing.`
            : `${what} accepted a finding of severity ${suppression.severity ?? ""}; what was found has changed since, so it hides nothing.`,
          next: `Look at the finding; to accept it as it is, write severity: ${one.severity} and content: ${one.content} into the entry.`,
        }),
      ];
    }
    return (parseCalendarDay(expires) ?? 0) - asOf <= warnDays
      ? [
          finding({
            ...facts,
            rule: "suppression-expiring",
            detail: `${what} expires on ${expires}.`,
            next: "Fix its finding before that day.",
          }),
        ]
      : [];
  });
  return { findings: [...findings.filter((one) => !hidden.has(one)), ...about], suppressed };
}

/** Writes suppressions of all findings, for a start with a clean sheet. */
export function suppressionsOf(
  findings: readonly Finding[],
  common: Pick<Suppression, "reason" | "owner" | "expires">,
): string {
  const distinct = new Map(findings.map((one) => [acceptedBy(one), one] as const));
  const entries = [...distinct.values()]
    .filter(({ rule }) => !rule.startsWith("suppression-"))
    .map(({ rule, client, object, severity, content }) => ({
      rule,
      client,
      object,
      severity,
      content,
      ...common,
    }));
  return pulumiYaml({ suppressions: entries });
}

function keyOf({ rule, client, object }: Pick<Suppression, "rule" | "client" | "object">): string {
  return `${rule}\n${client}\n${object.toLowerCase()}`;
}

/** What is accepted by a suppression, or would have to be of a finding. */
function acceptedBy(one: Pick<Suppression, "rule" | "client" | "object" | "severity" | "content">): string {
  return [keyOf(one), one.severity, one.content].join("\n");
}
