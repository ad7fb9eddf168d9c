import type { Identified, Records } from "./records";

/** Names of all tables, in the order in which a snapshot file holds them. */
export const tableNames = [
  "users",
  "applications",
  "servicePrincipals",
  "grants",
  "appRoleAssignments",
  "deletedItems",
  "resourceProviders",
  "resources",
  "roleDefinitions",
  "roleAssignments",
  "vaultSecrets",
  "vaultKeys",
  "dicomInstances",
  "dicomChanges",
  "policies",
  "appManagementPolicies",
  "signIns",
  "tokenPolicies",
  "settings",
] as const satisfies readonly (keyof Records)[];

export type TableName = (typeof tableNames)[number];

/** The committed records of every table, by id. Nothing in it is ever changed; a commit makes a new one. */
export type Snapshot = { readonly [Name in TableName]: ReadonlyMap<string, Records[Name]> };

export function emptySnapshot(): Snapshot {
  return everyTable<Snapshot>(() => new Map());
}

/** One table as handlers see it: records come out frozen and go in as copies. */
export class Table<Item extends Identified> {
  private changed: Map<string, Item> | undefined;

  constructor(
    private readonly committed: ReadonlyMap<string, Item>,
    private readonly writable: boolean,
  ) {}

  get(id: string): Item | undefined {
    return this.current.get(id);
  }

  /** In the order in which the records were first put. */
  all(): readonly Item[] {
    return [...this.current.values()];
  }

  put(item: Item): Item {
    const copy = freeze(structuredClone(item));
    this.draft().set(copy.id, copy);
    return copy;
  }

  delete(id: string): void {
    this.draft().delete(id);
  }

  /** Removes every record. */
  clear(): void {
    this.draft().clear();
  }

  get isChanged(): boolean {
    return this.changed !== undefined;
  }

  /** What the table holds now; the draft becomes the committed state with it. */
  get current(): ReadonlyMap<string, Item> {
    return this.changed ?? this.committed;
  }

  private draft(): Map<string, Item> {
    if (!this.writable) throw new Error("a reading operation tried to change the directory");
    this.changed ??= new Map(this.committed);
    return this.changed;
  }
}

/** Every table of one tenant, as one request sees them. */
export type Directory = { readonly [Name in TableName]: Table<Records[Name]> };

export function openDirectory(snapshot: Snapshot, writable: boolean): Directory {
  return everyTable<Directory>((name) => new Table<Identified>(snapshot[name], writable));
}

/** The state after a request's changes; undefined when it changed nothing. */
export function changedSnapshot(directory: Directory): Snapshot | undefined {
  const isChanged = tableNames.some((name) => directory[name].isChanged);
  return isChanged ? everyTable<Snapshot>((name) => directory[name].current) : undefined;
}

/** @param make makes what the name stands for in `Tables`, which the compiler cannot check name by name */
function everyTable<Tables extends Record<TableName, unknown>>(make: (name: TableName) => unknown): Tables {
  return Object.fromEntries(tableNames.map((name) => [name, make(name)])) as Tables;
}

/** Freezes a value and everything in it. */
export function freeze<T>(value: T): T {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
