import { outsideFacts } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import type { Reading } from "../cloud/coverage";
import type { LiveReader } from "../cloud/liveReader";
import { RefusedCall } from "../cloud/refusedCall";
import {
  type LiveFederatedCredential,
  liveIdentityCredential,
  type LiveServicePrincipal,
} from "./liveObjects";

const userAssigned =
  /^\/subscriptions\/[^/?#]+\/resourceGroups\/[^/?#]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/?#]+$/i;

/**
 * Reads the federated credentials of a managed identity. Azure lists them by the identity's resource, which stands in the
 * `alternativeNames` of its service principal. Source: https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export async function readIdentityCredentials(
  reader: LiveReader,
  client: string,
  principal: Reading<LiveServicePrincipal | "absent">,
): Promise<Reading<readonly LiveFederatedCredential[]>> {
  if (principal === undefined) return undefined;
  if (principal.value === "absent") return { value: [] };
  const { alternativeNames } = principal.value;
  const names = Array.isArray(alternativeNames) ? alternativeNames.map(String) : [];
  const [identityId, ...others] = names.filter((name) => userAssigned.test(name));
  if (identityId !== undefined && others.length === 0) {
    return reader.all(calls.identityCredentials, liveIdentityCredential, client, { identityId });
  }
  if (names.includes(outsideFacts.systemAssignedIdentity.value)) return { value: [] };
  const message = "alternativeNames does not say which Azure resource the managed identity is";
  return reader.unasked(
    calls.identityCredentials,
    client,
    new RefusedCall(calls.servicePrincipal, 200, "", message),
  );
}
