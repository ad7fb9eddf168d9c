import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policies } from "./policies";

/** The guide whose list of policies is made from the policies themselves. */
export const guideFile = join(__dirname, "..", "docs", "reference", "policies.md");

const [begin, end] = ["<!-- policies: begin -->", "<!-- policies: end -->"];

/**
 * Puts the list of policies into the guide.
 *
 * @param guide the guide, in which two comments mark the place.
 * @throws Error when the guide does not mark it.
 */
export function withPolicies(guide: string): string {
  const [from, to] = [guide.indexOf(begin), guide.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`the guide has no place for the policies; mark it with ${begin} and ${end}`);
  }
  return [guide.slice(0, from + begin.length), overview(), ...policies.map(section), guide.slice(to)].join(
    "\n\n",
  );
}

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
    `**Cure:** ${String(remediationSteps)}`,
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

if (require.main === module) {
  writeFileSync(guideFile, withPolicies(readFileSync(guideFile, "utf8")));
}
