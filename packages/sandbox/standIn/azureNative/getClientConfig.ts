import type { CoveredFunction } from "../server/plugin";
import type { AzureNativeSession } from "./azureNativeSession";

/** `azure-native:authorization:getClientConfig`: who is deploying, read out of a token for Microsoft Graph. */
export const azureNativeClientConfigLookup: CoveredFunction<AzureNativeSession> = {
  token: "azure-native:authorization:getClientConfig",
  async run(_args, session, signal) {
    const claims = await session.tokens(session.cloud.microsoftGraph).claims(signal);
    return {
      clientId: claims.clientId || session.clientId,
      objectId: claims.objectId,
      subscriptionId: session.subscriptionId,
      tenantId: claims.tenantId || session.tenantId,
    };
  },
};
