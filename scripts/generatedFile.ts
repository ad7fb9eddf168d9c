import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";

/** A committed file that is made from the sources. */
export interface GeneratedFile {
  /** Its absolute path. */
  readonly path: string;
  /** Makes its content, before it is formatted. */
  readonly make: () => string;
}

/** The content that a file should have, formatted as everything here. */
export async function contentOf({ path, make }: GeneratedFile): Promise<string> {
  return format(make(), { ...(await resolveConfig(path)), filepath: path });
}

/** Writes files anew. */
export async function writeFiles(files: readonly GeneratedFile[]): Promise<void> {
  for (const file of files) writeFileSync(file.path, await contentOf(file));
}
