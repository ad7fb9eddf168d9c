import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { RuleId } from "./rules";

/** Finds the line of a stack file that declares what a finding is about. */
export interface StackFileLines {
  /** Path from the project's folder. */
  readonly file: string;
  /** Number of the line, from 1. */
  lineOf(client: string, rule: RuleId): number;
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

/** Looks up the lines of `Pulumi.<stack>.yaml`. It is for places only: what it says is read by the Pulumi CLI. */
export async function stackFileLines(folder: string, stack: string): Promise<StackFileLines> {
  const file = `Pulumi.${stack.slice(stack.lastIndexOf("/") + 1)}.yaml`;
  const counter = new LineCounter();
  const text = await readFile(join(folder, file), "utf8").catch(() => "");
  const document = parseDocument(text, { lineCounter: counter });
  const config = document.get("config");
  // The project's name may stand before a key of its own, or be left out.
  const clients = isMap(config)
    ? config.items.find(({ key }) => isScalar(key) && /^(.*:)?clients$/.test(String(key.value)))?.value
    : undefined;
  return {
    file,
    lineOf(client, rule) {
      const key = keyOfRule.find(([pattern]) => pattern.test(rule))?.[1];
      const declaration = isMap(clients) ? clients.get(client, true) : undefined;
      const offset =
        (isMap(declaration) && key !== undefined ? keyOffset(declaration, key) : undefined) ??
        (isMap(clients) ? keyOffset(clients, client) : undefined);
      return offset === undefined ? 1 : counter.linePos(offset).line;
    },
  };
}

function keyOffset(map: YAMLMap, key: string): number | undefined {
  for (const pair of map.items) {
    if (isScalar(pair.key) && pair.key.value === key) return pair.key.range?.[0];
  }
  return undefined;
}
