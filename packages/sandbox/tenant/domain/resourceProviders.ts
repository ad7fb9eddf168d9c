import type { IdSource } from "../core/ids";
import type { Directory } from "../state/directory";
import type { ResourceProviderRecord } from "../state/records";
import { servicePrincipalByAppId } from "./directoryObjects";
import { firstPartyApplications, type FirstPartyApplication } from "./firstPartyApplications";
import { toWholeSecond } from "./instants";
import { defaultServicePrincipalProperties } from "./servicePrincipals";

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
  context: { readonly now: Date; readonly ids: IdSource },
): void {
  directory.resourceProviders.put({ ...provider, registrationState: "Registered" });
  addFirstPartyPrincipals(directory, provider.id, context.now, () => context.ids.guid());
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
      directory.servicePrincipals.put({
        id: idOf(application),
        appId: application.appId,
        createdDateTime: toWholeSecond(now),
        createdBy: null,
        properties: defaultServicePrincipalProperties,
        ownerIds: [],
        passwords: [],
        keys: [],
        published: application.published,
      });
    });
}
