import { join, relative } from "node:path";
import { ensurePulumiCli } from "../toolchain/pulumiCli";
import type { Tenant } from "../tenant/tenant";
import { removeAbandonedLocks } from "./abandonedLock";
import { startEngine, type Engine } from "./engine";
import type { EngineReporting } from "./engineOutput";
import {
  chooseProviders,
  noteProviders,
  sharePluginCache,
  userPulumiHome,
  type ProviderChoice,
} from "./providers";
import type { SandboxFolder } from "./sandboxFolder";
import { reachTenant } from "./tenantAccess";
import { recoverState } from "./stateRecovery";
import { invocation, type Project } from "./project";
import { shellWord } from "./shellWord";
import { prepareWorkspace } from "./workspace";

/** What a sandbox command was asked to work with. */
export interface SessionOptions extends EngineReporting {
  readonly project: Project;
  readonly folder: SandboxFolder;
  readonly provider: ProviderChoice;
  /** The user's own environment, where the CLI and the plugin cache are looked for. */
  readonly userEnvironment: NodeJS.ProcessEnv;
  /** Receives what the user should know on the way. */
  readonly note: (line: string) => void;
  /** Stack file instead of `Pulumi.sandbox.yaml`. */
  readonly config?: string;
  /** File for the tenant's request log. */
  readonly log?: string;
  readonly fixedWaits?: boolean;
  /** Interrupts the engine at work. */
  readonly signal?: AbortSignal;
  /** Fires when the user gives up: nothing more is started then. */
  readonly interruption?: AbortSignal;
}

/** How users call the same sandbox again, with the options that name it, for what is printed. */
export function sameSandbox({ project, folder, config }: SessionOptions): string {
  return [
    invocation,
    ...(folder.root === join(project.root, ".sandbox") ? [] : ["--folder", shellWord(folder.root)]),
    ...(config === undefined ? [] : ["--config", shellWord(config)]),
  ].join(" ");
}

/** A sandbox with everything running. */
export interface Session extends Engine {
  readonly tenant: Tenant;
}

/**
 * Starts a sandbox, lets it be used and stops it again.
 *
 * @throws SandboxError, ToolchainError, TenantError: problems for the user to cure.
 */
export async function withSession<T>(
  options: SessionOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { project, folder, note, progress, verbose, userEnvironment } = options;
  progress?.("Starting the sandbox");
  const cli = await ensurePulumiCli({
    env: userEnvironment,
    progress: note,
    ...(options.interruption === undefined ? {} : { signal: options.interruption }),
  });
  options.interruption?.throwIfAborted();
  if (verbose) note(cli.origin);
  const home = userPulumiHome(userEnvironment);
  const providers = await chooseProviders({ choice: options.provider, cli, home, progress: note });
  noteProviders(providers, verbose ?? false, note);
  await folder.prepare();
  await recoverState(folder, project, note);
  await sharePluginCache(folder, home);
  const tenant = await reachTenant(folder, options.log === undefined ? {} : { requestLog: options.log });
  try {
    if (verbose)
      note(`Sandbox tenant: ${tenant.url}, kept in ${relative(process.cwd(), folder.root) || "."}`);
    await prepareWorkspace(folder.workspace, project, options.config, tenant.url);
    const engine = await startEngine({
      cli,
      project,
      folder,
      tenant,
      providers,
      fixedWaits: options.fixedWaits ?? false,
      note,
    });
    try {
      options.interruption?.throwIfAborted();
      await removeAbandonedLocks(engine.stack, folder, project, !(await folder.isServed()), note);
      progress?.(undefined);
      return await use({ ...engine, tenant });
    } finally {
      await engine.stop();
    }
  } finally {
    await tenant.stop();
  }
}
