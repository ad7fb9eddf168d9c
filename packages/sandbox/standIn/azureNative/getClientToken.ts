import type { CoveredFunction } from "../server/plugin";
import { textOf } from "../server/propertyValue";
import type { AzureNativeSession } from "./azureNativeSession";

/** `azure-native:authorization:getClientToken`: a token of the identity that deploys, for Resource Manager unless another is named. */
export const clientTokenLookup: CoveredFunction<AzureNativeSession> = {
  token: "azure-native:authorization:getClientToken",
  async run(args, session, signal) {
    const resource = textOf(args["endpoint"] ?? session.cloud.resourceManagerAudience);
    return { token: await session.tokens(resource).get(signal) };
  },
};
