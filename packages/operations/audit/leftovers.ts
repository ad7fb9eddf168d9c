import { formatPath } from "dicom-service-client/model";
import type { StackDeclaration } from "../project/declaration";
import { quoted } from "./comparison";
import { graphRequest } from "../cloud/graphRequest";
import { declaredScopes, type LiveTenant } from "./liveTenant";
import { finding, type Finding } from "./finding";

/**
 * What earlier deployments, and people, have left behind.
 *
 * @param graph base address of the cloud's Microsoft Graph
 */
export function leftovers(declaration: StackDeclaration, tenant: LiveTenant, graph: string): Finding[] {
  return [
    ...namesakes(declaration, tenant),
    ...deletedNamesakes(declaration, tenant, graph),
    ...orphans(declaration, tenant),
  ];
}

function namesakes({ clients }: StackDeclaration, { namesakes: found }: LiveTenant): Finding[] {
  const ours = new Set(clients.map(({ deployed }) => deployed?.objectId));
  return (found?.value ?? [])
    .filter(({ id }) => !ours.has(id))
    .flatMap(({ id, appId, displayName, createdDateTime }) =>
      clients
        .filter(({ config, deployed }) =>
          [config?.displayName, deployed?.application?.displayName].includes(displayName),
        )
        .map(({ name }) =>
          finding({
            rule: "leftover-namesake",
            client: name,
            side: "live",
            object: id,
            detail: `${quoted(displayName)} (client id ${appId}) is not the client, but has its name. It was created on ${createdDateTime?.slice(0, 10) ?? "an unknown day"}.`,
            startsAt: createdDateTime,
            next: `az ad app delete --id ${id}`,
          }),
        ),
    );
}

function deletedNamesakes(
  { clients }: StackDeclaration,
  { deletedApplications }: LiveTenant,
  graph: string,
): Finding[] {
  return (deletedApplications?.value ?? []).flatMap(({ id, appId, displayName, deletedDateTime }) =>
    clients
      .filter(
        ({ config, deployed }) =>
          [config?.displayName, deployed?.application?.displayName].includes(displayName) &&
          deployed?.objectId !== id,
      )
      .map(({ name }) =>
        finding({
          rule: "leftover-deleted-namesake",
          client: name,
          side: "live",
          object: id,
          detail: `${quoted(displayName)} (client id ${appId}) was deleted on ${deletedDateTime?.slice(0, 10) ?? "an unknown day"}.`,
          next: `${graphRequest(graph, "DELETE", `directory/deletedItems/${id}`)}   # for good`,
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
      startsAt: properties.createdOn,
      next: `az role assignment delete --ids ${id}`,
    }),
  );
}
