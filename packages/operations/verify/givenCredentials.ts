import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import {
  fulfils,
  keyProblem,
  parseClaimsMatching,
  plainText,
  usableCertificateCommand,
} from "dicom-service-client/model";
import { messageOf, OperationError, throwTogether } from "../operationError";
import {
  configuredFederation,
  type Federation,
  federationText,
  isTrusted,
} from "../project/configuredFederation";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { isOfIdentity, type IssuedToken } from "./placeTokens";
import { claimsOfToken } from "../cloud/tokenClaims";

/** The private key of a declared certificate. */
export interface GivenKey {
  readonly file: string;
  readonly pem: string;
}

/** Credentials that the user hands over, because a stack does not publish them. */
export interface GivenCredentials {
  readonly key?: GivenKey;
  readonly token?: IssuedToken;
}

/** A file that an option names, and what is in it. */
export interface GivenFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads what was handed over, and makes sure that there is a use for all of it.
 *
 * @param clients those that are to be verified
 * @throws OperationError with everything that is no credential, or none of these clients'
 */
export function givenCredentials(
  files: { readonly certificateKey?: GivenFile; readonly federatedToken?: GivenFile },
  clients: readonly DeclaredClient[],
  declaration: StackDeclaration,
): GivenCredentials {
  const problems: OperationError[] = [];
  const read = <T>(file: GivenFile | undefined, work: (file: GivenFile) => T): T | undefined => {
    if (file === undefined) return undefined;
    try {
      return work(file);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const key = read(files.certificateKey, (file) => readKey(file, clients, declaration));
  const token = read(files.federatedToken, (file) => readToken(file, clients, declaration));
  throwTogether(problems);
  return { ...(key === undefined ? {} : { key }), ...(token === undefined ? {} : { token }) };
}

function readKey(
  { file, text }: GivenFile,
  clients: readonly DeclaredClient[],
  { clients: all, stack }: StackDeclaration,
): GivenKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    throw new OperationError("The certificate's private key cannot be read.", {
      cause: `${file}: ${messageOf(error)}`,
      cure: "Give a private key in PEM without a passphrase.",
    });
  }
  const publicKey = createPublicKey(key);
  const problem = keyProblem(publicKey);
  if (problem !== undefined) {
    throw new OperationError(`The file ${file} ${problem}.`, {
      cure: `Make a certificate with a key that Entra uses, declare it and run \`pulumi up --stack ${stack}\`. This makes one:\n${usableCertificateCommand}`,
    });
  }
  const wanted = publicKeyText(publicKey);
  const given = { file, pem: text };
  const owners = (of: readonly DeclaredClient[]): readonly string[] =>
    of.flatMap(({ name, config }) =>
      (config?.certificates ?? [])
        .filter(({ pem }) => publicKeyText(new X509Certificate(pem).publicKey) === wanted)
        .map((one) => `${one.name} of ${name}`),
    );
  if (owners(clients).length > 0) return given;
  throw unused(
    `The key in ${file} does not belong to any certificate of the clients being verified.`,
    owners(all),
    all.flatMap(({ name, config }) =>
      (config?.certificates ?? []).map(
        (one) => `${one.name} of ${name} (SHA-256 ${new X509Certificate(one.pem).fingerprint256})`,
      ),
    ),
    "certificate",
    stack,
  );
}

/** Whether a private key is that of a certificate. */
export function isKeyOf(pem: string, { pem: key }: GivenKey): boolean {
  const { publicKey } = new X509Certificate(pem);
  return publicKeyText(createPublicKey(createPrivateKey(key))) === publicKeyText(publicKey);
}

function publicKeyText(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

function readToken(
  file: GivenFile,
  clients: readonly DeclaredClient[],
  { clients: all, stack }: StackDeclaration,
): IssuedToken {
  const text = file.text.trim();
  const claims = claimsOfToken(text);
  const { iss, sub, aud } = claims;
  if (!tokenForm.test(text) || typeof iss !== "string" || typeof sub !== "string") {
    throw new OperationError(`The file ${file.file} does not contain a token.`, {
      cause: noToken(text),
      cure: "Write only the issuer's token into it: three parts separated by dots, the first starting with eyJ.",
    });
  }
  const owners = (of: readonly DeclaredClient[]): readonly string[] =>
    of.flatMap(({ name, config, deployed }) => [
      ...configuredFederation(config, "")
        .filter((one) => isTrusted(one, claims))
        .map((one) => `${one.name} of ${name}`),
      ...(deployed && isOfIdentity(claims, deployed) ? [`the managed identity of ${name}`] : []),
    ]);
  if (owners(clients).length > 0) return { text, claims };
  const audience = Array.isArray(aud) ? aud.join(", ") : aud;
  throw unused(
    `The token in ${file.file} does not match any federated credential or managed identity of the clients being verified: its issuer is ${quoted(iss)}, its subject ${quoted(sub)}${typeof audience === "string" ? `, its audience ${quoted(audience)}` : ""}.`,
    owners(all),
    all.flatMap(({ name, config, deployed }) => [
      ...configuredFederation(config, "").map(
        (one) => `${one.name} of ${name}: ${federationText(one, quoted)}${unmet(one, claims)}`,
      ),
      ...(deployed?.isManagedIdentity
        ? [
            `the managed identity of ${name}: object id ${quoted(deployed.servicePrincipalId ?? "")}, audience ${quoted(deployed.audience ?? "")}`,
          ]
        : []),
    ]),
    "federated credential or managed identity",
    stack,
  );
}

/** Which of the claims of a token are others than a credential of its issuer matches. */
function unmet(
  { issuer, claimsMatchingExpression }: Federation,
  claims: Readonly<Record<string, unknown>>,
): string {
  if (issuer !== claims["iss"]) return "";
  const others = (parseClaimsMatching(claimsMatchingExpression) ?? [])
    .filter((condition) => !fulfils(condition, claims))
    .map(({ claim }) => {
      const value = claims[claim];
      return typeof value === "string" ? `${claim} ${quoted(value)}` : `no ${claim}`;
    });
  return others.length === 0 ? "" : `; the token has ${others.join(", ")}`;
}

/** Three parts in base64url, of which an unsigned token lacks the last. Source: https://www.rfc-editor.org/rfc/rfc7515, 3.1 */
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** What a text is that should be a token; the text itself is not shown. */
function noToken(text: string): string {
  if (text === "") return "It is empty.";
  if (text.startsWith("{")) {
    return "It is JSON: take the token out of it, such as GitHub's with `jq -r .value`.";
  }
  if (/^bearer /i.test(text)) return 'It begins with "Bearer", which is not part of the token.';
  if (/[^\w.-]/.test(text)) {
    return "It contains what no token has, such as quotes, blanks or line breaks.";
  }
  const parts = text.split(".").length;
  if (parts === 5) return "It is an encrypted token, which only its recipient can read.";
  return parts === 3
    ? "It has three parts, but the second is not JSON with an issuer (iss) and a subject (sub)."
    : `It has ${parts === 1 ? "1 part" : `${parts} parts`} separated by dots, instead of three.`;
}

function unused(
  message: string,
  elsewhere: readonly string[],
  declared: readonly string[],
  kind: string,
  stack: string,
): OperationError {
  return new OperationError(message, {
    cause:
      declared.length === 0
        ? `The stack declares no ${kind}.`
        : ["The stack declares:", ...declared.map((one) => `  ${one}`)].join("\n"),
    cure:
      elsewhere.length > 0
        ? `It belongs to ${elsewhere.join(" and ")}: add that client with --client.`
        : `Give what belongs to a declared ${kind}, or declare it and run \`pulumi up --stack ${stack}\` first.`,
  });
}

function quoted(text: string): string {
  return JSON.stringify(plainText(text));
}
