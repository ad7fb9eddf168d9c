import { formatPath } from "dicom-service-client/model";
import { liveNamesake } from "../audit/liveObjects";
import { calls } from "../cloud/calls";
import { namesAtATime } from "../cloud/namesAtATime";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle } from "./preflightReport";

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
  const applications = taking.flatMap(({ name, takesName, ownId }) =>
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
          `  dicom-ops adopt ${id} --as ${name} --stack ${declaration.stack}`,
        ],
      })),
  );
  return { obstacles: [...applications, ...changing.flatMap(credentialObstacles)] };
}

/**
 * Names of federated credentials that had a subject and now match claims, or the other way round. These are two types of resources, of
 * which Pulumi creates the new one before it deletes the old one, while Entra allows a name once in an application.
 */
function credentialObstacles({ name, config, deployed }: PlannedClient): readonly Obstacle[] {
  return (config?.federatedCredentials ?? []).flatMap((credential, index) => {
    const before = deployed?.federatedCredentials.find((one) => one.name === credential.name);
    if (before === undefined || (before.subject === "") === (credential.subject === undefined)) return [];
    return [
      {
        kind: "name-taken" as const,
        client: name,
        path: formatPath(["clients", name, "federatedCredentials", index, "name"]),
        detail: `the deployed credential ${JSON.stringify(credential.name)} ${before.subject === "" ? "matches claims, and is to have a subject" : "has a subject, and is to match claims"}. That makes it another resource, which is created before the old one is deleted, and Entra refuses the name.`,
        cure: ["Give it another name."],
      },
    ];
  });
}
