import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BlobServiceClient,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  type ContainerClient,
} from "@azure/storage-blob";
import { makeCertificates } from "entra-sandbox";

const server = require.resolve("azurite/dist/src/blob/main.js");

/** Microsoft's emulator of Blob Storage, over HTTPS on a free port of loopback, with a folder and an account of its own. */
export class Azurite {
  private constructor(
    readonly account: string,
    readonly key: string,
    readonly port: number,
    /** PEM of the authority that signed its certificate. */
    readonly ca: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param account name of its only storage account */
  static async start(account: string): Promise<Azurite> {
    const folder = mkdtempSync(join(tmpdir(), "azurite-"));
    const key = randomBytes(64).toString("base64");
    const { ca, server: tls } = await makeCertificates(new Date(), 2);
    const [certificate, privateKey] = [join(folder, "server.pem"), join(folder, "server-key.pem")];
    writeFileSync(certificate, tls.certificate);
    writeFileSync(privateKey, tls.key, { mode: 0o600 });
    const child = spawn(
      process.execPath,
      [
        server,
        ...["--blobHost", "127.0.0.1", "--blobPort", "0", "--location", join(folder, "store")],
        ...["--cert", certificate, "--key", privateKey, "--oauth", "basic"],
        ...["--skipApiVersionCheck", "--disableTelemetry", "--silent"],
      ],
      { env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const port = await new Promise<number>((resolve, reject) => {
      let said = "";
      const listen = (data: Buffer): void => {
        said += data.toString("utf8");
        const announced = /listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (announced !== undefined) resolve(Number(announced));
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`Azurite has ended: ${said}`)));
    });
    return new Azurite(account, key, port, ca.certificate, folder, child);
  }

  get url(): string {
    return `https://127.0.0.1:${String(this.port)}`;
  }

  /** A container of the account, as its owner sees it. */
  container(name: string): ContainerClient {
    const credential = new StorageSharedKeyCredential(this.account, this.key);
    const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca: this.ca } };
    return new BlobServiceClient(`${this.url}/${this.account}`, credential, options).getContainerClient(name);
  }

  /** A shared access signature for a container. @param permissions such as `rl` for reading and listing */
  async sasToken(container: string, permissions: string): Promise<string> {
    const hour = 60 * 60 * 1000;
    const url = await this.container(container).generateSasUrl({
      permissions: ContainerSASPermissions.parse(permissions),
      startsOn: new Date(Date.now() - hour),
      expiresOn: new Date(Date.now() + hour),
    });
    return new URL(url).search.slice(1);
  }

  /** The names of the blobs below a prefix. */
  async blobs(container: string, prefix: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.container(container).listBlobsFlat({ prefix })) names.push(name);
    return names;
  }

  /** What lies in its folder, every file as text: the blobs of all containers and the database about them. */
  contents(): string {
    const store = join(this.folder, "store");
    return readdirSync(store, { recursive: true, encoding: "utf8" })
      .map((name) => join(store, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
