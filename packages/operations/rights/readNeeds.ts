import { type ClientConfig, parseDicomScope, parseVaultId } from "dicom-service-client/model";
import type { Call } from "../cloud/call";
import { calls } from "../cloud/calls";
import { callsOfCommand, type CommandName } from "../cloud/callsOfCommand";
import type { Need } from "./need";

/** What commands need that change nothing in the cloud. It follows from the calls that they make. */
export function readNeeds(
  clients: readonly ClientConfig[],
  commands: readonly CommandName[],
): readonly Need[] {
  const workspaces = clients.flatMap(({ access = [] }) => access.flatMap(({ workspace }) => workspace ?? []));
  const hiddenSecrets = clients.flatMap(({ vault }) => (vault?.export === false ? [vault.id] : []));
  const scopesOf = (call: Call): readonly string[] => {
    switch (call) {
      case calls.dicomServicesOfWorkspace:
        return workspaces;
      case calls.vault:
      case calls.vaultSecret:
        return hiddenSecrets;
      default:
        return subscriptions(clients);
    }
  };
  const needed = [...new Set(commands.flatMap((command) => callsOfCommand[command]))];
  return needed.flatMap((call): Need[] => {
    const { needs, reason } = call;
    switch (needs.kind) {
      case "nothing":
        return [];
      case "graph":
        return [{ right: needs, reason }];
      case "action":
      case "dataAction":
        return scopesOf(call).map((scope) => ({ right: needs, scope, reason }));
    }
  });
}

/** What `pulumi refresh --preview-only` and `pulumi preview` need beyond `audit`, which looks at no key vault. */
export function refreshNeeds(clients: readonly ClientConfig[]): readonly Need[] {
  return clients.flatMap(({ vault }): Need[] =>
    vault
      ? [
          {
            right: { kind: "action", action: "Microsoft.KeyVault/vaults/secrets/read" },
            scope: vault.id,
            reason: "see whether the key vault's secret is still there (pulumi refresh, pulumi preview)",
          },
        ]
      : [],
  );
}

/** The subscriptions that the clients' access and vaults lie in, as scopes, each once. */
function subscriptions(clients: readonly ClientConfig[]): readonly string[] {
  const ids = clients.flatMap(({ access = [], vault }) => [
    ...access.flatMap(
      ({ dicomService, workspace }) => parseDicomScope(dicomService ?? workspace ?? "")?.subscriptionId ?? [],
    ),
    ...(vault ? [parseVaultId(vault.id)?.subscriptionId ?? []] : []),
  ]);
  return [...new Set(ids.flat().map((id) => `/subscriptions/${id.toLowerCase()}`))].sort();
}
