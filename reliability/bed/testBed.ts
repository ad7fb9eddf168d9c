import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { Administrator } from "../../sandbox/portal/administrator";
import { SandboxFolder } from "../../sandbox/runner/sandboxFolder";
import { seed } from "../../sandbox/tenant/seed";
import type { Tenant } from "../../sandbox/tenant/tenant";
import { ensurePulumiCli, type PulumiCli } from "../../toolchain/pulumiCli";
import { readInventory, type Inventory } from "./inventory";
import { clientName, days, representativeClient } from "./representativeClient";
import { Trial } from "./trial";

/** What a trial starts from: an empty stack, or what one or two deployments have left. */
export type Start = "blank" | "deployed" | "overlap";

/** The client permission of Microsoft Graph that assigns app roles; the seeded pipeline does not hold it. */
const appRolePermission = "AppRoleAssignment.ReadWrite.All";

/**
 * Sandboxes to try things on. Each way to start is deployed once and copied for every trial, which saves most of a trial's time.
 * Trials run one after another, in the same folder.
 */
export class TestBed {
  private constructor(
    private readonly root: string,
    private readonly cli: PulumiCli,
    /** What lives in the tenant that has nothing of the stack's. */
    readonly seeded: Inventory,
  ) {}

  /** Deploys every way to start. */
  static async build(note: (line: string) => void, starts: readonly Start[]): Promise<TestBed> {
    const root = await mkdtemp(join(tmpdir(), "reliability-"));
    try {
      const cli = await ensurePulumiCli({ progress: note });
      note("Preparing sandboxes to start from");
      const folder = new SandboxFolder(join(root, "trial"));
      await folder.prepare();
      await use(await openTrial(root, cli, days.deployed), allowAppRoles);
      const bed = new TestBed(root, cli, await readInventory(join(folder.tenant, "tenant.json")));
      await bed.keep("blank");
      if (starts.some((start) => start !== "blank")) await bed.deploy("blank", days.deployed, "deployed");
      if (starts.includes("overlap")) await bed.deploy("deployed", days.rotation, "overlap");
      return bed;
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder that trials run in. */
  get folder(): SandboxFolder {
    return new SandboxFolder(join(this.root, "trial"));
  }

  /** Puts the folder into the state to start from, with nothing running. */
  async reset(start: Start): Promise<void> {
    await this.folder.remove();
    await cp(join(this.root, start), this.folder.root, { recursive: true, verbatimSymlinks: true });
  }

  /** Starts a tenant, stand-ins and engine on the folder as it is. Close the trial before the next one. */
  open(asOf: string, tenant?: Tenant): Promise<Trial> {
    return openTrial(this.root, this.cli, asOf, tenant);
  }

  /** Runs something on a sandbox of its own. */
  async try<T>(start: Start, asOf: string, work: (trial: Trial) => Promise<T>): Promise<T> {
    await this.reset(start);
    return use(await this.open(asOf), work);
  }

  /** The stack file for a day. */
  stackFile(asOf: string): Promise<string> {
    return writeStackFile(this.root, asOf);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  private async deploy(start: Start, asOf: string, name: Start): Promise<void> {
    await this.try(start, asOf, async (trial) => {
      const { succeeded, said } = await trial.engine("up");
      if (!succeeded) throw new Error(`the sandbox to start from cannot be deployed:\n${said}`);
    });
    await this.keep(name);
  }

  private keep(name: Start): Promise<void> {
    return cp(this.folder.root, join(this.root, name), { recursive: true, verbatimSymlinks: true });
  }
}

async function openTrial(root: string, cli: PulumiCli, asOf: string, tenant?: Tenant): Promise<Trial> {
  const folder = new SandboxFolder(join(root, "trial"));
  return Trial.open({ folder, cli, asOf, stackFile: await writeStackFile(root, asOf) }, tenant);
}

async function writeStackFile(root: string, asOf: string): Promise<string> {
  const file = join(root, `stack-${asOf}.yaml`);
  const config = {
    "dicom-service-client:asOf": asOf,
    "dicom-service-client:clients": { [clientName]: representativeClient },
  };
  await writeFile(file, stringify({ config }));
  return file;
}

async function use<T>(trial: Trial, work: (trial: Trial) => Promise<T>): Promise<T> {
  try {
    return await work(trial);
  } finally {
    await trial.close();
  }
}

/** Grants the deploying identity what the client's app role takes. */
async function allowAppRoles(trial: Trial): Promise<void> {
  const administrator = new Administrator(trial.tenant);
  try {
    const filter = encodeURIComponent("appId eq '00000003-0000-0000-c000-000000000000'");
    const { value } = (await administrator.graph("GET", `servicePrincipals?$filter=${filter}`)) as {
      value: readonly { id: string; appRoles: readonly { id: string; value: string }[] }[];
    };
    const [graph] = value;
    await administrator.graph("POST", `servicePrincipals/${graph?.id ?? ""}/appRoleAssignedTo`, {
      principalId: seed.pipeline.servicePrincipalId,
      resourceId: graph?.id,
      appRoleId: graph?.appRoles.find((role) => role.value === appRolePermission)?.id,
    });
  } finally {
    administrator.signOut();
  }
}
