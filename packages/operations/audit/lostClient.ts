import { componentType, permissionRequests, roleAssignmentName } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import { isCertificate } from "../cloud/certificateBytes";
import type { LiveReader } from "../cloud/liveReader";
import { declaredAccess } from "../project/configuredAccess";
import { configuredFederation } from "../project/configuredFederation";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { deployedClient } from "../project/deployedClient";
import { applicationName, withConfiguredIdentity } from "../project/managedIdentity";
import { counted } from "../console/counted";
import { isSame, isSameId } from "./canonical";
import { nameOrId } from "./comparison";
import { trustOf } from "./credentialStandings";
import { finding, type Finding } from "./finding";
import { type Reading, presentOf } from "../cloud/coverage";
import { type LiveClient, readLiveClient } from "./liveClient";
import {
  liveCreatedObject,
  type LiveCreatedObject,
  liveNamesake,
  type LiveRoleAssignment,
} from "./liveObjects";
import { lastPart } from "../project/lastPart";

/** What may be left of a client that is declared and of which the state has no id: a deployment was cut off, or the state was lost. */
export interface LostClient {
  /** Applications that have its name, and what has another name but something that is this client's alone. */
  readonly found: readonly FoundClient[];
  /** What else it may be. */
  readonly candidates: Candidates;
}

/** What nothing shows to be another client than the one that the state has lost; sorted. */
export interface Candidates {
  /** Service principals that have a role that it is to have, as any other client of this project may. */
  readonly holders: readonly string[];
  /** Applications that the deploying identity has created, and that ask for permissions of the same APIs; without those of holders. */
  readonly created: readonly string[];
  /** What could not be read of what was to be looked through. */
  readonly unread: readonly string[];
}

/** Of a client that is not looked for, or was found. */
export const noCandidates: Candidates = { holders: [], created: [], unread: [] };

/** What may be a lost client, by whichever ids it was found. */
export interface FoundClient {
  readonly client: DeclaredClient;
  readonly live: LiveClient;
  /** Why it is taken for the client. */
  readonly reason: string;
}

/** Whether a client is declared and the state has no id of it. */
function isLost({ config, deployed }: DeclaredClient): boolean {
  return applicationName(config) !== undefined && Object.keys(deployed?.lastKnown ?? {}).length === 0;
}

/**
 * A client with what the configuration knows of its managed identity, which is there and may have roles whether or not anything was
 * deployed.
 */
export function withOwnIdentity(client: DeclaredClient): DeclaredClient {
  const { config, deployed } = client;
  return config?.application === "none" && deployed === undefined
    ? { ...client, deployed: withConfiguredIdentity(deployedOf(client), config) }
    : client;
}

/**
 * Looks for all that is left of clients that the state has lost: by their names, by the roles that they are to have, and among what
 * the deploying identity has created, whatever they are called now.
 *
 * @param deployer object id of the deploying identity, see `deployerOf`
 * @param assigned every role assignment that can be seen
 * @returns by the names of the clients
 */
export async function findLostClients(
  reader: LiveReader,
  { clients, api }: StackDeclaration,
  deployer: string | undefined,
  assigned: Reading<readonly LiveRoleAssignment[]>,
): Promise<ReadonlyMap<string, LostClient>> {
  const assignments = assigned?.value ?? [];
  const lost = clients.filter(isLost);
  const objects = new Set(clients.map(({ deployed }) => deployed?.lastKnown.objectId));
  const principals = new Set(
    clients.map(withOwnIdentity).map(({ deployed }) => deployed?.lastKnown.servicePrincipalId?.toLowerCase()),
  );
  const namesakes = await Promise.all(
    lost.map(async (client) => {
      const names = [client.config?.displayName ?? ""];
      const listed = await reader.all(calls.namesakes, liveNamesake, client.name, { names });
      const others = listed?.value.filter(({ id }) => !objects.has(id));
      return (
        others &&
        Promise.all(others.map(({ id, appId }) => readBy(reader, client, { clientId: appId, objectId: id })))
      );
    }),
  );
  const named = new Set(
    namesakes.flatMap((found) => found ?? []).map(({ ids }) => ids.servicePrincipalId?.toLowerCase()),
  );
  const holders = lost.map((client) => {
    const access = declaredAccess(client);
    return [...new Set(assignments.filter((one) => isGivenBy(access, one)).map(principalOf))]
      .filter((id) => !principals.has(id) && !named.has(id))
      .sort();
  });
  const namedObjects = new Set(namesakes.flatMap((found) => found ?? []).map(({ ids }) => ids.objectId));
  const listed = await readCreated(reader, deployer, lost);
  const created = (listed?.value ?? []).filter(({ id }) => !objects.has(id) && !namedObjects.has(id));
  const createdFor = lost.map((client) => {
    const asked = apisOf(client, api);
    return created.filter((one) => asksFor(one, asked));
  });
  const readEach = async (
    idsOf: (index: number) => readonly string[],
    ids: (id: string) => LiveClient["ids"],
  ): Promise<ReadonlyMap<string, LiveClient>> => {
    const asking = new Map(lost.flatMap((client, index) => idsOf(index).map((id) => [id, client] as const)));
    return new Map(
      await Promise.all(
        [...asking].map(async ([id, client]) => [id, await readBy(reader, client, ids(id))] as const),
      ),
    );
  };
  const [holding, making] = await Promise.all([
    readEach(
      (index) => holders[index] ?? [],
      (servicePrincipalId) => ({ servicePrincipalId }),
    ),
    readEach(
      (index) => (createdFor[index] ?? []).map(({ id }) => id),
      (objectId) => ({ objectId }),
    ),
  ]);
  return new Map(
    lost.map((client, index) => {
      const sameName = namesakes[index] ?? [];
      const ofHolders = (holders[index] ?? []).flatMap((id) => holding.get(id) ?? []);
      const ofCreated = (createdFor[index] ?? [])
        .flatMap(({ id }) => making.get(id) ?? [])
        .filter(({ ids }) => !ofHolders.some((one) => isSameId(one.ids.clientId, ids.clientId)));
      const proofs = new Map(
        [...ofHolders, ...ofCreated].map((live) => [live, proofOf(client, live, assignments, api.loginUrl)]),
      );
      const count = sameName.length;
      const found = [
        ...sameName.map((live) => ({
          client: withIds(client, live),
          live,
          reason: `is ${count === 1 ? "the only application" : `one of ${counted(count, "application")}`} of its name`,
        })),
        ...[...proofs].flatMap(([live, reason]) =>
          reason === undefined ? [] : [{ client: withIds(client, live), live, reason }],
        ),
      ];
      const unproved = (among: readonly LiveClient[]): readonly LiveClient[] =>
        among.filter((live) => proofs.get(live) === undefined);
      const candidates = {
        holders: unproved(ofHolders).flatMap(({ ids }) => ids.servicePrincipalId ?? []),
        created: unproved(ofCreated).flatMap(({ ids }) => ids.objectId ?? []),
        unread: [
          ...(namesakes[index] ? [] : ["applications of its name"]),
          ...(assigned ? [] : ["Azure roles"]),
          ...(listed ? [] : ["what the deploying identity has created"]),
        ],
      };
      return [client.name, { found, candidates }];
    }),
  );
}

/** The applications that the deploying identity has created; none when it is not known, or not a service principal. */
async function readCreated(
  reader: LiveReader,
  servicePrincipalId: string | undefined,
  lost: readonly DeclaredClient[],
): Promise<Reading<readonly LiveCreatedObject[]>> {
  if (servicePrincipalId === undefined || lost.length === 0) return { value: [] };
  const isNoPrincipal = Promise.resolve({ value: "absent" } as const);
  const created = await reader.all(
    calls.createdObjects,
    liveCreatedObject,
    null,
    { servicePrincipalId },
    isNoPrincipal,
  );
  return (
    created && { value: created.value.filter(({ "@odata.type": type }) => type.endsWith(".application")) }
  );
}

/** Client ids, in lower case, of the APIs that a client is to ask for permissions of. */
function apisOf({ config }: DeclaredClient, dicom: StackDeclaration["api"]): readonly string[] {
  return permissionRequests(dicom, config?.permissions ?? []).map(({ clientId }) => clientId.toLowerCase());
}

/** Whether an application asks for permissions of these APIs, and of no other. */
function asksFor({ requiredResourceAccess }: LiveCreatedObject, apis: readonly string[]): boolean {
  const asked = new Set(requiredResourceAccess.map(({ resourceAppId }) => resourceAppId.toLowerCase()));
  return asked.size === apis.length && apis.every((api) => asked.has(api));
}

/** Whether a role assignment is one that this access asks for, under the name that it would have. */
function isGivenBy(
  access: ReturnType<typeof declaredAccess>,
  { id, properties }: LiveRoleAssignment,
): boolean {
  const { scope, principalId, roleDefinitionId } = properties;
  return access.some(
    (one) =>
      isSameId(one.scope.id, scope) &&
      isSameId(one.roleId, lastPart(roleDefinitionId)) &&
      isSameId(lastPart(id), one.assignmentName ?? roleAssignmentName(scope, principalId, one.roleId)),
  );
}

/** What nothing but this client has, by which it is known under another name; undefined when it has nothing of the kind. */
function proofOf(
  client: DeclaredClient,
  live: LiveClient,
  assignments: readonly LiveRoleAssignment[],
  loginUrl: string,
): string | undefined {
  const { certificates = [] } = client.config ?? {};
  const trusts = configuredFederation(client.config, loginUrl).map(trustOf);
  const own = assignments.filter((one) => isSameId(principalOf(one), live.ids.servicePrincipalId));
  if ((live.keys?.value ?? []).some(({ key }) => certificates.some(({ pem }) => isCertificate(key, pem)))) {
    return "has another name, and a certificate of the client";
  }
  if (
    (live.federatedCredentials?.value ?? []).some((one) =>
      trusts.some((trust) => isSame(trustOf(one), trust)),
    )
  ) {
    return "has another name, and a federated credential of the client";
  }
  return declaredAccess(client).some(({ isUploader, roleId, assignmentName }) =>
    own.some(
      ({ id, properties }) =>
        (isUploader && isSameId(roleId, lastPart(properties.roleDefinitionId))) ||
        (assignmentName !== undefined && isSameId(lastPart(id), assignmentName)),
    ),
  )
    ? "has another name, and an Azure role that only the client is to have"
    : undefined;
}

function readBy(
  reader: LiveReader,
  client: DeclaredClient,
  lastKnown: LiveClient["ids"],
): Promise<LiveClient> {
  return readLiveClient(reader, { ...deployedOf(client), lastKnown });
}

function withIds(client: DeclaredClient, { ids }: LiveClient): DeclaredClient {
  return { ...client, deployed: { ...deployedOf(client), lastKnown: ids } };
}

function deployedOf({ name, deployed }: DeclaredClient): ReturnType<typeof deployedClient> {
  return deployed ?? deployedClient({ urn: "", type: componentType, name, inputs: {}, outputs: {} }, []);
}

function principalOf({ properties }: LiveRoleAssignment): string {
  return properties.principalId.toLowerCase();
}

/** What is to be known of a client that was found without the state before anything else that is found of it. */
export function lostClientFinding({ client: { name }, live, reason }: FoundClient, stack: string): Finding {
  const { objectId, servicePrincipalId = "", clientId = "" } = live.ids;
  const known = presentOf(live.application);
  const id = objectId ?? servicePrincipalId;
  const created = known?.["createdDateTime"];
  const day = typeof created === "string" ? created.slice(0, 10) : "an unknown day";
  return finding({
    rule: "part-not-deployed",
    client: name,
    side: "state",
    object: `clients.${name}`,
    detail: `The state does not have it. ${nameOrId(known?.displayName, id)} (client id ${clientId}), created on ${day}, ${reason}: a deployment or a former state may have left it behind, or it is somebody else's. What it has is audited as this client's.`,
    content: id,
    next: `az ad ${objectId === undefined ? "sp" : "app"} show --id ${id}   # find out whose it is; if the client's: npx dicom-ops adopt ${clientId} --as ${name} --stack ${stack}`,
  });
}

/**
 * That a client is not in the state, and not to be found in the tenant.
 *
 * @param candidates what it may be; undefined of a client without an application, which is not looked for
 */
export function clientNotDeployed(
  name: string,
  candidates: Candidates | undefined,
  { stack, deployer }: { readonly stack: string; readonly deployer: string | undefined },
): Finding {
  const { holders, created, unread } = candidates ?? noCandidates;
  const [holder] = holders;
  const [object] = created;
  const count = holders.length + created.length;
  const show = holder === undefined ? `az ad app show --id ${object ?? ""}` : `az ad sp show --id ${holder}`;
  const others = [
    ...(holders.length === 0
      ? []
      : [
          `${counted(holders.length, "service principal")} outside of this stack ${holders.length === 1 ? "has" : "have"} a role that it is to have, as clients of other stacks do (${holders.join(", ")})`,
        ]),
    ...(created.length === 0
      ? []
      : [
          `${counted(created.length, "application")} outside of this stack that the deploying identity has created ${created.length === 1 ? "asks" : "ask"} for permissions of the same APIs (${created.join(", ")})`,
        ]),
  ];
  const sentences = [
    `It is configured, but not in the state${candidates && unread.length === 0 ? ", and no application has its name" : ""}`,
    ...(count === 0 ? [] : [`It may live under another: ${others.join(", and ")}`]),
    ...(unread.length === 0
      ? []
      : [`Whether it lives is not known, as this could not be read: ${unread.join(", ")}`]),
    ...(candidates ? [howLookedFor(deployer)] : []),
  ];
  return finding({
    rule: "client-not-deployed",
    client: name,
    side: "state",
    object: `clients.${name}`,
    detail: `${sentences.join(". ")}.`,
    content: [...holders, ...created],
    next:
      count === 0
        ? `pulumi up --stack ${stack}`
        : `${show}   # find out whose it is; if the client's: npx dicom-ops adopt <client id> --as ${name} --stack ${stack}; if none is: pulumi up --stack ${stack}`,
  });
}

/** What a client could have that nothing would be found by. */
function howLookedFor(deployer: string | undefined): string {
  return deployer === undefined
    ? "Under another name and without a role that it is to have it cannot be looked for, as nothing names the deploying identity (deployingIdentity)"
    : `Under another name and without a role that it is to have it is looked for among what the deploying identity ${deployer} has created, if that is a service principal, by the APIs that it asks for permissions of; otherwise it is not found`;
}
