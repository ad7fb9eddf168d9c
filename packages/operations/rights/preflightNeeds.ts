import type { Call } from "../cloud/call";
import { calls } from "../cloud/calls";
import type { StackDeclaration } from "../project/declaration";
import type { Need } from "./need";

/**
 * What `preflight` reads besides what an update reads itself: what is about credentials as long as clients have any, the quotas until
 * every client is there, and the key vault until the secret is in it.
 *
 * @param owns whether the reader is the identity that deploys, and so owns the objects
 */
export function preflightNeeds(
  { clients }: Pick<StackDeclaration, "clients" | "resources">,
  owns: boolean,
): readonly Need[] {
  const need = ({ needs, reason }: Call): Need => ({
    permission: needs,
    reason,
    circumstances: { owns },
  });
  const configured = clients.filter(({ config }) => config !== undefined);
  const hasCredentials = configured.some(
    ({ config }) => config?.secret !== undefined || (config?.certificates?.length ?? 0) > 0,
  );
  const comesNew = configured.some(({ deployed }) => deployed?.application === undefined);
  const occasion = "when a policy exempts callers by custom security attributes";
  return [
    ...(hasCredentials ? [calls.defaultAppManagementPolicy, calls.appManagementPolicies].map(need) : []),
    ...(hasCredentials ? [{ ...need(calls.customSecurityAttributes), occasion }] : []),
    ...(comesNew ? [calls.organization, calls.createdObjects].map(need) : []),
    ...configured.flatMap(({ config, deployed }) =>
      config?.vault !== undefined && deployed?.hasVaultSecret !== true
        ? [calls.vault, calls.managedVaultSecret, calls.deletedVaultSecret].map((call) => ({
            ...need(call),
            scope: config.vault?.id.replace(/\/$/, "") ?? "",
          }))
        : [],
    ),
  ];
}
