import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where a project may have its policy pack: as a folder of its own, or as the package of this product. */
const packs = ["policy", join("node_modules", "dicom-service-client-policies")];
const packConfig = "policy-config.json";

/** The options of `pulumi preview` and `up` for the project's policy pack, if it has one, and for the pack's configuration, if there is one. */
export function policyOptions(folder: string): readonly string[] {
  const has = (file: string): boolean => existsSync(join(folder, file));
  const pack = packs.find((one) => has(join(one, "PulumiPolicy.yaml")));
  if (pack === undefined) return [];
  return ["--policy-pack", pack, ...(has(packConfig) ? ["--policy-pack-config", packConfig] : [])];
}
