import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Document, isMap, parseDocument, type SchemaOptions } from "yaml";
import { isMapping } from "../mapping";
import { SandboxError } from "./sandboxError";

/** The Pulumi project that the sandbox works on. */
export interface Project {
  /** The folder with `Pulumi.yaml`. */
  readonly root: string;
  /** The namespace of its own configuration keys. */
  readonly name: string;
  /** `Pulumi.yaml` as it was read. */
  readonly document: Document;
  /** Path of the file that declares the sandbox's stack. */
  readonly stackFile: string;
  /**
   * Its own commands, by name: words with `{workspace}`, `{stack}`, `{stackFile}` and `{arguments}` to be filled in, and
   * `{check:<option>}` where the command has an option with which it only checks its arguments.
   */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

/** How users call the sandbox, for what is printed: npm puts a banner before what `npm run` prints. */
export const invocation = "npx entra-sandbox";

/** The sandbox's stack, declared in `Pulumi.sandbox.yaml`. */
export const stackName = "sandbox";

/** The file that declares it. */
export const stackFileName = `Pulumi.${stackName}.yaml`;

/**
 * Finds the Pulumi project of a folder: there or in a folder above, as the Pulumi CLI does.
 *
 * @throws SandboxError when there is none, or when its files are not what Pulumi or npm would read.
 */
export function findProject(folder: string): Project {
  const root = searchUp(resolve(folder));
  if (root === undefined) {
    throw new SandboxError(
      `There is no Pulumi.yaml in ${folder} or in a folder above it. Start the sandbox in the folder of a Pulumi project.`,
    );
  }
  const file = join(root, "Pulumi.yaml");
  const document = readYaml(file);
  const name: unknown = document.get("name");
  // A name such as 2026 is a number in YAML, and the CLI takes it all the same.
  if (typeof name !== "string" && typeof name !== "number") {
    throw new SandboxError(`${file} does not name the project`);
  }
  const manifest = readManifest(join(root, "package.json"));
  return {
    root,
    name: String(name),
    document,
    stackFile: join(root, stackConfigFolder(document), stackFileName),
    commands: projectCommands(manifest, join(root, "package.json")),
  };
}

/** By what a project names the folder of its stack files, the present name first. */
export const stackConfigKeys = ["stackConfigDir", "config"] as const;

/** Where its programs are found before all others: run by this Node.js, and as the project has installed them. */
export function programFolders({ root }: Pick<Project, "root">): readonly string[] {
  return [dirname(process.execPath), join(root, "node_modules", ".bin")];
}

function stackConfigFolder(document: Document): string {
  const named = stackConfigKeys.map((key) => document.get(key)).find((value) => typeof value === "string");
  return typeof named === "string" ? named : ".";
}

/**
 * Numbers are not read, and merge keys (`<<`) not followed: what is written again means to the Pulumi CLI what was written, such as
 * `0755`, which it takes for 493.
 */
const spelledAsWritten: SchemaOptions = {
  schema: "core",
  merge: false,
  customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !/:(int|float)$/.test(tag.tag)),
};

/** @throws SandboxError when the file is not there, is not YAML, or is not a mapping. */
export function readYaml(file: string): Document {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new SandboxError(`${file} cannot be read`);
  }
  const document = parseDocument(text, spelledAsWritten);
  if (document.errors.length > 0) {
    throw new SandboxError(
      [`${file} is not valid YAML:`, ...document.errors.map((error) => `  ${error.message.trim()}`)].join(
        "\n",
      ),
    );
  }
  if (!isMap(document.contents)) {
    throw new SandboxError(`${file} must be a mapping`);
  }
  return document;
}

function searchUp(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : searchUp(parent);
}

function readManifest(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isMapping(manifest) ? manifest : {};
  } catch (error) {
    throw new SandboxError(`${file} is not valid JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

function projectCommands(
  manifest: Readonly<Record<string, unknown>>,
  file: string,
): Readonly<Record<string, readonly string[]>> {
  const settings = manifest["entra-sandbox"];
  const commands = isMapping(settings) ? settings["commands"] : undefined;
  if (commands === undefined) return {};
  if (!isMapping(commands) || !Object.values(commands).every(isWords)) {
    throw new SandboxError(
      `${file}: entra-sandbox.commands must name lists of words, such as { "ops": ["dicom-ops", "{arguments}", "--cwd", "{workspace}"] }`,
    );
  }
  return commands as Record<string, readonly string[]>;
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string");
}
