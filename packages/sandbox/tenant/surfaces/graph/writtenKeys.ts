import type { Input } from "../../core/request";
import { checkPolicy } from "../../domain/appManagementPolicy";
import { keyCredentialsSchema, replaceKeys } from "../../domain/keyCredentials";
import { checkCredentialCount } from "../../domain/passwords";
import type { Directory } from "../../state/directory";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../state/records";
import type { Caller } from "../caller";
import { readProperties } from "./graphBody";

type KeyHolder =
  | { readonly kind: "application"; readonly record: ApplicationRecord }
  | { readonly kind: "servicePrincipal"; readonly record: ServicePrincipalRecord };

/** An application or service principal with the certificates that a request lists, which take the place of those that it has. */
export function withKeys<H extends KeyHolder>(
  directory: Directory,
  { kind, record }: H,
  keyCredentials: unknown,
  { input, caller }: { readonly input: Input; readonly caller: Caller },
): H["record"] {
  const requested = readProperties({ keyCredentials }, keyCredentialsSchema, "KeyCredential").keyCredentials;
  checkCredentialCount(requested.length + record.passwords.length);
  const keys = replaceKeys(record.keys, requested, { now: input.now });
  const present = new Set(record.keys);
  keys
    .filter((key) => !present.has(key))
    .forEach((key) => {
      checkPolicy(directory, { ...record, kind, actorId: caller.objectId }, { kind: "key", ...key });
    });
  return { ...record, keys };
}
