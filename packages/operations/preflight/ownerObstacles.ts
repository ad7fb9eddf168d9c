import { formatPath, missingOwnerCure } from "dicom-service-client/model";
import { z } from "zod";
import { isSameId } from "../audit/canonical";
import { calls } from "../cloud/calls";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";

const identified = z.object({ id: z.string() });

/** An owner that the next update names at an application. */
interface AddedOwner {
  readonly client: string | null;
  readonly path: string;
  readonly id: string;
}

/**
 * Owners to add who are nobody: Microsoft Graph takes users and service principals. Source:
 * https://learn.microsoft.com/graph/api/application-post-owners
 */
export async function ownerObstacles(
  { reader, declaration }: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const deployer = declaration.deployingIdentity;
  const withApplication = changing.filter(
    ({ config }) => config !== undefined && config.application !== "none",
  );
  const isMade = withApplication.some(({ deployed }) => deployed?.application === undefined);
  const added: readonly AddedOwner[] = [
    ...(deployer !== undefined && isMade ? [{ client: null, path: "deployingIdentity", id: deployer }] : []),
    ...withApplication.flatMap(({ name, config, deployed }) =>
      (config?.owners ?? []).flatMap((id, index) =>
        deployed?.application?.owners.some((owner) => isSameId(owner, id))
          ? []
          : [{ client: name, path: formatPath(["clients", name, "owners", index]), id: id.toLowerCase() }],
      ),
    ),
  ];
  const ids = [...new Set(added.map(({ id }) => id))];
  const found = await Promise.all(
    ids.map(async (id) => {
      const principal = await reader.oneIfThere(calls.servicePrincipal, identified, null, {
        servicePrincipalId: id,
      });
      if (principal?.value !== "absent") return [];
      const user = await reader.oneIfThere(calls.user, identified, null, { userId: id });
      return user?.value === "absent" ? [id] : [];
    }),
  );
  const missing = new Set(found.flat());
  return {
    obstacles: added
      .filter(({ id }) => missing.has(id))
      .map(({ client, path, id }) => ({
        kind: "owner-missing",
        client,
        path,
        detail: `the tenant has no user and no service principal with the object id ${id}.`,
        cure: missingOwnerCure(id),
      })),
  };
}
