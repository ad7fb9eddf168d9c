import { execFile } from "node:child_process";
import { OperationError } from "../operationError";
import { withoutSignatures } from "./backendRefusals";

/** Where the Pulumi CLI is run, and with what. */
export interface CliContext {
  /** Folder with `Pulumi.yaml`. */
  readonly folder: string;
  /** Decides the backend, how secrets are decrypted, and what the providers work with. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the CLI when it fires. */
  readonly signal?: AbortSignal;
}

/** Where and on what stack the Pulumi CLI is run. */
export interface PulumiContext extends CliContext {
  readonly stack: string;
}

/** The Pulumi CLI ended with an error. */
export class PulumiFailure extends Error {
  override readonly name = "PulumiFailure";

  private constructor(
    /** What it wrote as its result. */
    readonly stdout: string,
    /** What it said, without the word `error` in front. */
    readonly said: string,
    error: Error,
  ) {
    super(said === "" ? "The Pulumi CLI ended without giving a reason." : said, { cause: error });
  }

  /** Takes the signatures of addresses, by which a state backend is reached, out of all that was said. */
  static of(stdout: string, stderr: string, error: Error): PulumiFailure {
    return new PulumiFailure(
      withoutSignatures(stdout),
      withoutSignatures(stderr.trim().replace(/^error: /, "")),
      new Error(withoutSignatures(error.message)),
    );
  }
}

/** Runs the Pulumi CLI on one stack, which is named each time, so none is selected. */
export class PulumiCommandLine {
  constructor(readonly context: PulumiContext) {}

  /** Runs one command, see {@link runPulumiCli}. */
  run(args: readonly string[], input = ""): Promise<string> {
    return runPulumiCli([...args, "--stack", this.context.stack], this.context, input);
  }
}

/**
 * Runs one command of the Pulumi CLI, without questions and colours.
 *
 * @param input what it reads from its standard input; default nothing
 * @returns what it wrote to its standard output
 * @throws PulumiFailure when it ends with an error
 * @throws OperationError when there is no `pulumi` on PATH
 */
export function runPulumiCli(
  args: readonly string[],
  { folder, env, signal }: CliContext,
  input = "",
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "pulumi",
      [...args, "--non-interactive", "--color", "never"],
      {
        cwd: folder,
        env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
        maxBuffer: Number.MAX_SAFE_INTEGER,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error?.code === "ENOENT") reject(noPulumiCli(error));
        else if (error) reject(PulumiFailure.of(stdout, stderr, error));
        else resolve(stdout);
      },
    );
    // A CLI that ends without reading says why by itself.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

export function noPulumiCli(error: Error): OperationError {
  return new OperationError("There is no Pulumi CLI.", {
    cause: "`pulumi` is not on PATH.",
    cure: "Install it (https://www.pulumi.com/docs/iac/download-install/), or put the folder that holds it on PATH.",
    error,
  });
}
