import { chmod, rename, writeFile } from "node:fs/promises";

/** Writes a file so that readers see either what was there before or all of the new text. */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const beside = `${file}.next`;
  await writeFile(beside, text, { mode });
  await chmod(beside, mode);
  await rename(beside, file);
}
