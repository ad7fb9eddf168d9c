import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import {
  calendarDayOf,
  formatCalendarDay,
  formatMidnight,
  parseCalendarDay,
  type CalendarDay,
} from "./calendarDate";
import type { ClientCertificate } from "./clientArgs";

/**
 * What Entra can verify a client's assertions with: they are signed with RSA (PS256, before that RS256). Another key can be
 * registered, but every sign-in with it is refused (AADSTS5002738). Source:
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
const usableKeys: readonly (string | undefined)[] = ["rsa", "rsa-pss"];
const smallestRsaModulus = 2048;

/** How private keys begin, of OpenSSL, OpenSSH, SSH2, PGP and PuTTY. */
const privateKey = /BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File/;

/** How to make a certificate that Entra can use. */
export const usableCertificateCommand =
  'openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -subj "/CN=<client>" -keyout "<client>.key" -out "<client>.pem"';

/**
 * What is wrong with a PEM text as a client's certificate, seen from a given day; undefined when nothing is. The message
 * never repeats the text, which may hold a private key by mistake.
 */
export function certificateProblem(pem: string, asOf: CalendarDay): string | undefined {
  if (privateKey.test(pem)) {
    return "holds a private key; give the certificate only, and replace the key, which is now exposed";
  }
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (blocks === 0) {
    return "is not a certificate in PEM (there is no BEGIN CERTIFICATE line). To convert a binary one: openssl x509 -inform der -in '<file>' -out '<client>.pem'; one with its key (.pfx, .p12): openssl pkcs12 -clcerts -nokeys -in '<file>' -out '<client>.pem'";
  }
  if (blocks > 1) {
    return `holds ${blocks} certificates; give only the client's own, without its chain`;
  }
  const certificate = parse(pem);
  if (!certificate) {
    return "is not a readable certificate: the text between BEGIN and END CERTIFICATE is damaged, or its lines are joined; YAML keeps them behind pem: |";
  }
  if (calendarDayOf(certificate.validFromDate) > asOf) {
    return `is not valid before ${formatCalendarDay(calendarDayOf(certificate.validFromDate))}`;
  }
  if (calendarDayOf(certificate.validToDate) <= asOf) {
    return `expired on ${formatCalendarDay(calendarDayOf(certificate.validToDate))}`;
  }
  const problem = keyProblem(certificate.publicKey);
  return problem === undefined ? undefined : `${problem}. To create one: ${usableCertificateCommand}`;
}

/** Why Entra refuses every sign-in with a key; undefined when it does not. */
export function keyProblem({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (!usableKeys.includes(asymmetricKeyType)) {
    const curve = asymmetricKeyDetails?.namedCurve;
    return `has a key of the type ${asymmetricKeyType ?? "unknown"}${curve === undefined ? "" : ` (${curve})`}; Entra refuses every sign-in with such a key and accepts RSA only`;
  }
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < smallestRsaModulus
    ? `has an RSA key of ${bits} bits; at least ${smallestRsaModulus} are needed`
    : undefined;
}

/**
 * What is wrong with the day on which a certificate is to end; undefined when nothing is.
 *
 * @param pem the certificate, when it could be read.
 */
export function certificateEndProblem(
  expiresOn: string,
  pem: string | undefined,
  asOf: CalendarDay,
): string | undefined {
  const day = parseCalendarDay(expiresOn);
  if (day === undefined) {
    return undefined;
  }
  if (day <= asOf) {
    return `${formatCalendarDay(day)} is in the past; write a day after ${formatCalendarDay(asOf)}`;
  }
  const end = parse(pem)?.validToDate;
  return end && day > calendarDayOf(end)
    ? `${formatCalendarDay(day)} is after the certificate's own end on ${formatCalendarDay(calendarDayOf(end))}`
    : undefined;
}

/** The certificate as it is, whatever line ends, line lengths and words around it a file has: its DER in the usual PEM. */
export function canonicalPem(pem: string): string {
  return new X509Certificate(withoutMark(pem)).toString();
}

/** The SHA-256 of a certificate's DER, in hexadecimal; undefined when the text is no certificate. */
export function certificateFingerprint(pem: string | undefined): string | undefined {
  return parse(pem)?.fingerprint256.replaceAll(":", "").toLowerCase();
}

/**
 * Part of the name of the child that stands for a certificate: its own name, and what tells it from its successor.
 *
 * @param endDate when it ends, in the form that Microsoft Graph stores; by default as declared
 */
export function certificateKey(
  certificate: ClientCertificate,
  endDate = certificateEndDate(certificate),
): string {
  const content = [certificateFingerprint(certificate.pem), endDate].join(" ");
  return `${certificate.name}.${createHash("sha256").update(content).digest("hex").slice(0, 8)}`;
}

/** The certificate's own name in such a part; in the names that earlier versions gave, it is the whole. */
export function certificateNameIn(key: string): string {
  return key.split(".")[0] ?? key;
}

/** When a certificate ends, in the form that Microsoft Graph stores. */
export function certificateEndDate({ pem, expiresOn }: ClientCertificate): string {
  const day = expiresOn === undefined ? undefined : parseCalendarDay(expiresOn);
  return day === undefined
    ? `${new X509Certificate(withoutMark(pem)).validToDate.toISOString().slice(0, 19)}Z`
    : formatMidnight(day);
}

function parse(pem: string | undefined): X509Certificate | undefined {
  if (pem === undefined) {
    return undefined;
  }
  try {
    return new X509Certificate(withoutMark(pem));
  } catch {
    return undefined;
  }
}

/** Without the mark of the byte order that editors on Windows write first. */
function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}
