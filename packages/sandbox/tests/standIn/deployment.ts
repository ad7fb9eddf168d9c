import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type PulumiFn } from "@pulumi/pulumi/automation";
import { chooseProviders, userPulumiHome } from "../../runner/providers";
import { quickStack, type QuickStack } from "../../runner/quickStack";
import { type StandIn, type StandInOptions, startStandIn } from "../../standIn/standIn";
import { startTenant, type Tenant } from "../../tenant/tenant";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";

/** A request that reached the tenant. */
export type TenantRequest = ReturnType<Tenant["requests"]>[number];

/** A resource in the exported stack state; secrets are as the engine wrote them. */
export interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly additionalSecretOutputs?: readonly string[];
}

type Provider = "stand-in" | "real";

/**
 * The plugins that deployments run with; `SANDBOX_PROVIDER=real` takes those real ones, of the versions that the
 * SDKs ask for, that are in the user's plugin cache or can be had.
 */
const usualProvider: Provider = process.env["SANDBOX_PROVIDER"] === "real" ? "real" : "stand-in";

/** How long several deployments may take, in milliseconds; the real plugins' fixed waits are minutes. */
export const deploymentTimeout = usualProvider === "real" ? 1_800_000 : 300_000;

export interface DeploymentOptions extends StandInOptions {
  /** Default: as the environment variable SANDBOX_PROVIDER says. */
  readonly provider?: Provider;
  /** Environment of the plugins, on top of the tenant's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the tenant's clock always says; default: it goes with the machine's. */
  readonly now?: Date;
}

/** A stack on the real engine, with a tenant of its own and a state in a temporary folder. */
export class Deployment {
  private seen = 0;

  private constructor(
    readonly tenant: Tenant,
    readonly stack: QuickStack,
    private readonly folder: string,
    private readonly undo: readonly (() => Promise<void>)[],
  ) {}

  static async start(options: DeploymentOptions = {}): Promise<Deployment> {
    const { now, provider = usualProvider } = options;
    const cli = await ensurePulumiCli();
    const userHome = userPulumiHome(process.env);
    const providers = await chooseProviders({
      choice: provider === "real" ? "auto" : "stand-in",
      cli,
      home: userHome,
      progress: () => undefined,
    });
    const anyReal = providers.some(({ kind }) => kind === "real");
    const folder = await mkdtemp(join(tmpdir(), "stand-in-"));
    const undo = [() => rm(folder, { recursive: true })];
    try {
      const [state, home] = ["state", "home"].map((name) => join(folder, name)) as [string, string];
      await Promise.all([mkdir(state), mkdir(home)]);
      const tenant = await startTenant(now === undefined ? {} : { clock: { now: () => now } });
      undo.unshift(() => tenant.stop());
      const environment = { ...tenant.environment, ...options.environment };
      const standIns: StandIn[] = [];
      if (anyReal) await symlink(join(userHome, "plugins"), join(home, "plugins"));
      for (const { name } of providers.filter(({ kind }) => kind === "stand-in")) {
        const standIn = await startStandIn(name, environment, options);
        undo.unshift(() => standIn.stop());
        standIns.push(standIn);
      }
      const program: PulumiFn = () => Promise.resolve();
      const stack = await LocalWorkspace.createStack(
        { stackName: "sc", projectName: "feas", program },
        {
          pulumiCommand: cli.command,
          pulumiHome: home,
          envVars: {
            // the tenant's login service is none of those that the Azure SDK knows
            ...(anyReal ? { ...environment, ARM_DISABLE_INSTANCE_DISCOVERY: "true" } : {}),
            PULUMI_BACKEND_URL: pathToFileURL(state).href,
            PULUMI_CONFIG_PASSPHRASE: "of this test only",
            PULUMI_DEBUG_PROVIDERS: standIns.map(({ provider: name, port }) => `${name}:${port}`).join(","),
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
          },
        },
      );
      undo.unshift(() => rm(stack.workspace.workDir, { recursive: true }));
      return new Deployment(tenant, quickStack(stack), folder, undo);
    } catch (error) {
      for (const step of undo) await step();
      throw error;
    }
  }

  /** What reached the tenant since the last time of asking. */
  newRequests(): TenantRequest[] {
    const requests = this.tenant.requests().slice(this.seen);
    this.seen += requests.length;
    return requests.filter(({ url }) => !url.startsWith("/_sandbox/"));
  }

  /** The custom resources of the state; secrets are decrypted, in the clear. */
  async resources(): Promise<StateResource[]> {
    const exported = await this.stack.exportStack();
    const { resources = [] } = exported.deployment as { readonly resources?: readonly StateResource[] };
    return resources.filter(({ type }) => !type.startsWith("pulumi:"));
  }

  /** All that the backend keeps on disk, as text. */
  async storedText(): Promise<string> {
    const entries = await readdir(join(this.folder, "state"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")),
    );
    return texts.join("\n");
  }

  async stop(): Promise<void> {
    for (const step of this.undo) await step();
  }
}
