import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policies } from "../policy/policies";
import type { GeneratedFile } from "./generatedFile";
import { withSection } from "./section";

const path = join(__dirname, "..", "docs", "reference", "policies.md");

/** The guide whose list of policies is made from the policies themselves. */
export const policyGuide: GeneratedFile = {
  path,
  make: () => withSection(readFileSync(path, "utf8"), "policies", [overview(), ...policies.map(section)]),
};

function overview(): string {
  return [
    "| policy | rule | severity | level |",
    "| --- | --- | --- | --- |",
    ...policies.map(
      ({ name, description, severity, enforcementLevel }) =>
        `| [\`${name}\`](#${name}) | ${description} | ${String(severity)} | ${String(enforcementLevel)} |`,
    ),
  ].join("\n");
}

function section(policy: ResourceValidationPolicy | StackValidationPolicy): string {
  const { name, description, remediationSteps, url, configSchema } = policy;
  return [
    `### \`${name}\``,
    `${description} [Background](${String(url)})`,
    `**Fix:** ${String(remediationSteps)}`,
    ...(configSchema ? [keys(configSchema)] : []),
  ].join("\n\n");
}

function keys({ properties }: PolicyConfigSchema): string {
  return [
    "| key | default | meaning |",
    "| --- | --- | --- |",
    ...Object.entries(properties).map(
      ([key, schema]) =>
        `| \`${key}\` | \`${JSON.stringify(schema.default)}\` | ${String(schema.description)} |`,
    ),
  ].join("\n");
}
