import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { exitCode, type ExitCode, messageOf, OperationError, type OperationIo } from "dicom-ops";
import { ensurePulumiCli, ToolchainError } from "entra-sandbox";
import { lookForDrift } from "./lookForDrift";
import { rotationTargets } from "./plannedChange";
import { previewForReview } from "./previewForReview";

/** What a pipeline's command works with. */
export interface PipelineContext {
  readonly io: OperationIo;
  /** Path of the Pulumi CLI. */
  readonly cli: string;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  readonly stack: string;
  /** Folder for the reports. */
  readonly reports: string;
}

interface Choices {
  readonly stack: string;
  readonly reports: string;
}

/** The folder of this project's Pulumi.yaml. */
const projectFolder = resolve(__dirname, "..");

/**
 * Runs one of the commands that the pipelines are made of.
 *
 * @param argv the command and its options, without the names of the interpreter and the script
 * @returns the exit code: 0 fine, 1 failed, 7 differences found
 */
export async function runPipelineCommand(argv: readonly string[], io: OperationIo): Promise<ExitCode> {
  let outcome: ExitCode = exitCode.ok;
  const run =
    (work: (context: PipelineContext) => Promise<ExitCode>) =>
    async ({ stack, reports: folder }: Choices): Promise<void> => {
      const { path: cli } = await ensurePulumiCli({
        env: io.env,
        progress: (line) => io.stderr.write(`${line}\n`, () => undefined),
      });
      const reports = resolve(io.cwd, folder);
      await mkdir(reports, { recursive: true });
      outcome = await work({ io, cli, folder: projectFolder, stack, reports });
    };
  const program = new Command("pipeline")
    .description("What the pipelines ask of a stack. Nothing is changed.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text, () => undefined),
      writeErr: (text) => void io.stderr.write(text, () => undefined),
    })
    .showHelpAfterError("(add --help for what there is)");
  const command = (name: string, description: string, files: string): Command =>
    program
      .command(name)
      .description(description)
      .requiredOption("--stack <name>", "the stack, such as dev")
      .requiredOption("--reports <folder>", "where the reports are written to")
      .addHelpText("after", files);
  command(
    "preview",
    "preview an update and write it as a comment for a pull request",
    `
Writes comment.md. Pulumi's output goes to stderr.

Exit codes: 0 previewed, 1 the preview failed; the comment says why.`,
  ).action(run(previewForReview));
  command(
    "drift",
    "look for drift, and tell it from a rotation that is due",
    `
Asks whether the cloud differs from what was deployed (pulumi refresh --preview-only), what an update would change
(pulumi preview --refresh), where the credentials stand (ops status) and whether anything is there that nobody has
declared (ops audit). Prints the verdict: clean, rotation or drift. Writes report.md, drift.json, audit.html and audit.sarif.

Exit codes: 0 clean, 7 drift or a rotation that is due, 1 failed or not everything could be read.`,
  ).action(run(lookForDrift));
  program
    .command("rotation-targets")
    .description(
      "print what an update is limited to when only a rotation is to be applied (pulumi up --target)",
    )
    .action(() => void io.stdout.write(`${rotationTargets.join("\n")}\n`, () => undefined));
  try {
    await program.parseAsync([...argv], { from: "user" });
    return outcome;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCode.ok : exitCode.failed;
    }
    const { cause, cure } = error instanceof OperationError ? error.explanation : {};
    const isKnown = error instanceof OperationError || error instanceof ToolchainError;
    io.stderr.write(
      [
        isKnown ? messageOf(error) : `An unexpected error, which is a defect: ${messageOf(error)}`,
        ...(cause === undefined ? [] : [`Cause: ${cause}`]),
        ...(cure === undefined ? [] : [`Cure: ${cure}`]),
        "",
      ].join("\n"),
      () => undefined,
    );
    return exitCode.failed;
  }
}
