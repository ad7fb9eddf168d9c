import { cpus, loadavg, totalmem } from "node:os";
import azureNative from "@pulumi/azure-native/package.json";
import azuread from "@pulumi/azuread/package.json";
import sdk from "@pulumi/pulumi/package.json";
import { pinnedVersion } from "entra-sandbox";

/** Prints the report of a measurement in Markdown, headed by what it was measured with. */
export function printReport(parts: readonly string[]): void {
  process.stdout.write(`${[describeMachine(new Date()), ...parts].join("\n\n")}\n`);
}

/** The date, the machine's size, the versions, and how busy the machine was, in one paragraph. */
function describeMachine(now: Date): string {
  return [
    `Measured on ${now.toISOString().slice(0, 10)} on ${cpus().length} cores with ${Math.ceil(totalmem() / 2 ** 30)} GiB:`,
    `Node.js ${process.version}, Pulumi CLI v${pinnedVersion.version} unless another is on PATH, @pulumi/pulumi ${sdk.version},`,
    `@pulumi/azuread ${azuread.version}, @pulumi/azure-native ${azureNative.version}.`,
    `Load average over the last minute: ${(loadavg()[0] ?? 0).toFixed(1)}.`,
  ].join(" ");
}
