import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Problem } from "../problem";
import { isMapping } from "./mapping";

/** Largest file that is read for a certificate, in bytes; certificates have a few thousand. */
const largestFile = 1024 * 1024;

/** A client's configuration with the certificates that it names by file. */
export interface ResolvedCertificates {
  readonly client: Readonly<Record<string, unknown>>;
  /** The texts of the files, by the positions of the certificates. */
  readonly texts: ReadonlyMap<number, string>;
  readonly problems: readonly Problem[];
}

/**
 * Reads the files that a client's certificates name and puts their text in the place of the names.
 *
 * @param folder the folder that paths start from.
 */
export function resolveCertificateFiles(
  client: Readonly<Record<string, unknown>>,
  folder: string,
): ResolvedCertificates {
  const { certificates } = client;
  if (!Array.isArray(certificates)) {
    return { client, texts: new Map(), problems: [] };
  }
  const problems: Problem[] = [];
  const texts = new Map<number, string>();
  const resolved = certificates.map((certificate: unknown, index): unknown => {
    if (!isMapping(certificate) || typeof certificate["file"] !== "string") {
      return certificate;
    }
    const { file, ...others } = certificate;
    const read = readCertificateFile(resolve(folder, file), file);
    if ("pem" in read) {
      texts.set(index, read.pem);
      return { ...others, pem: read.pem };
    }
    problems.push({ path: ["certificates", index, "file"], message: read.message });
    return others;
  });
  return { client: { ...client, certificates: resolved }, texts, problems };
}

/** The text of a certificate's file, named in the configuration as `file`, or what is wrong with the file. Devices and pipes, which may never end, are not read. */
function readCertificateFile(
  path: string,
  file: string,
): { readonly pem: string } | { readonly message: string } {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      return { message: `${JSON.stringify(file)} is not a file; name the PEM file of the certificate` };
    }
    if (stats.size > largestFile) {
      return { message: `${JSON.stringify(file)} is larger than a certificate can be (1 MiB)` };
    }
    return { pem: readFileSync(path, "utf8") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return {
      message: `${JSON.stringify(file)} cannot be read (${code}); paths start from the folder of Pulumi.yaml`,
    };
  }
}

/** Says of a problem with a certificate's text that it is with the file that the text came from. */
export function blameFile(client: Readonly<Record<string, unknown>>, problem: Problem): Problem {
  const [key, index, part] = problem.path;
  const certificates: unknown = client["certificates"];
  const certificate: unknown =
    Array.isArray(certificates) && typeof index === "number" ? certificates[index] : undefined;
  return key === "certificates" && part === "pem" && isMapping(certificate) && "file" in certificate
    ? { path: ["certificates", index ?? 0, "file"], message: problem.message }
    : problem;
}
