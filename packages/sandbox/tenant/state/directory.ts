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
  return {
    users: new Map(),
    applications: new Map(),
    servicePrincipals: new Map(),
    grants: new Map(),
    appRoleAssignments: new Map(),
    deletedItems: new Map(),
    resourceProviders: new Map(),
    resources: new Map(),
    roleDefinitions: new Map(),
    roleAssignments: new Map(),
    vaultSecrets: new Map(),
    vaultKeys: new Map(),
    dicomInstances: new Map(),
    dicomChanges: new Map(),
    policies: new Map(),
    appManagementPolicies: new Map(),
    signIns: new Map(),
    tokenPolicies: new Map(),
    settings: new Map(),
  };
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
export class Directory {
  readonly users: Table<Records["users"]>;
  readonly applications: Table<Records["applications"]>;
  readonly servicePrincipals: Table<Records["servicePrincipals"]>;
  readonly grants: Table<Records["grants"]>;
  readonly appRoleAssignments: Table<Records["appRoleAssignments"]>;
  readonly deletedItems: Table<Records["deletedItems"]>;
  readonly resourceProviders: Table<Records["resourceProviders"]>;
  readonly resources: Table<Records["resources"]>;
  readonly roleDefinitions: Table<Records["roleDefinitions"]>;
  readonly roleAssignments: Table<Records["roleAssignments"]>;
  readonly vaultSecrets: Table<Records["vaultSecrets"]>;
  readonly vaultKeys: Table<Records["vaultKeys"]>;
  readonly dicomInstances: Table<Records["dicomInstances"]>;
  readonly dicomChanges: Table<Records["dicomChanges"]>;
  readonly policies: Table<Records["policies"]>;
  readonly appManagementPolicies: Table<Records["appManagementPolicies"]>;
  readonly signIns: Table<Records["signIns"]>;
  readonly tokenPolicies: Table<Records["tokenPolicies"]>;
  readonly settings: Table<Records["settings"]>;

  constructor(snapshot: Snapshot, writable: boolean) {
    const table = <Item extends Identified>(records: ReadonlyMap<string, Item>): Table<Item> =>
      new Table(records, writable);
    this.users = table(snapshot.users);
    this.applications = table(snapshot.applications);
    this.servicePrincipals = table(snapshot.servicePrincipals);
    this.grants = table(snapshot.grants);
    this.appRoleAssignments = table(snapshot.appRoleAssignments);
    this.deletedItems = table(snapshot.deletedItems);
    this.resourceProviders = table(snapshot.resourceProviders);
    this.resources = table(snapshot.resources);
    this.roleDefinitions = table(snapshot.roleDefinitions);
    this.roleAssignments = table(snapshot.roleAssignments);
    this.vaultSecrets = table(snapshot.vaultSecrets);
    this.vaultKeys = table(snapshot.vaultKeys);
    this.dicomInstances = table(snapshot.dicomInstances);
    this.dicomChanges = table(snapshot.dicomChanges);
    this.policies = table(snapshot.policies);
    this.appManagementPolicies = table(snapshot.appManagementPolicies);
    this.signIns = table(snapshot.signIns);
    this.tokenPolicies = table(snapshot.tokenPolicies);
    this.settings = table(snapshot.settings);
  }

  get isChanged(): boolean {
    return tableNames.some((name) => this[name].isChanged);
  }

  /** The state after this request's changes. */
  snapshot(): Snapshot {
    return {
      users: this.users.current,
      applications: this.applications.current,
      servicePrincipals: this.servicePrincipals.current,
      grants: this.grants.current,
      appRoleAssignments: this.appRoleAssignments.current,
      deletedItems: this.deletedItems.current,
      resourceProviders: this.resourceProviders.current,
      resources: this.resources.current,
      roleDefinitions: this.roleDefinitions.current,
      roleAssignments: this.roleAssignments.current,
      vaultSecrets: this.vaultSecrets.current,
      vaultKeys: this.vaultKeys.current,
      dicomInstances: this.dicomInstances.current,
      dicomChanges: this.dicomChanges.current,
      policies: this.policies.current,
      appManagementPolicies: this.appManagementPolicies.current,
      signIns: this.signIns.current,
      tokenPolicies: this.tokenPolicies.current,
      settings: this.settings.current,
    };
  }
}

/** Freezes a value and everything in it. */
export function freeze<T>(value: T): T {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
