import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pulumiYaml } from "dicom-ops";
import {
  readSnapshot,
  type SandboxFolder,
  seedResourceIds,
  type SessionOptions,
  type Snapshot,
  withSession,
  writeSnapshot,
} from "entra-sandbox";
import { projectName } from "../fixtures/repository";
import { cloneClient, cloneState, identityOf, type DeploymentState } from "./clientClone";
import { unrelatedApplications } from "./unrelatedApplications";
import { fleetClients } from "./fleetClients";

/** How many there are to be in a sandbox. */
export interface Population {
  /** Clients of the stack. */
  readonly clients: number;
  /** Applications, each with a service principal, that the stack has nothing to do with. */
  readonly applications: number;
  /** Of the applications that were deleted within the last days. */
  readonly deleted: number;
}

const first = "client-0000";

/** Writes a stack file. @returns its path. */
async function configure(folder: SandboxFolder, clients: number, asOf: string): Promise<string> {
  const file = join(folder.root, `population-${clients}.yaml`);
  const config = {
    [`${projectName}:asOf`]: asOf,
    [`${projectName}:dicomService`]: seedResourceIds.dicomService,
    [`${projectName}:clients`]: fleetClients({ clients }),
  };
  await writeFile(file, pulumiYaml({ config }));
  return file;
}

/**
 * Fills a new sandbox with many clients and many more applications: the engine deploys one client, whose state and live objects are
 * then copied under other ids. Deploying hundreds of clients would take the stand-ins too long.
 *
 * @param asOf the UTC day on which they are deployed.
 * @returns path of the stack file that declares the clients.
 */
export async function populateSandbox(
  options: Omit<SessionOptions, "config">,
  population: Population,
  asOf: string,
): Promise<string> {
  const { folder } = options;
  await folder.prepare();
  const one = await configure(folder, 1, asOf);
  const state = await withSession({ ...options, config: one }, async ({ stack, tenant }) => {
    await tenant.control("PUT", "clock", { now: `${asOf}T09:00:00Z` });
    await stack.up();
    return stack.exportStack();
  });
  const deployment = state.deployment as DeploymentState;
  const original = identityOf(deployment, first);
  const clones = Array.from({ length: population.clients - 1 }, (_none, index) =>
    cloneClient(original, `client-${String(index + 1).padStart(4, "0")}`, randomUUID),
  );
  const file = join(folder.tenant, "tenant.json");
  const snapshot = await readSnapshot(file);
  if (snapshot === undefined) {
    throw new Error("the tenant has written no state");
  }
  await writeSnapshot(
    file,
    withUnrelatedApplications(
      clones.reduce((full, clone) => clone.addTo(full), snapshot),
      population,
      asOf,
    ),
  );
  const config = await configure(folder, population.clients, asOf);
  await withSession({ ...options, config }, ({ stack }) =>
    stack.importStack({ ...state, deployment: cloneState(deployment, original, clones) }),
  );
  return config;
}

function withUnrelatedApplications(
  snapshot: Snapshot,
  { applications, deleted }: Population,
  asOf: string,
): Snapshot {
  const made = unrelatedApplications(applications, `${asOf}T08:00:00Z`);
  const removed = made.splice(0, deleted);
  return {
    ...snapshot,
    applications: added(
      snapshot.applications,
      made.map(({ application }) => application),
    ),
    servicePrincipals: added(
      snapshot.servicePrincipals,
      made.map(({ principal }) => principal),
    ),
    deletedItems: added(
      snapshot.deletedItems,
      removed.map(({ application }) => ({
        id: application.id,
        deletedDateTime: `${asOf}T08:30:00Z`,
        application,
        servicePrincipal: null,
        grants: [],
        appRoleAssignments: [],
      })),
    ),
  };
}

function added<T extends { readonly id: string }>(
  table: ReadonlyMap<string, T>,
  records: readonly T[],
): ReadonlyMap<string, T> {
  return new Map([...table, ...records.map((record) => [record.id, record] as const)]);
}
