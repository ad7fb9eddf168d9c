import { endDateOf, formatMidnight, planSecrets } from "dicom-service-client/model";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import type { AuditReport } from "./auditReport";
import {
  certificateStandings,
  federatedStandings,
  secretStandings,
  type Standing,
} from "./credentialStandings";
import type { LiveClient } from "./liveClient";
import { lastUseOf, type NoUseReport, type UseReport } from "../retire/useReport";
import { presentOf } from "../cloud/coverage";
import { principalCredentials } from "./liveObjects";

/** One credential of a client, live or declared. */
export type InventoryEntry = AuditReport["credentials"][number];

/** Every credential of a client: the live ones, and those of the declaration that are not live. Sorted by place, kind and end. */
export function credentialInventory(
  client: DeclaredClient,
  live: LiveClient | undefined,
  use: UseReport | NoUseReport | undefined,
  { asOf }: StackDeclaration,
): InventoryEntry[] {
  const { name, config, deployed } = client;
  const principal = presentOf(live?.servicePrincipal);
  const plan = config?.secret && planSecrets(config.secret, asOf);
  const known = deployed && live ? { deployed, live } : undefined;
  const entry = (facts: Omit<InventoryEntry, "client" | "lastUsedAt">): InventoryEntry => ({
    client: name,
    ...facts,
    lastUsedAt: lastUseOf(use, facts.object),
  });
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
    ...(known ? secretStandings(known.deployed, known.live) : []).map(
      ({ live: secret, standing, declared }) => {
        const isDeclared = counts(standing);
        return entry({
          kind: "secret",
          place: "application",
          name: isDeclared && declared ? `slot ${declared.slot}` : secret.displayName || secret.keyId,
          object: secret.keyId,
          standing: isDeclared ? "declared" : "undeclared",
          startsAt: secret.startDateTime,
          endsAt: secret.endDateTime,
          nextRotationAt: isDeclared && declared ? rotationOf(declared.endsAt) : null,
        });
      },
    ),
    ...due,
    ...(known ? certificateStandings(config, known.deployed, known.live) : []).map(
      ({ live: certificate, standing, declared }) =>
        entry({
          kind: "certificate",
          place: "application",
          name:
            (counts(standing) ? declared?.name : undefined) ?? (certificate.displayName || certificate.keyId),
          object: certificate.keyId,
          standing: counts(standing) ? "declared" : "undeclared",
          startsAt: certificate.startDateTime,
          endsAt: certificate.endDateTime,
          nextRotationAt: null,
        }),
    ),
    ...(known ? federatedStandings(known.deployed, known.live) : []).map(({ live: credential, standing }) =>
      entry({
        kind: "federated",
        place: deployed?.isManagedIdentity ? "service principal" : "application",
        name: credential.name || credential.id,
        object: credential.id,
        standing: counts(standing) ? "declared" : "undeclared",
        startsAt: null,
        endsAt: null,
        nextRotationAt: null,
      }),
    ),
    ...principalCredentials(principal)
      // The certificate of a managed identity is Azure's own.
      .filter(({ kind }) => kind === "secret" || deployed?.isManagedIdentity !== true)
      .map(({ kind, keyId, displayName, startDateTime, endDateTime }) =>
        entry({
          kind,
          place: "service principal",
          name: displayName || keyId,
          object: keyId,
          standing: "undeclared",
          startsAt: startDateTime,
          endsAt: endDateTime,
          nextRotationAt: null,
        }),
      ),
  ].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

/** Whether a credential is the declared one, as far as can be known. */
function counts(standing: Standing): boolean {
  return standing === "declared" || standing === "unproved";
}

function sortKey({ place, kind, endsAt, object }: InventoryEntry): string {
  return [place, kind, endsAt ?? "", object ?? ""].join("\n");
}
