import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { parseDocument, stringify } from "yaml";
import { project as repositoryProject, projectRoot } from "../fixtures/repository";
import { SandboxFolder, withSession } from "entra-sandbox";
import { type CommandMeasurement, measureCommand, memoryReporter } from "./measuredCommand";
import { type VariantName, variants } from "./speedVariant";

/** What a measurement is given. */
export interface SpeedFixtureOptions {
  /** A folder of its own. */
  readonly base: string;
  /** The user's own environment, where the CLI and the plugin cache are looked for. */
  readonly userEnvironment: NodeJS.ProcessEnv;
  /** Receives what the user should know on the way. */
  readonly note: (line: string) => void;
}

/** A program with a stack of its own. */
export interface SpeedStack {
  /** Runs a command of the CLI on the stack, and measures it. */
  run(...args: readonly string[]): Promise<CommandMeasurement>;
  /** Writes the stack file for a number of clients on a day, `YYYY-MM-DD`, which the tenant has then, too. */
  configure(clients: number, asOf: string): Promise<void>;
  /** The state, as the engine exports it. */
  exportState(): Promise<string>;
}

/**
 * Starts a sandbox tenant, and stand-ins where they are needed, in this process, for the Pulumi CLI to be run against it as a user
 * runs it: the engine in a process of its own and the program in another.
 */
export async function withSpeedFixture<T>(
  { base, userEnvironment, note }: SpeedFixtureOptions,
  use: (makeStack: (variant: VariantName) => Promise<SpeedStack>) => Promise<T>,
): Promise<T> {
  const log = join(base, "requests.log");
  const folder = new SandboxFolder(join(base, "sandbox"));
  return withSession(
    { project: repositoryProject, folder, provider: "auto", userEnvironment, note, log },
    async ({ tenant, environment }) => {
      // Entra's quota of an identity without a directory role would stop the run at 125 clients.
      await tenant.control("PUT", "settings", { dicomRoleCacheSeconds: 0, objectQuota: 1_000_000 });
      const env = { ...process.env, ...environment, NO_COLOR: "1" };
      return use(async (variant) => {
        const { main } = variants[variant];
        const project = join(base, variant);
        await mkdir(project);
        await writeProject(project, main);
        const stack = `speed-${variant}`;
        const pulumi = async (...args: readonly string[]): Promise<string> => {
          const options = { cwd: project, env, maxBuffer: 2 ** 30 };
          return (await promisify(execFile)("pulumi", ["--non-interactive", ...args], options)).stdout;
        };
        await pulumi("stack", "init", stack);
        return {
          configure: async (clients, asOf) => {
            await tenant.control("PUT", "clock", { now: `${asOf}T09:00:00Z` });
            await writeStackFile(join(project, `Pulumi.${stack}.yaml`), {
              ...variants[variant].config(clients, asOf),
              api: { loginUrl: tenant.url, dicomServiceUrl: `${tenant.url}/dicom/{workspace}-{service}` },
            });
          },
          run: (...args) => measureCommand([...args, "--stack", stack], { project, env, log }),
          exportState: () => pulumi("stack", "export", "--stack", stack),
        };
      });
    },
  );
}

/** This repository's own project with another program, whose process tells how much memory it took. */
async function writeProject(project: string, main: string): Promise<void> {
  const document = parseDocument(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
  document.set("main", relative(project, main));
  const option = ["runtime", "options", "nodeargs"];
  document.setIn(option, `${String(document.getIn(option))} --require ${JSON.stringify(memoryReporter)}`);
  await writeFile(join(project, "Pulumi.yaml"), document.toString());
}

/** Keeps the salt of the stack's secrets, which `pulumi stack init` wrote. Without quotes the CLI would read dates as instants. */
async function writeStackFile(file: string, config: Readonly<Record<string, unknown>>): Promise<void> {
  const document = parseDocument(await readFile(file, "utf8").catch(() => "{}"));
  document.set("config", config);
  await writeFile(file, stringify(document, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" }));
}
