import { endDateOf, formatMidnight, planSecrets } from "dicom-service-client/model";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import type { AuditReport } from "./auditReport";
import { onePerCertificate } from "./compareCredentials";
import type { LiveClient } from "./liveClient";

/** One credential of a client, live or declared. */
export type InventoryEntry = AuditReport["credentials"][number];

/** Every credential of a client: the live ones, and those of the declaration that are not live. Sorted by place, kind and end. */
export function credentialInventory(
  client: DeclaredClient,
  live: LiveClient | undefined,
  { asOf }: StackDeclaration,
): InventoryEntry[] {
  const { name, config, deployed } = client;
  const application = live?.application?.value;
  const principal = live?.servicePrincipal?.value;
  const plan = config?.secret && planSecrets(config.secret, asOf);
  const secrets =
    application === undefined || application === "absent" ? [] : application.passwordCredentials;
  const keys =
    application === undefined || application === "absent"
      ? []
      : onePerCertificate(application.keyCredentials);
  const entry = (facts: Omit<InventoryEntry, "client">): InventoryEntry => ({ client: name, ...facts });
  const rotationOf = (endsAt: string): string | null =>
    plan && endsAt === endDateOf(plan.current) ? `${plan.nextRotationOn}T00:00:00Z` : null;
  const due =
    plan && !deployed?.secrets.some(({ endsAt }) => endsAt === endDateOf(plan.current))
      ? [
          entry({
            kind: "secret",
            place: "application",
            name: `slot ${plan.current.slot}`,
            object: null,
            standing: "due",
            startsAt: formatMidnight(plan.current.startsOn),
            endsAt: endDateOf(plan.current),
            nextRotationAt: null,
          }),
        ]
      : [];
  return [
    ...secrets.map(({ keyId, displayName, startDateTime, endDateTime }) => {
      const known = deployed?.secrets.find((secret) => secret.keyId === keyId);
      return entry({
        kind: "secret",
        place: "application",
        name: known ? `slot ${known.slot}` : displayName,
        object: keyId,
        standing: known ? "declared" : "undeclared",
        startsAt: startDateTime,
        endsAt: endDateTime,
        nextRotationAt: known ? rotationOf(known.endsAt) : null,
      });
    }),
    ...due,
    ...keys.map(({ keyId, keyIds, displayName, startDateTime, endDateTime }) => {
      const known = deployed?.certificates.find((one) => keyIds.includes(one.keyId));
      return entry({
        kind: "certificate",
        place: "application",
        name: known?.name ?? displayName,
        object: known?.keyId ?? keyId,
        standing: known ? "declared" : "undeclared",
        startsAt: startDateTime,
        endsAt: endDateTime,
        nextRotationAt: null,
      });
    }),
    ...(live?.federatedCredentials?.value ?? []).map(({ id, name: credential }) =>
      entry({
        kind: "federated",
        place: "application",
        name: credential,
        object: id,
        standing: deployed?.federatedCredentials.some((one) => one.id === id) ? "declared" : "undeclared",
        startsAt: null,
        endsAt: null,
        nextRotationAt: null,
      }),
    ),
    ...(principal === undefined || principal === "absent"
      ? []
      : [
          ...principal.passwordCredentials.map((one) => ({ ...one, kind: "secret" as const })),
          ...onePerCertificate(principal.keyCredentials).map((one) => ({
            ...one,
            kind: "certificate" as const,
          })),
        ].map(({ kind, keyId, displayName, startDateTime, endDateTime }) =>
          entry({
            kind,
            place: "service principal",
            name: displayName,
            object: keyId,
            standing: "undeclared",
            startsAt: startDateTime,
            endsAt: endDateTime,
            nextRotationAt: null,
          }),
        )),
  ].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function sortKey({ place, kind, endsAt, object }: InventoryEntry): string {
  return [place, kind, endsAt ?? "", object ?? ""].join("\n");
}
