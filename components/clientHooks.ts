import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { componentUrn, existingObjectMessage } from "./existingObject";
import { refusedConsentMessage, refusedSecretMessage } from "./refusedCreation";
import { newSecretMessage } from "./secretAnnouncement";

/** The hooks that the children of all clients of one run of a program share. */
export interface ClientHooks {
  /** The names of the clients, by which the hooks know whose child they are about. */
  readonly clients: Set<string>;
  /** Of an application, before it is created: a client that is new surprises nobody with its first secret. */
  readonly applicationIsNew: pulumi.ResourceHook;
  /**
   * Of a secret, before it is created: announces that a client which exists already gets a new one. That covers a rotation that
   * is due and a secret that somebody deleted by hand, which would otherwise be replaced without a word.
   */
  readonly secretIsNew: pulumi.ResourceHook;
  /**
   * Of a child that could not be created: explains that the tenant refuses it, or that it exists although the stack does not
   * manage it, and what to do.
   */
  readonly creationFailed: pulumi.ErrorHook;
}

const hooksOfRun = new WeakMap<object, ClientHooks>();

/**
 * The hooks of the program that is running. They are registered once for all clients; asking for them early lets that happen
 * while the program reads the tenant.
 *
 * @returns undefined under Pulumi's mocks, which know no hooks.
 */
export function clientHooks(): ClientHooks | undefined {
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor || !("registerResourceHook" in monitor)) {
    return undefined;
  }
  const known = hooksOfRun.get(monitor);
  if (known) {
    return known;
  }
  const created = createHooks();
  hooksOfRun.set(monitor, created);
  return created;
}

/** The hooks of an application, as a resource option. */
export function applicationHooks(): pulumi.CustomResourceOptions {
  const hooks = clientHooks();
  return hooks ? { hooks: { beforeCreate: [hooks.applicationIsNew], onError: [hooks.creationFailed] } } : {};
}

/** The hooks of a secret, as a resource option. */
export function secretHooks(): pulumi.CustomResourceOptions {
  const hooks = clientHooks();
  return hooks ? { hooks: { beforeCreate: [hooks.secretIsNew], onError: [hooks.creationFailed] } } : {};
}

/** The hook of any other child, as a resource option. */
export function creationHooks(): pulumi.CustomResourceOptions {
  const hooks = clientHooks();
  return hooks ? { hooks: { onError: [hooks.creationFailed] } } : {};
}

function createHooks(): ClientHooks {
  const clients = new Set<string>();
  const newClients = new Set<string>();
  return {
    clients,
    applicationIsNew: new pulumi.ResourceHook(
      "dicom-service-client-application-is-new",
      (application) => {
        newClients.add(componentUrn(application, clients));
      },
      { onDryRun: true },
    ),
    secretIsNew: new pulumi.ResourceHook(
      "dicom-service-client-secret-is-new",
      inProgramContext(async ({ urn, type, name, newInputs }: pulumi.ResourceHookArgs) => {
        if (!newClients.has(componentUrn({ urn, type }, clients))) {
          await pulumi.log.warn(newSecretMessage(name, String(newInputs?.["endDate"])));
        }
      }),
      { onDryRun: true },
    ),
    creationFailed: new pulumi.ErrorHook(
      "dicom-service-client-creation-failed",
      inProgramContext(async ({ urn, name, type, newInputs, errors }: pulumi.ErrorHookArgs) => {
        const error = errors.join("\n");
        const message =
          refusalOf(type, name, error) ??
          existingObjectMessage({
            type,
            name,
            component: componentUrn({ urn, type }, clients),
            inputs: newInputs ?? {},
            error,
          });
        if (message !== undefined) {
          await pulumi.log.error(message);
        }
        // Trying again would meet the same refusal, or the same object.
        return false;
      }),
    ),
  };
}

/**
 * Lets a hook run as a part of the program that declares it. The engine calls hooks from outside, where messages would miss
 * the engine when the program is run by the Automation API.
 */
function inProgramContext<Args extends unknown[], Result>(
  hook: (...args: Args) => Result,
): (...args: Args) => Result {
  return AsyncResource.bind(hook);
}

/** What the tenant's refusal of a secret or a consent calls for. */
function refusalOf(type: string, name: string, error: string): string | undefined {
  switch (type.slice(type.lastIndexOf(":") + 1)) {
    case "ApplicationPassword":
      return refusedSecretMessage(name, error);
    case "ServicePrincipalDelegatedPermissionGrant":
      return refusedConsentMessage(name, error);
    default:
      return undefined;
  }
}
