import { createServer } from "node:net";
import { connectTenant } from "../tenant/connect";
import type { Clock } from "../tenant/core/clock";
import { startTenant, type Tenant } from "../tenant/tenant";
import { SandboxError } from "./sandboxError";
import type { SandboxFolder } from "./sandboxFolder";
import { stackResources } from "./stackResources";

/** How to reach the tenant. */
export interface TenantAccessOptions {
  /** File for the request log. Only a tenant that is started here writes one. */
  readonly requestLog?: string;
  /** Default: the machine's clock. Only a tenant that is started here follows it. */
  readonly clock?: Clock;
}

/**
 * The sandbox's tenant: the one that `serve` runs, or else one that lives as long as this command.
 *
 * @throws SandboxError when another command is at work on the same sandbox.
 */
export async function reachTenant(folder: SandboxFolder, options: TenantAccessOptions = {}): Promise<Tenant> {
  const running = await connectTenant(folder.tenant);
  if (running === undefined) {
    const tenant = await startOnSamePort(folder, options);
    try {
      // A server that was killed could not take its mark away.
      await folder.endServing();
    } catch (error) {
      await tenant.stop();
      throw error;
    }
    return tenant;
  }
  if (!(await folder.isServed())) {
    throw new SandboxError(
      "Another sandbox command is running. Wait for it to finish, then run this one again.",
    );
  }
  return running;
}

/**
 * Starts the tenant on the port of earlier commands, because its address is part of the stack's outputs. When something else
 * has taken that port, another one is chosen and the outputs change with it.
 */
export async function startOnSamePort(folder: SandboxFolder, options: TenantAccessOptions): Promise<Tenant> {
  const port = await folder.port(freePort);
  const start = (onPort: number): Promise<Tenant> =>
    startTenant({
      folder: folder.tenant,
      port: onPort,
      readStack: () => stackResources(folder.backend),
      ...options,
    });
  try {
    return await start(port);
  } catch (error) {
    if (!isPortRefused(error)) {
      throw error;
    }
    const another = await freePort();
    await folder.setPort(another);
    return start(another);
  }
}

function isPortRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["EADDRINUSE", "EACCES"].includes(String(error.code));
}

/** A TCP port on 127.0.0.1 that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port was given")),
      );
    });
  });
}
