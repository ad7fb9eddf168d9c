import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { parseDocument, stringify } from "yaml";
import {
  type CommandResult,
  openSession,
  inlineProgram,
  operationRun,
  type OperationRun,
  project,
  projectName,
  sandboxApi,
} from "lab";
import { ensurePulumiCli, SandboxFolder, type Session, stackName } from "entra-sandbox";
import { program } from "../../components/stack/program";
import { AzureHosts } from "./azureHosts";
import { Azurite } from "./azurite";
import { guideBlocks } from "./guide";

/** Variables of a command; undefined takes one out. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The storage account of the guide. */
export const storageAccount = "imagingstate";
/** The container of the guide. */
export const container = "pulumi-state";
/** The state backend of the guide. */
export const azblobUrl = `azblob://${container}?storage_account=${storageAccount}`;

/**
 * The project of the guide on state backends: the sandbox tenant behind the providers, Azurite behind `azblob://`, and the Pulumi
 * CLI, which reaches both under Azure's public names and signs in as the pipeline with the variables that it reads in Azure.
 */
export class BackendFixture {
  private constructor(
    readonly session: Session,
    readonly azurite: Azurite,
    readonly folder: SandboxFolder,
    private readonly variables: Variables,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(clients: Readonly<Record<string, unknown>>): Promise<BackendFixture> {
    const root = mkdtempSync(join(tmpdir(), "backends-"));
    const undo: (() => Promise<void>)[] = [
      () => Promise.resolve(rmSync(root, { recursive: true, force: true })),
    ];
    const end = async (): Promise<void> => {
      for (const step of undo.reverse()) await step();
    };
    try {
      const config = join(root, "stack.yaml");
      writeFileSync(
        config,
        stringify({
          config: {
            [`${projectName}:clients`]: clients,
            [`${projectName}:api`]: sandboxApi,
            // The day is pinned so that no run crosses a midnight.
            [`${projectName}:asOf`]: new Date().toISOString().slice(0, 10),
          },
        }),
      );
      const folder = new SandboxFolder(join(root, "sandbox"));
      const { session, release } = await openSession({
        project,
        folder,
        provider: process.env["SANDBOX_PROVIDER"] === "real" ? "real" : "stand-in",
        userEnvironment: process.env,
        note: () => undefined,
        config,
      });
      undo.push(release);
      const azurite = await Azurite.start(storageAccount);
      undo.push(() => azurite.stop());
      await azurite.container(container).create();
      const hosts = await AzureHosts.start(session.tenant, azurite);
      undo.push(() => hosts.stop());
      const authorities = join(root, "authorities.pem");
      writeFileSync(authorities, [readFileSync(session.tenant.caFile, "utf8"), hosts.ca].join("\n"));
      const { path } = await ensurePulumiCli();
      const variables = {
        ...session.environment,
        AZURE_TENANT_ID: session.environment["ARM_TENANT_ID"],
        AZURE_CLIENT_ID: session.environment["ARM_CLIENT_ID"],
        AZURE_CLIENT_SECRET: session.environment["ARM_CLIENT_SECRET"],
        HTTPS_PROXY: hosts.url,
        NO_PROXY: "127.0.0.1",
        SSL_CERT_FILE: authorities,
        PULUMI_BACKEND_URL: azblobUrl,
        STACK: stackName,
        HOME: root,
        PATH: [dirname(path), process.env["PATH"]].join(delimiter),
      };
      return new BackendFixture(session, azurite, folder, variables, end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** A file backend that has no stack yet. */
  get fileUrl(): string {
    const folder = join(this.folder.root, "file-backend");
    mkdirSync(folder, { recursive: true });
    return pathToFileURL(folder).href;
  }

  /** The stack on `azblob://`, or on the backend that the variables name, driven as `pulumi up` drives it. */
  async stack(changed: Variables = {}, declare: PulumiFn = program): Promise<Stack> {
    return LocalWorkspace.createOrSelectStack(
      { stackName, projectName, program: inlineProgram(declare) },
      {
        workDir: this.folder.workspace,
        pulumiHome: this.folder.pulumiHome,
        pulumiCommand: (await ensurePulumiCli()).command,
        envVars: defined({ ...this.variables, ...changed }),
      },
    );
  }

  /** The text of the stack file. */
  get stackFile(): string {
    return readFileSync(this.stackFilePath, "utf8");
  }

  /** Writes other clients into the stack file. */
  configure(clients: Readonly<Record<string, unknown>>): void {
    const document = parseDocument(this.stackFile);
    document.setIn(["config", `${projectName}:clients`], document.createNode(clients));
    writeFileSync(this.stackFilePath, document.toString());
  }

  private get stackFilePath(): string {
    return join(this.folder.workspace, `Pulumi.${stackName}.yaml`);
  }

  /** Runs the Pulumi CLI in the project's folder. */
  pulumi(args: readonly string[], changed: Variables = {}): Promise<CommandResult> {
    return this.execute("pulumi", [...args, "--non-interactive", "--color", "never"], changed);
  }

  /**
   * Runs a block of the guide in the project's folder, with the stack's name in `STACK`; its first command that fails ends it.
   *
   * @param index of the block among those under the heading
   * @returns what it has printed
   */
  async follow(
    heading: Parameters<typeof guideBlocks>[0],
    changed: Variables = {},
    index: number = 0,
  ): Promise<string> {
    const lines = guideBlocks(heading)[index] ?? assert.fail(`no block ${String(index)} under ${heading}`);
    const { code, stdout, stderr } = await this.execute("bash", ["-euo", "pipefail", "-c", lines], changed);
    assert.equal(code, 0, `${lines}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a command of the operations on the stack. */
  operate(args: readonly string[], changed: Variables = {}): Promise<OperationRun> {
    return operationRun([...args, "--stack", stackName, "--cwd", this.folder.workspace], {
      env: defined({ ...this.variables, ...changed }),
      cwd: this.folder.workspace,
      clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    });
  }

  stop(): Promise<void> {
    return this.end();
  }

  private execute(file: string, args: readonly string[], changed: Variables): Promise<CommandResult> {
    return new Promise((resolve) => {
      execFile(
        file,
        [...args],
        { cwd: this.folder.workspace, env: defined({ ...this.variables, ...changed }) },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
          resolve({ code, stdout, stderr });
        },
      );
    });
  }
}

function defined(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
