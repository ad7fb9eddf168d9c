import { readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { formatPath, isMapping } from "dicom-service-client/model";
import { type Document, isMap, isNode, isScalar, LineCounter, YAMLMap } from "yaml";
import { clientsKey } from "../project/clientsKey";
import { parsePulumiYaml, pulumiYaml } from "../project/pulumiYaml";
import { messageOf, OperationError } from "../operationError";
import type { WrittenClient } from "./clientBlock";

/** The path of the clients in a stack file; where there are none yet, as the Pulumi CLI would write it. */
function clientsPathIn(document: Document, project: string): readonly string[] {
  return ["config", clientsKey(document, project) ?? `${project}:clients`];
}

/** The file of a stack's configuration, as a text with comments. What it means is read by the Pulumi CLI. */
export class StackFile {
  private constructor(
    readonly path: string,
    readonly text: string,
    private readonly project: string,
    private readonly isThere: boolean,
  ) {}

  /** Name without its folder. */
  get name(): string {
    return basename(this.path);
  }

  /**
   * Reads a stack file.
   *
   * @param project name of the project whose clients it has
   * @param start what one that is not there yet begins with
   * @throws OperationError when it is not valid YAML, or no mapping
   */
  static async read(path: string, project: string, start = ""): Promise<StackFile> {
    const read = await readFile(path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw new OperationError(`${path} cannot be read.`, { cause: messageOf(error), error });
    });
    const text = read ?? start;
    const { contents, errors } = parsePulumiYaml(text);
    if (errors.length > 0) {
      throw new OperationError(`${path} is not valid YAML.`, {
        cause: errors.map(({ message }) => message.trim()).join("\n"),
      });
    }
    if (contents !== null && !isMap(contents)) {
      throw new OperationError(`${path} is not a stack file.`, {
        cause: "It holds no mapping.",
        cure: "A stack file has keys such as config:.",
      });
    }
    return new StackFile(path, text, project, read !== undefined);
  }

  /**
   * The file with one client more. Everything else in it stays as it is, comments and line endings included.
   *
   * @throws OperationError when it cannot be added without changing what else the file means
   */
  with(client: string, written: WrittenClient): StackFile {
    const text = [
      spliced(this.text, this.project, client, written),
      rewritten(this.text, this.project, client, written),
    ].find((one) => one !== undefined && isSameWith(this.text, one, this.project, client, written));
    if (text !== undefined) return new StackFile(this.path, text, this.project, true);
    throw new OperationError(`The client ${client} cannot be added to ${this.path} by this command.`, {
      cause: "The file refers to its clients through a YAML alias or merge key.",
      cure: `Add this under clients yourself, then run the command again:\n${clientYaml(client, written)}`,
    });
  }

  /**
   * The file with the secrets of a client retired up to one. Everything else in it stays as it is.
   *
   * @param day first day of the newest secret that is retired
   * @throws OperationError when it cannot be written without changing what else the file means
   */
  withRetired(client: string, day: string): StackFile {
    const path = [...clientsPathIn(parsePulumiYaml(this.text), this.project), client, "secret", "retired"];
    const text = [splicedValue(this.text, path, day), rewrittenValue(this.text, path, day)].find(
      (one) => one !== undefined && isSameBut(this.text, one, path, day),
    );
    if (text !== undefined) return new StackFile(this.path, text, this.project, true);
    throw new OperationError(
      `The secret of the client ${client} cannot be retired in ${this.path} by this command.`,
      {
        cause: "The file takes the client's secret from elsewhere, or shares it with something else.",
        cure: `Write retired: ${JSON.stringify(day)} under ${configKey(client, ["secret"])} yourself, then deploy.`,
      },
    );
  }

  /** Whether it has a client of that name. */
  has(client: string): boolean {
    const document = parsePulumiYaml(this.text);
    const [, key = ""] = clientsPathIn(document, this.project);
    const { config } = contentOf(document);
    const clients = isMapping(config) ? config[key] : undefined;
    // One that a merge key brings counts, too.
    return isMapping(clients) && Object.hasOwn(clients, client);
  }

  /** Number of the line, from 1, that a client's key stands in, or else the nearest key around it. */
  lineOf(client: string, key: readonly (string | number)[]): number {
    const counter = new LineCounter();
    const document = parsePulumiYaml(this.text, { lineCounter: counter });
    const path = [...clientsPathIn(document, this.project), client, ...key];
    for (let length = path.length; length > 0; length -= 1) {
      const offset = offsetOf(document, path.slice(0, length));
      if (offset !== undefined) return counter.linePos(offset).line;
    }
    return 1;
  }

  /** Writes the file; takes it away when there was none. */
  async write(): Promise<void> {
    await (this.isThere ? writeFile(this.path, this.text) : rm(this.path, { force: true }));
  }
}

/** The entry of one client as a stack file writes it under `clients`. */
export function clientYaml(client: string, written: WrittenClient): string {
  return pulumiYaml({ [client]: written });
}

/** The path of a client's key as the stack file has it. */
export function configKey(client: string, key: readonly (string | number)[]): string {
  return formatPath(["clients", client, ...key]);
}

/** How the lines of a text end. */
function lineEnding(text: string): "\n" | "\r\n" {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

/** Adds lines behind the last client; undefined when the clients are not written in block style. */
function spliced(text: string, project: string, client: string, written: WrittenClient): string | undefined {
  const counter = new LineCounter();
  const document = parsePulumiYaml(text, { lineCounter: counter });
  const clients = document.getIn(clientsPathIn(document, project), true);
  if (!isMap(clients) || clients.flow === true || !clients.range) return undefined;
  const first = clients.items[0]?.key;
  if (!isScalar(first) || !first.range) return undefined;
  const indentation = " ".repeat(counter.linePos(first.range[0]).col - 1);
  const end = text.slice(0, clients.range[1]).trimEnd().length;
  // Comments that stand as deep as the clients are about them.
  const rest = new RegExp(`^.*(\\r?\\n${indentation}[ ]*#.*)*`).exec(text.slice(end))?.[0] ?? "";
  const before = text.slice(0, end + rest.length).replace(/\r$/, "");
  const lines = clientYaml(client, written).replace(/^(?=.)/gm, indentation);
  const after = text.slice(end + rest.length).replace(/^\r?\n/, "");
  const ending = lineEnding(text);
  return `${before}${ending}${lines.replaceAll("\n", ending)}${after}`;
}

/** Whether a text means the same as another one with a client more. */
function isSameWith(
  before: string,
  after: string,
  project: string,
  client: string,
  written: WrittenClient,
): boolean {
  const document = parsePulumiYaml(after);
  if (document.errors.length > 0) return false;
  const [, key = ""] = clientsPathIn(parsePulumiYaml(before), project);
  const [was, is] = [contentOf(parsePulumiYaml(before)), contentOf(document)];
  const config = isMapping(was["config"]) ? was["config"] : {};
  const clients = isMapping(config[key]) ? config[key] : {};
  return isDeepStrictEqual(is, {
    ...was,
    config: { ...config, [key]: { ...clients, [client]: written } },
  });
}

/** Puts a text at a path, into the map that ends it; undefined when there is no such map. */
function splicedValue(text: string, path: readonly string[], value: string): string | undefined {
  const counter = new LineCounter();
  const document = parsePulumiYaml(text, { lineCounter: counter });
  const key = path.at(-1) ?? "";
  const map = document.getIn(path.slice(0, -1), true);
  if (!isMap(map) || !map.range) return undefined;
  const written = JSON.stringify(value);
  const before = map.get(key, true);
  if (isScalar(before) && before.range) {
    return `${text.slice(0, before.range[0])}${written}${text.slice(before.range[1])}`;
  }
  const last = map.items.at(-1);
  const end = isNode(last?.value) ? last.value.range?.[1] : undefined;
  if (last === undefined || end === undefined || !isScalar(last.key) || !last.key.range) return undefined;
  if (map.flow === true) return `${text.slice(0, end)}, ${key}: ${written}${text.slice(end)}`;
  const indentation = " ".repeat(counter.linePos(last.key.range[0]).col - 1);
  // Behind what else stands in the line, such as a comment.
  const lineEnd = end + (/^[^\r\n]*/.exec(text.slice(end))?.[0].length ?? 0);
  return `${text.slice(0, lineEnd)}${lineEnding(text)}${indentation}${key}: ${written}${text.slice(lineEnd)}`;
}

/** Writes the whole document anew, comments included. */
function rewrittenValue(text: string, path: readonly string[], value: string): string | undefined {
  const document = parsePulumiYaml(text);
  if (!isMap(document.getIn(path.slice(0, -1)))) return undefined;
  document.setIn(path, value);
  return textOf(document, text);
}

/** Whether a text means the same as another one but for a value at a path. */
function isSameBut(before: string, after: string, path: readonly string[], value: string): boolean {
  const document = parsePulumiYaml(after);
  if (document.errors.length > 0 || document.getIn(path) !== value) return false;
  const without = (one: Document): unknown => {
    // What an anchor and its aliases share would be taken away from all of them.
    const content: unknown = JSON.parse(JSON.stringify(contentOf(one)));
    const holder = path.slice(0, -1).reduce((at, key) => (isMapping(at) ? at[key] : undefined), content);
    if (isMapping(holder)) delete holder[path.at(-1) ?? ""];
    return content;
  };
  return isDeepStrictEqual(without(parsePulumiYaml(before)), without(document));
}

function contentOf(document: Document): Readonly<Record<string, unknown>> {
  const content: unknown = document.toJS();
  return isMapping(content) ? content : {};
}

/** Writes the whole document anew, comments included; undefined when the clients are no mapping. */
function rewritten(
  text: string,
  project: string,
  client: string,
  written: WrittenClient,
): string | undefined {
  const document = parsePulumiYaml(text);
  const path = clientsPathIn(document, project);
  for (const length of [1, 2]) fillEmpty(document, path.slice(0, length));
  const clients = document.getIn(path);
  if (clients !== undefined && !isMap(clients)) return undefined;
  if (isMap(clients)) clients.flow = false;
  document.setIn([...path, client], parsePulumiYaml(pulumiYaml(written)).contents);
  return textOf(document, text);
}

/** A document as a text that begins and whose lines end like another one's. */
function textOf(document: Document, like: string): string {
  const mark = like.startsWith("\ufeff") ? "\ufeff" : "";
  return `${mark}${document.toString({ lineWidth: 0 }).replaceAll("\n", lineEnding(like))}`;
}

/** Makes a mapping of a key that has nothing behind it but comments, which stay. */
function fillEmpty(document: Document, path: readonly string[]): void {
  const found = document.getIn(path, true);
  if (!isScalar(found) || found.value !== null) return;
  const map = new YAMLMap(document.schema);
  const comments = [found.commentBefore, found.comment].filter((one) => typeof one === "string");
  if (comments.length > 0) map.commentBefore = comments.join("\n");
  document.setIn(path, map);
}

function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(holder)) {
    const pair = holder.items.find(({ key }) => isScalar(key) && key.value === last);
    return pair && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  }
  const item = document.getIn(path, true);
  return isNode(item) ? item.range?.[0] : undefined;
}
