import { matchesSecret, readSnapshot, type Snapshot } from "entra-sandbox";

/** One object that lives in a tenant, or that can still be restored there. */
export interface LiveObject {
  /** Id of its resource in Pulumi, in lower case; of a deleted object, `deleted/` and its id. */
  readonly id: string;
  /** Kind and name, for people. */
  readonly what: string;
  /** The id by which Microsoft's services know it. */
  readonly objectId: string;
  /** Everything about it that two deployments of one configuration have in common, as text. */
  readonly content: string;
  /** Of a part, the id of what it belongs to. */
  readonly partOf?: string;
  /** Of a vault secret, the key id of the client secret that it holds. */
  readonly holds?: string;
}

/** What lives in a tenant, by the objects' ids. */
export type Inventory = ReadonlyMap<string, LiveObject>;

/**
 * Lists what a stack may have made in a tenant, from the file in which the tenant keeps its state.
 *
 * @param file `tenant.json` of a sandbox.
 */
export async function readInventory(file: string): Promise<Inventory> {
  const snapshot = await readSnapshot(file);
  if (snapshot === undefined) throw new Error(`there is no tenant in ${file}`);
  const objects = [
    ...applications(snapshot),
    ...relations(snapshot),
    ...azureObjects(snapshot),
    ...deletedObjects(snapshot),
  ];
  return new Map(objects.map((object) => [object.id, object]));
}

/**
 * Whether a tenant accepts a value as a client secret.
 *
 * @param file `tenant.json` of a sandbox.
 */
export async function acceptsSecret(file: string, value: string, now: Date): Promise<boolean> {
  const snapshot = await readSnapshot(file);
  return [...(snapshot?.applications.values() ?? [])].some(({ passwords }) =>
    passwords.some((kept) => matchesSecret(kept, value) && Date.parse(kept.endDateTime) > now.getTime()),
  );
}

/** What is in one inventory and not in another. */
export function additions(inventory: Inventory, earlier: Inventory): Inventory {
  return new Map([...inventory].filter(([id]) => !earlier.has(id)));
}

function applications({ applications: registered }: Snapshot): LiveObject[] {
  return [...registered.values()].flatMap((application) => {
    const { passwords, keys, federatedCredentials, ...own } = application;
    const partOf = `/applications/${own.id}`;
    const part = (kind: string, path: string, record: object, partId: string, name: string | null) =>
      live(`${own.id}/${path}/${partId}`, `${kind} "${name ?? ""}"`, partId, record, partOf);
    return [
      live(partOf, `application "${own.properties.displayName}"`, own.id, own),
      ...passwords.map((one) => part("secret", "password", one, one.keyId, one.displayName)),
      ...keys.map((one) => part("certificate", "certificate", one, one.keyId, one.displayName)),
      ...federatedCredentials.map((one) =>
        part("federated credential", "federatedIdentityCredential", one, one.id, one.name),
      ),
    ];
  });
}

function relations({ servicePrincipals, grants, appRoleAssignments }: Snapshot): LiveObject[] {
  return [
    ...[...servicePrincipals.values()].map((one) =>
      live(`/servicePrincipals/${one.id}`, `service principal of ${one.appId}`, one.id, one),
    ),
    ...[...grants.values()].map((one) =>
      live(`/oauth2PermissionGrants/${one.id}`, `consent to ${one.scope}`, one.id, withoutId(one)),
    ),
    ...[...appRoleAssignments.values()].map((one) =>
      live(
        `/servicePrincipals/${one.resourceId}/appRoleAssignedTo/${one.id}`,
        `app role ${one.appRoleId}`,
        one.id,
        withoutId(one),
      ),
    ),
  ];
}

function azureObjects({ roleAssignments, vaultSecrets }: Snapshot): LiveObject[] {
  return [
    ...[...roleAssignments.values()].map((one) =>
      live(one.id, `Azure role assignment ${one.name}`, one.id, one),
    ),
    ...[...vaultSecrets.values()].map((one) => {
      // Earlier versions stay on purpose: consumers may still read them.
      const current = one.versions.at(-1);
      const holds = current?.tags["CredentialId"];
      return {
        ...live(one.deleted === null ? one.id : `deleted/${one.id}`, `vault secret "${one.name}"`, one.id, {
          name: one.name,
          current,
        }),
        ...(holds === undefined || one.deleted !== null ? {} : { holds }),
      };
    }),
  ];
}

function deletedObjects({ deletedItems }: Snapshot): LiveObject[] {
  return [...deletedItems.values()].map((item) =>
    live(
      `deleted/${item.id}`,
      `deleted ${item.application === null ? "service principal" : `application "${item.application.properties.displayName}"`}`,
      item.id,
      { application: item.application?.properties.displayName },
    ),
  );
}

function live(id: string, what: string, objectId: string, record: object, partOf?: string): LiveObject {
  return {
    id: id.toLowerCase(),
    what,
    objectId,
    content: contentOf(record),
    ...(partOf === undefined ? {} : { partOf: partOf.toLowerCase() }),
  };
}

function withoutId({ id: _id, ...others }: { readonly id: string }): object {
  return others;
}

/** Properties that differ from one deployment to the next: when it was, and what chance has chosen. */
const variable: ReadonlySet<string> = new Set([
  "createdDateTime",
  "startDateTime",
  "createdOn",
  "updatedOn",
  "created",
  "updated",
  "hint",
  "salt",
  "hash",
  "version",
  "sealedValue",
]);

function contentOf(record: object): string {
  // Graph gives a text that was never set as null, and as "" once it was set to nothing.
  return JSON.stringify(record, (key, value: unknown) =>
    variable.has(key) ? undefined : value === "" ? null : value,
  ).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "<id>");
}
