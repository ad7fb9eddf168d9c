import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { SandboxFolder } from "./sandboxFolder";

/** What stands before the sandbox's own authority in a bundle. */
const mark = "# The authority of the sandbox tenant";

/** Where Linux distributions keep the authorities that Go trusts, and macOS those of its command line tools. */
const systemStores = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** What a tool trusts when nobody told it otherwise. */
type UsualAuthorities = () => Promise<string>;

const none: UsualAuthorities = () => Promise.resolve("");
/** Mozilla's authorities, which Python's certifi holds, too. */
const mozilla: UsualAuthorities = () => Promise.resolve(`${rootCertificates.join("\n")}\n`);
const system: UsualAuthorities = async () => (await firstReadable(systemStores)) ?? mozilla();

/** The variables by which tools are told whom to trust, with what they would trust otherwise. */
const variables: Readonly<
  Record<string, { readonly read: readonly string[]; readonly usual: UsualAuthorities }>
> = {
  // adds to what Node.js trusts anyway
  NODE_EXTRA_CA_CERTS: { read: ["NODE_EXTRA_CA_CERTS"], usual: none },
  // takes the place of what Go and OpenSSL trust
  SSL_CERT_FILE: { read: ["SSL_CERT_FILE"], usual: system },
  // takes the place of what Python's requests trusts, the Azure CLI's too
  REQUESTS_CA_BUNDLE: { read: ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"], usual: mozilla },
  // goes before SSL_CERT_FILE for curl
  CURL_CA_BUNDLE: { read: ["CURL_CA_BUNDLE", "SSL_CERT_FILE"], usual: system },
};

/**
 * Writes what each tool is to trust: what the user's environment has it trust already, or else what it trusts by itself, and the
 * sandbox's own authority. Otherwise whoever is behind a proxy that inspects TLS could reach nothing but the sandbox.
 *
 * @param folder where the files are written.
 * @param note receives what the user should know.
 * @returns the variables, each with its file.
 */
export async function trustBundles(
  folder: string,
  caFile: string,
  userEnvironment: NodeJS.ProcessEnv,
  note: (line: string) => void,
): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await readFile(caFile, "utf8");
  const bundles: Record<string, string> = {};
  const unreadable = new Set<string>();
  for (const [name, { read, usual }] of Object.entries(variables)) {
    const file = join(folder, `${name.toLowerCase().replaceAll("_", "-")}.pem`);
    const given = read.map((variable) => userEnvironment[variable]).find((value) => value);
    const known = given === undefined ? undefined : await readAuthorities(given);
    if (given !== undefined && known === undefined && !unreadable.has(given)) {
      unreadable.add(given);
      note(`${read.join(" or ")} names ${given}, which contains no readable certificates: left out.`);
    }
    await writeFile(file, `${known ?? (await usual())}${mark}\n${authority}`, { mode: 0o600 });
    bundles[name] = file;
  }
  return bundles;
}

/** Takes the sandbox's authority out of the bundles again. They stay: a shell may go on naming them. */
export async function removeFromBundles(folder: SandboxFolder): Promise<boolean> {
  const names = await readdir(folder.trust).catch(() => []);
  for (const name of names) {
    const file = join(folder.trust, name);
    await writeFile(file, (await readAuthorities(file)) ?? "", { mode: 0o600 });
  }
  return names.length > 0;
}

/** The certificates of a file, or of the files of a folder, without the sandbox's own; undefined when there are none. */
async function readAuthorities(path: string): Promise<string | undefined> {
  try {
    const files = (await stat(path)).isDirectory()
      ? (await readdir(path)).map((name) => join(path, name))
      : [path];
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
    const whole = texts
      .filter((text) => text.includes("-----BEGIN"))
      .map((text) => text.split(mark)[0]?.trimEnd())
      .join("\n");
    return whole === "" ? undefined : `${whole}\n`;
  } catch {
    return undefined;
  }
}

async function firstReadable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const text = await readAuthorities(file);
    if (text !== undefined) return text;
  }
  return undefined;
}
