import { isMapping } from "dicom-service-client/model";
import { grantId, type Identified, type Snapshot } from "entra-sandbox";

/** A stack's state, as the engine exports it. */
export type DeploymentState = Readonly<Record<string, unknown>> & {
  readonly resources: readonly Readonly<Record<string, unknown>>[];
};

/** What tells one client from others in the stack's state and in the tenant. */
export interface ClientIdentity {
  readonly name: string;
  readonly servicePrincipalId: string;
  /** The API of its consent. */
  readonly consentResourceId: string;
  /** Ids that are its own alone. */
  readonly ids: readonly string[];
}

/** A copy of a client under another name and other ids. */
export interface ClientClone {
  /** Puts the copy's names and ids into a text about the original. */
  readonly rewrite: (text: string) => string;
  /** Adds copies of the original's live objects to a tenant. */
  readonly addTo: (snapshot: Snapshot) => Snapshot;
}

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Finds out what is a client's own in a state that has this client only. */
export function identityOf({ resources }: DeploymentState, name: string): ClientIdentity {
  const output = (type: string, property: string): string => {
    const found = resources.find((resource) => String(resource["type"]).includes(type));
    const outputs = found?.["outputs"];
    const value = isMapping(outputs) ? outputs[property] : undefined;
    if (typeof value !== "string") {
      throw new Error(`the state has no ${property} of ${type}`);
    }
    return value;
  };
  const servicePrincipalId = output("ServicePrincipal", "objectId");
  return {
    name,
    servicePrincipalId,
    consentResourceId: output("DelegatedPermissionGrant", "resourceServicePrincipalObjectId"),
    ids: [
      servicePrincipalId,
      output("application:Application", "objectId"),
      output("application:Application", "clientId"),
      output("ApplicationPassword", "keyId"),
      output("RoleAssignment", "name"),
    ],
  };
}

/** @param newId makes a GUID. */
export function cloneClient(original: ClientIdentity, name: string, newId: () => string): ClientClone {
  const ids = new Map(original.ids.map((id) => [id, newId()] as const));
  const consentId = (servicePrincipalId: string): string =>
    grantId(servicePrincipalId, original.consentResourceId, null);
  const { servicePrincipalId } = original;
  const newPrincipalId = ids.get(servicePrincipalId) ?? "";
  const rewrite = (text: string): string =>
    text
      .replaceAll(original.name, name)
      .replaceAll(consentId(servicePrincipalId), consentId(newPrincipalId))
      .replace(guid, (id) => ids.get(id) ?? id);
  const own = new RegExp([...original.ids, consentId(servicePrincipalId)].join("|"));
  const copied = <T extends Identified>(
    table: ReadonlyMap<string, T>,
    originals: readonly T[],
  ): Map<string, T> => {
    const copies = originals.map((record) => JSON.parse(rewrite(JSON.stringify(record))) as T);
    return new Map([...table, ...copies.map((record) => [record.id, record] as const)]);
  };
  const ownOf = <T extends Identified>(table: ReadonlyMap<string, T>): T[] =>
    [...table.values()].filter(({ id }) => own.test(id));
  return {
    rewrite,
    addTo: (snapshot) => ({
      ...snapshot,
      applications: copied(snapshot.applications, ownOf(snapshot.applications)),
      servicePrincipals: copied(snapshot.servicePrincipals, ownOf(snapshot.servicePrincipals)),
      grants: copied(snapshot.grants, ownOf(snapshot.grants)),
      roleAssignments: copied(snapshot.roleAssignments, ownOf(snapshot.roleAssignments)),
    }),
  };
}

/** The state with the resources of copies after those of the original. */
export function cloneState(
  state: DeploymentState,
  original: ClientIdentity,
  clones: readonly ClientClone[],
): DeploymentState {
  const own = state.resources.filter(({ urn }) => String(urn).includes(`::${original.name}`));
  const text = JSON.stringify(own);
  return {
    ...state,
    resources: [
      ...state.resources,
      ...clones.flatMap(({ rewrite }) => JSON.parse(rewrite(text)) as DeploymentState["resources"]),
    ],
  };
}
