import { dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  Administrator,
  type Clock,
  type Engine,
  prepareWorkspace,
  type PulumiCli,
  recoverState,
  type SandboxFolder,
  stackName,
  startEngine,
  startOnSamePort,
  type Tenant,
} from "entra-sandbox";
import { inlineProgram } from "../../fixtures/inlineProgram";
import { operationRun } from "../../fixtures/operationRun";
import { program } from "dicom-service-client/stack";
import { project } from "../../fixtures/repository";
import type { SuggestedCommand, SuggestedDeletion, SuggestedImport } from "./suggestedCommand";
import { acceptsSecret, type Inventory, readInventory } from "./inventory";
import { readStackState, type StackState } from "./stackState";

/** What a command has come to. */
export interface CommandRun {
  readonly succeeded: boolean;
  /** Everything that it has printed, on stdout and stderr, in order. */
  readonly output: string;
}

/** A command of the engine. */
export type EngineCommand = "up" | "preview" | "refresh" | "destroy";

/** What a sandbox is opened with. */
export interface DisturbedSandboxParts {
  readonly folder: SandboxFolder;
  readonly cli: PulumiCli;
  /** The UTC day that counts as today, for schedule, tenant and operations. */
  readonly asOf: string;
  readonly stackFile: string;
}

/** A sandbox in this process, on which waits take no time. */
export class DisturbedSandbox {
  private constructor(
    readonly tenant: Tenant,
    private readonly parts: DisturbedSandboxParts,
    private readonly running: Engine,
  ) {}

  /** @param running a tenant that runs in another process; default: one of this process, which goes by the given day. */
  static async open(parts: DisturbedSandboxParts, running?: Tenant): Promise<DisturbedSandbox> {
    const { folder, cli, asOf, stackFile } = parts;
    const tenant = running ?? (await startOnSamePort(folder, { clock: clockFrom(`${asOf}T09:00:00Z`) }));
    try {
      await recoverState(folder, project, () => undefined);
      await prepareWorkspace(folder.workspace, project, stackFile, tenant.url);
      const providers = (["azuread", "azure-native"] as const).map((name) => ({
        name,
        version: "",
        kind: "stand-in" as const,
        reason: "no real waits are needed",
      }));
      const engine = await startEngine({ cli, project, folder, tenant, providers, sleep: skipWait });
      return new DisturbedSandbox(tenant, parts, engine);
    } catch (error) {
      await tenant.stop();
      throw error;
    }
  }

  get folder(): SandboxFolder {
    return this.parts.folder;
  }

  /** Runs a command of the engine to its end; it never asks anything. */
  async engine(command: EngineCommand, run?: PulumiFn): Promise<CommandRun> {
    let output = "";
    const append = (text: string): void => {
      output += text;
    };
    try {
      const streams = { onOutput: append, onError: append, color: "never" } as const;
      const program = run === undefined ? {} : { program: inlineProgram(run) };
      await this.running.stack[command]({ ...streams, ...program });
      return { succeeded: true, output };
    } catch (error) {
      return { succeeded: false, output: output === "" ? String(error) : output };
    }
  }

  /** What `audit` prints as JSON. */
  async audit(): Promise<string> {
    const argv = ["audit", "--stack", stackName, "--cwd", this.folder.workspace, "--format", "json"];
    const { stdout } = await operationRun(argv, {
      env: {
        PATH: `${dirname(this.parts.cli.path)}:${process.env["PATH"] ?? ""}`,
        HOME: this.folder.root,
        ...this.running.environment,
      },
      cwd: this.folder.workspace,
      clock: { now: () => new Date(`${this.parts.asOf}T09:00:00Z`), sleep: () => turn() },
    });
    return stdout;
  }

  /** What `pulumi cancel` does: takes the lock away that an engine which was killed has left behind. */
  unlock(): Promise<void> {
    return this.running.stack.cancel();
  }

  /**
   * Forgets creations whose end is not known, as `pulumi refresh --clear-pending-creates` does. Run it when the command before has shown
   * how they ended.
   */
  async clearPendingCreates(): Promise<void> {
    await this.running.stack.refresh({ clearPendingCreates: true });
  }

  /** Runs the commands that a message tells the user to run. */
  async follow(commands: readonly SuggestedCommand[]): Promise<CommandRun> {
    for (const command of commands) {
      if (command.kind === "delete") {
        await this.deleteByHand(command);
      } else {
        const imported = await this.import(command);
        if (!imported.succeeded) return imported;
      }
    }
    return { succeeded: true, output: "" };
  }

  /**
   * What `pulumi import` does: takes an object over as it is. The command itself needs Pulumi's language host; the resource option
   * of the same name does not.
   */
  private import({ type, name, id }: SuggestedImport): Promise<CommandRun> {
    return this.engine("up", async () => {
      pulumi.runtime.registerStackTransformation((resource) =>
        resource.type === type && resource.name === name
          ? {
              props: resource.props,
              opts: pulumi.mergeOptions(resource.opts, {
                import: id,
                ignoreChanges: [...mayDiffer],
              }),
            }
          : undefined,
      );
      return program();
    });
  }

  private async deleteByHand({ path }: SuggestedDeletion): Promise<void> {
    const administrator = new Administrator(this.tenant);
    try {
      await administrator.graph("DELETE", path);
    } finally {
      administrator.signOut();
    }
  }

  /** The values of the published secrets, current and previous. */
  async publishedSecrets(): Promise<readonly string[]> {
    const outputs = await this.running.stack.outputs();
    const byClient = outputs["clientSecrets"]?.value as
      Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
    return Object.values(byClient ?? {}).flatMap((values) => Object.values(values));
  }

  /** Whether the tenant accepts a value as a client secret. */
  accepts(value: string): Promise<boolean> {
    return acceptsSecret(this.tenantFile, value, new Date(`${this.parts.asOf}T09:00:00Z`));
  }

  state(): Promise<StackState> {
    return readStackState(this.running.stack);
  }

  inventory(): Promise<Inventory> {
    return readInventory(this.tenantFile);
  }

  private get tenantFile(): string {
    return join(this.folder.tenant, "tenant.json");
  }

  async close(): Promise<void> {
    await this.running.stop();
    await this.tenant.stop();
  }
}

/**
 * Properties in which an object that a cut-off run has left behind may differ from what is declared, and the scope of a role
 * assignment, which the provider reads without its first slash.
 */
const mayDiffer = ["description", "properties", "scope", "tags"];

/** A clock that starts at an instant and then goes as the machine's does. */
function clockFrom(instant: string): Clock {
  const ahead = Date.parse(instant) - Date.now();
  return { now: () => new Date(Date.now() + ahead) };
}

/** Lets others have their turn instead of waiting. */
async function skipWait(_milliseconds: number, signal: AbortSignal): Promise<void> {
  await turn(undefined, { signal });
}
