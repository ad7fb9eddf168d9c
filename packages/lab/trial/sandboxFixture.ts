import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  Administrator,
  ensurePulumiCli,
  grantAppRole,
  type PulumiCli,
  SandboxFolder,
  seed,
  type Tenant,
} from "entra-sandbox";
import { sandboxApi } from "../fixtures/repository";
import { registerByHand } from "./handMadeRegistration";
import { type Inventory, readInventory } from "./inventory";
import { clientName, days, representativeClient, vaultOnlyClient } from "./representativeClient";
import { Trial } from "./trial";

/**
 * What a trial starts from: an empty stack, what one or two deployments have left, one and a client that was made by hand, or one of a
 * client for a whole workspace, whose secret is in the key vault only.
 */
export type Start = "blank" | "deployed" | "overlap" | "hand-made" | "vault-only";

/** Where a trial begins. */
export interface TrialSetup {
  readonly start: Start;
  /** The UTC day that counts as today. */
  readonly asOf: string;
  /** What the stack declares its client to be; default: what it was deployed as. */
  readonly client?: object;
}

/** The client permission of Microsoft Graph that assigns app roles; the seeded pipeline does not hold it. */
const appRolePermission = "AppRoleAssignment.ReadWrite.All";

/** What all trials share. */
interface FixtureParts {
  readonly root: string;
  readonly cli: PulumiCli;
}

/**
 * Sandboxes to try things on. Each way to start is deployed once and copied for every trial, which saves most of a trial's time.
 * Trials run one after another, in the same folder.
 */
export class SandboxFixture {
  private constructor(
    private readonly parts: FixtureParts,
    /** What lives in the tenant that has nothing of the stack's. */
    readonly seeded: Inventory,
  ) {}

  /** Deploys every way to start. */
  static async build(note: (line: string) => void, starts: readonly Start[]): Promise<SandboxFixture> {
    const root = await mkdtemp(join(tmpdir(), "reliability-"));
    try {
      const cli = await ensurePulumiCli({ progress: note });
      note("Preparing sandboxes to start from");
      const parts = { root, cli };
      const folder = new SandboxFolder(join(root, "trial"));
      await folder.prepare();
      await use(await openTrial(parts, days.deployed, representativeClient), byHand(allowAppRoles));
      const fixture = new SandboxFixture(parts, await readInventory(join(folder.tenant, "tenant.json")));
      await fixture.keep("blank");
      if (starts.some((start) => start !== "blank" && start !== "vault-only")) {
        await fixture.deploy("blank", days.deployed, "deployed");
      }
      if (starts.includes("overlap")) await fixture.deploy("deployed", days.rotation, "overlap");
      if (starts.includes("hand-made")) {
        await fixture.try({ start: "deployed", asOf: days.deployed }, byHand(registerByHand));
        await fixture.keep("hand-made");
      }
      if (starts.includes("vault-only")) await fixture.deploy("blank", days.deployed, "vault-only");
      return fixture;
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder that trials run in. */
  get folder(): SandboxFolder {
    return new SandboxFolder(join(this.parts.root, "trial"));
  }

  /** Puts the folder into the state to start from, with nothing running. */
  async reset(start: Start): Promise<void> {
    await this.folder.remove();
    await cp(join(this.parts.root, start), this.folder.root, { recursive: true, verbatimSymlinks: true });
  }

  /** Starts a tenant, stand-ins and engine on the folder as it is. Close the trial before the next one. */
  open(asOf: string, tenant?: Tenant): Promise<Trial> {
    return openTrial(this.parts, asOf, representativeClient, tenant);
  }

  /** Runs something on a sandbox of its own. */
  async try<T>(
    { start, asOf, client = clientOf(start) }: TrialSetup,
    work: (trial: Trial) => Promise<T>,
  ): Promise<T> {
    await this.reset(start);
    return use(await openTrial(this.parts, asOf, client), work);
  }

  /** The stack file for a day. */
  stackFile(asOf: string): Promise<string> {
    return writeStackFile(this.parts.root, asOf, representativeClient);
  }

  async remove(): Promise<void> {
    await rm(this.parts.root, { recursive: true, force: true });
  }

  private async deploy(start: Start, asOf: string, name: Start): Promise<void> {
    await this.try({ start, asOf, client: clientOf(name) }, async (trial) => {
      const { succeeded, output } = await trial.engine("up");
      if (!succeeded) throw new Error(`the sandbox to start from cannot be deployed:\n${output}`);
    });
    await this.keep(name);
  }

  private keep(name: Start): Promise<void> {
    return cp(this.folder.root, join(this.parts.root, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** What the stack declares its client to be when it is deployed. */
function clientOf(start: Start): object {
  return start === "vault-only" ? vaultOnlyClient : representativeClient;
}

async function openTrial(
  { root, cli }: FixtureParts,
  asOf: string,
  client: object,
  tenant?: Tenant,
): Promise<Trial> {
  const folder = new SandboxFolder(join(root, "trial"));
  const stackFile = await writeStackFile(root, asOf, client);
  return Trial.open({ folder, cli, asOf, stackFile }, tenant);
}

async function writeStackFile(root: string, asOf: string, client: object): Promise<string> {
  const file = join(root, `stack-${asOf}.yaml`);
  const config = {
    "dicom-service-client:asOf": asOf,
    "dicom-service-client:api": sandboxApi,
    "dicom-service-client:clients": { [clientName]: client },
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

/** Something that the tenant's administrator does. */
function byHand(work: (administrator: Administrator) => Promise<unknown>): (trial: Trial) => Promise<void> {
  return async ({ tenant }) => {
    const administrator = new Administrator(tenant);
    try {
      await work(administrator);
    } finally {
      administrator.signOut();
    }
  };
}

/** Grants the deploying identity what the client's app role takes. */
function allowAppRoles(administrator: Administrator): Promise<unknown> {
  return grantAppRole(administrator, seed.pipeline.servicePrincipalId, appRolePermission);
}
