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
}

/** What the engine was told in one run of a program under mocks. */
export interface Recording {
  readonly registrations: Registration[];
  /** Outputs that components registered, by URN. */
  readonly componentOutputs: Map<string, Readonly<Record<string, unknown>>>;
  /** Functions that were invoked, with their arguments. */
  readonly invokes: { readonly token: string; readonly inputs: Readonly<Record<string, unknown>> }[];
}

/** What the tenant answers under mocks; the service principal list is empty when the API is missing. */
export interface MockTenant {
  readonly servicePrincipalNames?: readonly string[];
  readonly scopes?: Readonly<Record<string, string>>;
  readonly apiIsMissing?: boolean;
}

export const tenantId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0001";
export const deployerId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0002";
export const apiServicePrincipalId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0003";
export const scopeId = "9f1b5a3c-0c5d-4f3e-8a55-0a7d4f1f0004";

/** What mocks are given, without the `any` of the SDK's own types. */
type MockResource = Pick<pulumi.runtime.MockResourceArgs, "name" | "type"> & {
  inputs: Readonly<Record<string, unknown>>;
};
type MockCall = Pick<pulumi.runtime.MockCallArgs, "token"> & { inputs: Readonly<Record<string, unknown>> };

/** Waits for all that was sent to the engine; exported by the SDK, but left out of its typings. */
const runtime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

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
  { tenant = {}, preview = false }: { readonly tenant?: MockTenant; readonly preview?: boolean } = {},
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
        return answer(token, tenant);
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

function answer(token: string, tenant: MockTenant): Record<string, unknown> {
  const names = tenant.servicePrincipalNames ?? [
    "https://dicom.healthcareapis.azure.com",
    "https://dicom.healthcareapis.azure.com/",
  ];
  switch (token) {
    case "azuread:index/getClientConfig:getClientConfig":
      return { tenantId, objectId: deployerId, clientId: "deployer" };
    case "azuread:index/getServicePrincipals:getServicePrincipals":
      return {
        servicePrincipals: tenant.apiIsMissing
          ? []
          : [
              {
                objectId: apiServicePrincipalId,
                displayName: "Azure API for DICOM",
                servicePrincipalNames: names,
              },
            ],
      };
    case "azuread:index/getServicePrincipal:getServicePrincipal":
      return { oauth2PermissionScopeIds: tenant.scopes ?? { "Dicom.ReadWrite": scopeId } };
    default:
      throw new Error(`the mock tenant has no answer to ${token}`);
  }
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
