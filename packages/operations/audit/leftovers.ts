import { formatPath } from "dicom-service-client/model";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { applicationName } from "../project/managedIdentity";
import { shellQuoted } from "../cloud/graphRequest";
import { quoted } from "./comparison";
import type { LiveClient } from "./liveClient";
import type { LiveNamesake } from "./liveObjects";
import { declaredScopes, type LiveTenant } from "./liveTenant";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { day } from "./credentialLife";
import { finding, type Finding } from "./finding";

/**
 * What earlier deployments, and people, have left behind.
 *
 * @param graph base address of the cloud's Microsoft Graph
 */
export function leftovers(
  declaration: StackDeclaration,
  tenant: LiveTenant,
  clients: readonly LiveClient[],
  graph: string,
): Finding[] {
  return [
    ...namesakes(declaration, tenant, clients),
    ...temporaryNames(declaration, tenant, clients),
    ...deletedNamesakes(declaration, tenant, graph),
    ...orphans(declaration, tenant),
  ];
}

/** The clients that have a name, in whichever letter case, as Microsoft Graph compares. */
function bearers({ clients }: StackDeclaration, displayName: string): readonly DeclaredClient[] {
  return clients.filter(({ config, deployed }) =>
    [applicationName(config), deployed?.application?.displayName].some(
      (name) => name?.toLowerCase() === displayName.toLowerCase(),
    ),
  );
}

/** Those that are no application of the stack's clients. */
function others(
  found: LiveTenant["namesakes"],
  declaration: StackDeclaration,
  clients: readonly LiveClient[],
): readonly LiveNamesake[] {
  const ours = new Set([
    ...declaration.clients.map(({ deployed }) => deployed?.lastKnown.objectId),
    ...clients.map(({ ids }) => ids.objectId),
  ]);
  return (found?.value ?? []).filter(({ id }) => !ours.has(id));
}

/** Nothing proves whose they are: they have no name of their own, and what they ask for others ask for, too. */
function temporaryNames(
  declaration: StackDeclaration,
  { temporaryNames: found }: LiveTenant,
  clients: readonly LiveClient[],
): Finding[] {
  return others(found, declaration, clients).map(({ id, appId, displayName, createdDateTime }) =>
    finding({
      rule: "leftover-temporary-name",
      client: formatPath(["clients"]),
      side: "live",
      object: id,
      detail: `${quoted(displayName)} (client id ${appId}) is no client of this stack. A deployment, of this stack or of another, made it on ${day(createdDateTime)} and was interrupted, or is not done.`,
      startsAt: createdDateTime,
      next: `az ad app owner list --id ${id}   # find out who made it`,
    }),
  );
}

function namesakes(
  declaration: StackDeclaration,
  { namesakes: found }: LiveTenant,
  clients: readonly LiveClient[],
): Finding[] {
  return others(found, declaration, clients).flatMap(({ id, appId, displayName, createdDateTime }) =>
    bearers(declaration, displayName).map(({ name }) =>
      finding({
        rule: "leftover-namesake",
        client: name,
        side: "live",
        object: id,
        detail: `${quoted(displayName)} (client id ${appId}) is not the client, but has its name. It was created on ${day(createdDateTime)}.`,
        startsAt: createdDateTime,
        next: `az ad app show --id ${id}   # find out whose it is: another stack may use it`,
      }),
    ),
  );
}

function deletedNamesakes(
  declaration: StackDeclaration,
  { deletedApplications }: LiveTenant,
  graph: string,
): Finding[] {
  return (deletedApplications?.value ?? []).flatMap(({ id, appId, displayName, deletedDateTime }) =>
    bearers(declaration, displayName)
      .filter(({ deployed }) => deployed?.lastKnown.objectId !== id)
      .map(({ name }) =>
        finding({
          rule: "leftover-deleted-namesake",
          client: name,
          side: "live",
          object: id,
          detail: `${quoted(displayName)} (client id ${appId}) was deleted on ${day(deletedDateTime)}.`,
          next: `az rest --method GET --url '${graph}/v1.0/directory/deletedItems/${id}'   # then restore it, or leave it: it is deleted permanently by itself`,
        }),
      ),
  );
}

function orphans(declaration: StackDeclaration, tenant: LiveTenant): Finding[] {
  const owners = declaredScopes(declaration).map((scope) => ({
    scope: scope.toLowerCase(),
    client:
      declaration.clients.find(({ config, deployed }) =>
        [
          ...(config?.access ?? []).map(({ dicomService, workspace }) => dicomService ?? workspace ?? ""),
          ...(deployed?.azureRoles ?? []).map((role) => role.scope),
        ].some((one) => one.toLowerCase() === scope.toLowerCase()),
      )?.name ?? formatPath(["clients"]),
  }));
  return tenant.orphans.map(({ id, properties }) =>
    finding({
      rule: "leftover-role-assignment",
      client:
        owners.find(({ scope }) => `${properties.scope.toLowerCase()}/`.startsWith(`${scope}/`))?.client ??
        "",
      side: "live",
      object: id,
      detail: `The service principal ${properties.principalId} has a role at ${properties.scope}, but does not exist.`,
      content: {
        principalId: properties.principalId,
        roleDefinitionId: properties.roleDefinitionId.toLowerCase(),
        condition: properties.condition,
      },
      startsAt: properties.createdOn,
      next: inspectBeforeDelete(
        `az ad sp show --id ${properties.principalId}`,
        `az role assignment delete --ids ${shellQuoted(id)}`,
        "there is no such principal",
      ),
    }),
  );
}
