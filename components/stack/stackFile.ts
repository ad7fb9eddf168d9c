import { readFile } from "node:fs/promises";
import { dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import type { Problem } from "../problem";
import { misplacedKeyProblems, providerKeys, repeatedKeyProblems } from "./configKeys";
import { configFileOption } from "./configFileOption";
import { isMapping } from "./mapping";

/** A stack of a project on this machine. */
export interface StackPlace {
  /** The project's folder. What is no absolute path, as in a program that is run inline, has no files. */
  readonly folder: string;
  readonly project: string;
  /** Name of the stack, with or without its organization. */
  readonly stack: string;
}

/**
 * What is wrong with the keys of the stack file and the project file that Pulumi does not tell the program, because it has
 * dropped them by then. Files that are not there have no problems here. One that Pulumi reads and YAML 1.2 does not allow is a
 * problem where keys may be dropped.
 *
 * @param known the names of the project's own keys.
 */
export async function stackFileProblems(
  { folder, project, stack }: StackPlace,
  known: readonly string[],
): Promise<Problem[]> {
  if (!isAbsolute(folder)) {
    return [];
  }
  const projectFile = await findProjectFile(folder);
  if (!projectFile) {
    return [];
  }
  const stackFile = await readText(await stackFilePath(projectFile, stack));
  const problems = await Promise.all(
    [projectFile, ...(stackFile ? [stackFile] : [])].map((file) => problemsIn(file, folder, project, known)),
  );
  return problems.flat();
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

async function findProjectFile(folder: string): Promise<TextFile | undefined> {
  const names = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];
  const found = await Promise.all(names.map((name) => readText(join(folder, name))));
  return found.find((file) => file !== undefined);
}

/** Where Pulumi keeps a stack's configuration: as `--config-file` says, else in the folder that the project names. */
async function stackFilePath(projectFile: TextFile, stack: string): Promise<string> {
  const named = await configFileOption();
  if (named !== undefined) {
    return named;
  }
  // Most projects name no folder, so that the text need not be parsed.
  const settings = /stackConfigDir|^["']?config["']?\s*:[ \t]*[^\s#{]/m.test(projectFile.text)
    ? await parseMapping(projectFile.text)
    : { mapping: {} };
  const { stackConfigDir, config } = "mapping" in settings ? settings.mapping : {};
  const written = stackConfigDir ?? config;
  return join(
    dirname(projectFile.path),
    typeof written === "string" ? written : "",
    `Pulumi.${stack.slice(stack.lastIndexOf("/") + 1)}${extname(projectFile.path)}`,
  );
}

async function problemsIn(
  { path, text }: TextFile,
  folder: string,
  project: string,
  known: readonly string[],
): Promise<Problem[]> {
  if (!mayRepeatKeys(text) && !mayMisplaceKeys(text, project, known)) {
    return [];
  }
  const shown = relative(folder, path);
  const file = shown.startsWith("..") ? path : shown.replaceAll(sep, "/");
  const content = await parseMapping(text);
  if ("refusal" in content) {
    return [
      {
        path: [],
        message: `${file} cannot be searched for keys that Pulumi ignores: ${content.refusal}. Pulumi is not as strict; write it as YAML 1.2`,
      },
    ];
  }
  const { config } = content.mapping;
  return [
    ...repeatedKeyProblems(isMapping(config) ? Object.keys(config) : [], project, file),
    ...misplacedKeyProblems(Object.keys(content.mapping), project, known, file),
  ];
}

/** Whether a text may hold a key of the configuration that is not indented: in YAML, most texts have none, and need no parser. */
function mayMisplaceKeys(text: string, project: string, known: readonly string[]): boolean {
  const names = [...known, project, ...Object.keys(providerKeys)].join("|").replaceAll(".", "\\.");
  return /^\s*\{/.test(text) || new RegExp(`^["']?(${names})["':\\s]`, "m").test(text);
}

/**
 * Whether a text may hold a key in two forms: something stands both after a colon and after no colon. Most do not, which spares
 * them a parser.
 */
function mayRepeatKeys(text: string): boolean {
  const qualified = [...text.matchAll(/[\w.-]+:(config:)?([\w.-]+)["']?\s*:/g)];
  return qualified.some(
    ([, older, name = ""]) =>
      older !== undefined ||
      new RegExp(`(^|[\\s{,?"'])${name.replaceAll(".", "\\.")}["']?\\s*:`, "m").test(text),
  );
}

/** What a text holds, or in one line why it is not YAML 1.2. */
async function parseMapping(
  text: string,
): Promise<{ readonly mapping: Readonly<Record<string, unknown>> } | { readonly refusal: string }> {
  const { parse } = await import("yaml");
  try {
    const content: unknown = parse(text, { merge: true, logLevel: "error" });
    return { mapping: isMapping(content) ? content : {} };
  } catch (error) {
    const [reason = ""] = error instanceof Error ? error.message.split("\n") : [];
    return { refusal: reason.replace(/:$/, "") };
  }
}

async function readText(path: string): Promise<TextFile | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : { path, text: text.replace(/^\ufeff/, "") };
}
