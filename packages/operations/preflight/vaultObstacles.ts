import { z } from "zod";
import {
  componentType,
  deletedVaultSecretProblem,
  missingVaultProblem,
  parseVaultId,
  vaultElsewhereProblem,
} from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle } from "./preflightReport";
import { lastPart } from "../project/lastPart";

const vault = z.object({ properties: z.object({ vaultUri: z.string() }) });
const anything = z.looseObject({});
const deletedSecret = z.object({
  attributes: z.object({ recoveryLevel: z.string().optional() }).optional(),
  scheduledPurgeDate: z.number().optional(),
});

/** What stands in the way of the secrets that the next update writes into key vaults for the first time. */
export async function vaultObstacles(
  parts: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const found = await Promise.all(
    changing.filter(({ createsVaultSecret }) => createsVaultSecret).map((client) => ofClient(parts, client)),
  );
  return { obstacles: found.flat() };
}

async function ofClient(
  { reader, subscriptionId, declaration, project }: PreflightParts,
  { name, config, deployed }: PlannedClient,
): Promise<readonly Obstacle[]> {
  const target = config?.vault && parseVaultId(config.vault.id);
  if (!config?.vault || !target) return [];
  const { secretName } = config.vault;
  const vaultId = config.vault.id.replace(/\/$/, "");
  const place = { client: name, ...target, secretName };
  if (subscriptionId !== undefined && subscriptionId.toLowerCase() !== target.subscriptionId.toLowerCase()) {
    return [
      obstacle("vault-elsewhere", name, vaultElsewhereProblem(place, subscriptionId, declaration.stack)),
    ];
  }
  const there = await reader.oneIfThere(calls.vault, vault, name, { vaultId });
  if (there === undefined) return [];
  if (there.value === "absent") return [obstacle("vault-missing", name, missingVaultProblem(place))];
  const [present, deleted] = await Promise.all([
    reader.oneIfThere(calls.managedVaultSecret, anything, name, { vaultId, secretName }),
    reader.oneIfThere(calls.deletedVaultSecret, deletedSecret, name, {
      vaultUrl: there.value.properties.vaultUri.replace(/\/$/, ""),
      secretName,
    }),
  ]);
  const component =
    deployed?.urn ?? `urn:pulumi:${lastPart(declaration.stack)}::${project}::${componentType}::${name}`;
  if (present && present.value !== "absent") {
    return [
      {
        kind: "exists-already",
        client: name,
        path: `clients.${name}.vault.secretName`,
        detail: `the key vault ${target.vaultName} has a secret ${secretName}, which this stack does not manage.`,
        cure: [
          "Choose another vault.secretName, or find out whose it is, and import it into this stack:",
          `  az keyvault secret show --vault-name ${target.vaultName} --name ${secretName} --query tags`,
        ],
      },
    ];
  }
  return deleted && deleted.value !== "absent"
    ? [obstacle("vault-secret-deleted", name, deletedVaultSecretProblem(place, component, deleted.value))]
    : [];
}

/** A problem in the words of the program: the path and what is wrong in the first line, the cure in the others. */
function obstacle(kind: Obstacle["kind"], client: string, lines: readonly string[]): Obstacle {
  const [first = "", ...cure] = lines;
  const colon = first.indexOf(": ");
  return { kind, client, path: first.slice(0, colon), detail: first.slice(colon + 2), cure };
}
