import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's folder. */
export const projectFolder = join(__dirname, "..", "..");

/** A text for users. */
export interface Guide {
  /** Its path from the project's folder, such as `docs/use/rotation.md`. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is written for users: the READMEs, the guides, and what lies beside components, policies and pipelines. */
export function guides(): readonly Guide[] {
  return globSync(["*.md", "{docs,components,packages,policy,.github}/**/*.md"], {
    cwd: projectFolder,
  })
    .filter((path) => !path.includes("node_modules"))
    .map((path) => guide(path.replaceAll("\\", "/")))
    .sort((one, other) => one.path.localeCompare(other.path));
}

/** One text for users. */
export function guide(path: string): Guide {
  return { path, text: readFileSync(join(projectFolder, path), "utf8") };
}

/** A fenced block of a guide. */
export interface CodeBlock {
  /** The word after the fence, such as `yaml`; "" without one. */
  readonly language: string;
  /** Its lines without the fence's indentation. */
  readonly text: string;
  /** Where it begins, as `<path>:<line>`. */
  readonly place: string;
}

/** The fenced blocks of a guide. */
export function codeBlocks({ path, text }: Guide): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly indent: number; readonly language: string; readonly line: number } | undefined;
  let lines: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^(\s*)```(\w*)/.exec(line);
    if (!fence) {
      if (open) lines.push(line.slice(Math.min(open.indent, line.search(/\S|$/))));
    } else if (open) {
      blocks.push({ language: open.language, text: lines.join("\n"), place: `${path}:${open.line}` });
      open = undefined;
    } else {
      open = { indent: (fence[1] ?? "").length, language: fence[2] ?? "", line: index + 1 };
      lines = [];
    }
  }
  return blocks;
}

/** A guide's text without its fenced blocks. */
export function prose({ text }: Guide): string {
  return text.replace(/^(\s*)```[\s\S]*?^\s*```\s*$/gm, "");
}

/** The code spans of a text, without their backticks. */
export function codeSpans(text: string): readonly string[] {
  return [...text.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)].map(([, , span]) => (span ?? "").trim());
}
