import { randomUUID } from "node:crypto";
import * as s from "../core/bodySchema";
import type { FederatedCredentialRecord } from "../state/records";
import { checkExpression, claimsMatchingSchema } from "./claimsMatching";
import {
  badRequest,
  conflict,
  directoryObjectNotFound,
  invalidValue,
  propertyFixed,
  valueRequired,
} from "./directoryRefusals";

/** What a caller may say about a federated identity credential. */
export const federatedCredentialSchema = s.object(
  {
    name: s.text,
    issuer: s.text,
    subject: s.nullableText,
    claimsMatchingExpression: s.nullable(s.replaced(claimsMatchingSchema)),
    description: s.nullableText,
    audiences: s.list(s.text),
  },
  ["name", "issuer", "audiences"],
);

export type FederatedCredentialRequest = s.BodyValue<typeof federatedCredentialSchema>;

/** An application, or the service principal of a user-assigned managed identity. */
interface FederatedHolder {
  readonly federatedCredentials: readonly FederatedCredentialRecord[];
}

const resource = "FederatedIdentityCredential";

/** Most credentials of this kind on one of them (learn.microsoft.com, workload identity federation considerations). */
const limit = 20;

export function findFederatedCredential(
  { federatedCredentials }: FederatedHolder,
  idOrName: string,
): FederatedCredentialRecord {
  const found = federatedCredentials.find(
    (credential) => credential.id === idOrName.toLowerCase() || credential.name === idOrName,
  );
  if (found === undefined) throw directoryObjectNotFound(idOrName);
  return found;
}

export function addFederatedCredential<Holder extends FederatedHolder>(
  holder: Holder,
  request: FederatedCredentialRequest,
): { holder: Holder; credential: FederatedCredentialRecord } {
  const present = holder.federatedCredentials;
  if (present.some((credential) => credential.name === request.name)) {
    throw conflict(`FederatedIdentityCredential with name ${request.name} already exists.`);
  }
  if (present.length >= limit) {
    throw badRequest(
      `The maximum number of federated identity credentials on an application is ${String(limit)}.`,
      "Request_BadRequest",
    );
  }
  check(present, request);
  const credential = { id: randomUUID(), ...request };
  return { holder: { ...holder, federatedCredentials: [...present, credential] }, credential };
}

export function updateFederatedCredential<Holder extends FederatedHolder>(
  holder: Holder,
  id: string,
  request: FederatedCredentialRequest,
): Holder {
  const before = findFederatedCredential(holder, id);
  if (request.name !== before.name) throw propertyFixed("name");
  const others = holder.federatedCredentials.filter((credential) => credential !== before);
  check(others, request);
  return {
    ...holder,
    federatedCredentials: holder.federatedCredentials.map((credential) =>
      credential === before ? { id: before.id, ...request } : credential,
    ),
  };
}

export function removeFederatedCredential<Holder extends FederatedHolder>(
  holder: Holder,
  id: string,
): Holder {
  const gone = findFederatedCredential(holder, id);
  return {
    ...holder,
    federatedCredentials: holder.federatedCredentials.filter((credential) => credential !== gone),
  };
}

/** The most characters of each text. Source: learn.microsoft.com/graph/api/resources/federatedidentitycredential */
const longest = 600;

/** Plain http is for issuers on this machine only, so that tests can be issuers; Entra takes https alone. */
function check(others: readonly FederatedCredentialRecord[], request: FederatedCredentialRequest): void {
  const { claimsMatchingExpression: expression } = request;
  const required = ["name", "issuer", ...(expression === null ? (["subject"] as const) : [])] as const;
  const missing = required.find((property) => request[property] === "" || request[property] === null);
  if (missing !== undefined) throw valueRequired(missing, resource);
  if (expression !== null) {
    // Text and code are not known.
    if (request.subject !== null || expression.languageVersion !== 1) {
      throw invalidValue("claimsMatchingExpression", resource);
    }
    checkExpression(request.issuer, expression);
  }
  const { issuer, subject, description } = request;
  const texts = { issuer, subject, description, audiences: request.audiences.join("") };
  const tooLong = Object.entries(texts).find(([, text]) => text !== null && text.length > longest);
  if (tooLong !== undefined) throw invalidValue(tooLong[0], resource);
  // The portal says: 3 to 120 letters, digits, - and _, of which the first is a letter or digit.
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(request.name)) {
    throw invalidValue("name", resource);
  }
  if (!/^(https:\/\/[^/\s]|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(issuer)) {
    throw invalidValue("issuer", resource);
  }
  if (request.audiences.length !== 1) {
    throw invalidValue("audiences", resource);
  }
  if (subject !== null && others.some((other) => other.issuer === issuer && other.subject === subject)) {
    throw badRequest(
      "The combination of issuer and subject must be unique for the application. " +
        `Issuer ${issuer} and Subject: ${subject} already exist. ` +
        `paramName: FederatedIdentityCredential.Subject, paramValue: ${subject}, ` +
        "objectType: Microsoft.Online.DirectoryServices.Application",
      "InvalidFederatedIdentityCredentialValue",
    );
  }
}
