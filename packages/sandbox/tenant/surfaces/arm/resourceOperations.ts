import { type Input, param } from "../../core/request";
import { decodePath } from "../../core/router";
import { Refusal } from "../../core/refusal";
import { checkScope, armResourceNotFound } from "../../domain/azureScopes";
import { registerResourceProvider, resourceProvider, resourceTypes } from "../../domain/resourceProviders";
import type { Directory } from "../../state/directory";
import type { ResourceProviderRecord, ResourceRecord } from "../../state/records";
import type { Services } from "../services";
import * as s from "../../core/bodySchema";
import { readArmBody } from "./armBody";
import { resourceListOperations } from "./resourceListOperations";
import type { ArmOperation } from "./armOperation";
import { armAnswer } from "./armRenderer";
import { resourceView } from "./resourceView";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{groupName}";
const health = `${group}/providers/Microsoft.HealthcareApis/workspaces`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`;

/** The subscription, its resource providers, and the resources in it. */
export function resourceOperations(services: Services): readonly ArmOperation[] {
  const { profile } = services;
  const checkSubscription = (directory: Directory, input: Input): void => {
    checkScope(directory, `/subscriptions/${param(input, "subscriptionId")}`, profile.subscriptionId);
  };
  const subscription = {
    id: `/subscriptions/${profile.subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId: profile.subscriptionId,
    tenantId: profile.tenantId,
    displayName: profile.subscriptionName,
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "Internal_2014-09-01",
      spendingLimit: "Off",
    },
  };
  const get = (id: string, path: string, action: string): ArmOperation => ({
    id,
    method: "GET",
    path,
    access: { action },
    handle(directory, input) {
      checkSubscription(directory, input);
      return armAnswer(input, 200, resourceView(getResource(directory, input, services), input, profile));
    },
  });
  return [
    {
      id: "arm.subscriptions.list",
      method: "GET",
      path: "/subscriptions",
      access: { action: null },
      handle: (_directory, input) =>
        armAnswer(input, 200, { value: [subscription], count: { type: "Total", value: 1 } }),
    },
    {
      id: "arm.subscriptions.get",
      method: "GET",
      path: "/subscriptions/{subscriptionId}",
      access: { action: "Microsoft.Resources/subscriptions/read" },
      handle(directory, input) {
        checkSubscription(directory, input);
        return armAnswer(input, 200, subscription);
      },
    },
    {
      id: "arm.providers.get",
      method: "GET",
      path: "/subscriptions/{subscriptionId}/providers/{namespace}",
      access: { action: "Microsoft.Resources/subscriptions/providers/read" },
      handle(directory, input) {
        checkSubscription(directory, input);
        return armAnswer(input, 200, providerView(getProvider(directory, input), profile.subscriptionId));
      },
    },
    {
      id: "arm.providers.register",
      method: "POST",
      path: "/subscriptions/{subscriptionId}/providers/{namespace}/register",
      access: { action: "Microsoft.Resources/subscriptions/providers/register/action" },
      handle(directory, input) {
        checkSubscription(directory, input);
        const provider = getProvider(directory, input);
        registerResourceProvider(directory, provider, { now: input.now });
        const registrationState = provider.registrationState === "Registered" ? "Registered" : "Registering";
        return armAnswer(
          input,
          200,
          providerView({ ...provider, registrationState }, profile.subscriptionId),
        );
      },
    },
    ...resourceListOperations(services),
    get("arm.resourceGroups.get", group, "Microsoft.Resources/subscriptions/resourceGroups/read"),
    get("arm.workspaces.get", `${health}/{workspaceName}`, "Microsoft.HealthcareApis/workspaces/read"),
    {
      id: "arm.dicomServices.list",
      method: "GET",
      path: `${health}/{workspaceName}/dicomservices`,
      access: { action: "Microsoft.HealthcareApis/workspaces/dicomservices/read" },
      handle(directory, input) {
        const workspaceId = decodePath(input.path)
          .replace(/\/[^/]+$/, "")
          .toLowerCase();
        checkScope(directory, workspaceId, profile.subscriptionId);
        const value = directory.resources
          .all()
          .filter(({ id }) => id.startsWith(`${workspaceId}/dicomservices/`))
          .map((resource) => resourceView(resource, input, profile));
        return armAnswer(input, 200, { value });
      },
    },
    get(
      "arm.dicomServices.get",
      `${health}/{workspaceName}/dicomservices/{serviceName}`,
      "Microsoft.HealthcareApis/workspaces/dicomservices/read",
    ),
    {
      id: "arm.dicomServices.put",
      method: "PUT",
      path: `${health}/{workspaceName}/dicomservices/{serviceName}`,
      access: { action: "Microsoft.HealthcareApis/workspaces/dicomservices/write" },
      handle(directory, input) {
        const { resource, isNew } = putDicomService(directory, input, services);
        return armAnswer(input, isNew ? 201 : 200, resourceView(resource, input, profile));
      },
    },
    get("arm.vaults.get", vault, "Microsoft.KeyVault/vaults/read"),
    {
      id: "arm.vaults.update",
      method: "PATCH",
      path: vault,
      access: { action: "Microsoft.KeyVault/vaults/write" },
      handle(directory, input) {
        const updated = updateVault(directory, input, services);
        return armAnswer(input, 200, resourceView(updated, input, profile));
      },
    },
  ];
}

const vaultSchema = s.object({
  properties: s.object({ enablePurgeProtection: s.nullableFlag }),
});

/** Source of the refusal: https://github.com/Azure/ai-hub/issues/241 */
function updateVault(directory: Directory, input: Input, services: Services): ResourceRecord {
  const before = getResource(directory, input, services);
  const { enablePurgeProtection } = readArmBody(input, vaultSchema).properties;
  if (enablePurgeProtection === false) {
    throw new Refusal({
      kind: "badRequest",
      message:
        'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an ' +
        "irreversible action.",
    });
  }
  const properties =
    enablePurgeProtection === null ? before.properties : { ...before.properties, enablePurgeProtection };
  return directory.resources.put({ ...before, properties });
}

const dicomServiceSchema = s.object(
  {
    location: s.text,
    tags: s.nullable(s.textMap),
    properties: s.object(
      {
        enableDataPartitions: s.nullableFlag,
        publicNetworkAccess: s.nullable(s.oneOf(["Enabled", "Disabled"])),
      },
      [],
      ["authenticationConfiguration", "corsConfiguration", "encryption", "storageConfiguration"],
    ),
  },
  ["location"],
  ["etag", "identity"],
);

/** Makes or changes a DICOM service. Whether it has data partitions is decided when it is made. */
function putDicomService(
  directory: Directory,
  input: Input,
  services: Services,
): { readonly resource: ResourceRecord; readonly isNew: boolean } {
  const displayId = decodePath(input.path);
  const id = displayId.toLowerCase();
  const workspaceId = id.replace(/\/dicomservices\/[^/]+$/, "");
  checkScope(directory, workspaceId, services.profile.subscriptionId);
  const { location, tags, properties } = readArmBody(input, dicomServiceSchema);
  const before = directory.resources.get(id);
  const enableDataPartitions =
    properties.enableDataPartitions ?? before?.properties["enableDataPartitions"] ?? false;
  if (before !== undefined && before.properties["enableDataPartitions"] !== enableDataPartitions) {
    throw new Refusal({
      kind: "badRequest",
      message: "Data partitions cannot be turned on or off for a DICOM service that is already deployed.",
    });
  }
  const resource = directory.resources.put({
    id,
    name: before?.name ?? param(input, "serviceName"),
    type: "Microsoft.HealthcareApis/workspaces/dicomservices",
    location,
    tags: tags ?? {},
    properties: {
      displayId,
      provisioningState: "Succeeded",
      ...before?.properties,
      publicNetworkAccess:
        properties.publicNetworkAccess ?? before?.properties["publicNetworkAccess"] ?? "Enabled",
      enableDataPartitions,
    },
  });
  return { resource, isNew: before === undefined };
}

function getResource(directory: Directory, input: Input, services: Services): ResourceRecord {
  const id = decodePath(input.path);
  checkScope(directory, id, services.profile.subscriptionId);
  const resource = directory.resources.get(id.toLowerCase());
  if (resource === undefined) throw armResourceNotFound(id, "", param(input, "groupName"));
  return resource;
}

function getProvider(directory: Directory, input: Input): ResourceProviderRecord {
  const namespace = param(input, "namespace");
  const provider = resourceProvider(directory, namespace);
  if (provider === undefined) {
    throw new Refusal({
      kind: "notFound",
      code: "InvalidResourceNamespace",
      message: `The resource namespace '${namespace}' is invalid.`,
    });
  }
  return provider;
}

function providerView(provider: ResourceProviderRecord, subscriptionId: string): object {
  return {
    id: `/subscriptions/${subscriptionId}/providers/${provider.id}`,
    namespace: provider.id,
    resourceTypes: Object.entries(resourceTypes[provider.id] ?? {}).map(([resourceType, apiVersions]) => ({
      resourceType,
      locations: [],
      apiVersions,
      capabilities: "None",
    })),
    registrationState: provider.registrationState,
    registrationPolicy: "RegistrationRequired",
  };
}
