import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { parseDocument, stringify } from "yaml";
import { chooseLanguageHost } from "../../sandbox/runner/languageHosts";
import { startPlainCli, type PlainCliSurroundings } from "../../sandbox/runner/plainCli";
import { projectRoot } from "../../sandbox/runner/projectRoot";
import { chooseProviders, userPulumiHome, type ProviderChoice } from "../../sandbox/runner/providers";
import { leaveUserSettingsBehind } from "../../sandbox/runner/userSettings";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";

/** What a command left behind. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How one command is run. */
export interface CliRunOptions {
  /** Added to the environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working directory. Default: the project's folder. */
  readonly cwd?: string;
  /** Ends the command. */
  readonly signal?: AbortSignal;
  /** How it is ended. Default: as by Ctrl-C. */
  readonly killWith?: "SIGINT" | "SIGKILL";
  /** Receives stdout while it is printed. */
  readonly onOutput?: (text: string) => void;
}

/** The plugins that tests run with; `SANDBOX_PROVIDER=real` proves the same with the real ones. */
const provider: ProviderChoice = process.env["SANDBOX_PROVIDER"] === "real" ? "real" : "stand-in";

/**
 * The real Pulumi CLI, run as a user runs it (no Automation API, no inline program), with a `file://` backend, a sandbox tenant,
 * and stand-ins for the plugins that are not there. All that it writes goes into a temporary folder: the project folder there
 * has this repository's `Pulumi.yaml`, whose `main` points back to this repository's `index.ts`.
 */
export class PlainCli {
  private constructor(
    readonly tenant: Tenant,
    private readonly root: string,
    private readonly surroundings: PlainCliSurroundings,
    /** The whole environment of a command. */
    readonly env: Readonly<NodeJS.ProcessEnv>,
  ) {}

  /** Starts everything; there is no stack yet. */
  static async start(): Promise<PlainCli> {
    const root = await mkdtemp(join(tmpdir(), "plain-cli-"));
    let tenant: Tenant | undefined;
    try {
      const cli = await ensurePulumiCli();
      for (const folder of ["project", "backend", "home", "tenant"]) {
        await mkdir(join(root, folder));
      }
      tenant = await startTenant({ folder: join(root, "tenant") });
      const own = { ...process.env };
      leaveUserSettingsBehind(own);
      const path = own["PATH"] ?? "";
      const surroundings = await startPlainCli({
        cli,
        languageHost: await chooseLanguageHost(cli, own),
        providers: await chooseProviders({
          choice: provider,
          cli,
          home: userPulumiHome(process.env),
          progress: () => undefined,
        }),
        tenantEnvironment: tenant.environment,
        path,
      });
      const env = {
        ...own,
        ...tenant.environment,
        ...surroundings.environment,
        PATH: [...surroundings.folders, path].join(delimiter),
        PULUMI_HOME: provider === "real" ? userPulumiHome(process.env) : join(root, "home"),
        PULUMI_BACKEND_URL: pathToFileURL(join(root, "backend")).href,
        PULUMI_CONFIG_PASSPHRASE: "for a test only",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        NO_COLOR: "1",
      };
      const plain = new PlainCli(tenant, root, surroundings, env);
      await plain.writeProject();
      return plain;
    } catch (error) {
      await tenant?.stop();
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder of the Pulumi project, which is where commands run. */
  get project(): string {
    return join(this.root, "project");
  }

  /** Where the tenant's hosts are, as the key `api` says it. */
  get api(): Readonly<Record<string, string>> {
    return {
      loginUrl: this.tenant.url,
      dicomServiceUrl: `${this.tenant.url}/dicom/{workspace}-{service}`,
    };
  }

  /** The path of a file beside the project. */
  file(name: string): string {
    return join(this.root, name);
  }

  /**
   * Writes `Pulumi.<stack>.yaml`, keeping the salt of its secrets. The tenant's hosts take the place of the public cloud's.
   *
   * @param more further keys of the project.
   */
  async configure(
    stack: string,
    clients: Readonly<Record<string, unknown>>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const file = join(this.project, `Pulumi.${stack}.yaml`);
    const document = parseDocument(await readFile(file, "utf8").catch(() => "{}"));
    document.set("config", { api: this.api, clients, ...more });
    await writeFile(file, stringify(document));
  }

  /** Runs `pulumi` with arguments, such as `run(["preview", "--stack", "dev"])`. It never asks anything. */
  run(args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", ["--non-interactive", ...args], {
        cwd: options.cwd ?? this.project,
        env: { ...this.env, ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const interrupt = (): void => void child.kill(options.killWith ?? "SIGINT");
      options.signal?.addEventListener("abort", interrupt);
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (data: Buffer) => {
        stdout += data.toString("utf8");
        options.onOutput?.(data.toString("utf8"));
      });
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString("utf8")));
      child.on("error", reject);
      child.on("close", (code) => {
        options.signal?.removeEventListener("abort", interrupt);
        resolve({ code: code ?? -1, stdout, stderr });
      });
    });
  }

  /**
   * Runs `pulumi` and returns its stdout.
   *
   * @throws an Error with all that it has printed when it fails.
   */
  async succeed(args: readonly string[], options: CliRunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
    }
    return stdout;
  }

  /** Ends everything and removes every trace. */
  async stop(): Promise<void> {
    await this.surroundings.stop();
    await this.tenant.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  private async writeProject(): Promise<void> {
    const document = parseDocument(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
    document.set("main", relative(this.project, join(projectRoot, "index.ts")));
    await writeFile(join(this.project, "Pulumi.yaml"), document.toString());
  }
}
