import { stat } from "node:fs/promises";
import { join } from "node:path";
import { OperationError } from "../operationError";
import { backendRefusals, type KnownRefusal } from "./backendRefusals";
import { readProjectName } from "./projectName";
import {
  type CliContext,
  PulumiCommandLine,
  PulumiFailure,
  type PulumiContext,
  runPulumiCli,
} from "./pulumiCommandLine";

/** One entry of the stack's configuration, as the CLI has read it. */
export interface ConfigValue {
  readonly value?: string;
  readonly objectValue?: unknown;
  readonly secret?: boolean;
}

/**
 * A stack of a project, read through the Pulumi CLI. Nothing is selected, written or refreshed: the CLI is run with `--stack`, and
 * only with commands that read.
 */
export class PulumiProject {
  private constructor(
    /** The project's name in Pulumi.yaml, which prefixes its config keys. */
    readonly name: string,
    /** The CLI as this project runs it. */
    readonly pulumi: PulumiCommandLine,
  ) {}

  /**
   * @throws OperationError when the folder is no Pulumi project
   */
  static async open(context: PulumiContext): Promise<PulumiProject> {
    return new PulumiProject(await projectNameIn(context.folder), new PulumiCommandLine(context));
  }

  get stack(): string {
    return this.pulumi.context.stack;
  }

  get folder(): string {
    return this.pulumi.context.folder;
  }

  /** The configuration by its full keys, such as `dicom-service-client:clients`, with the project's defaults, decrypted. */
  async config(): Promise<Readonly<Record<string, ConfigValue>>> {
    return (await this.json("config", "--json", "--show-secrets")) as Readonly<Record<string, ConfigValue>>;
  }

  /** The exported state. Secrets in it stay encrypted. */
  async exportedState(): Promise<unknown> {
    return this.json("stack", "export");
  }

  /** The stack's outputs with the values of secrets. */
  async outputsWithSecrets(): Promise<unknown> {
    return this.json("stack", "output", "--json", "--show-secrets");
  }

  private async json(...args: readonly string[]): Promise<unknown> {
    try {
      return JSON.parse(await this.pulumi.run(args));
    } catch (error) {
      throw error instanceof PulumiFailure ? explain(this.stack, this.folder, error) : error;
    }
  }
}

/**
 * The stack that is selected in a project (`pulumi stack select`, or PULUMI_STACK).
 *
 * @throws OperationError when the folder is no Pulumi project, or no stack is selected
 */
export async function selectedStack(context: CliContext): Promise<string> {
  await projectNameIn(context.folder);
  try {
    return (await runPulumiCli(["stack", "--show-name"], context)).trim();
  } catch (error) {
    if (!(error instanceof PulumiFailure)) throw error;
    const known = knownRefusals.find((refusal) => refusal.said.test(error.said));
    throw new OperationError(
      known === undefined
        ? "No stack is named, and none is selected."
        : `No stack is named. ${known.message}`,
      {
        cause: error.message,
        cure: known?.cure ?? "Name one with --stack, or select one: pulumi stack select",
        error,
      },
    );
  }
}

/** @throws OperationError when the folder is no Pulumi project */
async function projectNameIn(folder: string): Promise<string> {
  const name = readProjectName(folder);
  if (name !== undefined) return name;
  const file = join(folder, "Pulumi.yaml");
  const isThere = (await stat(file).catch(() => undefined))?.isFile() ?? false;
  throw new OperationError(`${folder} is not the folder of a Pulumi project.`, {
    cause: isThere ? `${file} gives the project no name.` : `There is no ${file}.`,
    cure: "Run the command in the project's folder, or name the folder with --cwd.",
  });
}

const knownRefusals: readonly KnownRefusal[] = [
  {
    said: /no stack named/,
    message: "There is no such stack in this backend.",
    cure: "Run `pulumi stack ls` to list the stacks, or log in to the backend that has it (`pulumi login`, PULUMI_BACKEND_URL).",
  },
  {
    said: /PULUMI_ACCESS_TOKEN must be set|must be logged in|Unauthorized: No credentials|invalid access token/i,
    message: "Pulumi is not logged in to a backend.",
    cure: "Log in with `pulumi login`, or set PULUMI_BACKEND_URL and, for Pulumi Cloud, PULUMI_ACCESS_TOKEN.",
  },
  {
    said: /passphrase/,
    message: "The stack's secrets cannot be decrypted.",
    cure: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of this stack.",
  },
  {
    said: /does not support environments/,
    message: "Its stack file names ESC environments (environment:), which only Pulumi Cloud has.",
    cure: "Log in to Pulumi Cloud, or write what the environments hold under config and take out environment:.",
  },
  ...backendRefusals,
];

function explain(stack: string, folder: string, failure: PulumiFailure): OperationError {
  const known = knownRefusals.find((refusal) => refusal.said.test(failure.said));
  return new OperationError(
    `The stack ${JSON.stringify(stack)} cannot be read. ${known?.message ?? ""}`.trim(),
    {
      cause: failure.message,
      cure: known?.cure ?? `Try \`pulumi stack --stack ${stack}\` in ${folder}; it should report the same.`,
      error: failure,
    },
  );
}
