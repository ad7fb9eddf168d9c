import { resolve } from "node:path";
import { parseCalendarDay } from "dicom-service-client/model";
import { auditStack } from "../audit/auditStack";
import { readReportChoices, type ReportFormat, ReportWriter } from "../audit/reportWriter";
import { stackFileLines } from "../audit/stackFileLines";
import type { AuditReport } from "../audit/auditReport";
import { readSuppressions, refuseLastDay, suppressionsOf } from "../audit/suppressions";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import { openStack, type OperationContext } from "./operation";

/** What `audit` is asked for. */
export interface AuditChoices {
  readonly format: ReportFormat | "suppressions";
  /** Further reports of the same run, as `<format>=<file>`. */
  readonly report?: readonly string[];
  readonly warn: number;
  readonly maxLife: number;
  /** File of suppressions; `false`: none at all. */
  readonly suppressions?: string | false;
  /** For the format `suppressions`. */
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
}

/**
 * Compares what is declared with what is live.
 *
 * @returns 0 clean, 7 findings, 1 when anything could not be read
 */
export async function audit(context: OperationContext, choices: AuditChoices): Promise<ExitCode> {
  const generated = choices.format === "suppressions" ? generatorChoices(choices) : undefined;
  if (!generated) refuseGeneratorChoices(choices);
  const further = readReportChoices(choices.report ?? [], context.cwd);
  const { project, declaration } = await openStack(context);
  if (generated) refuseLastDay(generated.expires, declaration.asOf);
  const { suppressions: file } = choices;
  const suppressions =
    file === false
      ? []
      : await readSuppressions(
          project.folder,
          declaration.stack,
          file === undefined ? undefined : resolve(context.cwd, file),
          declaration.asOf,
        );
  const { report } = await withCloud(context, declaration, ({ client: cloud }) =>
    auditStack({
      declaration,
      cloud: cloud.batched(),
      console: context.console,
      limits: { warnDays: choices.warn, maximumLifeDays: choices.maxLife },
      suppressions,
    }),
  );
  const lines = await stackFileLines(project, declaration.stack, context.stackFile);
  const writer = new ReportWriter(report, lines, context);
  if (generated) await context.console.result(suppressionsOf(report.findings, generated));
  else await writer.toConsole(choices.format === "suppressions" ? "text" : choices.format);
  for (const { format, file: target } of further) await writer.toFile(format, target);
  if (generated) return report.coverage.complete ? exitCode.ok : exitCode.failed;
  return codes[report.verdict];
}

const codes: Readonly<Record<AuditReport["verdict"], ExitCode>> = {
  clean: exitCode.ok,
  findings: exitCode.differences,
  incomplete: exitCode.failed,
};

/** What is only for the format `suppressions` would be without an effect. */
function refuseGeneratorChoices(choices: AuditChoices): void {
  const given = (["reason", "owner", "expires"] as const).filter((name) => choices[name] !== undefined);
  if (given.length === 0) return;
  throw new OperationError(
    `${given.map((name) => `--${name}`).join(" and ")} ${given.length === 1 ? "is" : "are"} for suppressions only.`,
    { cure: `Add --format suppressions, or leave ${given.length === 1 ? "it" : "them"} out.` },
  );
}

function generatorChoices({ reason, owner, expires }: AuditChoices): {
  reason: string;
  owner: string;
  expires: string;
} {
  if (!reason || !owner || expires === undefined || parseCalendarDay(expires) === undefined) {
    throw new OperationError("Suppressions need a reason, an owner and a last day.", {
      cure: 'Add --reason "…", --owner "…" and --expires 2027-03-31.',
    });
  }
  return { reason, owner, expires };
}
