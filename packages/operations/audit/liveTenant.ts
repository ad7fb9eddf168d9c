import { outsideFacts, parseDicomScope, permissionRequests } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import { type RoleContent, roleDefinition } from "../cloud/roleDefinition";
import type { StackDeclaration } from "../project/declaration";
import { applicationName } from "../project/managedIdentity";
import type { Reading } from "../cloud/coverage";
import {
  type LiveAppRole,
  type LiveConsent,
  liveDeletedApplication,
  type LiveDeletedApplication,
  liveNamesake,
  type LiveNamesake,
  livePrincipal,
  liveRoleAssignment,
  type LiveRoleAssignment,
  liveSubscription,
} from "./liveObjects";
import { type AttachedPolicy, readAttachedPolicies } from "./attachedPolicies";
import { isSameId } from "./canonical";
import { namesAtATime } from "../cloud/namesAtATime";
import { type LiveApi, readApis } from "./liveApis";
import type { LiveClient } from "./liveClient";
import type { LiveReader } from "../cloud/liveReader";

/** What is read once for all clients. Parts that could not be read are undefined. */
export interface LiveTenant {
  /** Applications that have the name of a client, the client's own among them. */
  readonly namesakes: Reading<readonly LiveNamesake[]>;
  /** Applications under a name that the azuread provider gives for a moment, whoever made them. */
  readonly temporaryNames: Reading<readonly LiveNamesake[]>;
  readonly deletedApplications: Reading<readonly LiveDeletedApplication[]>;
  /** Policies that are attached to anything in the tenant. */
  readonly policies: Reading<readonly AttachedPolicy[]>;
  /** By principal. Undefined when the roles of any subscription are not known. */
  readonly rolesByPrincipal: Reading<ReadonlyMap<string, readonly LiveRoleAssignment[]>>;
  /** What bears the id of a declared assignment, in lower case, whomever it is for. */
  readonly rolesOfDeclaredIds: ReadonlyMap<string, LiveRoleAssignment>;
  /** Role assignments at the declared scopes whose principal does not exist. */
  readonly orphans: readonly LiveRoleAssignment[];
  /** Roles by the ids of their definitions, in lower case. */
  readonly roles: ReadonlyMap<string, RoleContent>;
  /** The APIs of what is configured, consented to and granted. */
  readonly apis: readonly LiveApi[];
}

/** The API of a service principal's id; undefined when it could not be read. */
export function apiOfPrincipal({ apis }: LiveTenant, resourceId: string): LiveApi | undefined {
  return apis.find(({ id }) => isSameId(id, resourceId));
}

/** The API of a client id; undefined when it could not be read. */
export function apiOfClientId({ apis }: LiveTenant, clientId: string): LiveApi | undefined {
  return apis.find(({ appId }) => isSameId(appId, clientId));
}

/** Reads what is common to all clients, but for {@link readAssignments}: once, however many there are. */
export async function readLiveTenant(
  reader: LiveReader,
  declaration: StackDeclaration,
  clients: readonly LiveClient[],
  assignments: Reading<readonly LiveRoleAssignment[]>,
): Promise<LiveTenant> {
  const [namesakes, temporaryNames, deletedApplications, policies, apis] = await Promise.all([
    byNames(declaration, (names) => reader.all(calls.namesakes, liveNamesake, null, { names })),
    reader.all(calls.temporaryNames, liveNamesake, null, { prefix: outsideFacts.temporaryNamePrefix.value }),
    byNames(declaration, (names) =>
      reader.allOrEach(
        calls.deletedApplications,
        liveDeletedApplication,
        { names },
        { call: calls.deletedApplicationsOfName, parameters: names.map((name) => ({ name })) },
      ),
    ),
    readAttachedPolicies(reader),
    readApis(
      reader,
      configuredApis(declaration),
      clients.flatMap(({ consents, appRoles }) =>
        [...(consents?.value ?? []), ...(appRoles?.value ?? [])].map(
          ({ resourceId }: LiveConsent | LiveAppRole) => resourceId,
        ),
      ),
    ),
  ]);
  const principals = new Set(
    [
      ...declaration.clients.map(({ deployed }) => deployed?.lastKnown.servicePrincipalId),
      ...clients.map(({ ids }) => ids.servicePrincipalId),
    ].flatMap((id) => id?.toLowerCase() ?? []),
  );
  const declaredIds = new Set(
    declaration.clients
      .flatMap(({ deployed }) => deployed?.azureRoles ?? [])
      .map(({ id }) => id.toLowerCase()),
  );
  const all = assignments?.value ?? [];
  const ofDeclaredIds = all.filter(({ id }) => declaredIds.has(id.toLowerCase()));
  const ours = all.filter(({ properties }) => principals.has(properties.principalId.toLowerCase()));
  return {
    namesakes,
    temporaryNames,
    deletedApplications,
    policies,
    rolesByPrincipal: assignments && { value: byPrincipal(ours) },
    rolesOfDeclaredIds: new Map(ofDeclaredIds.map((one) => [one.id.toLowerCase(), one] as const)),
    orphans: await findOrphans(reader, declaration, all, principals),
    roles: await readRoles(reader, [...new Set([...ours, ...ofDeclaredIds])]),
    apis,
  };
}

/** Applications that bear the name of a client: however many others there are, these alone are read. */
async function byNames<Application>(
  { clients }: StackDeclaration,
  read: (names: readonly string[]) => Promise<Reading<readonly Application[]>>,
): Promise<Reading<readonly Application[]>> {
  const names = [
    ...new Set(
      clients.flatMap(({ config, deployed }) =>
        [applicationName(config), deployed?.application?.displayName].filter((name) => name !== undefined),
      ),
    ),
  ].sort();
  const listings = await Promise.all(
    Array.from({ length: Math.ceil(names.length / namesAtATime) }, (_none, index) =>
      read(names.slice(index * namesAtATime, (index + 1) * namesAtATime)),
    ),
  );
  return listings.includes(undefined) ? undefined : { value: listings.flatMap((one) => one?.value ?? []) };
}

function byPrincipal(
  assignments: readonly LiveRoleAssignment[],
): ReadonlyMap<string, readonly LiveRoleAssignment[]> {
  const groups = new Map<string, LiveRoleAssignment[]>();
  for (const assignment of assignments) {
    const key = assignment.properties.principalId.toLowerCase();
    const group = groups.get(key);
    if (group) group.push(assignment);
    else groups.set(key, [assignment]);
  }
  return groups;
}

/** All role assignments that concern clients or declared scopes: one listing for each subscription, with all its pages. */
export async function readAssignments(
  reader: LiveReader,
  declaration: StackDeclaration,
): Promise<Reading<readonly LiveRoleAssignment[]>> {
  const visible = await reader.all(calls.subscriptions, liveSubscription, null);
  if (!visible) return undefined;
  const declared = declaredScopes(declaration).flatMap(
    (scope) => parseDicomScope(scope)?.subscriptionId ?? [],
  );
  const subscriptions = [
    ...new Set(
      [...visible.value.map(({ subscriptionId }) => subscriptionId), ...declared].map((id) =>
        id.toLowerCase(),
      ),
    ),
  ].sort();
  const listings = await Promise.all(
    subscriptions.map((subscriptionId) =>
      reader.all(calls.roleAssignmentsOfSubscription, liveRoleAssignment, null, { subscriptionId }),
    ),
  );
  if (listings.some((listing) => listing === undefined)) return undefined;
  // What is assigned above subscriptions is listed in each of them.
  const byId = new Map(
    listings.flatMap((listing) => listing?.value ?? []).map((one) => [one.id.toLowerCase(), one] as const),
  );
  return { value: [...byId.values()] };
}

async function findOrphans(
  reader: LiveReader,
  declaration: StackDeclaration,
  assignments: readonly LiveRoleAssignment[],
  principals: ReadonlySet<string>,
): Promise<readonly LiveRoleAssignment[]> {
  const scopes = declaredScopes(declaration).map((scope) => scope.toLowerCase());
  const strangers = assignments.filter(
    ({ properties: { scope, principalId, principalType } }) =>
      principalType === "ServicePrincipal" &&
      !principals.has(principalId.toLowerCase()) &&
      scopes.some((declared) => `${scope.toLowerCase()}/`.startsWith(`${declared}/`)),
  );
  const looked = await Promise.all(
    [...new Set(strangers.map(({ properties }) => properties.principalId))].sort().map(
      async (servicePrincipalId) =>
        [
          servicePrincipalId,
          await reader.oneIfThere(calls.servicePrincipal, livePrincipal, null, {
            servicePrincipalId,
          }),
        ] as const,
    ),
  );
  const gone = new Set(looked.flatMap(([id, found]) => (found?.value === "absent" ? [id] : [])));
  return strangers.filter(({ properties }) => gone.has(properties.principalId));
}

/** The scopes that clients are given access to, each once. */
export function declaredScopes({ clients }: StackDeclaration): readonly string[] {
  const scopes = clients.flatMap(({ config, deployed }) => [
    ...(config?.access ?? []).flatMap(({ dicomService, workspace }) => dicomService ?? workspace ?? []),
    ...(deployed?.azureRoles ?? []).map(({ scope }) => scope),
  ]);
  return [...new Map(scopes.map((scope) => [scope.toLowerCase(), scope])).values()];
}

async function readRoles(
  reader: LiveReader,
  assignments: readonly LiveRoleAssignment[],
): Promise<ReadonlyMap<string, RoleContent>> {
  const ids = new Set(assignments.map(({ properties }) => properties.roleDefinitionId.toLowerCase()));
  const named = await Promise.all(
    [...ids].sort().map(async (roleDefinitionId) => {
      // An assignment has a role: one that is not found lies where the auditing identity does not see it.
      const found = await reader.one(calls.roleDefinition, roleDefinition, null, { roleDefinitionId });
      return found === undefined ? [] : [[roleDefinitionId, found.value.properties] as const];
    }),
  );
  return new Map(named.flat());
}

/** Client ids of the APIs that the configuration asks for permissions of. */
function configuredApis({ api, clients }: StackDeclaration): readonly string[] {
  return clients.flatMap(({ config }) =>
    config === undefined || config.application === "none"
      ? []
      : permissionRequests(api, config.permissions ?? []).map(({ clientId }) => clientId),
  );
}
