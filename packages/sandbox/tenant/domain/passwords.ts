import { createHash, timingSafeEqual, randomBytes, randomUUID } from "node:crypto";
import * as s from "../core/bodySchema";
import { Refusal } from "../core/refusal";
import type { PasswordRecord } from "../state/records";
import { badRequest } from "./directoryRefusals";
import { addYears, readInstant, toInstant } from "./instants";

/** What a caller may say about a new client secret. */
export const passwordSchema = s.object({
  displayName: s.nullableText,
  startDateTime: s.nullableText,
  endDateTime: s.nullableText,
});

/** Difference between the clocks of client and directory that is forgiven, in milliseconds. */
const clockSkew = 10 * 60 * 1000;
/** Beyond about this many credentials the directory refuses the object (reported by users; no documented figure). */
const credentialLimit = 600;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~.-";

/**
 * Makes a client secret.
 * Without dates it is valid from now for two years (Microsoft Graph reference, application: addPassword).
 * @returns the record to keep and the value, which nobody can read again
 */
export function makePassword(
  request: s.BodyValue<typeof passwordSchema>,
  context: { readonly now: Date },
): { record: PasswordRecord; secretText: string } {
  const start = readInstant(request.startDateTime, "startDateTime", "PasswordCredential") ?? context.now;
  const end = readInstant(request.endDateTime, "endDateTime", "PasswordCredential") ?? addYears(start, 2);
  if (start.getTime() < context.now.getTime() - clockSkew) {
    throw badRequest("Key credential start date is invalid.", "KeyCredentialsInvalidStartDate");
  }
  if (end <= start || end <= context.now) {
    throw badRequest("Key credential end date is invalid.", "KeyCredentialsInvalidEndDate");
  }
  const secretText = randomSecret();
  return {
    secretText,
    record: {
      keyId: randomUUID(),
      displayName: request.displayName,
      startDateTime: toInstant(start),
      endDateTime: toInstant(end),
      hint: secretText.slice(0, 3),
      ...hashSecret(secretText),
    },
  };
}

/** A value with the signature by which scanners recognise Entra client secrets: 40 characters, `Q~` at the fifth. */
export function randomSecret(): string {
  const characters = (count: number, set: string): string =>
    [...randomBytes(count)].map((byte) => set.charAt(byte % set.length)).join("");
  return `${characters(3, alphabet.slice(0, 62))}${characters(1, "0123456789")}Q~${characters(34, alphabet)}`;
}

export function hashSecret(secretText: string): { salt: string; hash: string } {
  const salt = randomBytes(16).toString("base64url");
  return { salt, hash: digest(salt, secretText) };
}

export function matchesSecret(
  kept: { readonly salt: string; readonly hash: string },
  secretText: string,
): boolean {
  return timingSafeEqual(Buffer.from(kept.hash), Buffer.from(digest(kept.salt, secretText)));
}

/** The secrets of an object without the one named. */
export function withoutPassword(
  passwords: readonly PasswordRecord[],
  keyId: string,
): readonly PasswordRecord[] {
  const rest = passwords.filter((password) => password.keyId !== keyId.toLowerCase());
  if (rest.length === passwords.length)
    throw badRequest(`No password credential found with keyId '${keyId}'.`);
  return rest;
}

/** @throws Refusal when an object would hold too many credentials */
export function checkCredentialCount(count: number): void {
  if (count <= credentialLimit) return;
  throw new Refusal({
    kind: "forbidden",
    code: "Directory_ResourceSizeExceeded",
    message:
      "The size of the object has exceeded its limit. Please reduce the number of values and retry your request.",
  });
}

function digest(salt: string, secretText: string): string {
  return createHash("sha256").update(salt).update(secretText).digest("base64url");
}
