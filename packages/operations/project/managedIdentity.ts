import type { ClientConfig } from "dicom-service-client/model";
import type { DeclaredClient } from "./declaration";
import type { DeployedClient } from "./deployedClient";

/** Whether a client is a managed identity that has its roles itself: as it was deployed, and before that as it is configured. */
export function isManagedIdentity({
  config,
  deployed,
}: Pick<DeclaredClient, "config" | "deployed">): boolean {
  return deployed?.isManagedIdentity ?? config?.application === "none";
}

/** The name that the configuration gives an application; undefined where there is none. */
export function applicationName(config: ClientConfig | undefined): string | undefined {
  return config?.application === "none" ? undefined : config?.displayName;
}

/** A client as it was deployed, with what the configuration knows of its identity where the state does not say what it is. */
export function withConfiguredIdentity(
  deployed: DeployedClient,
  config: ClientConfig | undefined,
): DeployedClient {
  const identity = config?.runsOn?.managedIdentity;
  const isOther = deployed.application !== undefined || deployed.servicePrincipal !== undefined;
  return identity === undefined || isOther || deployed.isManagedIdentity
    ? deployed
    : {
        ...deployed,
        isManagedIdentity: true,
        lastKnown: {
          clientId: identity.clientId,
          servicePrincipalId: identity.principalId,
          ...deployed.lastKnown,
        },
      };
}
