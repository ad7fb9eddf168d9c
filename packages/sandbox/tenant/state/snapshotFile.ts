import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { DamagedFileError, TenantError } from "../core/tenantError";
import { emptySnapshot, freeze, type Snapshot, tableNames } from "./directory";
import type { Identified } from "./records";

/** Version of the file format written here. A file with a higher one is refused. */
const schemaVersion = 3;
const format = "entra-sandbox-tenant";

type Tables = Readonly<Record<string, unknown>>;

/**
 * Reads a snapshot file.
 * @returns undefined when there is no file
 * @throws TenantError when the file is damaged or was written by a newer version; the file is left as it is
 */
export async function readSnapshot(file: string): Promise<Snapshot | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new DamagedFileError("The tenant's state", file, `it cannot be read: ${reason(error)}`);
  }
  const damaged = (why: string): TenantError => new DamagedFileError("The tenant's state", file, why);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw damaged(reason(error));
  }
  if (!isObject(parsed) || parsed.format !== format) throw damaged("not a state file of the sandbox tenant");
  if (typeof parsed.schemaVersion !== "number" || !Number.isInteger(parsed.schemaVersion)) {
    throw damaged("no schema version");
  }
  if (parsed.schemaVersion > schemaVersion) {
    throw new TenantError(
      `The tenant's state ${file} was written by a newer version (schema ${String(parsed.schemaVersion)}, ` +
        `this one knows up to ${String(schemaVersion)}). It was left untouched.`,
    );
  }
  if (!isObject(parsed.tables)) throw damaged("no tables");
  if (parsed.checksum !== checksum(JSON.stringify(parsed.tables)))
    throw damaged("the checksum does not match");
  return toSnapshot(parsed.tables, damaged);
}

/**
 * Replaces the snapshot file so that at every instant either the old or the new one is there in full: written beside it, flushed,
 * renamed over it, and the folder flushed.
 * @throws TenantError when it cannot be written, as on a full disk; the old one is still there then
 */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  const tables = Object.fromEntries(tableNames.map((name) => [name, [...snapshot[name].values()]]));
  const text = JSON.stringify(tables);
  const head = JSON.stringify({ format, schemaVersion, checksum: checksum(text) });
  const beside = `${file}.next`;
  try {
    const handle = await open(beside, "w", 0o600);
    try {
      await handle.writeFile(`${head.slice(0, -1)},"tables":${text}}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    throw new TenantError(`The tenant's state ${file} cannot be written: ${reason(error)}.`);
  }
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function toSnapshot(tables: Tables, damaged: (what: string) => TenantError): Snapshot {
  const snapshot: Record<string, ReadonlyMap<string, Identified>> = { ...emptySnapshot() };
  for (const [name, records] of Object.entries(tables)) {
    if (!Object.hasOwn(snapshot, name)) throw damaged(`unknown table ${name}`);
    if (!Array.isArray(records)) throw damaged(`table ${name} is not a list`);
    const byId = new Map<string, Identified>();
    for (const record of records as readonly unknown[]) {
      if (!isObject(record) || typeof record.id !== "string") {
        throw damaged(`table ${name} has a record without an id`);
      }
      if (byId.has(record.id)) throw damaged(`table ${name} has the id ${record.id} twice`);
      byId.set(record.id, freeze({ ...record, id: record.id }));
    }
    snapshot[name] = byId;
  }
  return snapshot as unknown as Snapshot;
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isMissing(error: unknown): boolean {
  return isObject(error) && error.code === "ENOENT";
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
