import { createRequire } from "node:module";
import type * as Authorization from "@pulumi/azure-native/authorization";
import type * as KeyVault from "@pulumi/azure-native/keyvault";
import type * as Azuread from "@pulumi/azuread";
import type * as Pulumi from "@pulumi/pulumi";

/*
 * Pulumi's SDKs, loaded when something of them is first used, which takes a second. Each child has one file, its schema and its
 * declaration side by side; whoever only reads a configuration by those schemas, as `dicom-service-client/model` does, waits for nothing.
 */

const load = createRequire(__filename);

function lazily<Module extends object>(name: string): Module {
  return new Proxy({} as Module, { get: (_, key): unknown => Reflect.get(load(name) as Module, key) });
}

export const pulumi = lazily<typeof Pulumi>("@pulumi/pulumi");
export const azuread = lazily<typeof Azuread>("@pulumi/azuread");
export const authorization = lazily<typeof Authorization>("@pulumi/azure-native/authorization");
export const keyvault = lazily<typeof KeyVault>("@pulumi/azure-native/keyvault");
