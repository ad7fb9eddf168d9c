import { X509Certificate } from "node:crypto";
import {
  calendarDayOf,
  formatCalendarDay,
  formatMidnight,
  parseCalendarDay,
  type CalendarDay,
} from "./calendarDate";

/** A certificate that the client may sign in with, instead of or beside a secret. */
export interface ClientCertificate {
  /** Name of the certificate, unique in the client: lower-case letters, digits and hyphens. Example: `gateway`. */
  name: string;
  /** The client's own certificate in PEM, without its chain and without its private key. */
  pem: string;
  /** UTC day from whose first instant the certificate is not accepted any more. Default: when the certificate itself ends. */
  expiresOn?: string;
}

const smallestRsaModulus = 2048;

/**
 * What is wrong with a PEM text as a client's certificate, seen from a given day; undefined when nothing is. The message
 * never repeats the text, which may hold a private key by mistake.
 */
export function certificateProblem(pem: string, asOf: CalendarDay): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    return "holds a private key; give the certificate alone, and replace the key, which has been written where it does not belong";
  }
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (blocks === 0) {
    return "is not a certificate in PEM (there is no BEGIN CERTIFICATE line)";
  }
  if (blocks > 1) {
    return `holds ${blocks} certificates; give the client's own alone, without its chain`;
  }
  const certificate = parse(pem);
  if (!certificate) {
    return "is not a certificate that can be read: the text between BEGIN and END CERTIFICATE is damaged";
  }
  if (calendarDayOf(certificate.validFromDate) > asOf) {
    return `is not valid before ${formatCalendarDay(calendarDayOf(certificate.validFromDate))}`;
  }
  if (calendarDayOf(certificate.validToDate) <= asOf) {
    return `expired on ${formatCalendarDay(calendarDayOf(certificate.validToDate))}`;
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength;
  if (asymmetricKeyType === "rsa" && bits !== undefined && bits < smallestRsaModulus) {
    return `has an RSA key of ${bits} bits; at least ${smallestRsaModulus} are needed`;
  }
  return undefined;
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
  const end = pem === undefined ? undefined : parse(pem)?.validToDate;
  return end && day > calendarDayOf(end)
    ? `${formatCalendarDay(day)} is after the certificate's own end on ${formatCalendarDay(calendarDayOf(end))}`
    : undefined;
}

/** When a certificate ends, in the form that Microsoft Graph stores. */
export function certificateEndDate({ pem, expiresOn }: ClientCertificate): string {
  const day = expiresOn === undefined ? undefined : parseCalendarDay(expiresOn);
  return day === undefined
    ? `${new X509Certificate(pem).validToDate.toISOString().slice(0, 19)}Z`
    : formatMidnight(day);
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
