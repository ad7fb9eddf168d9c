import { randomUUID } from "node:crypto";
import type { Directory } from "../state/directory";
import type { ResourceProviderRecord } from "../state/records";
import { servicePrincipalByAppId } from "./directoryObjects";
import { type FirstPartyApplication, firstPartyApplications } from "./firstPartyApplications";
import { systemServicePrincipal } from "./servicePrincipals";

/** Resource types of each provider as far as the tenant has them, with the newest versions of the API that it takes. */
export const resourceTypes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "Microsoft.HealthcareApis": {
    workspaces: ["2024-03-31", "2023-11-01"],
    "workspaces/dicomservices": ["2024-03-31", "2023-11-01"],
  },
  "Microsoft.KeyVault": {
    vaults: ["2024-11-01", "2023-07-01"],
    "vaults/secrets": ["2024-11-01", "2023-07-01"],
  },
  "Microsoft.ManagedIdentity": {
    userAssignedIdentities: ["2023-01-31"],
    "userAssignedIdentities/federatedIdentityCredentials": ["2025-01-31-preview", "2023-01-31"],
  },
  "Microsoft.Authorization": {
    roleAssignments: ["2022-04-01"],
    roleDefinitions: ["2022-04-01"],
  },
};

export function resourceProvider(
  directory: Directory,
  namespace: string,
): ResourceProviderRecord | undefined {
  return directory.resourceProviders
    .all()
    .find((provider) => provider.id.toLowerCase() === namespace.toLowerCase());
}

/** Registers a provider in the subscription, which brings the provider's service principals into the tenant. */
export function registerResourceProvider(
  directory: Directory,
  provider: ResourceProviderRecord,
  context: { readonly now: Date },
): void {
  directory.resourceProviders.put({ ...provider, registrationState: "Registered" });
  addFirstPartyPrincipals(directory, provider.id, context.now, () => randomUUID());
}

/**
 * Puts the service principals that a provider brings, or the ones that every tenant has, where they are missing.
 * @param namespace of the provider; null for those of every tenant
 */
export function addFirstPartyPrincipals(
  directory: Directory,
  namespace: string | null,
  now: Date,
  idOf: (application: FirstPartyApplication) => string,
): void {
  firstPartyApplications
    .filter((application) => application.resourceProvider === namespace)
    .filter((application) => servicePrincipalByAppId(directory, application.appId) === undefined)
    .forEach((application) => {
      const { appId, published } = application;
      directory.servicePrincipals.put(systemServicePrincipal(idOf(application), appId, published, now));
    });
}
