import { project } from "../fixtures/repository";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { markdownTable } from "../report/markdownTable";
import { beforeRotation, fleetClients } from "../population/fleetClients";
import type { CommandMeasurement } from "../speed/measuredCommand";
import { withSpeedFixture, type SpeedFixtureOptions } from "../speed/speedFixture";
import { populateSandbox } from "../population/populateSandbox";
import { SandboxFolder, seedResourceIds } from "entra-sandbox";

/** How many deployed clients are previewed at most: the configuration of 1,000 is at the edge of what a program can be started with. */
const mostDeployed = 500;

/**
 * Previews a fleet in one stack on the sandbox: first as new, then as deployed, which reads every object of the tenant again.
 * Nothing is deployed by the engine: the state and the live objects of the second preview are copies of one client's.
 *
 * @returns a table.
 */
export async function dryRun(clients: number, options: SpeedFixtureOptions): Promise<string> {
  const rows: string[][] = [];
  const deployed = Math.min(clients, mostDeployed);
  for (const [what, count, measure] of [
    [`preview of ${clients} new clients`, clients, previewOfNew],
    [`preview of ${deployed} deployed clients`, deployed, previewOfDeployed],
  ] as const) {
    const measured = row(what, await measure(count, options));
    options.note(measured.join(", "));
    rows.push(measured);
  }
  return markdownTable(["what", "wall", "program's CPU", "program", "engine", "requests"], rows);
}

async function previewOfNew(clients: number, options: SpeedFixtureOptions): Promise<CommandMeasurement> {
  const base = join(options.base, "new");
  await mkdir(base);
  return withSpeedFixture({ ...options, base }, async ({ makeStack }) => {
    const stack = await makeStack("component");
    await stack.configureWith({
      asOf: beforeRotation,
      dicomService: seedResourceIds.dicomService,
      clients: fleetClients({ clients }),
    });
    options.note(`previewing ${clients} new clients`);
    return stack.run("preview");
  });
}

async function previewOfDeployed(clients: number, options: SpeedFixtureOptions): Promise<CommandMeasurement> {
  const base = join(options.base, "deployed");
  await mkdir(base);
  const folder = new SandboxFolder(join(base, "sandbox"));
  options.note(`filling a sandbox with ${clients} clients`);
  const config = await populateSandbox(
    {
      project,
      folder,
      provider: "stand-in",
      userEnvironment: options.userEnvironment,
      note: () => undefined,
    },
    { clients, applications: 0, deleted: 0 },
    beforeRotation,
  );
  return withSpeedFixture({ ...options, base, config }, async ({ sandboxStack }) => {
    const stack = await sandboxStack();
    options.note(`previewing ${clients} deployed clients`);
    // The names of the copies' role assignments do not follow from their principals, so they would be replaced.
    return stack.run("preview");
  });
}

function row(what: string, measured: CommandMeasurement): string[] {
  return [
    what,
    `${(measured.milliseconds / 1000).toFixed(1)} s`,
    `${(measured.programCpuMilliseconds / 1000).toFixed(1)} s`,
    `${measured.programMebibytes.toFixed(0)} MiB`,
    `${measured.engineMebibytes.toFixed(0)} MiB`,
    String(measured.requests),
  ];
}
