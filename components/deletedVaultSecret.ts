/** A vault secret that cannot be created, because a deleted one has its name. */
export interface DeletedVaultSecret {
  readonly vaultName: string;
  readonly secretName: string;
  /** Name of the resource. */
  readonly resource: string;
  /** URN of the client's component. */
  readonly component: string;
}

/**
 * The ways on from a deleted secret. Recovering it alone is not enough: the provider refuses to create what exists. Source:
 * https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
 */
export function deletedSecretCure(secret: DeletedVaultSecret): string[] {
  const named = `--vault-name ${secret.vaultName} --name ${secret.secretName}`;
  return [
    "To keep using it, recover it and import it into this stack. If the client has not been deployed yet, run pulumi up without its vault first. Then",
    `  az keyvault secret recover ${named}`,
    `  pulumi import azure-native:keyvault:Secret ${secret.resource} "$(az keyvault show --name ${secret.vaultName} --query id --output tsv)/secrets/${secret.secretName}" --parent component=${secret.component} --protect=false`,
    "and run pulumi up with the vault. Or choose another vault.secretName. Or, if nobody needs its former values, purge it, which cannot be undone:",
    `  az keyvault secret purge ${named}`,
  ];
}
