import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** A resource as it was registered with the engine. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** Inputs as they went out: secrets wrapped, unknowns absent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent: string;
  readonly deletedWith: string;
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  /** Names that it had before. */
  readonly aliases: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** URNs. */
  readonly dependencies: readonly string[];
}

/** What the engine was told in one run of a program under mocks. */
export interface Recording {
  readonly registrations: Registration[];
  /** Outputs that components registered, by URN. */
  readonly componentOutputs: Map<string, Readonly<Record<string, unknown>>>;
  /** Functions that were invoked, with their arguments. */
  readonly invokes: { readonly token: string; readonly inputs: Readonly<Record<string, unknown>> }[];
}

/** A resource API of the mock tenant. */
export interface MockApi {
  readonly displayName?: string;
  readonly servicePrincipalNames?: readonly string[];
  readonly scopes?: Readonly<Record<string, string>>;
  readonly roles?: Readonly<Record<string, string>>;
}

/** What the tenant answers under mocks: its APIs by their client ids. */
export type MockTenant = Readonly<Record<string, MockApi>>;

export const dicomClientId = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
export const fhirClientId = "4f6778d8-5aef-43dc-a1ff-b073724b9495";
export const subscriptionId = "6d5cf8c5-4f8e-4a43-8a7c-000000000001";
export const tenantId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0001";
export const deployerId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0002";
export const scopeId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0004";

/** What mocks are given, without the `any` of the SDK's own types. */
type MockResource = Pick<pulumi.runtime.MockResourceArgs, "name" | "type"> & {
  inputs: Readonly<Record<string, unknown>>;
};
type MockCall = Pick<pulumi.runtime.MockCallArgs, "token"> & { inputs: Readonly<Record<string, unknown>> };

/** Waits for all that was sent to the engine; exported by the SDK, but left out of its typings. */
const runtime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** A tenant with the DICOM service's API as Microsoft publishes it. */
export const usualTenant: MockTenant = {
  [dicomClientId]: {
    displayName: "Azure API for DICOM",
    servicePrincipalNames: [
      "https://dicom.healthcareapis.azure.com",
      "https://dicom.healthcareapis.azure.com/",
    ],
    scopes: { "Dicom.ReadWrite": scopeId },
  },
};

/** Object id of an API's service principal in the mock tenant. */
export const principalOf = (clientId: string): string => `principal-of-${clientId}`;

const secretSignature = "4dabf18193072939515e22adb298388d";

/**
 * Runs a program under Pulumi's mocks and records what it registers.
 *
 * What this does not prove: that a real provider accepts the inputs. The engine tests do.
 *
 * @param preview run as a preview: computed values are unknown.
 */
export async function record<T>(
  program: () => T | Promise<T>,
  {
    tenant = usualTenant,
    preview = false,
  }: { readonly tenant?: MockTenant; readonly preview?: boolean } = {},
): Promise<Recording & { readonly result: T }> {
  const recording: Recording = { registrations: [], componentOutputs: new Map(), invokes: [] };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, type, inputs }: MockResource) => ({
        id: preview ? undefined : `${name}-id`,
        state: preview ? inputs : { ...inputs, ...computed(type, name) },
      }),
      call: ({ token, inputs }: MockCall) => {
        recording.invokes.push({ token, inputs });
        return answer(token, inputs, tenant);
      },
    },
    "dicom-service-client",
    "unit",
    preview,
  );
  listen(recording);
  const result = await program();
  await runtime.waitForRPCs();
  return { ...recording, result };
}

/** Waits for an output; unlike `apply` alone it also ends when the output fails. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const settled = output.apply((value) => {
      resolve(value);
      return undefined;
    });
    pulumi.recover(settled, (error) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    });
  });
}

/** The value inside a secret input, or undefined when it is no secret. */
export function secretValue(input: unknown): unknown {
  return input !== null && typeof input === "object" && secretSignature in input && "value" in input
    ? input.value
    : undefined;
}

function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "azuread:index/application:Application":
      return { clientId: `${name}-client-id`, objectId: `${name}-object-id` };
    case "azuread:index/servicePrincipal:ServicePrincipal":
      return { objectId: `${name}-object-id` };
    case "azuread:index/applicationPassword:ApplicationPassword":
      return { keyId: `${name}-key-id`, value: `${name}-value` };
    default:
      return {};
  }
}

function answer(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  tenant: MockTenant,
): Record<string, unknown> {
  switch (token) {
    case "azuread:index/getClientConfig:getClientConfig":
      return { tenantId, objectId: deployerId, clientId: "deployer" };
    case "azure-native:authorization:getClientConfig":
      return { tenantId, subscriptionId, objectId: deployerId, clientId: "deployer" };
    case "azure-native:authorization:getRoleDefinition":
      return existingRoles.includes(String(inputs["roleDefinitionId"]))
        ? { id: "role" }
        : refuse("Code=RoleDefinitionDoesNotExist");
    case "azuread:index/getServicePrincipals:getServicePrincipals": {
      const wanted = Array.isArray(inputs["clientIds"]) ? inputs["clientIds"] : [];
      return {
        servicePrincipals: Object.keys(tenant)
          .filter((clientId) => wanted.includes(clientId))
          .map((clientId) => ({ clientId, objectId: principalOf(clientId) })),
      };
    }
    case "azuread:index/getServicePrincipal:getServicePrincipal": {
      const [clientId, api] =
        Object.entries(tenant).find(([id]) => id === inputs["clientId"]) ??
        refuse("no service principal was found");
      return {
        objectId: principalOf(clientId),
        displayName: api.displayName ?? clientId,
        servicePrincipalNames: api.servicePrincipalNames ?? [],
        oauth2PermissionScopeIds: api.scopes ?? {},
        appRoleIds: api.roles ?? {},
      };
    }
    default:
      throw new Error(`the mock tenant has no answer to ${token}`);
  }
}

/** Custom roles that exist in the mock tenant's subscription. */
export const existingRoles: readonly string[] = ["0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0001"];

function refuse(message: string): never {
  throw new Error(message);
}

/** Listens at the monitor, which sees the options that mocks are not told. */
function listen(recording: Recording): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const registerResource = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    recording.registrations.push({
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      inputs: asRecord(request.getObject()?.toJavaScript()),
      parent: request.getParent(),
      deletedWith: request.getDeletedwith(),
      protect: request.getProtect() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      // Others are former types, which azure-native adds by itself.
      aliases: request.getAliasesList().flatMap((alias) => alias.getSpec()?.getName() || []),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      dependencies: request.getDependenciesList(),
    });
    return registerResource(request, callback);
  };
  const registerResourceOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request: RegisterResourceOutputsRequest, callback) => {
    recording.componentOutputs.set(request.getUrn(), asRecord(request.getOutputs()?.toJavaScript()));
    return registerResourceOutputs(request, callback);
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? { ...value } : {};
}
