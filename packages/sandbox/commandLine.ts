import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { addCompletion } from "./commands/completion";
import { destroy } from "./commands/destroy";
import { drift } from "./commands/drift";
import { exec, projectCommand } from "./commands/exec";
import { output } from "./commands/output";
import { portal, portalCommand } from "./commands/portal";
import { preview, type PreviewChoices } from "./commands/preview";
import { refresh } from "./commands/refresh";
import { reset } from "./commands/reset";
import { serveTenant } from "./commands/serve";
import { up } from "./commands/up";
import { packageVersion } from "./packageRoot";
import type { PolicyChoices } from "./runner/policyOptions";
import type { Interruption } from "./runner/interruption";
import { invocation, type Project } from "./runner/project";
import { type ProviderChoice, providerChoices } from "./runner/providers";
import { SandboxFolder } from "./runner/sandboxFolder";
import type { SessionOptions } from "./runner/session";

interface GlobalChoices {
  readonly provider: ProviderChoice;
  readonly folder?: string;
  readonly verbose?: boolean;
  readonly config?: string;
  readonly log?: string;
  readonly fixedWaits?: boolean;
}

/** What the sandbox's command line works with. */
export interface SandboxIo {
  /** Absent outside of a project, where help and completion are all that there is. */
  readonly project?: Project;
  /** Why there is none. */
  readonly withoutProject?: unknown;
  /** The user's own environment, for what is not to be shielded from it. */
  readonly userEnvironment: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Tells the user something. */
  readonly note: (line: string) => void;
  /** Is told how far something has come; nothing takes that off the terminal again. */
  readonly progress: (line: string | undefined) => void;
  /** Runs a command, which resolves with its exit code, and reports its failure. */
  readonly finish: (work: () => Promise<number>) => Promise<void>;
}

/** The sandbox's commands and their help; parsing arguments runs one. */
export function commandLine(io: SandboxIo): Command {
  const { project, userEnvironment, interruption, note, progress, finish } = io;
  const program = new Command("entra-sandbox")
    .version(packageVersion())
    .description(
      "Deploys a Pulumi project into an embedded Entra tenant, with the real Pulumi engine and no cloud.",
    )
    .addOption(
      new Option("--provider <which>", "provider plugins: real ones where available (auto), or only one kind")
        .choices(providerChoices)
        .default("auto"),
    )
    .option("--folder <path>", "where the sandbox keeps its state (default: .sandbox beside Pulumi.yaml)")
    .option("--config <file>", "stack file to deploy instead of Pulumi.sandbox.yaml")
    .option("--log <file>", "append one JSON line per request to the tenant to a file, with secrets masked")
    .option("--verbose", "show everything the engine says, and which plugins are used and why")
    .option("--fixed-waits", "make stand-ins wait as long as the real plugins do")
    .addHelpText(
      "after",
      `
Examples:
  ${invocation} up
  ${invocation} preview --diff
  ${invocation} preview --policy-pack policy
  ${invocation} portal rename imaging-gateway "By hand"
  ${invocation} portal add-secret imaging-gateway
  ${invocation} drift
  ${invocation} output --show-secrets
  ${invocation} exec -- pulumi stack export

Exit codes: 0 done, 1 failed, 7 differences found, 130 interrupted.`,
    )
    .showHelpAfterError("(add --help to list them)");

  program
    .command("up")
    .description("deploy the stack")
    .addOption(policyPackOption())
    .addOption(policyPackConfigOption())
    .action(async (choices: PolicyChoices) => finish(() => up(session(), choices)));

  program
    .command("preview")
    .description("show what up would change, after refreshing from the tenant")
    .option("--expect-no-changes", "exit with 7 when anything would change")
    .option("--diff", "show changes property by property")
    .addOption(policyPackOption())
    .addOption(policyPackConfigOption())
    .action(async (choices: PreviewChoices) => finish(() => preview(session(), choices)));

  program
    .command("refresh")
    .description("update the stack's state from the live tenant")
    .action(() => finish(() => refresh(session())));

  program
    .command("drift")
    .description("look for drift both ways; exits with 7 if there is any, and changes nothing")
    .action(() => finish(() => drift(session())));

  program
    .command("destroy")
    .description("delete everything the stack created")
    .action(() => finish(() => destroy(session())));

  program
    .command("output")
    .description("print one output of the stack, or all of them as JSON")
    .argument("[name]", "the output's name")
    .option("--show-secrets", "print the values of secrets")
    .option("--json", "print JSON, even for a single string")
    .action(async (name: string | undefined, choices: { showSecrets?: boolean; json?: boolean }) =>
      finish(() => output(session(), name, choices)),
    );

  program.addCommand(portalCommand((action, values) => finish(() => portal(session(), action, values))));

  program
    .command("exec")
    .description(
      "run a command with the sandbox's environment; pulumi is run in the sandbox's copy of the project",
    )
    .argument("<command...>", "the command and its arguments")
    .helpOption(false)
    .allowUnknownOption()
    .action((command: readonly string[], _options, self: Command) => {
      // The help is of the command to run, unless there is none.
      if (["-h", "--help"].includes(command[0] ?? "")) return self.help();
      return finish(() => exec(session(), command));
    });

  for (const [name, words] of Object.entries(project?.commands ?? {})) {
    program
      .command(name)
      .description(`run the project's own command: ${words.join(" ")}`)
      .argument("[arguments...]")
      .helpOption(false)
      .allowUnknownOption()
      .action((argv: readonly string[]) => finish(() => projectCommand(session(), words, argv)));
  }

  program
    .command("serve")
    .description("keep the tenant running in the foreground and print the environment that clients need")
    .option("--port <number>", "TCP port on 127.0.0.1 (default: the same as last time)", port)
    .addHelpText(
      "after",
      `
A Pulumi CLI then works on the tenant as on Entra, with your own backend and
stacks. In one terminal:
  ${invocation} serve > sandbox.env
In another, once the first says that it is serving:
  . ./sandbox.env
  export PULUMI_BACKEND_URL=file://$HOME PULUMI_CONFIG_PASSPHRASE=choose-one
  sed "s|\\\${ENTRA_SANDBOX_URL}|$ENTRA_SANDBOX_URL|; s|(sandbox)|(trial)|" Pulumi.sandbox.yaml > Pulumi.trial.yaml
  pulumi stack init trial && pulumi preview --diff && pulumi up --yes
The names are the stack's own, since the sandbox may have what up has deployed.

The Azure CLI, in a configuration of its own, with the same environment:
  export AZURE_CONFIG_DIR="$HOME/.azure-sandbox"
  az cloud register --name Sandbox --endpoint-active-directory "$ENTRA_SANDBOX_URL" --endpoint-resource-manager "$ENTRA_SANDBOX_URL" \\
    --endpoint-active-directory-resource-id "$ENTRA_SANDBOX_URL" --endpoint-microsoft-graph-resource-id "$ENTRA_SANDBOX_URL"
  az cloud set --name Sandbox && az config set core.instance_discovery=false
  az login --service-principal -u "$ARM_CLIENT_ID" -p "$ARM_CLIENT_SECRET" --tenant "$ARM_TENANT_ID"
Python's azure-identity takes authority=$ENTRA_SANDBOX_URL and
disable_instance_discovery=True; Terraform's azuread takes the ARM_ variables
as they are.

The bundles to trust (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE,
CURL_CA_BUNDLE) hold what your environment trusts already, plus the sandbox's
authority, and NO_PROXY gains this machine. Stand-ins replace missing plugins;
stderr says which. The one for the language host works on Linux and macOS.`,
    )
    .action(async (choices: { port?: number }) => {
      await finish(() => serveTenant(session(), choices.port, interruption.own));
    });

  program
    .command("reset")
    .description("forget the tenant and the stack, and start over")
    .action(() => finish(() => reset(folder(), note)));
  addCompletion(program);
  return program;

  function session(): SessionOptions {
    const { provider, config, log, fixedWaits, verbose = false } = globalChoices();
    return {
      project: thisProject(),
      folder: folder(),
      provider,
      userEnvironment,
      note,
      progress,
      verbose,
      fixedWaits: fixedWaits ?? false,
      ...(config === undefined ? {} : { config: resolve(config) }),
      ...(log === undefined ? {} : { log: resolve(log) }),
      signal: interruption.engine,
      interruption: interruption.own,
    };
  }

  function folder(): SandboxFolder {
    const { folder: named } = globalChoices();
    return new SandboxFolder(named === undefined ? join(thisProject().root, ".sandbox") : resolve(named));
  }

  /** @throws SandboxError outside of a project */
  function thisProject(): Project {
    if (project === undefined) throw io.withoutProject;
    return project;
  }

  function globalChoices(): GlobalChoices {
    return program.opts<GlobalChoices>();
  }
}

function policyPackOption(): Option {
  return new Option("--policy-pack <folder>", "check it with a policy pack");
}

function policyPackConfigOption(): Option {
  return new Option("--policy-pack-config <file>", "JSON file that configures the policy pack");
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new InvalidArgumentError("a port is a whole number from 1 to 65535");
  }
  return number;
}
