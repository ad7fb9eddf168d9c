import { AsyncResource } from "node:async_hooks";
import type { ErrorHook, ErrorHookArgs, ResourceHook, ResourceHookArgs } from "@pulumi/pulumi";
import { componentUrn } from "./childNames";
import { failedCreationMessage } from "./failedCreation";
import { plainText } from "./plainText";
import { pulumi } from "./sdk";

/** The hooks that the children of all clients of one run of a program share. */
export interface ClientHooks {
  /** Whose child is whose: names of clients by type and name of the child, joined by `::`. */
  readonly clientOf: Map<string, string>;
  /** Of an application, before it is created: a client that is new surprises nobody with its first secret. */
  readonly applicationIsNew: ResourceHook;
  /**
   * Of a secret, before it is created: announces that a client which exists already gets a new one. That covers a rotation that
   * is due and a secret that somebody deleted by hand, which would otherwise be replaced without a word.
   */
  readonly secretIsNew: ResourceHook;
  /**
   * Of a child that could not be created: explains that the tenant refuses it, or that it exists although the stack does not
   * manage it, and what to do.
   */
  readonly creationFailed: ErrorHook;
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

function createHooks(): ClientHooks {
  const clientOf = new Map<string, string>();
  const newClients = new Set<string>();
  const component = ({ urn, type, name }: ResourceHookArgs | ErrorHookArgs): string =>
    componentUrn(urn, clientOf.get(`${type}::${name}`) ?? name);
  return {
    clientOf,
    applicationIsNew: new pulumi.ResourceHook(
      "dicom-service-client-application-is-new",
      (application) => {
        newClients.add(component(application));
      },
      { onDryRun: true },
    ),
    secretIsNew: new pulumi.ResourceHook(
      "dicom-service-client-secret-is-new",
      inProgramContext(async (secret: ResourceHookArgs) => {
        if (!newClients.has(component(secret))) {
          await pulumi.log.warn(
            plainText(newSecretMessage(secret.name, String(secret.newInputs?.["endDate"]))),
          );
        }
      }),
      { onDryRun: true },
    ),
    creationFailed: new pulumi.ErrorHook(
      "dicom-service-client-creation-failed",
      inProgramContext(async (failed: ErrorHookArgs) => {
        const message = failedCreationMessage({
          type: failed.type,
          name: failed.name,
          component: component(failed),
          inputs: failed.newInputs ?? {},
          error: failed.errors.join("\n"),
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

/** What consumers must know about a secret that is issued for a client which exists already. */
function newSecretMessage(name: string, endDate: string): string {
  return [
    `A new secret is issued, "${name}", valid until ${endDate}: consumers must pick up its value.`,
    "Either a rotation is due, or somebody deleted the previous secret.",
  ].join(" ");
}
