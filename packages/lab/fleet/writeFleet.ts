import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { seedResourceIds } from "entra-sandbox";
import { projectName } from "../fixtures/repository";
import { fleetClients } from "../population/fleetClients";
import { configurationSize } from "./configurationSize";

/** A fleet of clients, spread over stacks. */
export interface FleetPlan {
  readonly clients: number;
  readonly stacks: number;
  /** What the stacks' names start with, such as `prod`. */
  readonly prefix: string;
  /** Resource id of the DICOM service of every client. Default: the sandbox's. */
  readonly dicomService?: string;
}

/** A stack file that was written. */
export interface FleetStack {
  readonly stack: string;
  readonly clients: number;
  readonly file: string;
  /** What its configuration takes when the program is started, in bytes; see {@link longestConfiguration}. */
  readonly configurationBytes: number;
}

/**
 * Writes the stack files `Pulumi.<prefix>-<number>.yaml` of a fleet, its clients spread evenly over them. A client's name has its
 * number in the fleet, so no name is given twice in a tenant.
 *
 * @throws Error when one of the files is there already; nothing is written over.
 */
export async function writeFleet(folder: string, plan: FleetPlan): Promise<FleetStack[]> {
  const { clients, stacks, prefix, dicomService = seedResourceIds.dicomService } = plan;
  await mkdir(folder, { recursive: true });
  const written: FleetStack[] = [];
  for (let index = 0; index < stacks; index++) {
    const [first, next] = [index, index + 1].map((part) => Math.floor((part * clients) / stacks)) as [
      number,
      number,
    ];
    const stack = `${prefix}-${String(index + 1).padStart(2, "0")}`;
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const config = { dicomService, clients: fleetClients({ clients: next - first, first }) };
    await writeFile(file, stringify({ config }), { flag: "wx" });
    written.push({
      stack,
      clients: next - first,
      file,
      configurationBytes: configurationSize(projectName, config),
    });
  }
  return written;
}
