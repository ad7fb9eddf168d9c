import { isGuid, outsideFacts, parseVaultId } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { OperationError } from "../operationError";
import type { DeclaredClient } from "../project/declaration";

/** What a consumer of a client needs. No secret is in it. */
export interface ConsumerSettings {
  /** The client's name in the stack. */
  readonly client: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Base address of the token endpoint, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Whether client libraries know the authority by themselves, because it is one of Microsoft's. */
  readonly isKnownAuthority: boolean;
  readonly tokenUrl: string;
  readonly scope: string;
  /** Where the studies are, such as `https://….dicom.azurehealthcareapis.com/v2`; in a data partition, with that. No slash at the end. */
  readonly dicomwebUrl: string;
  /** How the consumer signs in. */
  readonly credential: ConsumerCredential;
}

/**
 * How a consumer signs in:
 * - `vault`: with a secret that it reads from a key vault;
 * - `output`: with a secret that is among the stack's outputs only, so that somebody has to hand it over;
 * - `federated`: with a token of its own platform;
 * - `certificate`: with the private key that it keeps;
 * - `identity`: as a managed identity, for which Azure hands out tokens where it runs.
 */
export type ConsumerCredential =
  | {
      readonly kind: "vault";
      readonly vaultUrl: string;
      /** Scope of tokens for the vault. */
      readonly vaultScope: string;
      readonly secretName: string;
    }
  | { readonly kind: "output"; readonly command: string }
  | { readonly kind: "federated"; readonly subjects: readonly string[] }
  | { readonly kind: "certificate"; readonly names: readonly string[] }
  | { readonly kind: "identity" };

/** Domains of key vaults, by the scope of tokens for them. */
const vaultDomains: Readonly<Record<string, string>> = Object.fromEntries(
  [outsideFacts.publicVault, outsideFacts.governmentVault, outsideFacts.chinaVault].map(({ value }) => [
    `${value}/.default`,
    new URL(value).host,
  ]),
);

/**
 * What the consumers of a client need, from what was deployed. No request is made to a cloud of Microsoft's; any other one is asked
 * for the address of the key vault.
 *
 * @throws OperationError when the client cannot be used yet
 */
export async function consumerSettings(
  client: DeclaredClient,
  cloud: CloudClient,
  stack: string,
): Promise<ConsumerSettings> {
  const { name, config, deployed } = client;
  const { clientId, tenantId, tokenUrl, audience, dicomServiceUrls } = deployed ?? {};
  const serviceUrl = dicomServiceUrls?.[0]?.replace(/\/+$/, "");
  const partition = config?.access?.find(({ dicomService }) => dicomService !== undefined)?.partition;
  if (
    clientId === undefined ||
    tenantId === undefined ||
    tokenUrl === undefined ||
    audience === undefined ||
    !isGuid(clientId) ||
    !isGuid(tenantId)
  ) {
    throw new OperationError(`The client ${name} has not been deployed yet.`, {
      cure: `Run pulumi up --stack ${stack}.`,
    });
  }
  if (serviceUrl === undefined) {
    throw new OperationError(`The client ${name} has no access to a DICOM service.`, {
      cause: "Its access names only workspaces, or nothing, so the address of a service is not known.",
      cure: "Name a DICOM service under access, and deploy.",
    });
  }
  for (const address of [serviceUrl, tokenUrl, audience]) {
    if (!/^https:\/\/[\w.:/-]+$/.test(address)) {
      throw new OperationError(`An address of the client ${name} is not a URL: ${JSON.stringify(address)}.`, {
        cure: `Run pulumi up --stack ${stack}, so that the state contains what was deployed.`,
      });
    }
  }
  return {
    client: name,
    tenantId,
    clientId,
    authority: cloud.endpoints.login,
    isKnownAuthority: !cloud.endpoints.isCustom,
    tokenUrl,
    scope: `${audience.replace(/\/+$/, "")}/.default`,
    dicomwebUrl: `${serviceUrl}/v2${partition === undefined ? "" : `/partitions/${partition}`}`,
    credential: await credentialOf(client, cloud, stack),
  };
}

async function credentialOf(
  { name, config, deployed }: DeclaredClient,
  cloud: CloudClient,
  stack: string,
): Promise<ConsumerCredential> {
  if (deployed?.isManagedIdentity) return { kind: "identity" };
  if (config?.secret && config.vault) {
    const { id, secretName } = config.vault;
    const vaultName = parseVaultId(id)?.vaultName ?? "";
    return {
      kind: "vault",
      vaultUrl: await vaultUrlOf(id, vaultName, cloud),
      vaultScope: cloud.endpoints.vaultScope,
      secretName,
    };
  }
  if (config?.secret) {
    return {
      kind: "output",
      command: `pulumi stack output clientSecrets --show-secrets --json --stack ${stack} | jq --raw-output '."${name}".current'`,
    };
  }
  // Of what the client trusts, however it is declared.
  const trusted = deployed?.federatedCredentials ?? [];
  if (trusted.length > 0) {
    return { kind: "federated", subjects: trusted.flatMap(({ subject }) => subject || []) };
  }
  const names = (config?.certificates ?? []).map((certificate) => certificate.name);
  if (names.length > 0) return { kind: "certificate", names };
  throw new OperationError(`The client ${name} has no credential to sign in with.`, {
    cure: "Give it secret, certificates or federatedCredentials, and deploy.",
  });
}

async function vaultUrlOf(id: string, name: string, cloud: CloudClient): Promise<string> {
  const domain = cloud.endpoints.isCustom ? undefined : vaultDomains[cloud.endpoints.vaultScope];
  if (domain !== undefined) return `https://${name}.${domain}`;
  const found = (await cloud.read(calls.vault, { vaultId: id })) as { properties?: { vaultUri?: string } };
  return (found.properties?.vaultUri ?? "").replace(/\/+$/, "");
}
