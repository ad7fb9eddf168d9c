import type { CloudCall } from "../cloud/call";
import { calls } from "../cloud/calls";
import { configuredAccess } from "../project/configuredAccess";
import type { StackDeclaration } from "../project/declaration";
import type { Need } from "./need";

/**
 * What `preflight` reads besides what an update reads itself. It follows from the configuration alone, so that an identity does not need
 * other rights from one update to the next.
 *
 * @param owns whether the reader is the identity that deploys, and so owns the objects
 */
export function preflightNeeds(
  { clients }: Pick<StackDeclaration, "clients" | "resources">,
  owns: boolean,
): readonly Need[] {
  const need = ({ needs, reason }: CloudCall): Need => ({
    permission: needs,
    reason,
    circumstances: { owns },
  });
  const configured = clients.filter(({ config }) => config !== undefined);
  const identities = configured.filter(({ config }) => config?.application === "none");
  const hasCredentials = configured.some(
    ({ config }) => config?.secret !== undefined || (config?.certificates?.length ?? 0) > 0,
  );
  const hasOwners = configured.some(({ config }) => (config?.owners?.length ?? 0) > 0);
  const occasion = "when a policy exempts callers by custom security attributes";
  return [
    ...(hasCredentials
      ? [calls.defaultAppManagementPolicy, calls.appManagementPolicyOfApplication].map(need)
      : []),
    ...(hasCredentials ? [{ ...need(calls.customSecurityAttributes), occasion }] : []),
    ...(configured.length > identities.length ? [calls.organization, calls.createdObjects].map(need) : []),
    ...(identities.length > 0 || hasOwners ? [need(calls.servicePrincipal)] : []),
    ...(hasOwners ? [need(calls.user)] : []),
    ...configured.flatMap(({ config }) => {
      const vault = config?.vault?.id.replace(/\/$/, "");
      const access = config === undefined ? [] : configuredAccess(config).map(({ scope }) => scope.id);
      const at = (scope: string, ...made: readonly CloudCall[]): readonly Need[] =>
        made.map((call) => ({ ...need(call), scope }));
      // Its own roles, too.
      const roles = [calls.roleAssignmentsOfPrincipal, calls.roleDefinition];
      return [
        ...access.flatMap((scope) => at(scope, ...roles)),
        ...(vault === undefined
          ? []
          : at(vault, calls.vault, calls.managedVaultSecret, calls.deletedVaultSecret, ...roles)),
      ];
    }),
  ];
}
