import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "lab";

const guides = [
  "state-backends",
  "state-backends/azure",
  "state-backends/moving",
  "state-backends/secrets-providers",
];

/** Headings of the guides whose commands tests run, in the order of {@link guides}. */
export const runHeadings = [
  "After a run that was killed",
  "Layout, rename, backup",
  "Start a stack",
  "Moving a stack to another backend",
  "Another passphrase",
  "From a passphrase to a key vault",
  "From a key vault to a passphrase",
] as const;

/** A block of shell in one of the guides. */
export interface GuideBlock {
  readonly heading: string;
  readonly lines: string;
}

/** The blocks of the guides that no comment excepts, in order. */
export function runnableBlocks(): GuideBlock[] {
  const blocks: GuideBlock[] = [];
  let heading = "";
  const pattern = /^#+ (.+)$|^```bash\n([^]*?)^```$/gm;
  for (const guide of guides) {
    const text = readFileSync(join(projectRoot, "docs", "operate", `${guide}.md`), "utf8");
    for (const [, title, lines] of text.matchAll(pattern)) {
      if (lines === undefined) heading = title ?? "";
      else if (!lines.startsWith("# Not run by a test: ")) blocks.push({ heading, lines });
    }
  }
  return blocks;
}

/** The blocks under a heading, as the guide's reader copies them. */
export function guideBlocks(heading: (typeof runHeadings)[number]): string[] {
  return runnableBlocks()
    .filter((block) => block.heading === heading)
    .map(({ lines }) => lines);
}
