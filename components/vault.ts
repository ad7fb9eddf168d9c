/** A Key Vault secret that holds the client's current secret, for consumers to read. */
export interface SecretVault {
  /**
   * Resource id of the key vault, such as `/subscriptions/…/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv`.
   * It must lie in the subscription that the azure-native provider works in.
   */
  id: string;
  /** Name of the Key Vault secret: 1 to 127 letters, digits and hyphens. Example: `imaging-gateway-dicom`. */
  secretName: string;
  /** Whether the value also stays among the stack's outputs. Default `true`. */
  export?: boolean;
}

/** The parts of a key vault's resource id. */
export interface VaultId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly vaultName: string;
}

/** How the resource id of a key vault looks, for messages. */
export const vaultIdForm =
  "/subscriptions/<subscription id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<vault>";

const vaultPattern =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/]+)\/providers\/Microsoft\.KeyVault\/vaults\/([A-Za-z0-9-]{3,24})\/?$/i;

/** Reads the resource id of a key vault. Undefined when it is none. */
export function parseVaultId(id: string): VaultId | undefined {
  const match = vaultPattern.exec(id);
  const [subscriptionId, resourceGroup, vaultName] = [match?.[1], match?.[2], match?.[3]];
  return subscriptionId === undefined || resourceGroup === undefined || vaultName === undefined
    ? undefined
    : { subscriptionId, resourceGroup, vaultName };
}

/** Part of the name of the child that stands for a Key Vault secret. Names of vaults are unique in a cloud. */
export function vaultSecretKey({ vaultName }: VaultId, secretName: string): string {
  return `${vaultName}.${secretName}`.toLowerCase();
}

/** What kind of text the Key Vault secret holds, for people who look at it. */
export const vaultContentType = "Client secret of an Entra application for the DICOM service";

/**
 * The tags by which Microsoft's rotation function finds its way from a Key Vault secret to the application.
 * Source: https://github.com/Azure/KeyVault-Secrets-Rotation-AADApp-PowerShell
 */
export function vaultTags(
  lifetimeDays: number,
  keyId: string,
  applicationObjectId: string,
): Record<string, string> {
  return {
    ValidityPeriodDays: String(lifetimeDays),
    CredentialId: keyId,
    ProviderAddress: applicationObjectId,
  };
}
