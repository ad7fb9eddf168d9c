import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import { isMapping } from "../mapping";
import { type Project, readYaml, stackConfigKeys, stackFileName } from "./project";
import { SandboxError } from "./sandboxError";

/** What stands for the tenant's address in a stack file. */
export const addressPlaceholder = "${ENTRA_SANDBOX_URL}";

/**
 * Copies a project's settings into a folder for the engine. The engine rewrites stack files (it adds the salt of the passphrase), so
 * it never gets to see the tracked ones.
 *
 * @param workspace folder for the copies.
 * @param stackFile path; default the project's `Pulumi.sandbox.yaml`.
 * @param url address of the tenant, which takes the place of {@link addressPlaceholder}.
 * @throws SandboxError when a file is not there or is not YAML, with its line.
 */
export async function prepareWorkspace(
  workspace: string,
  project: Project,
  stackFile: string | undefined,
  url: string,
): Promise<void> {
  const settings = project.document.clone();
  const main: unknown = settings.get("main");
  settings.set("main", resolve(project.root, typeof main === "string" ? main : "."));
  // The copy of the stack file lies beside that of the project's.
  for (const key of stackConfigKeys) if (isScalar(settings.get(key, true))) settings.delete(key);
  await writeFile(join(workspace, "Pulumi.yaml"), settings.toString());

  const document = readStackFile(stackFile ?? project.stackFile, project);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === "string" && node.value.includes(addressPlaceholder)) {
        node.value = node.value.replaceAll(addressPlaceholder, url);
      }
    },
  });
  const copy = join(workspace, stackFileName);
  const salt = await readSalt(copy);
  if (salt !== undefined) {
    document.set("encryptionsalt", salt);
  } else if (!hasSecureValues(document)) {
    // The engine wrote it for another passphrase, such as that of a sandbox before `reset`; nothing is encrypted with it.
    document.delete("encryptionsalt");
  }
  await writeFile(copy, document.toString());
}

/**
 * Writes the project's name before the keys that leave it out, as the engine does when it writes a stack file.
 *
 * @throws SandboxError when a key is there in two spellings or where nothing reads it, or the file names ESC environments.
 */
function readStackFile(file: string, { name }: Project): Document {
  const document = readYaml(file);
  assertReadable(document, file);
  assertWithoutEnvironments(document, file);
  assertNothingBesideConfig(document, file);
  spellOutMergedKeys(document);
  const config = document.get("config");
  const seen = new Set<string>();
  for (const { key } of isMap(config) ? config.items : []) {
    if (!isScalar(key) || typeof key.value !== "string") continue;
    const written = key.value;
    const [namespace = "", ...rest] = written.split(":");
    const qualified = rest.length === 0 ? `${name}:${written}` : `${namespace}:${rest.at(-1) ?? ""}`;
    if (seen.has(qualified)) {
      throw new SandboxError(
        `${file} has the key ${qualified} twice, once as ${written}; Pulumi would use one of the two and ignore the other. Keep one.`,
      );
    }
    seen.add(qualified);
    key.value = qualified;
  }
  return document;
}

/** Writes the keys that the configuration takes over by a merge key (`<<`) into it, where they can get the project's name. */
function spellOutMergedKeys(document: Document): void {
  const config = document.get("config");
  if (!isMap(config)) return;
  const isMerge = ({ key }: Pair): boolean => isScalar(key) && key.value === "<<";
  const merged = config.items.filter(isMerge).flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  const own = config.items.filter((pair) => !isMerge(pair));
  for (const source of merged) {
    const map = isAlias(source) ? source.resolve(document) : source;
    for (const pair of isMap(map) ? map.items : []) {
      if (!own.some(({ key }) => String(key) === String(pair.key))) own.push(pair.clone());
    }
  }
  config.items = own;
}

/** @throws SandboxError when aliases would take up all memory, or stand for nothing. */
function assertReadable(document: Document, file: string): void {
  try {
    document.toJS();
  } catch (error) {
    throw new SandboxError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** @throws SandboxError when the file names ESC environments, which the engine opens in Pulumi Cloud alone. */
function assertWithoutEnvironments(document: Document, file: string): void {
  const named = document.get("environment");
  if (named === undefined || named === null || (isSeq(named) && named.items.length === 0)) return;
  throw new SandboxError(
    `${file} names ESC environments (environment:), which only Pulumi Cloud has. Write what the stack needs of them under config, in a file of its own for the sandbox, and name it with --config.`,
  );
}

/** Source: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const readByPulumi = ["<<", "secretsprovider", "encryptedkey", "encryptionsalt", "config", "environment"];

/**
 * @throws SandboxError when the file has keys that nothing reads, because they stand beside `config`: the engine drops them when it
 *   writes the file. One with an anchor serves the others.
 */
function assertNothingBesideConfig({ contents }: Document, file: string): void {
  const unread = (isMap(contents) ? contents.items : []).flatMap(({ key, value }) =>
    isScalar(key) && !readByPulumi.includes(String(key.value)) && !hasAnchor(value)
      ? [String(key.value)]
      : [],
  );
  if (unread.length === 0) return;
  throw new SandboxError(
    `${file} has ${unread.join(" and ")} beside config, where Pulumi reads nothing of it. Indent it, so that it stands under config.`,
  );
}

function hasAnchor(value: unknown): boolean {
  let found = false;
  if (isNode(value)) {
    visit(value, {
      Value: (_key, { anchor }) => {
        found ||= anchor !== undefined;
      },
    });
  }
  return found;
}

function hasSecureValues(document: Document): boolean {
  let found = false;
  visit(document, {
    Pair: (_key, { key }) => {
      found ||= isScalar(key) && key.value === "secure";
    },
  });
  return found;
}

async function readSalt(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const stack: unknown = parseDocument(text).toJS();
  const salt = isMapping(stack) ? stack["encryptionsalt"] : undefined;
  return typeof salt === "string" ? salt : undefined;
}
