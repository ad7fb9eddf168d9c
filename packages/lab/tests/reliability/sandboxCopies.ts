import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  ensurePulumiCli,
  grantAppRole,
  type PulumiCli,
  SandboxFolder,
  seed,
  type Tenant,
} from "entra-sandbox";
import { Administrator } from "../../fixtures/administrator";
import { sandboxApi } from "../../fixtures/repository";
import { clientName, days, representativeClient } from "../representativeClient";
import { DisturbedSandbox } from "./disturbedSandbox";
import { type Inventory, readInventory } from "./inventory";
import type { Scenario } from "./scenarios";

/** What a sandbox starts from: an empty stack, or a deployed one. */
export type Start = "blank" | "deployed";

/** What decides how a sandbox is opened. */
type Day = Pick<Scenario, "asOf" | "client">;

/** The permission of Microsoft Graph that assigns app roles, which the client has; the seeded pipeline does not hold it. */
const appRolePermission = "AppRoleAssignment.ReadWrite.All";

/** Sandboxes to disturb: each way to start is deployed once and copied for every test, into the same folder. */
export class SandboxCopies {
  private constructor(
    private readonly root: string,
    private readonly cli: PulumiCli,
    /** What lives in the tenant that has nothing of the stack's. */
    readonly seeded: Inventory,
  ) {}

  /** Deploys every way to start. */
  static async make(): Promise<SandboxCopies> {
    const root = await mkdtemp(join(tmpdir(), "reliability-"));
    try {
      const folder = new SandboxFolder(join(root, "sandbox"));
      await folder.prepare();
      const unseeded = new SandboxCopies(root, await ensurePulumiCli(), new Map());
      const first = { asOf: days.deployed, client: representativeClient };
      await use(await unseeded.open(first), allowAppRoles);
      const copies = new SandboxCopies(root, unseeded.cli, await readInventory(tenantFile(folder)));
      await copies.keep("blank");
      await use(await copies.open(first), async (sandbox) => {
        const { succeeded, output } = await sandbox.engine("up");
        if (!succeeded) throw new Error(`the sandbox to start from cannot be deployed:\n${output}`);
      });
      await copies.keep("deployed");
      return copies;
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder that sandboxes run in. */
  get folder(): SandboxFolder {
    return new SandboxFolder(join(this.root, "sandbox"));
  }

  /** Puts the folder into the state to start from, with nothing running. */
  async reset(start: Start): Promise<void> {
    await this.folder.remove();
    await cp(join(this.root, start), this.folder.root, { recursive: true, verbatimSymlinks: true });
  }

  /** Starts a tenant, stand-ins and engine on the folder as it is. Close the sandbox before the next one. */
  async open(day: Day, tenant?: Tenant): Promise<DisturbedSandbox> {
    const { folder, cli } = this;
    const stackFile = await this.stackFile(day);
    return DisturbedSandbox.open({ folder, cli, asOf: day.asOf, stackFile }, tenant);
  }

  /** Runs something on a sandbox from its start. */
  async run<T>(scenario: Scenario, work: (sandbox: DisturbedSandbox) => Promise<T>): Promise<T> {
    await this.reset(scenario.start);
    return use(await this.open(scenario), work);
  }

  /** Writes the stack file for a day. */
  async stackFile({ asOf, client }: Day): Promise<string> {
    const file = join(this.root, `stack-${asOf}.yaml`);
    const config = {
      "dicom-service-client:asOf": asOf,
      "dicom-service-client:api": sandboxApi,
      "dicom-service-client:clients": { [clientName]: client },
    };
    await writeFile(file, stringify({ config }));
    return file;
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  private keep(name: Start): Promise<void> {
    return cp(this.folder.root, join(this.root, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** The file in which a sandbox's tenant keeps its state. */
export function tenantFile(folder: SandboxFolder): string {
  return join(folder.tenant, "tenant.json");
}

async function use<T>(
  sandbox: DisturbedSandbox,
  work: (sandbox: DisturbedSandbox) => Promise<T>,
): Promise<T> {
  try {
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

/** Grants the deploying identity what the client's app role takes. */
async function allowAppRoles({ tenant }: DisturbedSandbox): Promise<void> {
  const administrator = new Administrator(tenant);
  try {
    await grantAppRole(administrator, seed.pipeline.servicePrincipalId, appRolePermission);
  } finally {
    administrator.signOut();
  }
}
