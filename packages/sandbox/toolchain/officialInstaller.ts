/**
 * Installs the CLI with Pulumi's own installer into a given folder. A program of its own because the Automation API's
 * installation cannot be interrupted and, in a process that runs already, cannot be told to use a proxy.
 * Arguments: folder, version, origin to probe. Prints `reachable` or `unreachable: <reason>` before anything else.
 */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

/** Milliseconds after which the origin counts as out of reach: no firewall may hold up the way on. */
const probeDeadline = 3_000;

async function main(): Promise<void> {
  const [root, version, origin] = process.argv.slice(2);
  if (root === undefined || version === undefined || origin === undefined) {
    throw new Error("usage: officialInstaller <folder> <version> <origin>");
  }
  const obstacle = await probe(origin);
  if (obstacle !== undefined) {
    process.stdout.write(`unreachable: ${obstacle}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write("reachable\n");
  await PulumiCommand.install({ root, version: new SemVer(version) });
}

async function probe(origin: string): Promise<string | undefined> {
  try {
    const answer = await fetch(new URL("/install.sh", origin), {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(probeDeadline),
    });
    return answer.status >= 400 ? `it answers with status ${answer.status}` : undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${probeDeadline / 1000} s`;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
