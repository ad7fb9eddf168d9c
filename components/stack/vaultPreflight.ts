import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import { childName, componentType } from "../childNames";
import type { SecretVault } from "../clientArgs";
import { deletedSecretCure } from "../failedCreation";
import { formatPath } from "../problem";
import { parseVaultId, vaultSecretKey, type VaultId } from "../vaultSecret";
import { isNotFound, reasonOf } from "./azureAnswers";

/** A client's vault, and what is wrong with it. */
interface ClientVault extends VaultId {
  readonly client: string;
  readonly secretName: string;
}

/** Milliseconds to wait for a vault, which a firewall may hide. What it does not answer is explained when it refuses. */
const vaultTimeout = 3_000;

/**
 * What Azure would refuse about the vaults of clients after the rest of the client was made: that they lie in another
 * subscription, do not exist, or keep a deleted secret of the name. What may not be read is taken for right.
 */
export async function vaultObstacles(
  vaults: Readonly<Record<string, SecretVault | undefined>>,
): Promise<string[]> {
  const read = Object.entries(vaults).flatMap(([client, vault]): ClientVault[] => {
    const id = vault && parseVaultId(vault.id);
    return id ? [{ ...id, client, secretName: vault.secretName }] : [];
  });
  if (read.length === 0) {
    return [];
  }
  const { subscriptionId } = await authorization.getClientConfig();
  return (await Promise.all(read.map((vault) => obstaclesOf(vault, subscriptionId)))).flat();
}

async function obstaclesOf(vault: ClientVault, subscriptionId: string): Promise<string[]> {
  const { client, resourceGroup, vaultName } = vault;
  const path = formatPath(["clients", client, "vault", "id"]);
  if (vault.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase()) {
    return [
      `${path}: the key vault is in the subscription ${vault.subscriptionId}, but the azure-native provider works in ${subscriptionId}. Set azure-native:subscriptionId, or name a vault in that subscription.`,
    ];
  }
  try {
    const { properties } = await keyvault.getVault({ resourceGroupName: resourceGroup, vaultName });
    return await deletedSecretObstacles(vault, properties.vaultUri ?? "");
  } catch (error) {
    return isNotFound(error)
      ? [
          `${path}: there is no key vault ${vaultName} in the resource group ${resourceGroup} (${reasonOf(error)}). To list the existing vaults:`,
          `  az keyvault list --subscription ${subscriptionId} --query "[].id"`,
        ]
      : [];
  }
}

async function deletedSecretObstacles(vault: ClientVault, vaultUri: string): Promise<string[]> {
  const { client, resourceGroup, vaultName, secretName } = vault;
  try {
    await keyvault.getSecret({ resourceGroupName: resourceGroup, vaultName, secretName });
    return [];
  } catch (error) {
    if (!isNotFound(error) || !(await isDeleted(vaultUri, secretName))) {
      return [];
    }
  }
  return [
    `${formatPath(["clients", client, "vault", "secretName"])}: the key vault ${vaultName} holds a deleted secret ${secretName}, and reserves its name until the secret is purged.`,
    ...deletedSecretCure({
      vaultName,
      secretName,
      resource: childName(client, "vaultSecret", vaultSecretKey(vault, secretName)),
      component: `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${componentType}::${client}`,
    }),
  ];
}

/** Asks the vault itself, as only it knows of deleted secrets. */
async function isDeleted(vaultUri: string, secretName: string): Promise<boolean> {
  try {
    const { token } = await authorization.getClientToken({ endpoint: vaultAudience(vaultUri) });
    const url = `${vaultUri.replace(/\/+$/, "")}/deletedsecrets/${encodeURIComponent(secretName)}?api-version=7.4`;
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(vaultTimeout),
    });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** What tokens for vaults are asked for in the vault's cloud: its host without the vault's name. */
function vaultAudience(vaultUri: string): string {
  const domain = /^[^.]+\.(vault\.[a-z.]+)$/.exec(new URL(vaultUri).hostname)?.[1];
  return `https://${domain ?? "vault.azure.net"}`;
}
