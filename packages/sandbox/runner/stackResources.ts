import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMapping } from "../mapping";
import { objectsIn, type JsonObject } from "../standIn/http/jsonBody";
import type { StackResource } from "../tenant/surfaces/page/tenantOverview";
import { stackName } from "./project";

/** Types of resources that are objects on the tenant's page. */
const shownTypes =
  /^(azuread:index\/(application|servicePrincipal|applicationPassword|applicationCertificate|application(Flexible)?FederatedIdentityCredential|servicePrincipalDelegatedPermissionGrant|appRoleAssignment):|azure-native:authorization(\/\w+)?:RoleAssignment$)/;

/**
 * What the state of the sandbox's stack holds of the tenant, straight from the backend's file: the tenant is asked while the engine is
 * at work, too.
 *
 * @param backend folder of the Pulumi backend
 * @returns undefined when the state cannot be read; nothing when there is none
 */
export async function stackResources(backend: string): Promise<readonly StackResource[] | undefined> {
  const stacks = join(backend, ".pulumi", "stacks");
  const projects = await readdir(stacks).catch(() => []);
  try {
    const found = await Promise.all(
      projects.map(async (project) =>
        resourcesIn(await readFile(join(stacks, project, `${stackName}.json`), "utf8")),
      ),
    );
    return found.flat();
  } catch {
    return undefined;
  }
}

/** The resources of a deployment, as the engine writes it. */
export function deployedResources(deployment: unknown): readonly JsonObject[] {
  return objectsIn(isMapping(deployment) ? deployment["resources"] : undefined);
}

function resourcesIn(state: string): readonly StackResource[] {
  const { checkpoint } = JSON.parse(state) as { readonly checkpoint?: unknown };
  return deployedResources(isMapping(checkpoint) ? checkpoint["latest"] : undefined).flatMap((resource) => {
    const { type, id, urn } = resource;
    if (typeof type !== "string" || typeof id !== "string" || typeof urn !== "string") return [];
    if (!shownTypes.test(type)) return [];
    return [{ id: id.slice(id.lastIndexOf("/") + 1), name: urn.slice(urn.lastIndexOf("::") + 2) }];
  });
}
