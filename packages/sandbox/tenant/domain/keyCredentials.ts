import { X509Certificate, randomUUID } from "node:crypto";
import * as s from "../core/bodySchema";
import type { KeyRecord } from "../state/records";
import { badRequest, invalidValue } from "./directoryRefusals";
import { readInstant, toInstant } from "./instants";

const keySchema = s.object({
  customKeyIdentifier: s.nullableText,
  displayName: s.nullableText,
  endDateTime: s.nullableText,
  // Base64 of a certificate in DER, or of its PEM text; null for an entry that is there already.
  key: s.nullableText,
  keyId: s.nullable(s.guid),
  startDateTime: s.nullableText,
  type: s.nullableText,
  usage: s.nullableText,
});

/** The `keyCredentials` of an application or service principal as a caller sends them. */
export const keyCredentialsSchema = s.object({ keyCredentials: s.list(keySchema) });

type KeyRequest = s.BodyValue<typeof keySchema>;

/**
 * The list that replaces an object's certificates. Entries that come back without their key are kept as they are.
 * @throws Refusal when a certificate cannot be read, or dates are outside it or past
 */
export function replaceKeys(
  present: readonly KeyRecord[],
  requested: readonly KeyRequest[],
  context: { readonly now: Date },
): readonly KeyRecord[] {
  return requested.map((request) => {
    const kept = present.find((key) => key.keyId === request.keyId);
    if (kept !== undefined) checkUnchanged(kept, request);
    const record = kept ?? (request.key === null ? undefined : newKey(request, request.key));
    if (record === undefined) throw invalidValue("keyCredentials", "KeyCredential");
    if (new Date(record.endDateTime) <= context.now) {
      throw badRequest("Key credential end date is invalid.", "KeyCredentialsInvalidEndDate");
    }
    return record;
  });
}

/**
 * A credential is never changed in place: what an entry says of one that is there must be as it is; what it leaves out says nothing
 * (reported with code and text in Azure/azure-powershell, issues 6784 and 6855).
 */
function checkUnchanged(kept: KeyRecord, request: KeyRequest): void {
  const sameText = (["type", "usage", "customKeyIdentifier", "displayName"] as const).every(
    (name) => request[name] === null || request[name] === kept[name],
  );
  const sameDates = (["startDateTime", "endDateTime"] as const).every((name) => {
    const date = readInstant(request[name], "keyCredentials", "KeyCredential");
    return date === undefined || date.getTime() === new Date(kept[name]).getTime();
  });
  const sameKey =
    request.key === null || readCertificate(request.key).raw.toString("base64") === kept.certificate;
  if (sameText && sameDates && sameKey) return;
  const message = `Update to existing credential with KeyId '${kept.keyId}' is not allowed.`;
  throw badRequest(message, undefined, { code: "KeyNotUpdatable", target: "keyCredentials" });
}

function newKey(request: KeyRequest, encoded: string): KeyRecord {
  const certificate = readCertificate(encoded);
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  const start = readInstant(request.startDateTime, "keyCredentials", "KeyCredential") ?? from;
  const end = readInstant(request.endDateTime, "keyCredentials", "KeyCredential") ?? to;
  if (start < from)
    throw badRequest("Key credential start date is invalid.", "KeyCredentialsInvalidStartDate");
  if (end > to || end <= start)
    throw badRequest("Key credential end date is invalid.", "KeyCredentialsInvalidEndDate");
  if (request.type !== "AsymmetricX509Cert" || request.usage !== "Verify")
    throw invalidValue("keyCredentials", "KeyCredential");
  return {
    keyId: request.keyId ?? randomUUID(),
    displayName: request.displayName ?? certificate.subject.split("\n").join(", "),
    startDateTime: toInstant(start),
    endDateTime: toInstant(end),
    type: request.type,
    usage: request.usage,
    customKeyIdentifier: request.customKeyIdentifier ?? thumbprint(certificate),
    certificate: certificate.raw.toString("base64"),
  };
}

/** SHA-1 of the certificate in upper-case hex, as the portal shows it. */
function thumbprint(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(":", "");
}

function readCertificate(encoded: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(encoded, "base64"));
  } catch {
    throw invalidValue("key", "KeyCredential");
  }
}
