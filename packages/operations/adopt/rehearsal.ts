import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isScalar } from "yaml";
import { OperationError } from "../operationError";
import { parsePulumiYaml } from "../project/pulumiYaml";
import { PulumiCommandLine, PulumiFailure } from "../project/pulumiCommandLine";
import { StackEngine } from "./stackEngine";

/** One entry of a stack's configuration, by its full key. */
export interface StackEntry {
  /** Text, or anything that YAML can write. */
  readonly value: unknown;
  readonly isSecret: boolean;
}

/** A stack of the same name in a state backend that lasts as long as the rehearsal: what is imported here is nowhere else. */
export interface Rehearsal {
  readonly engine: StackEngine;
  /** Puts a configuration in the place of the one that is there. */
  readonly configure: (config: Readonly<Record<string, StackEntry>>) => Promise<void>;
}

/**
 * Lets an adoption be rehearsed with the real program, engine and providers. The user's state, stack file and Pulumi settings are
 * not touched, and the cloud is only read.
 *
 * @param pulumi the CLI as the user's project runs it
 */
export async function withRehearsal<T>(
  pulumi: PulumiCommandLine,
  use: (rehearsal: Rehearsal) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "adopt-rehearsal-"));
  try {
    const stack = pulumi.context.stack.split("/").at(-1) ?? "";
    const folder = join(root, "project");
    const backend = join(root, "backend");
    await Promise.all([mkdir(folder), mkdir(backend)]);
    await writeFile(join(folder, "Pulumi.yaml"), await rehearsedProject(pulumi.context.folder));
    const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, PULUMI_STACK: _stack, ...env } = pulumi.context.env;
    const commandLine = new PulumiCommandLine({
      folder,
      stack,
      env: {
        ...env,
        PULUMI_BACKEND_URL: pathToFileURL(backend).href,
        PULUMI_CREDENTIALS_PATH: root,
        PULUMI_CONFIG_PASSPHRASE: randomBytes(32).toString("base64url"),
      },
    });
    await ready(commandLine.run(["stack", "init", "--no-select", "--secrets-provider", "passphrase"]));
    const stackFile = join(folder, `Pulumi.${stack}.yaml`);
    const initial = await readFile(stackFile, "utf8");
    return await use({
      engine: new StackEngine(commandLine),
      configure: async (config) => {
        const document = parsePulumiYaml(initial);
        const entries = Object.entries(config);
        document.set("config", Object.fromEntries(entries.flatMap(plainEntry)));
        await writeFile(stackFile, document.toString(), { mode: 0o600 });
        for (const [key, { value, isSecret }] of entries) {
          // Through standard input, so that no secret is ever written in plain text.
          if (isSecret) await ready(commandLine.run(["config", "set", "--secret", key], textOf(value)));
        }
      },
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function plainEntry([key, { value, isSecret }]: [string, StackEntry]): [string, unknown][] {
  return isSecret ? [] : [[key, value]];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The project's settings, with the same program. */
async function rehearsedProject(folder: string): Promise<string> {
  const document = parsePulumiYaml(await readFile(join(folder, "Pulumi.yaml"), "utf8"));
  const main = document.get("main");
  document.set("main", resolve(folder, typeof main === "string" ? main : "."));
  // A stack file or a backend elsewhere would not be the rehearsal's own.
  document.delete("stackConfigDir");
  if (isScalar(document.get("config", true))) document.delete("config");
  document.delete("backend");
  return document.toString();
}

async function ready(run: Promise<string>): Promise<void> {
  try {
    await run;
  } catch (error) {
    throw error instanceof PulumiFailure
      ? new OperationError("The adoption cannot be rehearsed.", { cause: error.message, error })
      : error;
  }
}
