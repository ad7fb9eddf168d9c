import { cpus, loadavg, totalmem } from "node:os";
import azureNative from "@pulumi/azure-native/package.json";
import azuread from "@pulumi/azuread/package.json";
import sdk from "@pulumi/pulumi/package.json";
import { pinnedVersion } from "entra-sandbox";

/** What a measurement was made with, in one paragraph: the date, the machine's size, the versions, and how busy the machine was. */
export function describeMachine(now: Date): string {
  return [
    `Measured on ${now.toISOString().slice(0, 10)} on ${cpus().length} cores with ${Math.ceil(totalmem() / 2 ** 30)} GiB:`,
    `Node.js ${process.version}, Pulumi CLI v${pinnedVersion.version} unless another is on PATH, @pulumi/pulumi ${sdk.version},`,
    `@pulumi/azuread ${azuread.version}, @pulumi/azure-native ${azureNative.version}.`,
    `Load average over the last minute: ${(loadavg()[0] ?? 0).toFixed(1)}.`,
  ].join(" ");
}
