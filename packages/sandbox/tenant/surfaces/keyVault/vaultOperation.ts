import type { Operation } from "../../core/operation";
import type { Directory } from "../../state/directory";
import type { Caller } from "../caller";

/** The data action that a role must allow, after `Microsoft.KeyVault/vaults/`. */
export type VaultAction = `secrets/${string}` | `keys/${string}`;

/** A row of the key vault's operation table. */
export type VaultOperation = Operation<Directory, VaultAction, Caller>;
