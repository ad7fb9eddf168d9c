import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationError } from "../operationError";
import { type PulumiCommandLine, PulumiFailure } from "../project/pulumiCommandLine";
import { type ImportFile, importFileText, readImportFile } from "./importFile";
import { type Preview, readPreview } from "./previewStep";

/**
 * A stack on the Pulumi engine: previews, and, for `adopt` alone, what writes its state. Nothing here changes the tenant.
 */
export class StackEngine {
  constructor(private readonly pulumi: PulumiCommandLine) {}

  /**
   * What `pulumi up` would do, with what it would leave as it is.
   *
   * @throws OperationError with the messages of the program and the providers
   */
  async preview(): Promise<Preview> {
    return this.previewed(["--show-sames"]);
  }

  /** The import file that the engine makes of everything that the program would create; ids are placeholders. */
  async generateImportFile(): Promise<ImportFile> {
    return withFolder(async (folder) => {
      const file = join(folder, "import.json");
      await this.previewed(["--import-file", file]);
      return readImportFile(await readFile(file, "utf8"));
    });
  }

  /** Takes live objects over into the state. Resources that are in it with the same id already stay as they are. */
  async import(resources: ImportFile): Promise<void> {
    await withFolder(async (folder) => {
      const file = join(folder, "import.json");
      await writeFile(file, importFileText(resources), { mode: 0o600 });
      await this.write(
        ["import", "--file", file, "--yes", "--skip-preview", "--generate-code=false", "--protect=false"],
        "The live objects cannot be imported.",
      );
    });
  }

  /** The state as `pulumi stack export` writes it; secrets in it stay encrypted. */
  async exportState(): Promise<string> {
    return this.write(["stack", "export"], "The state cannot be exported.");
  }

  /** Puts a state in the place of the one that is there. */
  async replaceState(state: string): Promise<void> {
    await this.write(["stack", "import"], "The state cannot be imported.", state);
  }

  private async previewed(args: readonly string[]): Promise<Preview> {
    try {
      const preview = readPreview(await this.pulumi.run(["preview", "--json", ...args]));
      if (preview) return preview;
      throw new OperationError("The preview of this Pulumi CLI is not JSON.", {
        cure: "Update dicom-ops and the Pulumi CLI.",
      });
    } catch (error) {
      if (!(error instanceof PulumiFailure)) throw error;
      const errors = readPreview(error.stdout)?.errors ?? [];
      throw failed("The program cannot be previewed.", errors.join("\n") || error.message, error);
    }
  }

  private async write(args: readonly string[], message: string, input?: string): Promise<string> {
    try {
      return await this.pulumi.run(args, input);
    } catch (error) {
      if (!(error instanceof PulumiFailure)) throw error;
      throw failed(message, errorLines(error) || error.message, error);
    }
  }
}

function failed(message: string, cause: string, error: PulumiFailure): OperationError {
  return new OperationError(message, {
    cause,
    cure: cause.includes("language plugin")
      ? "Run the program with a Pulumi CLI that has its language host for Node.js; see https://www.pulumi.com/docs/install."
      : "Fix what is reported there, and run the command again.",
    error,
  });
}

/** The lines of errors among what an engine shows while it works. */
function errorLines({ stdout, said }: PulumiFailure): string {
  const lines = `${stdout}\n${said}`
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("error: "))
    .map((line) => line.slice("error: ".length));
  return [...new Set(lines)].join("\n");
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "adopt-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
