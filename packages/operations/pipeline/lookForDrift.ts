import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonText } from "dicom-service-client/model";
import { auditReportSchema, type AuditReport } from "../audit/auditReport";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { StackStatus } from "../status/stackStatus";
import { driftReport } from "./driftReport";
import type { PipelineContext } from "./pipelineContext";
import { changesOfPreview, type PlannedChange } from "./plannedChange";
import type { PulumiRun } from "./pulumiRun";
import { judgeDrift } from "./stackDrift";

/**
 * Asks everything about drift, writes the reports and publishes `verdict` and `rotation`. Nothing is written to the state.
 *
 * @param reports folder for the reports
 * @returns 0 clean, 7 drift or a rotation that is due
 * @throws OperationError when a question was not answered: then nothing is known, and no report is written
 */
export async function lookForDrift(context: PipelineContext, reports: string): Promise<ExitCode> {
  const { io, stack, output } = context;
  const live = await ask(context, ["refresh", "--preview-only"]);
  const { run: declared, changes } = await askForChanges(context);
  const status = JSON.parse(await operate(context, ["status"])) as StackStatus;
  const audit = await auditOf(context, reports);
  const drift = judgeDrift({ liveDiffers: live.code === exitCode.differences, changes, status, audit });
  const report = join(reports, "report.md");
  await writeFile(report, driftReport({ stack, drift, live: live.output, declared: declared.output, audit }));
  await writeFile(join(reports, "drift.json"), `${jsonText({ version: 1, stack, ...drift })}\n`);
  await output.publish("verdict", drift.verdict);
  await output.publish("rotation", String(drift.rotationDue));
  await output.summarize(report);
  if (drift.verdict !== "clean") output.warn(`Stack ${stack}: ${drift.verdict}`);
  io.stdout.write(`${drift.verdict}\n`, () => undefined);
  return drift.verdict === "clean" ? exitCode.ok : exitCode.differences;
}

/** Asks the Pulumi CLI one question whose answer is yes (7) or no (0). */
async function ask(
  { pulumi }: PipelineContext,
  question: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<PulumiRun> {
  const run = await pulumi([...question, "--expect-no-changes", "--diff", "--suppress-outputs"], env);
  if (run.code !== exitCode.ok && run.code !== exitCode.differences) {
    throw new OperationError(`pulumi ${question.join(" ")} failed with exit code ${run.code}.`, {
      cure: "See its output above. Until that is fixed, nothing is known about drift.",
    });
  }
  return run;
}

async function askForChanges(
  context: PipelineContext,
): Promise<{ readonly run: PulumiRun; readonly changes: readonly PlannedChange[] }> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-events-"));
  try {
    const log = join(folder, "events.jsonl");
    // The event log is among the options that the CLI shows to its developers only; the Automation API uses it, too.
    const run = await ask(context, ["preview", "--refresh", "--event-log", log], {
      PULUMI_DEBUG_COMMANDS: "true",
    });
    return { run, changes: changesOfPreview(await readFile(log, "utf8")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function auditOf(context: PipelineContext, reports: string): Promise<AuditReport> {
  const files = ["html", "sarif"].map((format) => `${format}=${join(reports, `audit.${format}`)}`);
  return auditReportSchema.parse(JSON.parse(await operate(context, ["audit", "--report", ...files])));
}

/** Runs an operation and returns its JSON. */
async function operate(context: PipelineContext, command: readonly string[]): Promise<string> {
  const { code, stdout } = await context.operate([...command, "--format", "json"]);
  if (code !== exitCode.ok && code !== exitCode.differences) {
    throw new OperationError(`dicom-ops ${command[0] ?? ""} failed with exit code ${code}.`, {
      cure: "See its output above. Until that is fixed, nothing is known about drift.",
    });
  }
  return stdout;
}
