import { type ClientConfig, formatPath, outsideFacts } from "dicom-service-client/model";
import type { DeployedFederatedCredential } from "../project/deployedClient";
import type { PlannedClient } from "./plannedChanges";
import type { Obstacle } from "./preflightReport";

type Declared = NonNullable<ClientConfig["federatedCredentials"]>[number];

const most = outsideFacts.federatedCredentialsOfApplication.value;

/**
 * Federated credentials that are created before those are deleted that they replace: Pulumi knows the new one for the old one only by its
 * name, or formerName, and by its type, which is another one with a subject than with claims. Until then Entra allows a name, and an issuer
 * with subject, once, and no more credentials than it does at any time.
 */
export function federatedObstacles(changing: readonly PlannedClient[]): readonly Obstacle[] {
  return changing.flatMap(ofClient);
}

/** The declared credentials that become resources of their own, with their places in the configuration. */
export function addedFederation({ config, deployed }: Pick<PlannedClient, "config" | "deployed">): readonly {
  readonly credential: Declared;
  readonly index: number;
}[] {
  const there = deployed?.federatedCredentials ?? [];
  return (config?.federatedCredentials ?? [])
    .map((credential, index) => ({ credential, index }))
    .filter(({ credential }) => !there.some((one) => becomes(one, credential)));
}

function ofClient(planned: PlannedClient): readonly Obstacle[] {
  const { name: client, deployed } = planned;
  const there = deployed?.federatedCredentials ?? [];
  const added = addedFederation(planned);
  const obstacle = (
    kind: Obstacle["kind"],
    path: readonly (string | number)[],
    detail: string,
    cure: string,
  ): Obstacle => ({
    kind,
    client,
    path: formatPath(["clients", client, "federatedCredentials", ...path]),
    detail,
    cure: [cure],
  });
  return [
    ...added.flatMap(({ credential, index }) => {
      const { name, issuer, subject } = credential;
      const namesake = there.find((one) => one.name === name);
      if (namesake !== undefined) {
        return [
          obstacle(
            "name-taken",
            [index, "name"],
            `the deployed credential ${JSON.stringify(name)} ${namesake.subject === "" ? "matches claims, and is to have a subject" : "has a subject, and is to match claims"}. That makes it another resource, which is created before the old one is deleted, and Entra refuses the name.`,
            "Give it another name.",
          ),
        ];
      }
      const same = there.find((one) => one.issuer === issuer && one.subject === subject);
      return same === undefined
        ? []
        : [
            obstacle(
              "exists-already",
              [index, "subject"],
              `the deployed credential ${JSON.stringify(same.name)} has this issuer and subject, which Entra allows once in an application.`,
              `If it is that credential under another name, write formerName: ${same.name}.`,
            ),
          ];
    }),
    ...(there.length + added.length > most && added.length > 0
      ? [
          obstacle(
            "quota-used-up",
            [],
            `${added.length} are created before any is deleted, and ${there.length} are deployed; an application may have ${most}.`,
            "First deploy without those that are to go, then with the new ones.",
          ),
        ]
      : []),
  ];
}

/** Whether an update changes or replaces a deployed credential itself, which deletes it before there is another. */
function becomes(one: DeployedFederatedCredential, { name, formerName, subject }: Declared): boolean {
  return (one.name === name || one.name === formerName) && (one.subject === "") === (subject === undefined);
}
