import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, request, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { makeCertificates, type Tenant } from "entra-sandbox";
import type { Azurite } from "./azurite";

const login = "login.microsoftonline.com";
const vault = /^([a-z0-9-]+)\.vault\.azure\.net$/;

/**
 * Azure's public host names on loopback, for programs that accept no others: a proxy as `HTTPS_PROXY` names one, which answers
 * for the sign-in, for key vaults and for the blobs of a storage account with the sandbox tenant and Azurite. It leads nowhere else.
 */
export class AzureHosts {
  private constructor(
    /** PEM of the authority that signed the certificate of all these names. */
    readonly ca: string,
    private readonly proxy: Server,
    private readonly hosts: TlsServer,
    private readonly open: Set<Duplex>,
  ) {}

  static async start(tenant: Tenant, azurite: Azurite): Promise<AzureHosts> {
    const blobs = `${azurite.account}.blob.core.windows.net`;
    const { ca, server } = await makeCertificates(new Date(), 2, [login, "*.vault.azure.net", blobs]);
    const tenantCa = readFileSync(tenant.caFile, "utf8");
    const hosts = createTlsServer({ cert: server.certificate, key: server.key }, (incoming, outgoing) => {
      const host = incoming.headers.host ?? "";
      const path = incoming.url ?? "/";
      const vaultName = vault.exec(host)?.[1];
      if (host === blobs) forward(incoming, outgoing, azurite.url + path, azurite.ca, (text) => text);
      else if (vaultName !== undefined)
        forward(incoming, outgoing, `${tenant.url}/vault/${vaultName}${path}`, tenantCa, (text) => text);
      else
        forward(incoming, outgoing, tenant.url + path, tenantCa, (text) =>
          text.replaceAll(tenant.url, `https://${login}`).replaceAll(new URL(tenant.url).host, login),
        );
    });
    const open = new Set<Duplex>();
    const proxy = createServer((_incoming, outgoing) => void outgoing.writeHead(405).end());
    proxy.on("connect", (incoming, socket) => {
      const host = (incoming.url ?? "").replace(/:443$/, "");
      open.add(socket);
      socket.once("close", () => open.delete(socket)).on("error", () => undefined);
      if (host === login || host === blobs || vault.test(host)) {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        hosts.emit("connection", socket);
      } else {
        socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    return new AzureHosts(ca.certificate, proxy, hosts, open);
  }

  /** The address of the proxy, for `HTTPS_PROXY`. */
  get url(): string {
    return `http://127.0.0.1:${String((this.proxy.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.open.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.proxy.close(resolve));
    this.hosts.closeAllConnections();
  }
}

/** Hands a request on with the host that it was meant for, and the answer back, its text changed. */
function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: string,
  ca: string,
  change: (text: string) => string,
): void {
  // Node would take the name to check the certificate for from the header Host.
  const options = { method: incoming.method, headers: incoming.headers, ca, servername: "localhost" };
  const onward = request(url, options, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const isText = answer.headers["content-type"]?.startsWith("application/json") ?? false;
      const body = isText ? Buffer.from(change(bytes.toString("utf8"))) : bytes;
      const headers = { ...answer.headers };
      delete headers["transfer-encoding"];
      if (incoming.method !== "HEAD") headers["content-length"] = String(body.length);
      outgoing.writeHead(answer.statusCode ?? 502, headers).end(body);
    });
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}
