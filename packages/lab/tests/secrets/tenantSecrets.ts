import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Secret } from "../../secretHooks/secretScan";

/** The secrets that a sandbox tenant keeps in its folder, as far as they are there. */
export function tenantSecrets(folder: string): Secret[] {
  const text = (...path: readonly string[]): string => {
    const file = join(folder, ...path);
    return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  };
  const tls = join(folder, "tls");
  const keys = existsSync(tls) ? readdirSync(tls).filter((name) => /key/.test(name)) : [];
  const { controlKey = "" } = JSON.parse(text("server.json") || "{}") as { readonly controlKey?: string };
  return [
    { name: "the tenant's vault key", value: text("vault-key") },
    { name: "the tenant's signing key", value: middleOf(text("signing-key.pem")) },
    { name: "the tenant's control key", value: controlKey },
    ...keys.map((name) => ({ name: "a TLS key of the tenant", value: middleOf(text("tls", name)) })),
  ].filter(({ value }) => value !== "");
}

/** A line of a PEM text that is nobody else's. */
function middleOf(pem: string): string {
  return pem.split("\n")[3] ?? "";
}

/** All values of secrets among the outputs of a stack, as `--show-secrets` prints them. */
export function outputSecrets(outputs: string): Secret[] {
  const values = outputs.match(/[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}/g) ?? [];
  return [...new Set(values)].map((value) => ({ name: "a client's secret", value }));
}
