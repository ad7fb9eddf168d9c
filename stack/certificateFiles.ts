import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Problem } from "../components/problem";
import { isMapping } from "./mapping";

/** The folder that paths in the configuration start from: the one that holds Pulumi.yaml. */
const projectFolder = resolve(__dirname, "..");

/** A client's configuration with the certificates that it names by file. */
export interface ResolvedCertificates {
  readonly client: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Reads the files that a client's certificates name and puts their text in the place of the names. */
export function resolveCertificateFiles(client: Readonly<Record<string, unknown>>): ResolvedCertificates {
  const { certificates } = client;
  if (!Array.isArray(certificates)) {
    return { client, problems: [] };
  }
  const problems: Problem[] = [];
  const resolved = certificates.map((certificate: unknown, index): unknown => {
    if (!isMapping(certificate) || typeof certificate["file"] !== "string") {
      return certificate;
    }
    const { file, ...others } = certificate;
    try {
      return { ...others, pem: readFileSync(resolve(projectFolder, file), "utf8") };
    } catch (error) {
      problems.push({
        path: ["certificates", index, "file"],
        message: `${JSON.stringify(file)} cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown reason"}); paths start from the folder of Pulumi.yaml`,
      });
      return others;
    }
  });
  return { client: { ...client, certificates: resolved }, problems };
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
