import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type AllowedPlace, findSecrets, tenantSecretPlaces } from "./secretScan";

/** Larger files are not ours: browsers and packages. */
const largestFile = 32 * 1024 * 1024;

/** What was found while the tests of a file ran: kind of secret and place, never the value. */
const found = new Set<string>();

/** What has been found so far, and is forgotten by that. */
export function takeFound(): readonly string[] {
  const all = [...found];
  found.clear();
  return all;
}

/** Looks for secrets in something that was written or handed over. */
export function searchText(place: string, bytes: Buffer): void {
  for (const { secret } of findSecrets(bytes, [])) found.add(`${secret} in ${place}`);
}

/** Looks for secrets in all files of a folder; installed packages are left out. */
export function searchFolder(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile() || /(^|\/)node_modules\//.test(name)) continue;
    searchFile(path, name);
  }
}

function searchFile(path: string, name: string): void {
  try {
    if (statSync(path).size > largestFile) return;
    for (const { secret } of findSecrets(readFileSync(path), [])) {
      const isAllowed = [...tenantSecretPlaces, ...testSecretPlaces].some(
        ([file, owner]) => file.test(name) && owner.test(secret),
      );
      if (!isAllowed) found.add(`${secret} in the file ${name}`);
    }
  } catch (error) {
    // What still runs may remove its files meanwhile.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** Files of tests: keys and tokens that they hand over, and the keys of tenants that they start without a sandbox around. */
const testSecretPlaces: readonly AllowedPlace[] = [
  [/(^|\/)((key|server-key|signing-key)\.pem|gateway\.key)$/, /private key$/],
  [/(^|\/)token\.jwt$/, /client assertion$/],
];
