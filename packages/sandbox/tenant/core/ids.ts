import { randomBytes, randomUUID } from "node:crypto";

/** The only source of randomness in the tenant: object ids, secrets and salts. */
export interface IdSource {
  /** A new GUID in lower case. */
  guid(): string;
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
}

/** Ids and bytes from the machine's cryptographic random source. */
export const randomIds: IdSource = { guid: () => randomUUID(), bytes: (count) => randomBytes(count) };
