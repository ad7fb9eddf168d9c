import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ConfigError, maximumLifetimeDays } from "dicom-service-client/model";
import { addCompletion } from "./commands/completion";
import { addJsonOptions } from "./commands/jsonOption";
import { cliContext, type OperationContext, UsageChecked } from "./commands/operation";
import { addPipelineCommand } from "./commands/pipeline";
import { addPipelinesCommand } from "./commands/pipelines";
import { adopt, type AdoptChoices } from "./commands/adopt";
import { audit, type AuditChoices } from "./commands/audit";
import { handover, type HandoverChoices } from "./commands/handover";
import { retire, type RetireChoices } from "./commands/retire";
import { init, type InitChoices } from "./commands/init";
import { map, mapFormats } from "./commands/map";
import { runPreflight, type PreflightChoices } from "./commands/preflight";
import { rights, type RightsChoices } from "./commands/rights";
import { status, type StatusChoices } from "./commands/status";
import { verify, type VerifyChoices } from "./commands/verify";
import { wholeDays } from "./commands/wholeDays";
import { TransportFailure } from "./cloud/transportFailure";
import { reportFormats } from "./audit/reportWriter";
import { Console } from "./console/console";
import { lineWidth, wrapped } from "./console/wrapped";
import { exitCode, type ExitCode } from "./exitCode";
import { type Explanation, messageOf, OperationError } from "./operationError";
import { credentialKinds } from "./init/newClient";
import type { OperationIo } from "./operationIo";
import { packageVersion } from "./packageVersion";
import { selectedStack } from "./project/pulumiProject";
import { readings } from "./rights/reading";
import { targetNames } from "./handover/targets";
import { defaultUnusedDays, reportDelayDays } from "./retire/unused";
import { purposes } from "./rights/rightsReport";
import { roleCacheSeconds } from "./verify/serviceStage";

interface GlobalChoices {
  readonly stack?: string;
  readonly cwd?: string;
  readonly stackFile?: string;
  readonly debug?: boolean;
  readonly verbose?: boolean;
  readonly usageOnly?: boolean;
}

/**
 * Runs one command of the operations' command line.
 *
 * @param argv the command and its options, without the names of the interpreter and the script
 * @returns the exit code: 0 fine, 1 failed, 7 differences found, 130 interrupted
 */
export async function runOperation(argv: readonly string[], io: OperationIo): Promise<number> {
  const console = new Console(io);
  const said: string[] = [];
  let outcome: ExitCode = exitCode.ok;
  let isDebug = argv.includes("--debug");
  const contextOf = ({
    cwd = ".",
    debug = false,
    verbose = false,
    usageOnly = false,
  }: GlobalChoices): Omit<OperationContext, "stack"> => {
    isDebug = debug;
    return { console, env: io.env, cwd: io.cwd, folder: resolve(io.cwd, cwd), verbose, usageOnly };
  };
  const finish: Finish = async (work) => {
    const choices = program.opts<GlobalChoices>();
    const base = contextOf(choices);
    const stack = choices.stack ?? (base.usageOnly ? "" : await selectedStack(cliContext(base)));
    const context = { ...base, stack };
    if (choices.stackFile === undefined) {
      outcome = await work(context);
      return;
    }
    const stackFile = resolve(io.cwd, choices.stackFile);
    await access(stackFile).catch((error: unknown) => {
      throw new OperationError("The file of --stack-file cannot be read.", {
        cause: messageOf(error),
        error,
      });
    });
    outcome = await work({ ...context, stackFile });
  };
  const finishWithoutStack = async (
    unused: readonly ("stack" | "cwd")[],
    work: (context: Omit<OperationContext, "stack">) => Promise<ExitCode>,
  ): Promise<void> => {
    const choices = program.opts<GlobalChoices>();
    const given = program.options.filter((option) =>
      unused.some((name) => name === option.attributeName() && choices[name] !== undefined),
    );
    if (given.length > 0) {
      return program.error(
        `error: this command does nothing with ${given.map(({ long }) => long).join(" and ")}; leave it out`,
      );
    }
    const context = contextOf(choices);
    if (!context.usageOnly) outcome = await work(context);
  };
  const program = commandLine(finish, said);
  addPipelineCommand(program, {
    io,
    operate: (argv, env) => collectOutput(argv, { ...io, env }),
    finish,
    finishWithoutStack: (work) => finishWithoutStack(["stack", "cwd"], work),
  });
  addInitCommand(program, (choices) =>
    finishWithoutStack([], (context) => {
      const { stack, stackFile } = program.opts<GlobalChoices>();
      return init(
        {
          ...context,
          ...(stack === undefined ? {} : { stack }),
          ...(stackFile === undefined ? {} : { stackFile: resolve(io.cwd, stackFile) }),
          ...(io.terminal === undefined ? {} : { terminal: io.terminal }),
        },
        choices,
      );
    }),
  );
  addPipelinesCommand(
    program,
    (work) => finishWithoutStack(["stack"], work),
    (argv) => collectOutput(argv, io),
  );
  addJsonOptions(program);
  // The sandbox tells every command of its user's stack file.
  if (!io.env["ENTRA_SANDBOX_COMMAND"]) program.hook("preAction", refuseStackFile);
  refuseWithoutEffect(program);
  addCompletion(program, (work) =>
    finishWithoutStack(["stack", "cwd"], async () => {
      await console.result(work());
      return exitCode.ok;
    }),
  );
  try {
    await program.parseAsync([...argv], { from: "user" });
    return outcome;
  } catch (error) {
    if (error instanceof CommanderError) {
      const isHelp = error.exitCode === 0;
      await (isHelp ? console.result(said.join("")) : console.writeError(said.join("")));
      return isHelp ? exitCode.ok : exitCode.failed;
    }
    if (error instanceof UsageChecked) return exitCode.ok;
    if (io.signal?.aborted) {
      await console.writeError("Interrupted.\n");
      return exitCode.interrupted;
    }
    await console.writeError(explanation(error, isDebug));
    return exitCode.failed;
  }
}

/** Runs a command, and keeps what it writes as its result. */
async function collectOutput(
  argv: readonly string[],
  io: OperationIo,
): Promise<{ readonly code: number; readonly stdout: string }> {
  let stdout = "";
  const code = await runOperation(argv, {
    ...io,
    stdout: {
      write(text, done) {
        stdout += text;
        done();
      },
    },
  });
  return { code, stdout };
}

type Finish = (work: (context: OperationContext) => Promise<ExitCode>) => Promise<void>;

function commandLine(finish: Finish, said: string[]): Command {
  const program = new Command("dicom-ops")
    .description("Day-2 operations for the clients of a stack. They change nothing unless stated.")
    .version(packageVersion())
    .option("-s, --stack <name>", "the stack, such as dev (default: the one that is selected)")
    .option("-C, --cwd <folder>", "folder of the Pulumi project (default: the current one)")
    .option(
      "--stack-file <file>",
      "the stack file that you maintain, if the one in the project's folder is a copy: adopt, init and retire --apply write to it, SARIF reports name its lines",
    )
    .option("--verbose", "in the text of audit and status: also show what is as it should be")
    .option("--debug", "show the full error when something fails")
    // For who has something to start before a command, such as the sandbox.
    .addOption(new Option("--usage-only", "only check the arguments, and run nothing").hideHelp())
    .addHelpText(
      "after",
      `
Options may come before or after the command.

Examples:
  dicom-ops status --stack prod
  dicom-ops status --stack prod --warn 14 --format json

Exit codes: 0 fine, 1 failed, 7 differences found.`,
    );
  // Subcommands inherit the settings, so they come first.
  program
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void said.push(paragraphs(text)),
      writeErr: (text) => void said.push(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError("(add --help to list them)")
    .hook("preAction", refuseVerbose);

  program
    .command("preflight")
    .description("find out before pulumi up what the tenant and the key vaults would refuse of it")
    .addOption(formatOption(["text", "json"]))
    .option(
      "--identity <object id>",
      "service principal that will deploy (default: the configuration's deployingIdentity, or who is signed in)",
    )
    .addHelpText(
      "after",
      `
Reads only, and looks only at what the next update changes: app management policies, the deploying identity's rights, names that are
taken, quotas, key vaults, and consents that exist already. Roles and DICOM services that do not exist are found by pulumi preview.

Examples:
  dicom-ops preflight --stack dev
  dicom-ops preflight --stack prod --identity 00000000-0000-0000-0000-000000000000 --format json

Exit codes: 0 nothing stands in the way, 7 something does, 1 failed or not everything could be read.`,
    )
    .action((choices: PreflightChoices) => finish((context) => runPreflight(context, choices)));

  program
    .command("status")
    .description("show the state of every credential: life used, days left, overlap, next rotation")
    .addOption(formatOption(["text", "json"]))
    .option(
      "--warn <days>",
      "exit with 7 when a credential ends within this many days, or is overdue",
      wholeDays,
    )
    .option(
      "--last-used",
      "ask Microsoft Graph when secrets and certificates were last used, where it may be read",
    )
    .addHelpText(
      "after",
      `
Uses only the stack's configuration, its state and the schedule; only --last-used makes requests to a cloud. If the last use cannot be
read, it says so, and the rest is the same.

Examples:
  dicom-ops status --stack prod
  dicom-ops status --stack prod --warn 14 --format json
  dicom-ops status --stack prod --last-used

Exit codes: 0 fine, 1 failed, 7 something needs attention (only with --warn).`,
    )
    .action((choices: StatusChoices) => finish((context) => status(context, choices)));

  program
    .command("verify")
    .description("prove that clients work: credential, token, claims, role, service")
    .addOption(formatOption(["text", "json"]))
    .option("--client <name...>", "only these clients")
    .option(
      "--wait [seconds]",
      `wait for new roles to take effect (default ${roleCacheSeconds} s, the longest that a DICOM service takes)`,
      waitSeconds,
    )
    .option("--write", "store an invented instance (STOW-RS) and delete it again, where the client may")
    .option("--certificate-key <file>", "private key (PEM) of a declared certificate, to verify that too")
    .option(
      "--federated-token <file>",
      "token of a declared issuer, or of a managed identity that is a client, to verify that too",
    )
    .addHelpText(
      "after",
      `
Gets a token with each published credential, as consumers do, and searches for studies on each DICOM service.

Examples:
  dicom-ops verify --stack dev
  dicom-ops verify --stack dev --wait
  dicom-ops verify --stack dev --client imaging-gateway --write --format json

A client works when at least one of its credentials was tried to the end and nothing failed. Run where a consumer runs (a pod, GitHub
Actions, Azure Pipelines, a managed identity), it tries the federated credential, or the identity itself, with the token of that place.

Exit codes: 0 every client works, 7 nothing of a client could be tried, 1 a stage failed.`,
    )
    .action((choices: VerifyChoices) => finish((context) => verify(context, choices)));
  program
    .command("audit")
    .description("compare what is declared with what is live, and report everything undeclared")
    .addOption(formatOption([...reportFormats, "suppressions"]))
    .option(
      "--report <format=file...>",
      `write further reports of the same run; formats: ${reportFormats.join(", ")}`,
    )
    .option("--warn <days>", "report credentials that end within this many days", wholeDays, 14)
    .option(
      "--max-life <days>",
      "report credentials that live longer than this many days",
      wholeDays,
      maximumLifetimeDays,
    )
    .option(
      "--suppressions <file>",
      "findings accepted until a date (default: audit-suppressions.<stack>.yaml, if it exists)",
    )
    .option("--no-suppressions", "count accepted findings, too")
    .option("--reason <text>", "with --format suppressions: why today's findings are accepted")
    .option("--owner <name>", "with --format suppressions: who is responsible for that")
    .option("--expires <date>", "with --format suppressions: the last UTC day on which they count")
    .addHelpText(
      "after",
      `
Read-only. What could not be read is never reported as clean.

Examples:
  dicom-ops audit --stack prod
  dicom-ops audit --stack prod --warn 30 --format json
  dicom-ops audit --stack prod --report html=audit.html sarif=audit.sarif markdown=$GITHUB_STEP_SUMMARY
  dicom-ops audit --stack prod --format suppressions --reason "before the takeover" --owner pacs-team --expires 2027-03-31

Exit codes: 0 clean, 7 findings, 1 failed or not everything could be read.`,
    )
    .action((choices: AuditChoices) => finish((context) => audit(context, choices)));
  program
    .command("map")
    .description(
      "draw the clients: what they sign in with, what they may do and where, and what nobody declared",
    )
    .addOption(new Option("--format <format>", "how to draw it").choices(mapFormats).default("markdown"))
    .addHelpText(
      "after",
      `
Reads what an audit reads, and marks what is undeclared, changed, missing or not issued yet. markdown is a Mermaid diagram, which
GitHub, GitLab and Azure DevOps show as a picture; html is a page without scripts.

Examples:
  dicom-ops map --stack prod > map.md
  dicom-ops map --stack prod --format html > map.html

Exit codes: 0 drawn, 1 failed or not everything could be read.`,
    )
    .action((choices: Parameters<typeof map>[1]) => finish((context) => map(context, choices)));
  program
    .command("adopt")
    .description("adopt a registration that was created by hand; without --apply, only show how")
    .argument("<registration>", "client id, object id or display name of the application")
    .addOption(formatOption(["text", "json"]))
    .option("--as <name>", "name of the client in the stack (default: derived from the display name)")
    .option("--apply", "add the client to the stack file and import it; undone unless nothing differs")
    .option("--config-out <file>", "also write the configuration block to a file")
    .option("--import-out <file>", "also write the import file to a file")
    .option(
      "--backup <path>",
      "prefix of the backup files (default: adopt-<stack>-<client>-<time> in this folder)",
    )
    .addHelpText(
      "after",
      `
Everything is rehearsed with the program, the engine and the providers on a separate state, so the plan is proven. --apply changes
the stack file and the state, never the tenant. Secrets cannot be imported; they are listed in the order in which to retire them.

Examples:
  dicom-ops adopt "Old gateway" --stack prod
  dicom-ops adopt 00000000-0000-0000-0000-000000000000 --as old-gateway --stack prod
  dicom-ops adopt "Old gateway" --as old-gateway --stack prod --apply

Exit codes: 0 can be adopted or has been, 7 something differs, which --apply refuses, 1 failed.`,
    )
    .action((registration: string, choices: AdoptChoices) =>
      finish((context) => adopt(context, registration, choices)),
    );
  program
    .command("handover")
    .description("write ready settings for the consumers of clients, without any secret")
    .argument("[client...]", "names of clients (default: all)")
    .addOption(
      new Option("--for <consumer>", "what the settings are for").choices(targetNames).makeOptionMandatory(),
    )
    .option("--out <folder>", "write a file for each client into this folder")
    .addHelpText(
      "after",
      `
The secret itself is never written: the settings name the key vault, or the command with which somebody who is allowed to can read it
from the stack. Clients without a secret get settings for their federated token or certificate.

Examples:
  dicom-ops handover imaging-gateway --for python --stack prod > gateway.py
  dicom-ops handover --for env --out handover --stack prod

Exit codes: 0 written, 1 failed.`,
    )
    .action((names: readonly string[], choices: HandoverChoices) =>
      finish((context) => handover(context, names, choices)),
    );
  program
    .command("retire")
    .description("find out whether anybody still uses old credentials, and remove those that nobody uses")
    .addOption(formatOption(["text", "json"]))
    .option("--client <name...>", "only these clients")
    .option(
      "--unused-days <days>",
      "days without a use after which a credential counts as unused",
      unusedDays,
      defaultUnusedDays,
    )
    .option("--apply", "retire what is unused, after the plan has been shown; keeps a record")
    .option(
      "--record <file>",
      "the record, to which is added (default: retirements.<stack>.jsonl in the project)",
    )
    .addHelpText(
      "after",
      `
Old credentials are undeclared secrets, such as those of an adopted registration, and the schedule's previous secret. A report of
Microsoft Graph (beta, public cloud only, AuditLog.Read.All) says when they were last used. It can be late, so ${reportDelayDays} days are added to
--unused-days. A secret is unused if its last use is longer ago than that and a declared credential has been used since. If the report
says nothing about a secret, or cannot be read, nothing is removed.

Undeclared secrets are removed from the tenant. The previous secret is in the state, so it is marked as retired in the stack file, and
the next pulumi up removes it. This command never removes certificates or federated credentials.

Examples:
  dicom-ops retire --stack prod
  dicom-ops retire --stack prod --client imaging-gateway --unused-days 30
  dicom-ops retire --stack prod --apply

Exit codes: 0 nothing to retire, or done; 7 something can be retired; 1 failed or not everything could be read.`,
    )
    .action((choices: RetireChoices) => finish((context) => retire(context, choices)));
  program
    .command("rights")
    .description("show the least privilege that this stack needs, and why")
    .addOption(formatOption(["text", "json", "commands"]))
    .addOption(
      new Option("--for <purpose>", "one identity only (default: deploy and drift)").choices(purposes),
    )
    .addOption(
      new Option("--reading <reading>", "how to read contradictory documentation")
        .choices(readings)
        .default("strict"),
    )
    .option("--check", "compare with what the identity holds (for deploy, unless --for is given)")
    .option("--identity <object id>", "service principal to compare with (default: who is signed in)")
    .addHelpText(
      "after",
      `
Without --check no request is made to any cloud. "commands" writes a script for az. Where sources disagree, both readings are shown; the
strict one counts on nothing that any source denies.

Examples:
  dicom-ops rights --stack prod
  dicom-ops rights --stack prod --for drift --format commands > grant.sh
  dicom-ops rights --stack prod --check

Exit codes: 0 fine, 1 failed or undecided, 7 rights are missing or in excess (only with --check).`,
    )
    .action((choices: RightsChoices) => finish((context) => rights(context, choices)));
  return program;
}

function addInitCommand(program: Command, run: (choices: InitChoices) => Promise<void>): void {
  program
    .command("init")
    .description("declare a client in a stack file and show the preview; asks for whatever is missing")
    .option("--dicom-service <id>", "resource id of the DICOM service (otherwise you choose from a list)")
    .option("--client <name>", "name of the client in the stack")
    .option(
      "--display-name <name>",
      "display name of the application (default: derived from the client's name)",
    )
    .addOption(new Option("--role <role>", "what it may do").choices(["reader", "owner"]))
    .addOption(new Option("--credential <kind>", "how it signs in").choices(credentialKinds))
    .option("--issuer <url>", "of a federated credential: issuer of its tokens")
    .option("--subject <subject>", "of a federated credential: their subject")
    .option("--certificate <file>", "of a certificate: its PEM file")
    .addOption(
      new Option("--consent <mode>", "who consents to the API permission")
        .choices(["managed", "external"])
        .default("managed"),
    )
    .option("--no-preview", "only write the file")
    .addHelpText(
      "after",
      `
Signs in as az does, lists the DICOM services that you can see, and reads what the tenant's policy says about secrets. On a terminal it
asks five questions; without one, --stack, --client and --dicom-service are required. Clients that are already in the file stay as they
are. If the stack does not exist yet, it is created for the preview.

Examples:
  dicom-ops init
  dicom-ops init --stack dev --client imaging-gateway --dicom-service <resource id> --role reader

Exit codes: 0 written, 1 failed.`,
    )
    .action(run);
}

/** A help whose paragraphs are as broad as a terminal; lists, examples and what else is indented stay as they are. */
function paragraphs(help: string): string {
  return help
    .split("\n\n")
    .map((part) =>
      /^ /m.test(part) ? part : wrapped(part.trim().replaceAll("\n", " "), lineWidth).join("\n"),
    )
    .join("\n\n")
    .concat(help.endsWith("\n") ? "\n" : "");
}

/**
 * Refuses an option that is given twice, or together with its negation: all but the last one would be without an effect; and one whose
 * value is empty, as of a variable that is not set.
 */
function refuseWithoutEffect(command: Command): void {
  const given = new Map<string, string>();
  for (const option of command.options) {
    const name = option.long ?? option.flags;
    command.on(`option:${option.name()}`, (value: unknown) => {
      if (typeof value === "string" && value.trim() === "") {
        command.error(`error: ${name} is empty; give it a value, or leave it out`);
      }
      if (option.variadic) return;
      const before = given.get(option.attributeName());
      if (before === name) command.error(`error: ${name} is given twice; give it once`);
      if (before !== undefined) command.error(`error: ${before} and ${name} exclude each other; give one`);
      given.set(option.attributeName(), name);
    });
  }
  command.commands.forEach(refuseWithoutEffect);
}

/** The commands whose text leaves out what is as it should be. */
const terse = ["audit", "status"];

function refuseVerbose(program: Command, command: Command): void {
  const { format, json } = command.opts<{ readonly format?: string; readonly json?: boolean }>();
  if (program.opts<GlobalChoices>().verbose !== true) return;
  if (terse.includes(command.name()) && format === "text" && json !== true) return;
  command.error(`error: --verbose is for the text of ${terse.join(" and ")}; leave it out`);
}

/** Whether a command writes into the stack file or names its lines. */
function usesStackFile(command: Command): boolean {
  const {
    apply,
    format,
    report = [],
  } = command.opts<{
    readonly apply?: boolean;
    readonly format?: string;
    readonly report?: readonly string[];
  }>();
  switch (command.name()) {
    case "adopt":
    case "init":
      return true;
    case "retire":
      return apply === true;
    case "audit":
      return format === "sarif" || report.some((one) => one.startsWith("sarif="));
    default:
      return false;
  }
}

function refuseStackFile(program: Command, command: Command): void {
  const { stackFile, usageOnly } = program.opts<GlobalChoices>();
  if (stackFile === undefined || usageOnly === true || usesStackFile(command)) return;
  command.error(
    "error: --stack-file is for adopt, init, retire --apply and the SARIF reports of audit; leave it out",
  );
}

function waitSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds > 3600) {
    throw new InvalidArgumentError("Write whole seconds, 0 to 3600.");
  }
  return seconds;
}

/** A consumer that signs in less often than every day could not be told from one that has gone. */
function unusedDays(text: string): number {
  const days = wholeDays(text);
  if (days === 0) throw new InvalidArgumentError("Write 1 day or more.");
  return days;
}

function formatOption(formats: readonly string[]): Option {
  return new Option("--format <format>", "how to write the result").choices([...formats]).default("text");
}

/** Message, cause and cure; with `--debug` the rest. */
function explanation(error: unknown, isDebug: boolean): string {
  const known = knownProblem(error);
  const { message = messageOf(error), cause, cure } = known ?? {};
  const lines = [
    known ? message : `Unexpected error, a bug in this command: ${messageOf(error)}`,
    ...(cause === undefined ? [] : [`Cause: ${cause}`]),
    ...(cure === undefined ? [] : [`Fix: ${cure}`]),
    ...(isDebug ? [errorWithCauses(error)] : known ? [] : ["Run it again with --debug for the details."]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What is known about a problem of the user's; undefined of a defect. */
function knownProblem(error: unknown): (Explanation & { readonly message?: string }) | undefined {
  if (isOfFile(error)) return { message: `${error.path} cannot be used.`, cause: error.message };
  if (error instanceof OperationError) return error.explanation;
  if (error instanceof TransportFailure) return { cure: error.cure };
  return error instanceof ConfigError ? {} : undefined;
}

/** What the operating system says of a file or folder, such as that it may not be written to. */
function isOfFile(error: unknown): error is Error & { readonly path: string } {
  return (
    error instanceof Error &&
    "path" in error &&
    typeof error.path === "string" &&
    "syscall" in error &&
    !String(error.syscall).startsWith("spawn")
  );
}

function errorWithCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\nCaused by: ${errorWithCauses(error.cause)}`;
}
