import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { isMap, isScalar, LineCounter, type Range, type YAMLMap } from "yaml";
import { clientsKey } from "../project/clientsKey";
import type { PulumiProject } from "../project/pulumiProject";
import { parsePulumiYaml } from "../project/pulumiYaml";
import { stackFilePath } from "../project/stackFilePath";
import type { RuleId } from "./rules";

/** A stretch of text within one line of a file. Lines and columns count from 1; the end column is the one after the last character. */
export interface FilePlace {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Finds the place in a stack file that declares what a finding is about. */
export interface StackFileLines {
  /**
   * Path from the root of the git repository, or from the project's folder when it lies in none. Without a file of the stack,
   * `Pulumi.yaml` stands in.
   */
  readonly file: string;
  /** The key that declares the objects of a rule, else the client's, else the first line. */
  placeOf(client: string, rule: RuleId): FilePlace;
}

/** The key of a client under which the declaration of a rule's objects stands. */
const keyOfRule: readonly (readonly [pattern: RegExp, key: string])[] = [
  [/secret|credential-|rotation/, "secret"],
  [/federated/, "federatedCredentials"],
  [/certificate/, "certificates"],
  [/owner/, "owners"],
  [/consent/, "consent"],
  [/app-role/, "permissions"],
  [/azure-role|role-assignment/, "access"],
  [/property|temporary|namesake/, "displayName"],
];

/**
 * Looks up the lines of `Pulumi.<stack>.yaml`. It is for places only: what it says is read by the Pulumi CLI.
 *
 * @param kept the file that the one in the project's folder is a copy of
 */
export async function stackFileLines(
  { folder, name }: Pick<PulumiProject, "folder" | "name">,
  stack: string,
  kept?: string,
): Promise<StackFileLines> {
  const project = await realpath(kept === undefined ? folder : dirname(kept));
  const ofStack = kept === undefined ? relative(folder, stackFilePath(folder, stack)) : basename(kept);
  const found = await textOf(join(project, ofStack));
  const file = found === undefined ? "Pulumi.yaml" : ofStack;
  const firstLine = (found ?? (await textOf(join(project, file))) ?? "").split(/\r?\n/)[0] ?? "";
  const counter = new LineCounter();
  const document = parsePulumiYaml(found ?? "", { lineCounter: counter });
  const config = document.get("config");
  const key = clientsKey(document, name);
  const clients = isMap(config) && key !== undefined ? config.get(key, true) : undefined;
  return {
    file: relative((await repositoryRoot(project)) ?? project, join(project, file)).replaceAll(sep, "/"),
    placeOf(client, rule) {
      const key = keyOfRule.find(([pattern]) => pattern.test(rule))?.[1];
      const declaration = isMap(clients) ? clients.get(client, true) : undefined;
      const range =
        (isMap(declaration) && key !== undefined ? keyRange(declaration, key) : undefined) ??
        (isMap(clients) ? keyRange(clients, client) : undefined);
      if (range === undefined) {
        return { startLine: 1, startColumn: 1, endLine: 1, endColumn: firstLine.length + 1 };
      }
      const start = counter.linePos(range[0]);
      const end = counter.linePos(range[1]);
      return { startLine: start.line, startColumn: start.col, endLine: end.line, endColumn: end.col };
    },
  };
}

function keyRange(map: YAMLMap, key: string): Range | undefined {
  for (const pair of map.items) {
    if (isScalar(pair.key) && pair.key.value === key) return pair.key.range ?? undefined;
  }
  return undefined;
}

/** The folder, this one or one above, that holds a git repository or one of its worktrees. */
async function repositoryRoot(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const isRoot = await stat(join(at, ".git")).then(
      () => true,
      () => false,
    );
    if (isRoot) return at;
    if (dirname(at) === at) return undefined;
  }
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
