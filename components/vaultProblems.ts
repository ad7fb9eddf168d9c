import { childName } from "./childNames";
import { deletedSecretCure } from "./failedCreation";
import { formatPath } from "./problem";
import { vaultSecretKey, type VaultId } from "./vaultSecret";

/** A client's secret in a key vault. */
export interface VaultPlace extends VaultId {
  readonly client: string;
  readonly secretName: string;
}

/**
 * The vault lies where the provider does not work: lines for people, of which the first begins with the key.
 *
 * @param stack name of the stack that the provider is configured for
 */
export function vaultElsewhereProblem(
  place: VaultPlace,
  providerSubscription: string,
  stack: string,
): string[] {
  return [
    `${keyOf(place, "id")}: the key vault is in the subscription ${place.subscriptionId}, but the azure-native provider works in ${providerSubscription}. Name a vault in that subscription, or let the provider work in the other one:`,
    `  pulumi config set azure-native:subscriptionId ${place.subscriptionId} --stack ${stack}`,
  ];
}

/**
 * There is no such vault.
 *
 * @param reason what Azure says, if there is anything to show
 */
export function missingVaultProblem(place: VaultPlace, reason?: string): string[] {
  const said = reason === undefined ? "" : ` (${reason})`;
  return [
    `${keyOf(place, "id")}: there is no key vault ${place.vaultName} in the resource group ${place.resourceGroup}${said}. To list the existing vaults:`,
    `  az keyvault list --subscription ${place.subscriptionId} --query "[].id"`,
  ];
}

/** What of a deleted secret, as the vault shows it, decides whether it can be purged. */
export interface DeletedSecretState {
  readonly attributes?: { readonly recoveryLevel?: string | undefined } | undefined;
  /** Seconds since 1970. */
  readonly scheduledPurgeDate?: number | undefined;
}

/**
 * A deleted secret keeps the name. With a recovery level that does not contain "Purgeable", only the vault itself purges it. Source:
 * https://learn.microsoft.com/rest/api/keyvault/secrets/get-deleted-secret/get-deleted-secret
 *
 * @param component URN of the client's component
 */
export function deletedVaultSecretProblem(
  place: VaultPlace,
  component: string,
  { attributes, scheduledPurgeDate }: DeletedSecretState,
): string[] {
  const { client, vaultName, secretName } = place;
  const isKept = attributes?.recoveryLevel?.includes("Purgeable") === false;
  return [
    `${keyOf(place, "secretName")}: the key vault ${vaultName} holds a deleted secret ${secretName}, and reserves its name until the secret is purged.`,
    ...deletedSecretCure({
      vaultName,
      secretName,
      resource: childName(client, "vaultSecret", vaultSecretKey(place, secretName)),
      component,
      ...(isKept && scheduledPurgeDate !== undefined
        ? { keptUntil: new Date(scheduledPurgeDate * 1000).toISOString().slice(0, 10) }
        : {}),
    }),
  ];
}

function keyOf({ client }: VaultPlace, key: string): string {
  return formatPath(["clients", client, "vault", key]);
}
