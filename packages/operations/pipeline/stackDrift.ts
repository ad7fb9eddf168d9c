import type { AuditReport } from "../audit/auditReport";
import type { StackStatus } from "../status/stackStatus";
import { isOfRotation, type PlannedChange } from "./plannedChange";

/** What was asked about a stack, and answered. */
export interface DriftAnswers {
  /** Does the cloud differ from what was deployed? */
  readonly liveDiffers: boolean;
  /** What would an update change? */
  readonly changes: readonly PlannedChange[];
  /** Where do the credentials stand? */
  readonly status: StackStatus;
  /** Is anything there that nobody has declared? */
  readonly audit: Pick<AuditReport, "findings">;
}

/**
 * What it comes to:
 * - `clean`: nothing is to be done;
 * - `rotation`: the schedule has a newer secret for today, and nothing else differs;
 * - `drift`: something else differs.
 */
export const verdicts = ["clean", "rotation", "drift"] as const;
export type DriftVerdict = (typeof verdicts)[number];

/** What was found about a stack. */
export interface StackDrift {
  readonly verdict: DriftVerdict;
  /** Whether a rotation is due, be there drift or not. */
  readonly rotationDue: boolean;
  /** Why the verdict is not `clean`, one sentence each. */
  readonly reasons: readonly string[];
}

/** Tells drift from a rotation that is due, as both make `pulumi preview` see changes. */
export function judgeDrift({ liveDiffers, changes, status, audit }: DriftAnswers): StackDrift {
  const due = status.clients.flatMap(({ name, credentials }) =>
    credentials.some(({ kind, standing }) => kind === "secret" && standing === "due") ? [name] : [],
  );
  const retiring = status.clients.flatMap(({ name, credentials }) =>
    credentials.some(({ kind, standing }) => kind === "secret" && standing === "retiring") ? [name] : [],
  );
  const rotating = new Set([...due, ...retiring]);
  const otherChanges = changes.filter((change) => rotating.size === 0 || !isOfRotation(change));
  const otherFindings = audit.findings.filter(
    ({ rule, client }) =>
      rule !== "rotation-due" &&
      // The next secret is what an expiry ahead calls for.
      !((rule === "credential-expiring" || rule === "credential-expired") && rotating.has(client)),
  );
  const drift = [
    ...(liveDiffers ? ["What is live differs from what was deployed."] : []),
    ...(otherChanges.length > 0
      ? [
          `An update would change what is not part of a rotation: ${otherChanges.map(({ operation, urn }) => `${operation} ${urn.split("::").at(-1) ?? urn}`).join(", ")}.`,
        ]
      : []),
    ...(otherFindings.length > 0
      ? [`The audit has ${otherFindings.length} ${otherFindings.length === 1 ? "finding" : "findings"}.`]
      : []),
  ];
  const rotation = [
    ...(due.length > 0 ? [`A rotation is due: ${due.join(", ")}.`] : []),
    ...(retiring.length > 0 ? [`A secret will be removed: ${retiring.join(", ")}.`] : []),
  ];
  return {
    verdict: drift.length > 0 ? "drift" : rotation.length > 0 ? "rotation" : "clean",
    rotationDue: rotation.length > 0,
    reasons: [...drift, ...rotation],
  };
}
