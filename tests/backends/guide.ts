import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "lab";

const file = join(projectRoot, "docs", "operate", "state-backends.md");

/** Headings of the guide whose commands tests run, in the guide's order. */
export const runHeadings = [
  "Start a stack",
  "After a run that was killed",
  "Layout, rename, backup",
  "Move a stack to another backend",
  "Another passphrase",
  "From a passphrase to a key vault",
  "From a key vault to a passphrase",
] as const;

/** A block of shell in the guide. */
export interface GuideBlock {
  readonly heading: string;
  readonly lines: string;
}

/** The blocks of the guide that no comment excepts, in order. */
export function runnableBlocks(): GuideBlock[] {
  const blocks: GuideBlock[] = [];
  let heading = "";
  const pattern = /^#+ (.+)$|^```bash\n([^]*?)^```$/gm;
  for (const [, title, lines] of readFileSync(file, "utf8").matchAll(pattern)) {
    if (lines === undefined) heading = title ?? "";
    else if (!lines.startsWith("# Not run by a test: ")) blocks.push({ heading, lines });
  }
  return blocks;
}

/** The blocks under a heading, as the guide's reader copies them. */
export function guideBlocks(heading: (typeof runHeadings)[number]): string[] {
  return runnableBlocks()
    .filter((block) => block.heading === heading)
    .map(({ lines }) => lines);
}
