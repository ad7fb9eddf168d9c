import { formatPath } from "dicom-service-client/model";
import { liveNamesake } from "../audit/liveObjects";
import { calls } from "../cloud/calls";
import { namesAtATime } from "../cloud/namesAtATime";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";

/**
 * Display names that another application has. The provider refuses them (`preventDuplicateNames`), and compares them letter by letter;
 * Microsoft Graph's own filter does not look at the case.
 */
export async function nameObstacles(
  { reader, declaration }: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const taking = changing.flatMap(({ name, takesName, deployed }) =>
    takesName === undefined ? [] : [{ name, takesName, ownId: deployed?.objectId }],
  );
  const names = [...new Set(taking.map(({ takesName }) => takesName))].sort();
  const listings = await Promise.all(
    Array.from({ length: Math.ceil(names.length / namesAtATime) }, (_none, index) =>
      reader.all(calls.namesakes, liveNamesake, null, {
        names: names.slice(index * namesAtATime, (index + 1) * namesAtATime),
      }),
    ),
  );
  const found = listings.flatMap((listing) => listing?.value ?? []);
  return {
    obstacles: taking.flatMap(({ name, takesName, ownId }) =>
      found
        .filter(({ id, displayName }) => displayName === takesName && id !== ownId)
        .slice(0, 1)
        .map(({ id, appId }) => ({
          kind: "name-taken" as const,
          client: name,
          path: formatPath(["clients", name, "displayName"]),
          detail: `another application has the name ${JSON.stringify(takesName)} (client id ${appId}).`,
          cure: [
            "Find out whose it is. An interrupted deployment may have left it behind:",
            `  az ad app show --id ${id}`,
            "Adopt it, or give the client another displayName:",
            `  npx dicom-ops adopt ${id} --as ${name} --stack ${declaration.stack}`,
          ],
        })),
    ),
  };
}
