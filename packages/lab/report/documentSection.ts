import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";

/**
 * Replaces a part of a Markdown document that is generated: what lies between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws Error when the document has no such part.
 */
export async function replaceSection(file: string, name: string, content: string): Promise<void> {
  const document = await readFile(file, "utf8");
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`${file} has no part from ${begin} to ${end}`);
  }
  const replaced = `${document.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${document.slice(to)}`;
  await writeFile(file, await format(replaced, { ...(await resolveConfig(file)), filepath: file }));
}
