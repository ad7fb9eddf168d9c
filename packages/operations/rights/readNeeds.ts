import { type ClientConfig, parseDicomScope, parseVaultId } from "dicom-service-client/model";
import type { CloudCall, CommandName } from "../cloud/call";
import { calls, callsOf } from "../cloud/calls";
import { permissionKind } from "./documentedPermission";
import type { Need } from "./need";

/**
 * What commands need beside the providers. It follows from the calls that they make: what they only read they need not own.
 *
 * @param deployedScopes scopes of Azure roles that were deployed, which are looked at although they may have left the configuration
 */
export function readNeeds(
  clients: readonly ClientConfig[],
  commands: readonly CommandName[],
  deployedScopes: readonly string[] = [],
): readonly Need[] {
  const workspaces = clients.flatMap(({ access = [] }) => access.flatMap(({ workspace }) => workspace ?? []));
  const services = clients.flatMap(({ access = [] }) =>
    access.flatMap(({ dicomService }) => dicomService ?? []),
  );
  const hiddenSecrets = clients.flatMap(({ vault }) => (vault?.export === false ? [vault.id] : []));
  const scopesOf = (call: CloudCall): readonly string[] => {
    switch (call) {
      case calls.dicomServicesOfWorkspace:
        return workspaces;
      case calls.dicomService:
        return services;
      case calls.identityCredentials:
        // Nothing names the subscription of an identity; this one is likely.
        return subscriptions(clients.filter(({ application }) => application === "none"));
      case calls.vault:
      case calls.vaultSecret:
        return hiddenSecrets;
      default:
        return subscriptions(clients, deployedScopes);
    }
  };
  return callsOf(...commands).flatMap((call): Need[] => {
    const need = {
      permission: call.needs,
      reason: call.reason,
      circumstances: { owns: changing.includes(call) },
    };
    switch (permissionKind(call.needs)) {
      case "nothing":
        return [];
      case "graph":
        return [need];
      case "action":
      case "dataAction":
        return scopesOf(call).map((scope) => ({ ...need, scope }));
    }
  });
}

/** What only an owner is let do, by the least permission. */
const changing: readonly CloudCall[] = [calls.removeApplicationSecret, calls.removePrincipalSecret];

/** The subscriptions that the clients' access and vaults lie in, as scopes, each once. */
function subscriptions(
  clients: readonly ClientConfig[],
  deployedScopes: readonly string[] = [],
): readonly string[] {
  const ids = clients.flatMap(({ access = [], vault }) => [
    ...access.flatMap(
      ({ dicomService, workspace }) => parseDicomScope(dicomService ?? workspace ?? "")?.subscriptionId ?? [],
    ),
    ...(vault ? [parseVaultId(vault.id)?.subscriptionId ?? []] : []),
  ]);
  const deployed = deployedScopes.flatMap((scope) => /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1] ?? []);
  return [...new Set([...ids.flat(), ...deployed].map((id) => `/subscriptions/${id.toLowerCase()}`))].sort();
}
