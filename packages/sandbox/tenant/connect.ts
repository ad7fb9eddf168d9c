import { join, resolve } from "node:path";
import { sendControl, type ControlAddress } from "./controlClient";
import type { LoggedRequest } from "./core/requestLog";
import { readServerRecord } from "./state/folderLock";
import type { Tenant } from "./tenant";

/**
 * Finds the tenant that is running on a folder, in this or in another process of the same user.
 * @returns a handle whose stop() does nothing and whose requests() are those up to now; undefined when none is running
 */
export async function connectTenant(folder: string): Promise<Tenant | undefined> {
  const address = await findServer(folder);
  if (address === undefined) return undefined;
  const [environment, log] = await Promise.all([
    sendControl(address, "GET", "environment"),
    sendControl(address, "GET", "requests"),
  ]);
  const requests = (log.json as { readonly value: readonly LoggedRequest[] }).value;
  return {
    url: address.url,
    caFile: address.caFile,
    environment: Object.freeze(environment.json as Record<string, string>),
    control: (method, path, body) => sendControl(address, method, path, body),
    requests: () => requests,
    stop: () => Promise.resolve(),
  };
}

/** The server that announced itself in the folder, if it still answers under the name of that run. */
async function findServer(folder: string): Promise<ControlAddress | undefined> {
  const record = await readServerRecord(resolve(folder));
  if (record === undefined) return undefined;
  const address = {
    url: record.url,
    controlKey: record.controlKey,
    caFile: join(resolve(folder), "tls", "ca.pem"),
  };
  try {
    const health = await sendControl(address, "GET", "health");
    const { instance } = health.json as { readonly instance?: string };
    return instance === record.instance ? address : undefined;
  } catch {
    return undefined;
  }
}
