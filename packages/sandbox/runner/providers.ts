import { execFile } from "node:child_process";
import { access, symlink } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import azureNative from "@pulumi/azure-native/package.json";
import azuread from "@pulumi/azuread/package.json";
import { executableName } from "../toolchain/executableOnPath";
import type { PulumiCli } from "../toolchain/pulumiCli";
import type { ProviderName } from "../standIn/standIn";
import type { SandboxFolder } from "./sandboxFolder";
import { SandboxError } from "./sandboxError";

/** Which provider plugins to use: the real ones where they can be had, or one kind only. */
export const providerChoices = ["auto", "real", "stand-in"] as const;
export type ProviderChoice = (typeof providerChoices)[number];

/** A provider and the plugin that plays it. */
export interface ChosenProvider {
  readonly name: ProviderName;
  /** Version that the SDK of the same name asks for. */
  readonly version: string;
  readonly kind: "real" | "stand-in";
  /** Why it is this kind, for the user. */
  readonly reason: string;
}

/** The plugin's version is that of its SDK. */
const versions: Readonly<Record<ProviderName, string>> = {
  azuread: azuread.version,
  "azure-native": azureNative.version,
};

/** What the choice between real plugins and stand-ins depends on. */
export interface ProviderSearch {
  readonly choice: ProviderChoice;
  /** Installs plugins that can be downloaded. */
  readonly cli: Pick<PulumiCli, "path">;
  /** The user's PULUMI_HOME, whose plugin cache is used and, where plugins can be downloaded, filled. */
  readonly home: string;
  readonly progress: (line: string) => void;
  /** Where plugins are downloaded from; only asked whether it is there. Default: Pulumi's site. */
  readonly downloadSite?: string;
}

/**
 * Decides, for each provider by itself, between the real plugin and the stand-in.
 *
 * @throws SandboxError when `real` is asked for and a plugin cannot be had.
 */
export async function chooseProviders(search: ProviderSearch): Promise<ChosenProvider[]> {
  const names: readonly ProviderName[] = ["azuread", "azure-native"];
  const chosen: ChosenProvider[] = [];
  for (const name of names) {
    chosen.push(await chooseProvider(name, search));
  }
  return chosen;
}

/** Tells the user which plugins are used, and why; in short that some are stand-ins. */
export function noteProviders(
  providers: readonly ChosenProvider[],
  verbose: boolean,
  note: (line: string) => void,
): void {
  if (!verbose) {
    const standIns = providers.filter(({ kind }) => kind === "stand-in").map(({ name }) => name);
    if (standIns.length > 0) {
      note(
        `${standIns.join(" and ")}: ${standIns.length === 1 ? "a stand-in plays the plugin" : "stand-ins play the plugins"}; --verbose says why.`,
      );
    }
    return;
  }
  for (const { name, version, kind, reason } of providers) {
    note(`Provider ${name} v${version}: ${kind === "real" ? "the real plugin" : "the stand-in"} (${reason})`);
  }
}

/** Lets the sandbox's PULUMI_HOME share the user's plugin cache. */
export async function sharePluginCache(folder: SandboxFolder, home: string): Promise<void> {
  const link = join(folder.pulumiHome, "plugins");
  if (!(await exists(link))) {
    await symlink(join(home, "plugins"), link, "junction").catch(() => undefined);
  }
}

/** The user's PULUMI_HOME: without the variable in the home folder of the account, as for the CLI, whatever HOME says. */
export function userPulumiHome(environment: NodeJS.ProcessEnv): string {
  return environment["PULUMI_HOME"] || join(accountHome(), ".pulumi");
}

function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    // In a container the user may have no account.
    return homedir();
  }
}

async function chooseProvider(name: ProviderName, search: ProviderSearch): Promise<ChosenProvider> {
  const { choice, home, downloadSite = "https://get.pulumi.com" } = search;
  const version = versions[name];
  if (choice === "stand-in") {
    return { name, version, kind: "stand-in", reason: "asked for" };
  }
  if (choice === "auto" && process.platform !== "linux") {
    const reason = "real plugins accept the sandbox's certificate on Linux only";
    return { name, version, kind: "stand-in", reason };
  }
  if (await isCached(name, version, home)) {
    return { name, version, kind: "real", reason: "from the plugin cache" };
  }
  const obstacle = (await reachable(downloadSite))
    ? await install(name, version, search)
    : `not in the plugin cache, and ${downloadSite} cannot be reached`;
  if (obstacle === undefined) {
    return { name, version, kind: "real", reason: "downloaded" };
  }
  if (choice === "real") {
    throw new SandboxError(
      `The real ${name} plugin v${version} is not available: ${obstacle}.\nInstall it with \`pulumi plugin install resource ${name} ${version}\`, or leave out --provider real.`,
    );
  }
  return { name, version, kind: "stand-in", reason: obstacle };
}

async function isCached(name: ProviderName, version: string, home: string): Promise<boolean> {
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  const executable = join(folder, executableName(`pulumi-resource-${name}`));
  // A file beside the folder marks an installation that was interrupted.
  return (await exists(executable)) && !(await exists(`${folder}.partial`));
}

async function install(
  name: ProviderName,
  version: string,
  { cli, home, progress }: ProviderSearch,
): Promise<string | undefined> {
  progress(
    `downloading the ${name} plugin v${version} into ${join(home, "plugins")}; azure-native takes minutes`,
  );
  try {
    await promisify(execFile)(cli.path, ["plugin", "install", "resource", name, version], {
      env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    return `its download failed (${said})`;
  }
}

/** Whether an origin answers within three seconds; where there is no network, the answer is a quick no. */
async function reachable(origin: string): Promise<boolean> {
  try {
    await fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(3000) });
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
