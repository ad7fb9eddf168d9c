import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, parseDocument, type Document } from "yaml";
import { readProjectName } from "../../operations/project/projectName";
import { isMapping } from "../../../components/stack/mapping";
import { projectRoot } from "./projectRoot";
import { SandboxError } from "./sandboxError";

/** The sandbox's stack, declared in `Pulumi.sandbox.yaml`. */
export const stackName = "sandbox";
/** The project's name in Pulumi.yaml, which prefixes its config keys; empty when the file gives none. */
export const projectName = readProjectName(projectRoot) ?? "";

/** The file that declares it. */
export const stackFileName = `Pulumi.${stackName}.yaml`;

/** A stack file as it was read. */
export interface StackFile {
  readonly document: Document;
  /** The configuration by its full keys, such as `azuread:environment`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The project's own part of it, by keys without the project's name. */
  readonly own: Readonly<Record<string, unknown>>;
}

/**
 * Reads the stack file that the sandbox deploys.
 *
 * @param file path; default `Pulumi.sandbox.yaml`.
 * @throws SandboxError when the file is not there or is not YAML, with its line, or when the project has no name.
 */
export async function readStackFile(file: string = join(projectRoot, stackFileName)): Promise<StackFile> {
  const document = await readYaml(file);
  if (projectName === "") {
    throw new SandboxError(`${join(projectRoot, "Pulumi.yaml")} gives the project no name`);
  }
  const prefix = `${projectName}:`;
  qualifyOwnKeys(document, prefix);
  const content = contentOf(document, file);
  const config = isMapping(content) && isMapping(content["config"]) ? content["config"] : {};
  const own = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
  );
  return { document, config, own: Object.fromEntries(own) };
}

/** @throws SandboxError when aliases would take up all memory, or stand for nothing. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new SandboxError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Writes the project's name before the keys that leave it out, as the engine does when it writes a stack file. */
function qualifyOwnKeys(document: Document, prefix: string): void {
  const config = document.get("config");
  for (const { key } of isMap(config) ? config.items : []) {
    if (isScalar(key) && typeof key.value === "string" && !key.value.includes(":")) {
      key.value = `${prefix}${key.value}`;
    }
  }
}

/**
 * Copies the project's settings into a folder for the engine. The engine rewrites stack files (it adds the salt of the
 * passphrase), so it never gets to see the tracked ones.
 *
 * @param workspace folder for the copies.
 * @param sandboxUrl address of the tenant: it takes the place of the public cloud's hosts, unless the stack file names others.
 */
export async function prepareWorkspace(
  workspace: string,
  stack: StackFile,
  sandboxUrl: string,
): Promise<void> {
  const project = await readYaml(join(projectRoot, "Pulumi.yaml"));
  // The engine runs the program in this process; a plain CLI finds it where it is.
  project.set("main", join(projectRoot, "index.ts"));
  await writeFile(join(workspace, "Pulumi.yaml"), project.toString());

  const document = stack.document.clone();
  const api = `${projectName}:api`;
  for (const [key, value] of Object.entries({
    loginUrl: sandboxUrl,
    dicomServiceUrl: `${sandboxUrl}/dicom/{workspace}-{service}`,
  })) {
    const path = ["config", api, key];
    if (!document.hasIn(path)) {
      document.setIn(path, value);
    }
  }
  const copy = join(workspace, stackFileName);
  const salt = await readSalt(copy);
  if (salt !== undefined) {
    document.set("encryptionsalt", salt);
  }
  await writeFile(copy, document.toString());
}

async function readYaml(file: string): Promise<Document> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new SandboxError(`${file} cannot be read`);
  });
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new SandboxError(
      [`${file} is not valid YAML:`, ...document.errors.map((error) => `  ${error.message.trim()}`)].join(
        "\n",
      ),
    );
  }
  if (!isMap(document.contents)) {
    throw new SandboxError(`${file} must be a mapping with the key config`);
  }
  return document;
}

async function readSalt(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const stack: unknown = parseDocument(text).toJS();
  const salt = isMapping(stack) ? stack["encryptionsalt"] : undefined;
  return typeof salt === "string" ? salt : undefined;
}
