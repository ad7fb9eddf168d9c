import { dirname } from "node:path";
import type { PulumiCli } from "../toolchain/pulumiCli";
import { languageHostFolder, type ChosenLanguageHost } from "./languageHosts";
import type { ChosenProvider } from "./providers";
import { startStandIns } from "./standIns";

/** What the environment of a plain CLI is put together from. */
export interface PlainCliParts {
  readonly cli: PulumiCli;
  readonly languageHost: ChosenLanguageHost;
  readonly providers: readonly ChosenProvider[];
  /** The tenant's own environment, by which stand-ins reach it. */
  readonly tenantEnvironment: Readonly<Record<string, string>>;
  /** Whether stand-ins wait as long as the real plugins do. */
  readonly fixedWaits?: boolean;
}

/** What a Pulumi CLI that somebody runs by hand needs beside the tenant's environment. */
export interface PlainCliContext {
  /** Variables to set. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders to put before the others on PATH. */
  readonly folders: readonly string[];
  /** Ends the stand-ins. */
  stop(): Promise<void>;
}

/** Serves the stand-ins that a plain CLI needs where the real plugins are not there; all others it finds itself. */
export async function startPlainCli(parts: PlainCliParts): Promise<PlainCliContext> {
  const { cli, languageHost, providers } = parts;
  const standIns = await startStandIns(providers, parts.tenantEnvironment, {
    fixedWaits: parts.fixedWaits ?? false,
  });
  const anyStandIn = languageHost.kind === "stand-in" || standIns.attachments !== "";
  const folders = [
    ...(languageHost.kind === "stand-in" ? [languageHostFolder] : []),
    dirname(cli.path),
    // Also where it is on PATH already: another Node.js, too old for the program, may stand before it.
    dirname(process.execPath),
  ];
  return {
    environment: {
      ...(standIns.attachments === "" ? {} : { PULUMI_DEBUG_PROVIDERS: standIns.attachments }),
      ...(anyStandIn ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    },
    folders,
    stop: () => standIns.stop(),
  };
}
