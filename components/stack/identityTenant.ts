import { formatPath, runError } from "../problem";
import type { ClientConfig } from "./config";

/**
 * Asserts that the managed identities that are clients by themselves are of the tenant: Azure gives its roles to nobody else, and
 * would refuse the first of them half-way.
 *
 * @throws pulumi.RunError with every identity of another tenant.
 */
export function assertIdentitiesAreOfTenant(
  clients: Readonly<Record<string, ClientConfig>>,
  tenantId: string,
): void {
  const obstacles = Object.entries(clients).flatMap(([name, { runsOn }]) => {
    const identity = runsOn?.managedIdentity;
    return identity === undefined || identity.tenantId === tenantId.toLowerCase()
      ? []
      : [
          `${formatPath(["clients", name, "runsOn", "managedIdentity", "tenantId"])}: the identity is of the tenant ${identity.tenantId}, but the stack is deployed to ${tenantId}. Name an identity of that tenant.`,
        ];
  });
  if (obstacles.length > 0) {
    throw runError([...obstacles, "Nothing has been created."]);
  }
}
