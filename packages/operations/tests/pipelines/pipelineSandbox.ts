import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseDocument } from "yaml";
import {
  chooseLanguageHost,
  ensurePulumiCli,
  installationRoot,
  clearUserSettings,
  type PlainCliContext,
  type PulumiCli,
  seed,
  seedResourceIds,
  startPlainCli,
  startTenant,
  type Tenant,
} from "entra-sandbox";
import { Administrator, projectRoot } from "lab";
import { AzureCliStandIn } from "./azureCliStandIn";
import { AzureDevOpsStandIn } from "./azureDevOpsStandIn";
import { CommandBridge, type CommandAnswer } from "./commandBridge";
import { GithubStandIn } from "./githubStandIn";
import { RestServer } from "./restServer";
import { runStepScript, type ShellRun } from "./stepShell";
import { TokenIssuer, type TokenSubject } from "./tokenIssuer";

/** The repository that the tests play. */
export const repository = "contoso/imaging";

/** How GitHub's tokens name it: it was made after July 2026. */
const subjectPrefix = "repo:contoso@123456/imaging@456789";

/** `gh api`, as GitHub answers it. */
function askGithub(argv: readonly string[]): CommandAnswer {
  return argv.join(" ") === `api --hostname github.com repos/${repository}/actions/oidc/customization/sub`
    ? {
        stdout: JSON.stringify({
          use_default: true,
          use_immutable_subject: true,
          sub_claim_prefix: subjectPrefix,
        }),
      }
    : { code: 1, stderr: "gh: Not Found (HTTP 404)\n", stdout: '{"message":"Not Found","status":"404"}' };
}

/** An identity for pipelines, as the bootstrap has made it. */
export interface PipelineIdentity {
  readonly clientId: string;
  readonly principalId: string;
}

/**
 * Everything that a pipeline meets: a checkout of this project with stacks for the sandbox tenant and the pipelines that
 * `dicom-ops pipelines` adds, a state backend, an issuer of tokens, the REST APIs of GitHub and Azure DevOps, and stand-ins for `gh` and
 * `az`. The Pulumi CLI, its engine, the program, the operations and the tenant are the ones
 * that every other test of them uses.
 *
 * What this does not prove: that GitHub and Azure DevOps behave as the stand-ins do, and that the real providers read the
 * variables by which a job signs in. The stand-in plugins are told the same identity here, as they are not started by the CLI.
 */
export class PipelineSandbox {
  readonly passphrase = "for a test only";
  private readonly context: PlainCliContext[] = [];

  private constructor(
    /** What pipelines talk to. */
    readonly services: {
      readonly tenant: Tenant;
      readonly administrator: Administrator;
      readonly azureCli: AzureCliStandIn;
      readonly github: GithubStandIn;
      readonly azureDevOps: AzureDevOpsStandIn;
      readonly issuer: TokenIssuer;
    },
    private readonly root: string,
    private readonly cli: PulumiCli,
    private readonly servers: {
      readonly bridge: CommandBridge;
      readonly api: Readonly<Record<"github" | "azure", RestServer>>;
    },
  ) {}

  static async start(): Promise<PipelineSandbox> {
    const root = await mkdtemp(join(tmpdir(), "pipelines-"));
    const tenant = await startTenant({ folder: join(root, "tenant") });
    const administrator = new Administrator(tenant);
    const azureCli = new AzureCliStandIn(administrator);
    const cli = await ensurePulumiCli();
    const github = new GithubStandIn();
    const bridge = await CommandBridge.start(join(root, "bin"), { gh: askGithub, az: azureCli.command });
    const issuer = await TokenIssuer.start(tenant);
    const azureDevOps = new AzureDevOpsStandIn((authorization) => issuer.isKnown(authorization));
    const api = {
      github: await RestServer.start(github.handle),
      azure: await RestServer.start(azureDevOps.handle),
    };
    const sandbox = new PipelineSandbox(
      { tenant, administrator, azureCli, github, azureDevOps, issuer },
      root,
      cli,
      { bridge, api },
    );
    await sandbox.checkOut();
    return sandbox;
  }

  /** The checkout that jobs work in. */
  get folder(): string {
    return join(this.root, "checkout");
  }

  /** Where the state is kept, as PULUMI_BACKEND_URL says it. */
  get backend(): string {
    return pathToFileURL(join(this.root, "backend")).href;
  }

  /** Where GitHub's API is. */
  get githubApi(): string {
    return this.servers.api.github.url;
  }

  /** Where the organization in Azure DevOps is. */
  get azureCollection(): string {
    return `${this.servers.api.azure.url}/contoso/`;
  }

  /** The environment of a machine that runs jobs, before any job: what the image has, and how the sandbox tenant is reached. */
  async machine(
    identity: PipelineIdentity | undefined,
    token: Record<string, string>,
  ): Promise<Record<string, string>> {
    const own = { ...process.env };
    clearUserSettings(own);
    const {
      ARM_CLIENT_ID: _id,
      ARM_CLIENT_SECRET: _secret,
      ARM_TENANT_ID: _tenant,
      ARM_SUBSCRIPTION_ID: _subscription,
      ...reachable
    } = this.services.tenant.environment;
    const signedIn: Record<string, string> =
      identity === undefined
        ? this.services.tenant.environment
        : {
            ...reachable,
            ...token,
            ARM_USE_OIDC: "true",
            ARM_CLIENT_ID: identity.clientId,
            ARM_TENANT_ID: seed.tenantId,
            ARM_SUBSCRIPTION_ID: seed.subscriptionId,
          };
    const path = own["PATH"] ?? "";
    const context = await startPlainCli({
      cli: this.cli,
      languageHost: await chooseLanguageHost(this.cli, own),
      providers: (["azuread", "azure-native"] as const).map((name) => ({
        name,
        version: "",
        kind: "stand-in",
        reason: "for this test",
      })),
      tenantEnvironment: signedIn,
    });
    this.context.push(context);
    return {
      ...reachable,
      ...context.environment,
      HOME: join(this.root, "home"),
      LANG: "C.UTF-8",
      PULUMI_HOME: join(this.root, "pulumi"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PATH: [
        this.servers.bridge.folder,
        // Its last folder is that of the CLI, which the pipeline's own first steps put on PATH.
        ...context.folders,
        dirname(this.cli.path),
        join(projectRoot, "node_modules", ".bin"),
        path,
      ].join(delimiter),
    };
  }

  /** Runs a command as the person who sets the pipelines up. */
  async operate(script: string): Promise<ShellRun> {
    const env = await this.machine(undefined, {});
    return runStepScript(script, ["-e"], this.folder, {
      ...env,
      PULUMI_BACKEND_URL: this.backend,
      PULUMI_CONFIG_PASSPHRASE: this.passphrase,
    });
  }

  /** Changes keys of a stack's configuration, by their paths, such as `clients.gateway.vault`. */
  async configure(stack: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(this.folder, `Pulumi.${stack}.yaml`);
    const document = parseDocument(await readFile(file, "utf8"));
    for (const [key, value] of Object.entries(values)) {
      const [first = "", ...inner] = key.split(".");
      // Pulumi writes keys with the project's name once it has written the file; the same key twice would be ambiguous.
      const full = `dicom-service-client:${first}`;
      document.setIn(["config", document.hasIn(["config", full]) ? full : first, ...inner], value);
    }
    await writeFile(file, document.toString());
  }

  /** Makes it another day, for the tenant and for the schedule of a stack. */
  async travel(stack: string, day: string): Promise<void> {
    await this.services.tenant.control("PUT", "clock", { now: `${day}T09:00:00Z` });
    await this.configure(stack, { asOf: day });
  }

  /** How the tokens of a job in an environment on GitHub name it. */
  subjectOf(environment: string): TokenSubject {
    return {
      issuer: "https://token.actions.githubusercontent.com",
      subject: `${subjectPrefix}:environment:${environment}`,
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.context.map((each) => each.stop()));
    const { bridge, api } = this.servers;
    await Promise.all([bridge, api.github, api.azure, this.services.issuer].map((each) => each.stop()));
    await this.services.tenant.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Copies the files of the project itself, whose packages are in node_modules, and points the stacks at the sandbox tenant. */
  private async checkOut(): Promise<void> {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    for (const file of files.split("\0").filter((name) => /^[^/]+$/.test(name))) {
      await cp(join(projectRoot, file), join(this.folder, file), { recursive: true });
    }
    await symlink(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    for (const folder of ["home", "backend", "pulumi"]) await mkdir(join(this.root, folder));
    await symlink(dirname(installationRoot(process.env)), join(this.root, "pulumi", "versions"));
    // The policies go by the machine's day, the schedule by the one that is travelled to.
    await writeFile(
      join(this.folder, "policy-config.json"),
      JSON.stringify({ "credential-end-date": { maximumSecretDays: 730 } }),
    );
    for (const system of ["github", "azure"]) {
      const { code, output } = await this.operate(`npx --no dicom-ops pipelines ${system}`);
      if (code !== 0) throw new Error(output);
    }
    for (const stack of ["dev", "test", "prod"]) {
      await this.configure(stack, {
        api: {
          loginUrl: this.services.tenant.url,
          dicomServiceUrl: `${this.services.tenant.url}/dicom/{workspace}-{service}`,
        },
      });
      const file = join(this.folder, `Pulumi.${stack}.yaml`);
      const text = await readFile(file, "utf8");
      await writeFile(
        file,
        text.replace(/dicomService: \/subscriptions\/\S+/, `dicomService: ${seedResourceIds.dicomService}`),
      );
    }
  }
}
