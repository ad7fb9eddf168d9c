import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DamagedFileError } from "../tenant/core/tenantError";
import { SandboxError } from "./sandboxError";

/** Bytes that must be free before the engine is started: several times what a deployment of many clients writes. */
const leastSpace = 16 * 1024 * 1024;

/** Where everything that a sandbox leaves on disk lives. Nothing outside it is changed, and removing it starts over. */
export class SandboxFolder {
  /** @param root absolute path of the folder, by default `.sandbox` beside `Pulumi.yaml`. */
  constructor(public readonly root: string) {}

  /** State of the sandbox tenant. */
  get tenant(): string {
    return join(this.root, "tenant");
  }

  /** A project folder for the engine: copies, so that no tracked file is ever written to. */
  get workspace(): string {
    return join(this.root, "workspace");
  }

  /** The Pulumi state backend of the sandbox. */
  get backend(): string {
    return join(this.root, "backend");
  }

  /** PULUMI_HOME of the sandbox, apart from the user's, so that its logins, stacks and settings stay untouched. */
  get pulumiHome(): string {
    return join(this.root, "pulumi");
  }

  /** Bundles of authorities that `serve` has handed out to shells. */
  get trust(): string {
    return join(this.root, "trust");
  }

  /** Bundles of authorities for the engine and what it starts, which end with it. */
  get engineTrust(): string {
    return join(this.workspace, "trust");
  }

  /** Names of all that a sandbox writes into its folder. */
  private get ownNames(): readonly string[] {
    const folders = [this.tenant, this.workspace, this.backend, this.pulumiHome, this.trust];
    return [...folders.map((folder) => basename(folder)), "passphrase", "port", "serving"];
  }

  /**
   * Makes the folders that the engine needs, readable by their owner only.
   *
   * @throws SandboxError when the disk is nearly full: the engine's own backend loses its state when it becomes full at work.
   */
  async prepare(): Promise<void> {
    for (const folder of [this.root, this.tenant, this.workspace, this.backend, this.pulumiHome]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    const { bavail, bsize } = await statfs(this.root);
    if (bavail * bsize < leastSpace) {
      throw new SandboxError(
        `The disk of ${this.root} is nearly full: ${Math.floor((bavail * bsize) / 1024)} KiB are free, at least ${leastSpace / 1024} KiB are needed. Nothing was changed. Free some space, or choose another folder with --folder.`,
      );
    }
  }

  /** @throws SandboxError when there is something that no sandbox has written: then it is somebody else's folder, or no folder. */
  async assertOwn(): Promise<void> {
    const names = await readdir(this.root).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw new SandboxError(`${this.root} is not the folder of a sandbox; nothing was removed.`);
    });
    const stranger = names.find((name) => !this.ownNames.includes(name));
    if (stranger !== undefined) {
      throw new SandboxError(
        `${this.root} contains what no sandbox has written, such as ${stranger}; nothing was removed. Name the sandbox's own folder with --folder, or take out what is not the sandbox's.`,
      );
    }
  }

  /** Removes everything, as if there had never been a sandbox, but for what shells may still name. */
  async remove(): Promise<void> {
    const names = await readdir(this.root).catch(() => undefined);
    if (names?.includes(basename(this.trust)) !== true) {
      await rm(this.root, { recursive: true, force: true });
      return;
    }
    const others = names.filter((name) => name !== basename(this.trust));
    await Promise.all(others.map((name) => rm(join(this.root, name), { recursive: true, force: true })));
  }

  /** The passphrase that the stack's secrets are encrypted with; made on first use. */
  async passphrase(): Promise<string> {
    const passphrase = await this.remembered("passphrase", () => randomBytes(32).toString("base64url"));
    if (passphrase.trim() !== "") return passphrase;
    throw new DamagedFileError("The stack's passphrase", join(this.root, "passphrase"), "it is empty");
  }

  /** The port that the sandbox's addresses carry, so that they are the same in every command; chosen on first use. */
  async port(choose: () => Promise<number>): Promise<number> {
    const text = await this.remembered("port", async () => String(await choose()));
    const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
    if (port >= 1 && port <= 65_535) return port;
    throw new DamagedFileError("The sandbox's port", join(this.root, "port"), "it contains no port number");
  }

  /** Remembers another port, after the old one was found taken. */
  async setPort(port: number): Promise<void> {
    await writeFile(join(this.root, "port"), String(port), { mode: 0o600 });
  }

  /** Marks the tenant as served for other commands to use, until {@link endServing}. */
  async beginServing(): Promise<void> {
    await writeFile(join(this.root, "serving"), String(process.pid), { mode: 0o600 });
  }

  async endServing(): Promise<void> {
    await rm(join(this.root, "serving"), { recursive: true, force: true });
  }

  async isServed(): Promise<boolean> {
    return (await readIfThere(join(this.root, "serving"))) !== undefined;
  }

  private async remembered(name: string, make: () => string | Promise<string>): Promise<string> {
    const file = join(this.root, name);
    const known = await readIfThere(file);
    if (known !== undefined) {
      return known;
    }
    const made = await make();
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    try {
      await writeFile(file, made, { mode: 0o600, flag: "wx" });
      return made;
    } catch (error) {
      // Another command that started at the same time was first: its choice counts.
      const other = await readIfThere(file);
      if (other === undefined) {
        throw error;
      }
      return other;
    }
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw new DamagedFileError("The sandbox's file", file, messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
