import { formatPath, identitiesCommand, outsideFacts } from "dicom-service-client/model";
import { z } from "zod";
import { isSameId } from "../audit/canonical";
import { calls } from "../cloud/calls";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle } from "./preflightReport";

const principal = z.object({ appId: z.string(), servicePrincipalType: z.string() });

/** Managed identities that are to get roles and are not what the configuration says: Azure would refuse them, or serve another. */
export async function identityObstacles(
  { reader }: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const found = await Promise.all(
    changing.map(async ({ name, config }): Promise<readonly Obstacle[]> => {
      const identity = config?.runsOn?.managedIdentity;
      if (identity === undefined) return [];
      const { principalId, clientId } = identity;
      const read = await reader.oneIfThere(calls.servicePrincipal, principal, name, {
        servicePrincipalId: principalId,
      });
      const problem =
        read === undefined
          ? undefined
          : read.value === "absent"
            ? ({ key: "principalId", detail: `the tenant has no service principal ${principalId}.` } as const)
            : read.value.servicePrincipalType !== outsideFacts.managedIdentityType.value
              ? ({
                  key: "principalId",
                  detail: `${principalId} is no managed identity, but of the type ${read.value.servicePrincipalType}.`,
                } as const)
              : isSameId(read.value.appId, clientId)
                ? undefined
                : ({
                    key: "clientId",
                    detail: `the identity ${principalId} has the client id ${read.value.appId}.`,
                  } as const);
      return problem === undefined
        ? []
        : [
            {
              kind: "identity-mismatch",
              client: name,
              path: formatPath(["clients", name, "runsOn", "managedIdentity", problem.key]),
              detail: problem.detail,
              cure: ["To list the user-assigned identities with their ids:", `  ${identitiesCommand}`],
            },
          ];
    }),
  );
  return { obstacles: found.flat() };
}
