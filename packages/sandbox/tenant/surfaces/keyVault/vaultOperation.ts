import type { Input } from "../../core/request";
import type { Operation } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import type { Directory } from "../../state/directory";
import type { Caller } from "../caller";

/** The data action that a role must allow, after `Microsoft.KeyVault/vaults/`. */
export type VaultAction = `secrets/${string}` | `keys/${string}`;

/** A row of the key vault's operation table. */
export type VaultOperation = Operation<Directory, VaultAction, Caller>;

/** Refuses query options that no operation of a vault reads, by name. */
export function checkQuery(input: Input): void {
  const unknown = [...input.query.keys()].find((name) => name !== "api-version");
  if (unknown !== undefined) throw notImplemented(`the query option '${unknown}' of ${input.operation}`);
}

export function notImplemented(what: string): Refusal {
  return new Refusal({
    kind: "notImplemented",
    code: "NotImplemented",
    message: `The sandbox tenant does not implement ${what}.`,
    why: what,
  });
}
