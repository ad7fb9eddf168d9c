import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../sandbox/runner/projectRoot";

/** What a measurement was made with, in one sentence: the date, the machine's size, the versions, and how busy the machine was. */
export function describeMachine(now: Date): string {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const cli = readFileSync(join(projectRoot, ".pulumi.version"), "utf8").trim();
  const packages = ["@pulumi/pulumi", "@pulumi/azuread", "@pulumi/azure-native"]
    .map((name) => `${name} ${dependencies[name] ?? ""}`)
    .join(", ");
  return [
    `Measured on ${now.toISOString().slice(0, 10)} on ${cpus().length} cores with ${Math.round(totalmem() / 2 ** 30)} GiB:`,
    `Node.js ${process.version}, Pulumi CLI v${cli} unless another is on PATH, ${packages}.`,
    `Load average over the last minute: ${(loadavg()[0] ?? 0).toFixed(1)}.`,
  ].join(" ");
}
