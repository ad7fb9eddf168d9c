import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import { componentType } from "../childNames";
import type { SecretVault } from "../clientArgs";
import {
  type DeletedSecretState,
  deletedVaultSecretProblem,
  missingVaultProblem,
  vaultElsewhereProblem,
  type VaultPlace,
} from "../vaultProblems";
import { parseVaultId } from "../vaultSecret";
import { isNotFound, reasonOf } from "./azureAnswers";

/** Milliseconds to wait for a vault, which a firewall may hide. What it does not answer is explained when it refuses. */
const vaultTimeout = 3_000;

/**
 * What Azure would refuse about the vaults of clients after the rest of the client was made: that they lie in another
 * subscription, do not exist, or keep a deleted secret of the name. What may not be read is taken for right.
 */
export async function vaultObstacles(
  vaults: Readonly<Record<string, SecretVault | undefined>>,
): Promise<string[]> {
  const read = Object.entries(vaults).flatMap(([client, vault]): VaultPlace[] => {
    const id = vault && parseVaultId(vault.id);
    return id ? [{ ...id, client, secretName: vault.secretName }] : [];
  });
  if (read.length === 0) {
    return [];
  }
  const { subscriptionId } = await authorization.getClientConfig();
  return (await Promise.all(read.map((vault) => obstaclesOf(vault, subscriptionId)))).flat();
}

async function obstaclesOf(vault: VaultPlace, subscriptionId: string): Promise<string[]> {
  const { resourceGroup, vaultName } = vault;
  if (vault.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase()) {
    return vaultElsewhereProblem(vault, subscriptionId, pulumi.getStack());
  }
  try {
    const { properties } = await keyvault.getVault({ resourceGroupName: resourceGroup, vaultName });
    return await deletedSecretObstacles(vault, properties.vaultUri ?? "");
  } catch (error) {
    return isNotFound(error) ? missingVaultProblem(vault, reasonOf(error)) : [];
  }
}

async function deletedSecretObstacles(vault: VaultPlace, vaultUri: string): Promise<string[]> {
  const { client, resourceGroup, vaultName, secretName } = vault;
  try {
    await keyvault.getSecret({ resourceGroupName: resourceGroup, vaultName, secretName });
    return [];
  } catch (error) {
    const deleted = isNotFound(error) ? await deletedSecret(vaultUri, secretName) : undefined;
    return deleted === undefined
      ? []
      : deletedVaultSecretProblem(
          vault,
          `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${componentType}::${client}`,
          deleted,
        );
  }
}

/** Asks the vault itself, as only it knows of deleted secrets. */
async function deletedSecret(vaultUri: string, secretName: string): Promise<DeletedSecretState | undefined> {
  try {
    const { token } = await authorization.getClientToken({ endpoint: vaultAudience(vaultUri) });
    const url = `${vaultUri.replace(/\/+$/, "")}/deletedsecrets/${encodeURIComponent(secretName)}?api-version=7.4`;
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(vaultTimeout),
    });
    const body = (await answer.json()) as DeletedSecretState;
    return answer.status === 200 ? body : undefined;
  } catch {
    return undefined;
  }
}

/** What tokens for vaults are asked for in the vault's cloud: its host without the vault's name. */
function vaultAudience(vaultUri: string): string {
  const domain = /^[^.]+\.(vault\.[a-z.]+)$/.exec(new URL(vaultUri).hostname)?.[1];
  return `https://${domain ?? "vault.azure.net"}`;
}
