import { delimiter, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import type { PulumiCli } from "../toolchain/pulumiCli";
import { pulumiCommand } from "../toolchain/pulumiCommand";
import { program } from "../../../components/stack/program";
import type { Sleep } from "../standIn/http/sleep";
import type { Tenant } from "../tenant/tenant";
import { inlineProgram } from "./inlineProgram";
import { chooseLanguageHost, languageHostFolder } from "./languageHosts";
import type { ChosenProvider } from "./providers";
import { quickStack, type QuickStack } from "./quickStack";
import type { SandboxFolder } from "./sandboxFolder";
import { startStandIns } from "./standIns";
import { projectName, stackName } from "./workspace";

/** What an engine is put together from. */
export interface EngineParts {
  readonly cli: PulumiCli;
  readonly folder: SandboxFolder;
  readonly tenant: Tenant;
  readonly providers: readonly ChosenProvider[];
  /** Whether stand-ins wait as long as the real plugins do. */
  readonly fixedWaits?: boolean;
  /** How stand-ins wait between tries. Default: really. */
  readonly sleep?: Sleep;
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
  const { cli, folder, tenant, providers } = parts;
  const languageHost = await chooseLanguageHost(cli, process.env);
  const standIns = await startStandIns(providers, tenant.environment, {
    fixedWaits: parts.fixedWaits ?? false,
    ...(parts.sleep === undefined ? {} : { sleep: parts.sleep }),
  });
  try {
    const environment = {
      ...tenant.environment,
      // PULUMI_HOME is the sandbox's own, in which no CLI is installed: this one is found on PATH. So is what runs policy packs.
      PATH: [
        ...(languageHost.kind === "stand-in" ? [languageHostFolder] : []),
        dirname(cli.path),
        process.env["PATH"] ?? "",
      ].join(delimiter),
      PULUMI_HOME: folder.pulumiHome,
      PULUMI_BACKEND_URL: pathToFileURL(folder.backend).href,
      PULUMI_CONFIG_PASSPHRASE: await folder.passphrase(),
      PULUMI_DEBUG_PROVIDERS: standIns.attachments,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName, program: inlineProgram(program) },
      {
        workDir: folder.workspace,
        pulumiHome: folder.pulumiHome,
        pulumiCommand: await pulumiCommand(cli),
        envVars: environment,
      },
    );
    return { stack: quickStack(stack), environment, stop: () => standIns.stop() };
  } catch (error) {
    await standIns.stop();
    throw error;
  }
}
