import { param, type Input } from "../../core/request";
import { decodePath } from "../../core/router";
import { Refusal } from "../../core/refusal";
import * as s from "../../core/bodySchema";
import { checkScope } from "../../domain/azureScopes";
import { addVaultSecretVersion, getVaultSecret, vaultSecretVersion } from "../../domain/vaultSecrets";
import type { Directory } from "../../state/directory";
import type { VaultSecretRecord } from "../../state/records";
import { vaultUri } from "../dataPlaneAddresses";
import type { Services } from "../services";
import { readArmBody } from "./armBody";
import type { ArmOperation } from "./armOperation";
import { armAnswer } from "./armRenderer";

const secrets =
  "/subscriptions/{subscriptionId}/resourceGroups/{groupName}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets";

const secretSchema = s.object(
  {
    properties: s.object({
      value: s.text,
      contentType: s.nullableText,
      attributes: s.object({ enabled: s.flag(true), nbf: s.nullableInteger, exp: s.nullableInteger }),
    }),
    tags: s.textMap,
  },
  ["properties"],
);

/** Secrets of a key vault through Resource Manager, which takes values and never gives them back. */
export function vaultSecretOperations(services: Services): readonly ArmOperation[] {
  const vaultIdOf = (directory: Directory, input: Input): string => {
    const vaultId = decodePath(input.path).replace(/\/secrets(\/.*)?$/i, "");
    checkScope(directory, vaultId, services.profile.subscriptionId);
    return vaultId;
  };
  const view = (directory: Directory, input: Input, secret: VaultSecretRecord): object => {
    const version = vaultSecretVersion(secret, undefined);
    const uri = `${vaultUri(input.base, param(input, "vaultName").toLowerCase())}secrets/${secret.name}`;
    return {
      id: `${vaultIdOf(directory, input)}/secrets/${secret.name}`,
      name: secret.name,
      type: "Microsoft.KeyVault/vaults/secrets",
      location: directory.resources.get(secret.vaultId)?.location,
      tags: version.tags,
      properties: {
        ...(version.contentType === null ? {} : { contentType: version.contentType }),
        attributes: {
          enabled: version.enabled,
          ...(version.notBefore === null ? {} : { nbf: version.notBefore }),
          ...(version.expires === null ? {} : { exp: version.expires }),
          created: version.created,
          updated: version.updated,
        },
        secretUri: uri,
        secretUriWithVersion: `${uri}/${version.version}`,
      },
    };
  };
  return [
    {
      id: "arm.vaultSecrets.get",
      method: "GET",
      path: `${secrets}/{secretName}`,
      access: { action: "Microsoft.KeyVault/vaults/secrets/read" },
      handle(directory, input) {
        const vaultId = vaultIdOf(directory, input).toLowerCase();
        const secret = getVaultSecret(directory, vaultId, param(input, "secretName"));
        return armAnswer(input, 200, view(directory, input, secret));
      },
    },
    {
      id: "arm.vaultSecrets.put",
      method: "PUT",
      path: `${secrets}/{secretName}`,
      access: { action: "Microsoft.KeyVault/vaults/secrets/write" },
      conceals: ["value"],
      handle(directory, input) {
        const vaultId = vaultIdOf(directory, input).toLowerCase();
        const { properties, tags } = readArmBody(input, secretSchema);
        const { secret, created } = addVaultSecretVersion(
          directory,
          vaultId,
          param(input, "secretName"),
          {
            sealedValue: services.encryption.encrypt(properties.value),
            contentType: properties.contentType,
            enabled: properties.attributes.enabled,
            notBefore: properties.attributes.nbf,
            expires: properties.attributes.exp,
            tags,
          },
          { now: input.now },
        );
        return armAnswer(input, created ? 201 : 200, view(directory, input, secret));
      },
    },
    {
      id: "arm.vaultSecrets.delete",
      method: "DELETE",
      path: `${secrets}/{secretName}`,
      access: { action: "Microsoft.KeyVault/vaults/secrets/delete" },
      effect: "read",
      handle() {
        // only the vault itself can do that
        throw new Refusal({
          kind: "badRequest",
          code: "DisallowedResourceOperation",
          message: "The operation 'delete' on resource type 'vaults/secrets' is disallowed.",
        });
      },
    },
  ];
}
