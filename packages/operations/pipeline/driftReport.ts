import { auditMarkdown, markdownLimit } from "../audit/auditMarkdown";
import type { AuditReport } from "../audit/auditReport";
import { escapeMarkdown } from "../console/markup";
import { quotedOutput } from "./quotedOutput";
import type { DriftVerdict, StackDrift } from "./stackDrift";

/** Everything that a report shows. */
export interface DriftFacts {
  readonly stack: string;
  readonly drift: StackDrift;
  /** Output of `pulumi refresh --preview-only --diff`. */
  readonly live: string;
  /** Output of `pulumi preview --refresh --diff`. */
  readonly declared: string;
  readonly audit: AuditReport;
}

const headlines: Readonly<Record<DriftVerdict, string>> = {
  clean: "no drift",
  rotation: "a rotation is due",
  drift: "drift",
};

/** The most characters of each part: an issue of GitHub holds 65,536 altogether. */
const partLimit = 15_000;

/** Writes what was found as Markdown, for an issue, a work item or the summary of a job. */
export function driftReport({ stack, drift, live, declared, audit }: DriftFacts): string {
  const { verdict, reasons } = drift;
  return [
    `## Stack ${escapeMarkdown(stack)}: ${headlines[verdict]}`,
    ...(reasons.length > 0 ? [reasons.map((reason) => `- ${escapeMarkdown(reason)}`).join("\n")] : []),
    ...nextSteps(stack, drift),
    "### Does the cloud differ from what was deployed?",
    quotedOutput(live, partLimit),
    "### What would an update change?",
    quotedOutput(declared, partLimit),
    auditMarkdown(audit, markdownLimit - 2 * partLimit).trimEnd(),
    "",
  ].join("\n\n");
}

function nextSteps(stack: string, { verdict, rotationDue }: StackDrift): readonly string[] {
  switch (verdict) {
    case "clean":
      return [];
    case "rotation":
      return [
        `Deploy the stack ${escapeMarkdown(stack)}, or only its rotation, and have the consumers read the new secret.`,
      ];
    case "drift":
      return [
        `First find out who changed what, and why. Deploying the stack restores what is declared; for anything undeclared, the audit prints the next command.${rotationDue ? " The rotation can be deployed on its own." : ""}`,
      ];
  }
}
