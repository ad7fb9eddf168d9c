import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { parseDocument, stringify } from "yaml";
import { project as repositoryProject, projectRoot } from "../fixtures/repository";
import { SandboxFolder, stackName, withSession } from "entra-sandbox";
import type { BenchContext } from "../benchRun";
import { type CommandMeasurement, measureCommand, memoryReporter } from "./measuredCommand";
import { type VariantName, variants } from "./speedVariant";

/** How a fixture is set up. */
export interface SpeedFixtureOptions extends BenchContext {
  /** Whether stand-ins wait as long as the real plugins do. */
  readonly fixedWaits?: boolean;
  /** Stack file of the sandbox's own stack, where it is used. Default: `Pulumi.sandbox.yaml`. */
  readonly config?: string;
}

/** A program with a stack. */
export interface SpeedStack {
  /** Runs a command of the CLI on the stack, and measures it. */
  run(...args: readonly string[]): Promise<CommandMeasurement>;
}

/** A stack that can be configured. */
export interface ConfigurableStack extends SpeedStack {
  /** Writes the stack file with a configuration by its keys; the tenant's hosts are added. */
  configureWith(config: Readonly<Record<string, unknown>>): Promise<void>;
  /** The state, as the engine exports it. */
  exportState(): Promise<string>;
}

/** A program with a stack of its own. */
export interface OwnSpeedStack extends ConfigurableStack {
  /** Writes the stack file for a number of clients on a day, `YYYY-MM-DD`. */
  configure(clients: number, asOf: string): Promise<void>;
}

/** Stacks on one tenant. */
export interface SpeedFixture {
  /** Makes a program's stack. */
  readonly makeStack: (variant: VariantName) => Promise<OwnSpeedStack>;
  /** Makes a stack of the project in a folder, whose commands are given more environment. */
  readonly openStack: (
    project: string,
    stack: string,
    more?: Readonly<Record<string, string>>,
  ) => Promise<ConfigurableStack>;
  /** The sandbox's own stack, as it was deployed before, with this project's program. */
  readonly sandboxStack: () => Promise<SpeedStack>;
}

/**
 * Starts a sandbox tenant, and stand-ins where they are needed, in this process, for the Pulumi CLI to be run against it as a user
 * runs it: the engine in a process of its own and the program in another.
 */
export async function withSpeedFixture<T>(
  options: SpeedFixtureOptions,
  use: (fixture: SpeedFixture) => Promise<T>,
): Promise<T> {
  const { base, userEnvironment, note, fixedWaits = false } = options;
  const log = join(base, "requests.log");
  const folder = new SandboxFolder(join(base, "sandbox"));
  return withSession(
    {
      project: repositoryProject,
      folder,
      provider: "auto",
      userEnvironment,
      note,
      log,
      fixedWaits,
      ...(options.config === undefined ? {} : { config: options.config }),
    },
    async ({ tenant, environment }) => {
      // Entra's quota of an identity without a directory role would stop the run at 125 clients.
      await tenant.control("PUT", "settings", { dicomRoleCacheSeconds: 0, objectQuota: 1_000_000 });
      const env = { ...process.env, ...environment, NO_COLOR: "1" };
      const makeProject = async (name: string, main: string): Promise<string> => {
        const project = join(base, name);
        await mkdir(project);
        await writeProject(project, main);
        return project;
      };
      const openStack: SpeedFixture["openStack"] = async (project, stack, more = {}) => {
        const pulumi = async (...args: readonly string[]): Promise<string> => {
          const options = { cwd: project, env, maxBuffer: 2 ** 30 };
          return (await promisify(execFile)("pulumi", ["--non-interactive", ...args], options)).stdout;
        };
        await pulumi("stack", "init", stack);
        return {
          configureWith: (config) =>
            writeStackFile(join(project, `Pulumi.${stack}.yaml`), {
              ...config,
              api: { loginUrl: tenant.url, dicomServiceUrl: `${tenant.url}/dicom/{workspace}-{service}` },
            }),
          run: (...args) =>
            measureCommand([...args, "--stack", stack], { project, env: { ...env, ...more }, log }),
          exportState: () => pulumi("stack", "export", "--stack", stack),
        };
      };
      return use({
        openStack,
        makeStack: async (variant) => {
          const stack = await openStack(
            await makeProject(variant, variants[variant].main),
            `speed-${variant}`,
          );
          return {
            ...stack,
            configure: (clients, asOf) => stack.configureWith(variants[variant].config(clients, asOf)),
          };
        },
        sandboxStack: async () => {
          const project = await makeProject("deployed", variants.component.main);
          const file = `Pulumi.${stackName}.yaml`;
          await copyFile(join(folder.workspace, file), join(project, file));
          return {
            run: (...args) => measureCommand([...args, "--stack", stackName], { project, env, log }),
          };
        },
      });
    },
  );
}

/** This repository's own project with another program, whose process tells how much memory it took. */
async function writeProject(project: string, main: string): Promise<void> {
  const document = parseDocument(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
  document.set("main", relative(project, main));
  // Without its settings, programs elsewhere than at the top would be type-checked at every start.
  document.setIn(["runtime", "options", "tsconfig"], join(projectRoot, "tsconfig.json"));
  document.setIn(
    ["runtime", "options", "nodeargs"],
    ["--require", memoryReporter].map((argument) => JSON.stringify(argument)).join(" "),
  );
  await writeFile(join(project, "Pulumi.yaml"), document.toString());
}

/** Keeps the salt of the stack's secrets, which `pulumi stack init` wrote. Without quotes the CLI would read dates as instants. */
async function writeStackFile(file: string, config: Readonly<Record<string, unknown>>): Promise<void> {
  const document = parseDocument(await readFile(file, "utf8").catch(() => "{}"));
  document.set("config", config);
  await writeFile(file, stringify(document, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" }));
}
