import type * as Authorization from "@pulumi/azure-native/authorization";
import type * as KeyVault from "@pulumi/azure-native/keyvault";
import type * as Azuread from "@pulumi/azuread";
import type * as Pulumi from "@pulumi/pulumi";

/*
 * Pulumi's SDKs, loaded when something of them is first used, which takes a second. Each child has one file, its schema and its
 * declaration side by side; whoever only reads a configuration by those schemas, as `dicom-service-client/model` does, waits for nothing.
 */

function lazily<Module extends object>(load: () => unknown): Module {
  return new Proxy({} as Module, { get: (_, key): unknown => Reflect.get(load() as Module, key) });
}

/* oxlint-disable typescript/no-require-imports -- an import would load them at once */
export const pulumi = lazily<typeof Pulumi>(() => require("@pulumi/pulumi"));
export const azuread = lazily<typeof Azuread>(() => require("@pulumi/azuread"));
export const authorization = lazily<typeof Authorization>(() =>
  require("@pulumi/azure-native/authorization"),
);
export const keyvault = lazily<typeof KeyVault>(() => require("@pulumi/azure-native/keyvault"));
