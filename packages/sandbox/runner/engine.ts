import { delimiter, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError, LocalWorkspace } from "@pulumi/pulumi/automation";
import { startLanguageHost } from "../languageHost/languageHost";
import type { PulumiCli } from "../toolchain/pulumiCli";
import type { Sleep } from "../standIn/http/sleep";
import { DamagedFileError } from "../tenant/core/tenantError";
import type { Tenant } from "../tenant/tenant";
import { chooseLanguageHost, languageHostFolder } from "./languageHosts";
import { programFolders, type Project, stackName } from "./project";
import type { ChosenProvider } from "./providers";
import { quickStack, type QuickStack } from "./quickStack";
import type { SandboxFolder } from "./sandboxFolder";
import { startStandIns } from "./standIns";
import { trustBundles } from "./trustBundles";
import { reachedDirectly } from "./userSettings";

/** What an engine is put together from. */
export interface EngineParts {
  readonly cli: PulumiCli;
  readonly project: Project;
  readonly folder: SandboxFolder;
  readonly tenant: Tenant;
  readonly providers: readonly ChosenProvider[];
  /** Whether stand-ins wait as long as the real plugins do. */
  readonly fixedWaits?: boolean;
  /** How stand-ins wait between tries. Default: really. */
  readonly sleep?: Sleep;
  /** Receives what the user should know on the way. */
  readonly note?: (line: string) => void;
}

/** The real Pulumi engine at work on the sandbox's stack. */
export interface Engine {
  readonly stack: QuickStack;
  /** What the Pulumi CLI is run with, for whoever runs it on the same stack. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/** Starts what the engine needs and selects the sandbox's stack, which it creates the first time. */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const { cli, project, folder, tenant, providers } = parts;
  const languageHost = await chooseLanguageHost(cli, process.env);
  const standIns = await startStandIns(providers, tenant.environment, {
    fixedWaits: parts.fixedWaits ?? false,
    ...(parts.sleep === undefined ? {} : { sleep: parts.sleep }),
  });
  const running: { stop(): Promise<void> }[] = [standIns];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()));
  };
  const attached: Record<string, string> = {};
  try {
    const environment = {
      ...tenant.environment,
      ...reachedDirectly(process.env),
      // Whoever is behind a proxy that inspects TLS reaches nothing without its authority, from the program neither.
      ...(await trustBundles(
        folder.engineTrust,
        tenant.caFile,
        process.env,
        parts.note ?? (() => undefined),
      )),
      // PULUMI_HOME is the sandbox's own, in which no CLI is installed: this one is found on PATH. So is what runs programs and policy
      // packs, with the Node.js that runs the sandbox, and what the project has installed.
      PATH: [
        ...(languageHost.kind === "stand-in" ? [languageHostFolder] : []),
        dirname(cli.path),
        ...programFolders(project),
        process.env["PATH"] ?? "",
      ].join(delimiter),
      PULUMI_HOME: folder.pulumiHome,
      PULUMI_BACKEND_URL: pathToFileURL(folder.backend).href,
      PULUMI_CONFIG_PASSPHRASE: await folder.passphrase(),
      PULUMI_DEBUG_PROVIDERS: standIns.attachments,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    if (languageHost.kind === "stand-in") {
      // Attached, it starts no process of its own, and the engine does not warn of a host on PATH.
      const host = await startLanguageHost({ environment: { ...process.env, ...environment } });
      running.push(host);
      attached.PULUMI_DEBUG_LANGUAGES = `nodejs:${host.port}`;
    }
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, workDir: folder.workspace },
      {
        pulumiHome: folder.pulumiHome,
        pulumiCommand: cli.command,
        envVars: { ...environment, ...attached },
      },
    );
    return { stack: quickStack(stack), environment, stop };
  } catch (error) {
    await stop();
    // The CLI says on its own what is wrong with a command, but nothing of a stack that cannot be opened.
    if (error instanceof CommandError) {
      const [, said = error.message] = /^error: (.*)$/m.exec(error.message) ?? [];
      throw new DamagedFileError("The sandbox's stack in", folder.backend, said);
    }
    throw error;
  }
}
