import { componentType } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import { shellQuoted } from "../cloud/graphRequest";
import type { LiveReader } from "../cloud/liveReader";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { deployedClient } from "../project/deployedClient";
import { counted } from "../console/counted";
import { quoted } from "./comparison";
import { finding, type Finding } from "./finding";
import { liveNamesake, type LiveNamesake } from "./liveObjects";
import type { LiveTenant } from "./liveTenant";

/** The application that a client of which the state knows no id may have: the only one of its name. */
export interface LostClient {
  readonly client: DeclaredClient;
  readonly namesake: LiveNamesake;
}

/**
 * Looks for a client that is declared and of which the state has no id, because a deployment was cut off or the state was lost.
 *
 * @returns undefined when the state has an id of it, or when no application or several have its name
 */
export async function lostClient(
  reader: LiveReader,
  { clients }: StackDeclaration,
  client: DeclaredClient,
): Promise<LostClient | undefined> {
  const { name, config, deployed = nothingOf(client.name) } = client;
  if (config === undefined || Object.keys(deployed.lastKnown).length > 0) return undefined;
  const listed = await reader.all(calls.namesakes, liveNamesake, name, { names: [config.displayName] });
  const others = new Set(clients.map((one) => one.deployed?.lastKnown.objectId));
  const [namesake, ...further] = (listed?.value ?? []).filter(({ id }) => !others.has(id));
  if (namesake === undefined || further.length > 0) return undefined;
  const lastKnown = { clientId: namesake.appId, objectId: namesake.id };
  return { namesake, client: { ...client, deployed: { ...deployed, lastKnown } } };
}

function nothingOf(name: string): ReturnType<typeof deployedClient> {
  return deployedClient({ urn: "", type: componentType, name, inputs: {}, outputs: {} }, []);
}

/** What is to be known of a client that was found by its name before anything else that is found of it. */
export function lostClientFinding(
  { client: { name }, namesake: { id, appId, displayName, createdDateTime } }: LostClient,
  stack: string,
): Finding {
  return finding({
    rule: "part-not-deployed",
    client: name,
    side: "state",
    object: `clients.${name}`,
    detail: `The state does not have it. ${quoted(displayName)} (client id ${appId}), created on ${createdDateTime?.slice(0, 10) ?? "an unknown day"}, is the only application of its name: a deployment or a former state may have left it behind, or it is somebody else's. What it has is audited as this client's.`,
    content: id,
    next: `az ad app show --id ${id}   # find out whose it is; if the client's: npx dicom-ops adopt ${appId} --as ${name} --stack ${stack}`,
  });
}

/** That a client is not in the state. Which of several applications of its name it may have is for people to find out. */
export function clientNotDeployed(
  { name, config }: DeclaredClient,
  { namesakes }: LiveTenant,
  stack: string,
): Finding {
  const displayName = config?.displayName ?? "";
  const candidates = (namesakes?.value ?? []).filter(
    (one) => one.displayName.toLowerCase() === displayName.toLowerCase(),
  );
  const facts = {
    rule: "client-not-deployed",
    client: name,
    side: "state",
    object: `clients.${name}`,
  } as const;
  const filter = `displayName eq '${displayName.replaceAll("'", "''")}'`;
  return candidates.length === 0
    ? finding({
        ...facts,
        detail: "It is configured, but not in the state.",
        next: `pulumi up --stack ${stack}`,
      })
    : finding({
        ...facts,
        detail: `It is configured, but not in the state. ${counted(candidates.length, "application")} ${candidates.length === 1 ? "has" : "have"} its name (${candidates
          .map(({ id }) => id)
          .sort()
          .join(", ")}), and none of them is audited: which one is the client's, if any, cannot be told.`,
        next: `az ad app list --filter ${shellQuoted(filter)}   # find out whose each is; if one is the client's: npx dicom-ops adopt <client id> --as ${name} --stack ${stack}`,
      });
}
