import {
  liveApi,
  liveAppRole,
  liveDirectoryObject,
  livePrincipal,
  liveRoleAssignment,
} from "../audit/liveObjects";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { CoverageLog } from "../cloud/coverage";
import { explainGaps } from "../cloud/gapExplanation";
import { LiveReader } from "../cloud/liveReader";
import { definitionAt, type RoleContent, roleDefinition } from "../cloud/roleDefinition";
import { OperationError } from "../operationError";
import { graphClientId } from "./graphPermission";
import { lastPart } from "../project/lastPart";

/** An application or service principal of the stack, whose owners decide about permissions for owned objects. */
export interface OwnableObject {
  readonly client: string;
  readonly kind: "application" | "service principal";
  readonly id: string;
}

/** An Azure role that an identity has. */
export interface HeldRole {
  readonly scope: string;
  /**
   * The scopes that were asked about and that it counts for: it is assigned there or above, such as at a management group, whose id does not
   * tell what is below it.
   */
  readonly countsAt: readonly string[];
  readonly condition: string | null;
  /** GUID of the role definition, in lower case. */
  readonly definitionId: string;
  readonly definition: RoleContent;
}

/** What an identity holds. */
export interface HeldRights {
  /** Names of Microsoft Graph's application permissions; those of other APIs with the API behind them. */
  readonly graph: readonly string[];
  readonly azure: readonly HeldRole[];
  /** Directory roles and groups that it has or is a member of, by name or, without one, by id. */
  readonly memberships: readonly { readonly kind: "directory role" | "group"; readonly name: string }[];
  /** Of the objects that were asked about, those that exist and that the identity does not own. */
  readonly foreign: readonly OwnableObject[];
}

/**
 * Reads what an identity holds.
 *
 * @param scopes where Azure roles are looked for, there and above
 * @param objects whose owners are looked at
 * @throws OperationError with everything that cannot be read: what is not known is neither missing nor there
 */
export async function readHeldRights(
  cloud: CloudClient,
  principalId: string,
  scopes: readonly string[],
  objects: readonly OwnableObject[],
): Promise<HeldRights> {
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const [graph, azure, memberships, foreign] = await Promise.all([
    heldPermissions(reader, principalId),
    heldRoles(reader, principalId, scopes),
    heldMemberships(reader, principalId),
    foreignObjects(reader, principalId, objects),
  ]);
  const gaps = explainGaps(coverage);
  if (gaps !== undefined)
    throw new OperationError("Not everything that the identity holds could be read.", gaps);
  return { graph, azure, memberships, foreign };
}

async function heldPermissions(reader: LiveReader, servicePrincipalId: string): Promise<readonly string[]> {
  const assignments =
    (await reader.all(calls.appRoles, liveAppRole, null, { servicePrincipalId }))?.value ?? [];
  const apis = await Promise.all(
    [...new Set(assignments.map(({ resourceId }) => resourceId))].map(
      async (id) =>
        [
          id,
          (await reader.one(calls.servicePrincipal, liveApi, null, { servicePrincipalId: id }))?.value,
        ] as const,
    ),
  );
  const known = new Map(apis);
  return assignments.map(({ appRoleId, resourceId }) => {
    const api = known.get(resourceId);
    const name = api?.appRoles.find(({ id }) => id === appRoleId)?.value || appRoleId;
    return api?.appId === graphClientId ? name : `${name} of ${api?.appId ?? resourceId}`;
  });
}

async function heldMemberships(
  reader: LiveReader,
  servicePrincipalId: string,
): Promise<HeldRights["memberships"]> {
  const found = await reader.all(calls.memberships, liveDirectoryObject, null, { servicePrincipalId });
  return (found?.value ?? []).map(({ "@odata.type": type, id, displayName }) => ({
    kind: type === "#microsoft.graph.directoryRole" ? "directory role" : "group",
    name: displayName || id,
  }));
}

async function foreignObjects(
  reader: LiveReader,
  principalId: string,
  objects: readonly OwnableObject[],
): Promise<readonly OwnableObject[]> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const { id, kind, client } = object;
      const owner =
        kind === "application"
          ? reader.oneIfThere(calls.application, livePrincipal, client, { objectId: id })
          : reader.oneIfThere(calls.servicePrincipal, livePrincipal, client, { servicePrincipalId: id });
      if ((await owner)?.value === "absent") return [];
      const owners = await (kind === "application"
        ? reader.all(calls.applicationOwners, livePrincipal, client, { objectId: id }, owner)
        : reader.all(calls.servicePrincipalOwners, livePrincipal, client, { servicePrincipalId: id }, owner));
      return owners?.value.some((one) => one.id === principalId.toLowerCase()) ? [] : [object];
    }),
  );
  return found.flat();
}

async function heldRoles(
  reader: LiveReader,
  principalId: string,
  scopes: readonly string[],
): Promise<readonly HeldRole[]> {
  const listings = await Promise.all(
    scopes.map(async (askedAt) => {
      const listing = await reader.all(calls.roleAssignmentsOfPrincipal, liveRoleAssignment, null, {
        scope: askedAt,
        principalId,
      });
      return (listing?.value ?? []).map(({ id, properties }) => ({
        id: id.toLowerCase(),
        askedAt,
        ...properties,
      }));
    }),
  );
  const all = listings.flat();
  const distinct = new Map(all.map((one) => [one.id, one] as const));
  const held = await Promise.all(
    [...distinct.values()].map(async ({ id: assignment, askedAt, scope, roleDefinitionId, condition }) => {
      const id = definitionAt(askedAt, roleDefinitionId);
      const found = await reader.one(calls.roleDefinition, roleDefinition, null, { roleDefinitionId: id });
      const definitionId = lastPart(id).toLowerCase();
      if (!found) return [];
      const { properties } = found.value;
      const definition = { ...properties, roleName: properties.roleName || definitionId };
      const countsAt = all.filter((one) => one.id === assignment).map((one) => one.askedAt);
      return [{ scope, countsAt, condition: condition || null, definitionId, definition }];
    }),
  );
  return held.flat();
}
