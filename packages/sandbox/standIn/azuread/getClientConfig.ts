import { lookup } from "./lookup";

/** `azuread.getClientConfig`: who is deploying. Sends nothing. */
export const azureadClientConfigLookup = lookup(
  "azuread:index/getClientConfig:getClientConfig",
  (_context, _args, { tenantId, clientId, claims: { objectId } }) =>
    Promise.resolve({ id: `${tenantId}-${clientId}-${objectId}`, tenantId, clientId, objectId }),
);
