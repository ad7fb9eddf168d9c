import { readFileSync } from "node:fs";

/** The version of this package. */
export function packageVersion(): string {
  const manifest = readFileSync(require.resolve("dicom-ops/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
