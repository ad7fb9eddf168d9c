import type { Secret } from "@pulumi/azure-native/keyvault";
import type { Application } from "@pulumi/azuread";
import { z } from "zod";
import { quote } from "./argumentTypes";
import { childOptions, type ClientParts } from "./child";
import { childName } from "./childNames";
import { assertStandsFor, formerly, spelledFreely } from "./sameObject";
import { keyvault, pulumi } from "./sdk";
import { defaultLifetimeDays, endsAtOf } from "./secretSchedule";
import type { DeclaredSecrets } from "./secrets";

/** How the resource id of a key vault looks, for messages. */
const vaultIdForm =
  "/subscriptions/<subscription id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<vault>";

const secretVault = z
  .strictObject({
    id: z
      .string()
      .refine((id) => parseVaultId(id) !== undefined, {
        error: ({ input }) =>
          `${quote(input)} is not the resource id of a key vault; write it as ${vaultIdForm}`,
      })
      .meta({
        description:
          "Resource id of the key vault. It must lie in the subscription that the azure-native provider works in.",
        examples: ["/subscriptions/…/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv"],
      }),
    secretName: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,127}$/, {
        error: "the name of a Key Vault secret has 1 to 127 letters, digits and hyphens",
      })
      .meta({
        description: "Name of the Key Vault secret: 1 to 127 letters, digits and hyphens.",
        examples: ["imaging-gateway-dicom"],
      }),
    export: z.boolean().exactOptional().meta({
      description: "Whether the value also stays among the stack's outputs.",
      default: true,
    }),
  })
  .meta({
    id: "SecretVault",
    description: "A Key Vault secret that holds the client's current secret, for consumers to read.",
  });

/** The argument about the Key Vault secret. */
export const vaultFields = {
  vault: secretVault.exactOptional().meta({
    description: "Key vault that the current secret is written to.",
    absent: "the secret is in the stack's outputs only",
    examples: [{ id: "/subscriptions/…/vaults/kv-imaging", secretName: "imaging-gateway-dicom" }],
    source: "https://github.com/Azure/KeyVault-Secrets-Rotation-AADApp-PowerShell (tags and expiry)",
  }),
};

/** The parts of a key vault's resource id. */
export interface VaultId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly vaultName: string;
}

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
const contentType = "Client secret of an Entra application for the DICOM service";

/**
 * Writes the current secret into a key vault. A rotation adds a version; the version before stays readable for consumers that
 * still use it. Writing it takes rights on the vault's management (Contributor), deleting it the role Key Vault Secrets Officer,
 * because the provider deletes it at the vault itself.
 */
export function declareVaultSecret(
  client: ClientParts,
  application: Application,
  secrets: DeclaredSecrets | undefined,
): Secret | undefined {
  const { vault, secret: schedule } = client.settings;
  const id = vault && parseVaultId(vault.id);
  if (!id || !schedule || !secrets) {
    return undefined;
  }
  const { plan, current } = secrets;
  const { secretName } = vault;
  const name = childName(client.name, "vaultSecret", vaultSecretKey(id, secretName));
  const formerName = childName(client.name, "vaultSecret");
  const secret = new keyvault.Secret(
    name,
    {
      resourceGroupName: id.resourceGroup,
      vaultName: id.vaultName,
      secretName,
      properties: {
        value: pulumi.secret(current.value),
        contentType,
        attributes: { enabled: true, expires: endsAtOf(plan.current) },
      },
      // By these tags Microsoft's rotation function finds its way from a Key Vault secret to the application. Source:
      // https://github.com/Azure/KeyVault-Secrets-Rotation-AADApp-PowerShell
      tags: {
        ValidityPeriodDays: String(schedule.lifetimeDays ?? defaultLifetimeDays),
        CredentialId: current.keyId,
        ProviderAddress: application.objectId,
      },
    },
    {
      ...childOptions(client, "vaultSecret", name),
      ...formerly(name, formerName),
      ...spelledFreely("resourceGroupName", "vaultName", "secretName"),
    },
  );
  const path = `/vaults/${id.vaultName}/secrets/${secretName}`;
  assertStandsFor(
    secret,
    formerName,
    secret.id,
    (actual) => !actual.includes("/secrets/") || actual.toLowerCase().endsWith(path.toLowerCase()),
    `the secret ${path}`,
  );
  return secret;
}
