import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The systems that there are pipelines for. */
export const pipelineSystems = ["github", "azure"] as const;
export type PipelineFilesOf = (typeof pipelineSystems)[number];

/** Where the files of each system belong in a project. */
export const targetFolders: Readonly<Record<PipelineFilesOf, string>> = {
  github: ".github",
  azure: "azure-pipelines",
};

/** What becomes of one file. */
export interface CopiedFile {
  /** Path in the project, with slashes. */
  readonly path: string;
  readonly state: "new" | "same" | "differs";
  /** What the project has; "" of a new file. */
  readonly before: string;
  readonly after: string;
}

/** The folder with the files, beside the code or above what was compiled of it. */
export function pipelineAssets(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const assets = join(folder, "pipelines");
    if (pipelineSystems.every((system) => existsSync(join(assets, system)))) return assets;
  }
  throw new Error("the pipeline files are missing from the package");
}

/** Compares the files of a system with those of a project. Nothing is written. */
export async function comparePipelineFiles(
  system: PipelineFilesOf,
  project: string,
): Promise<readonly CopiedFile[]> {
  const source = join(pipelineAssets(), system);
  const names = (await readdir(source, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1))
    .sort();
  return Promise.all(
    names.map(async (name): Promise<CopiedFile> => {
      const path = join(targetFolders[system], name);
      const after = await readFile(join(source, name), "utf8");
      const before = await readFile(join(project, path), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      return {
        path: path.replaceAll("\\", "/"),
        state: before === undefined ? "new" : withoutCarriage(before) === after ? "same" : "differs",
        before: before ?? "",
        after,
      };
    }),
  );
}

/** Writes files into a project. */
export async function writePipelineFiles(project: string, files: readonly CopiedFile[]): Promise<void> {
  for (const { path, after } of files) {
    const file = join(project, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, after);
    await chmod(file, 0o644);
  }
}

/** A checkout on Windows has CRLF, which says the same. */
function withoutCarriage(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
