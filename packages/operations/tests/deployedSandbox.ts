import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { OperationClock } from "../operationIo";
import { populateSandbox, type Population } from "../../lab";
import { projectRoot } from "../../sandbox/runner/projectRoot";
import { startEngine } from "../../sandbox/runner/engine";
import type { ChosenProvider } from "../../sandbox/runner/providers";
import { SandboxFolder } from "../../sandbox/runner/sandboxFolder";
import type { Session, SessionOptions } from "../../sandbox/runner/session";
import { prepareWorkspace, readStackFile, stackName } from "../../sandbox/runner/workspace";
import { seedResourceIds } from "../../sandbox/tenant/seed";
import type { Tenant } from "../../sandbox/tenant/tenant";
import { ensurePulumiCli } from "../../sandbox/toolchain/pulumiCli";
import { holdSession } from "../../../tests/engine/heldSession";
import { operationRun, type OperationRun } from "./operationRun";

/** Clients by name, as a stack file writes them. */
export type ClientsConfig = Readonly<Record<string, unknown>>;

/** The access of a reader to the seeded DICOM service. */
export const readerAccess = { dicomService: seedResourceIds.dicomService, role: "reader" };

/** The providers of every test of operations. */
export const standIns = (["azuread", "azure-native"] as const).map((name): ChosenProvider => ({
  name,
  version: "",
  kind: "stand-in",
  reason: "for this test",
}));

/** A stack deployed for real by the Pulumi engine into a sandbox tenant, and the command line to operate on it. */
export class DeployedSandbox {
  private constructor(
    readonly tenant: Tenant,
    private readonly session: Session,
    private readonly folder: SandboxFolder,
    /** The UTC day that counts as today: for the schedule, for the tenant and for operations. */
    readonly asOf: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param asOf the UTC day on which the stack is deployed */
  static deploy(clients: ClientsConfig, asOf: string): Promise<DeployedSandbox> {
    return DeployedSandbox.configured(clients, asOf, async ({ stack }) => {
      await stack.up();
    });
  }

  /** A sandbox whose stack declares no client yet, and has not been deployed. */
  static empty(asOf: string): Promise<DeployedSandbox> {
    return DeployedSandbox.configured({}, asOf, () => Promise.resolve());
  }

  private static async configured(
    clients: ClientsConfig,
    asOf: string,
    prepare: (session: Session) => Promise<void>,
  ): Promise<DeployedSandbox> {
    const root = await mkdtemp(join(tmpdir(), "operations-test-"));
    const config = join(root, "stack.yaml");
    await writeFile(
      config,
      stringify({
        config: { asOf, clients },
      }),
    );
    return DeployedSandbox.open(root, config, asOf, prepare, Object.keys(clients).length > 0);
  }

  /** A sandbox with many clients, which the engine has not deployed one by one, and many other applications. */
  static async populate(population: Population, asOf: string): Promise<DeployedSandbox> {
    const root = await mkdtemp(join(tmpdir(), "operations-test-"));
    try {
      const config = await populateSandbox(sessionOptions(root), population, asOf);
      return await DeployedSandbox.open(root, config, asOf, () => Promise.resolve());
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  private static async open(
    root: string,
    config: string,
    asOf: string,
    prepare: (session: Session) => Promise<void>,
    checkConfig = true,
  ): Promise<DeployedSandbox> {
    const options = { ...sessionOptions(root), config };
    const { folder } = options;
    const cli = await ensurePulumiCli();
    const held = holdSession(options, checkConfig);
    try {
      const { session: opened, release } = await held;
      await opened.tenant.control("PUT", "clock", { now: `${asOf}T09:00:00Z` });
      await prepare(opened);
      const environment = {
        PATH: [dirname(cli.path), process.env["PATH"] ?? ""].join(":"),
        HOME: root,
        ...opened.environment,
      };
      return new DeployedSandbox(opened.tenant, opened, folder, asOf, environment, async () => {
        await release();
        await rm(root, { recursive: true, force: true });
      });
    } catch (error) {
      await held.then(({ release }) => release()).catch(() => undefined);
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** Deploys the configuration as it is now, or other clients instead. */
  async redeploy(clients?: ClientsConfig): Promise<void> {
    if (clients) await declareStack(this.projectFolder, this, clients);
    await this.session.stack.up();
  }

  /** The clients as the stack's outputs describe them. */
  async clients(): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
    const outputs = await this.session.stack.outputs();
    return outputs["clients"]?.value as Readonly<Record<string, Readonly<Record<string, string>>>>;
  }

  /** The values of the secrets that the stack publishes, by client. */
  async secrets(): Promise<
    Readonly<Record<string, { readonly current: string; readonly previous?: string }>>
  > {
    const outputs = await this.session.stack.outputs();
    return outputs["clientSecrets"]?.value as Readonly<
      Record<string, { readonly current: string; readonly previous?: string }>
    >;
  }

  /** Changes one entry of the stack's configuration without deploying it. */
  async configure(key: string, value: unknown): Promise<void> {
    await this.session.stack.setConfig(key, {
      value: typeof value === "string" ? value : JSON.stringify(value),
    });
  }

  /** Changes the stack's state, written as JSON without blanks. */
  async editState(change: (state: string) => string): Promise<void> {
    const state = await this.session.stack.exportStack();
    await this.session.stack.importStack(JSON.parse(change(JSON.stringify(state))) as typeof state);
  }

  /** Imports live objects into the state with the Pulumi CLI, as a user does. */
  async import(
    env: Readonly<Record<string, string>>,
    file: { readonly resources: readonly object[] },
  ): Promise<void> {
    const path = join(this.projectFolder, "import.json");
    await writeFile(path, JSON.stringify(file));
    await promisify(execFile)(
      (await ensurePulumiCli()).path,
      [
        "import",
        "--stack",
        stackName,
        "--file",
        path,
        "--yes",
        "--skip-preview",
        "--generate-code=false",
        "--protect=false",
      ],
      { cwd: this.projectFolder, env: { ...this.environment, ...env } },
    );
  }

  /** The folder of the Pulumi project. */
  get projectFolder(): string {
    return this.folder.workspace;
  }

  /**
   * Runs the command line in this process.
   *
   * @param env added to the environment; undefined takes a variable out
   * @param signal interrupts it
   * @param onSaid is told what is written to stderr; what is written next waits for it
   */
  async run(
    argv: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
    clock?: Partial<OperationClock>,
    signal?: AbortSignal,
    onSaid?: (text: string) => Promise<void>,
  ): Promise<OperationRun> {
    return operationRun(
      argv,
      {
        env: { ...this.environment, ...env },
        cwd: this.folder.workspace,
        ...(signal === undefined ? {} : { signal }),
        clock: {
          now: () => new Date(`${this.asOf}T09:00:00Z`),
          sleep: () => Promise.resolve(),
          ...clock,
        },
      },
      onSaid,
    );
  }

  /** Runs a command on this stack. */
  on(
    command: string,
    argv: readonly string[] = [],
    env: Readonly<Record<string, string | undefined>> = {},
    clock?: Partial<OperationClock>,
    signal?: AbortSignal,
    onSaid?: (text: string) => Promise<void>,
  ): Promise<OperationRun> {
    const all = [command, "--stack", stackName, "--cwd", this.projectFolder, ...argv];
    return this.run(all, env, clock, signal, onSaid);
  }

  /**
   * Runs a command on this stack in a process of its own, as `npm run ops` does.
   *
   * @param reader of its standard output: one that lets it wait before it reads, or one that goes away after the first bytes
   */
  async spawn(command: string, argv: readonly string[], reader: "slow" | "gone"): Promise<OperationRun> {
    const child = spawn(
      process.execPath,
      [
        "-r",
        "ts-node/register",
        join(projectRoot, "operations", "cli.ts"),
        command,
        "--stack",
        stackName,
        "--cwd",
        this.projectFolder,
        ...argv,
      ],
      { cwd: projectRoot, env: this.environment, stdio: ["ignore", "pipe", "pipe"] },
    );
    const collected = { stdout: "", stderr: "" };
    child.stderr.setEncoding("utf8").on("data", (text: string) => (collected.stderr += text));
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", reject).on("close", (code) => {
        resolve(code ?? -1);
      });
    });
    await once(child.stdout, "readable");
    if (reader === "gone") {
      collected.stdout = String(child.stdout.read());
      child.stdout.destroy();
    } else {
      await setImmediate();
      child.stdout.setEncoding("utf8").on("data", (text: string) => (collected.stdout += text));
    }
    return { code: await ended, ...collected };
  }

  /**
   * Looks, as the identity that these variables name, for differences between the state and what is live.
   *
   * @throws when there are any, or something cannot be read
   */
  async previewRefreshAs(identity: Readonly<Record<string, string>>): Promise<void> {
    const { folder, tenant } = this;
    const engine = await startEngine({
      cli: await ensurePulumiCli(),
      folder,
      tenant: { ...tenant, environment: { ...tenant.environment, ...identity } },
      providers: standIns,
    });
    try {
      await engine.stack.previewRefresh({ expectNoChanges: true });
    } finally {
      await engine.stop();
    }
  }

  /** Ends everything and removes every trace. */
  stop(): Promise<void> {
    return this.end();
  }
}

/** Writes the stack file of a Pulumi project whose clients are to be deployed into a sandbox's tenant. */
export async function declareStack(
  projectFolder: string,
  { tenant, asOf }: Pick<DeployedSandbox, "tenant" | "asOf">,
  clients: ClientsConfig,
): Promise<void> {
  const file = join(projectFolder, "declared.yaml");
  await writeFile(file, stringify({ config: { asOf, clients } }));
  await prepareWorkspace(projectFolder, await readStackFile(file), tenant.url);
}

function sessionOptions(root: string): SessionOptions {
  return {
    folder: new SandboxFolder(join(root, "sandbox")),
    provider: "stand-in",
    userEnvironment: process.env,
    note: () => undefined,
  };
}

/** A text that looks like a client secret anywhere in what a run has written. */
export function secretsIn({ stdout, stderr }: OperationRun): readonly string[] {
  return `${stdout}${stderr}`.match(/[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}/g) ?? [];
}
