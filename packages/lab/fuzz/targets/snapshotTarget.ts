import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { readSnapshot, startTenant, TenantError } from "entra-sandbox";
import { type FuzzTarget, openTarget, type Reaction, refusedWith } from "../fuzzTarget";
import { mutatedBytes } from "../mutatedBytes";
import { mutatedValue } from "../mutatedValue";
import { hostileText, hostileValue } from "../hostileValues";
import { temporaryFolder } from "./temporaryFolder";

/** The file that keeps the tenant's state. */
export const snapshotTarget: FuzzTarget = {
  name: "tenant's state",
  what: "the file of the tenant's state: its bytes changed; its content changed, also with a checksum that fits. It must stay as it is",
  share: 10,
  open: async () => {
    const folder = await temporaryFolder();
    const made = join(folder.path, "tenant");
    await (await startTenant({ folder: made })).stop();
    const text = await readFile(join(made, "tenant.json"), "utf8");
    const valid = JSON.parse(text) as Record<string, unknown>;
    const tables = valid["tables"] as Record<string, unknown[]>;
    // One record of each table: changes then hit what holds them together, too.
    const few = Object.fromEntries(
      Object.entries(tables).map(([name, records]) => [name, records.slice(0, 1)]),
    );
    const file = join(folder.path, "tenant.json");
    return openTarget(
      fc.oneof(
        mutatedBytes(Buffer.from(text)),
        mutatedValue({ ...valid, tables: few }).map(asFile),
        mutatedValue(few).map((changed) => asFile(sealed(changed))),
        fc.dictionary(hostileText, hostileValue).map((changed) => asFile(sealed(changed))),
      ),
      async (bytes) => {
        await writeFile(file, bytes);
        const reaction = await read(file, bytes);
        if (!(await readFile(file)).equals(bytes)) throw new Error("the file was changed");
        return reaction;
      },
      folder.remove,
    );
  },
};

/** Reads a file of state: all of it, or none. */
async function read(file: string, bytes: Buffer): Promise<Reaction> {
  try {
    const snapshot = await readSnapshot(file);
    const count = Object.values(snapshot ?? {}).reduce((sum, table) => sum + table.size, 0);
    if (count !== recordsIn(bytes)) throw new Error(`only ${count} records were read`);
    return "accepted";
  } catch (error) {
    return refusedWith(error, TenantError);
  }
}

function recordsIn(bytes: Buffer): number {
  const { tables } = JSON.parse(bytes.toString("utf8")) as {
    readonly tables: Record<string, readonly unknown[]>;
  };
  return Object.values(tables).reduce((sum, records) => sum + records.length, 0);
}

function asFile(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A file as the tenant writes it, with a checksum that fits. */
function sealed(tables: unknown): unknown {
  const checksum = createHash("sha256").update(JSON.stringify(tables)).digest("base64url");
  return { format: "entra-sandbox-tenant", schemaVersion: 3, checksum, tables };
}
