import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** The Azure CLI that printed and shipped commands are tried with. */
const version = "2.91.0";

const run = promisify(execFile);

/**
 * The folder of `az`, installed from the Python package index into a cache of its own the first time, which takes minutes.
 *
 * @returns undefined where there is no Python, or no package index
 */
export async function azureCliFolder(): Promise<string | undefined> {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "dicom-ops-tests");
  const home = join(cache, `azure-cli-${version}`);
  const folder = join(home, "bin");
  if (await exists(join(folder, "az"))) return folder;
  try {
    await mkdir(cache, { recursive: true });
    // Scripts of an environment name its folder, so that it is made in its place; a mark tells a finished one.
    const unfinished = await exists(home);
    if (unfinished) await rename(home, await mkdtemp(join(tmpdir(), "azure-cli-")));
    await run("python3", ["-m", "venv", home]);
    await run(join(folder, "pip"), ["install", "--quiet", `azure-cli==${version}`]);
    return folder;
  } catch {
    await rm(home, { recursive: true, force: true });
    return undefined;
  }
}

/** A shell in which `az` is the real one, in a configuration of its own. */
export class AzureCliShell {
  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly configuration: string,
  ) {}

  static async open(folder: string, env: Readonly<Record<string, string>>): Promise<AzureCliShell> {
    const configuration = await mkdtemp(join(tmpdir(), "azure-config-"));
    return new AzureCliShell(
      {
        ...process.env,
        ...env,
        PATH: [folder, process.env["PATH"]].join(delimiter),
        HOME: configuration,
        // Where the help of serve has it.
        AZURE_CONFIG_DIR: join(configuration, ".azure-sandbox"),
        AZURE_CORE_COLLECT_TELEMETRY: "false",
      },
      configuration,
    );
  }

  /**
   * Runs a script.
   *
   * @returns its stdout
   * @throws an Error with its stderr when a command in it fails
   */
  async run(script: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    return (await run("sh", ["-euc", script], { env: { ...this.env, ...env }, maxBuffer: 2 ** 24 })).stdout;
  }

  /** Has az forget whom it was signed in as, and removes its configuration. */
  async close(): Promise<void> {
    await this.run("az account clear");
    await rm(this.configuration, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
