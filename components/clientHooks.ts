import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { existingConsentMessage, tenantWideGrantId } from "./existingConsent";
import { refusedConsentMessage, refusedSecretMessage } from "./refusedCreation";
import { newSecretMessage } from "./secretAnnouncement";

/** The hooks that the children of all clients of one run of a program share. */
export interface ClientHooks {
  /** Of an application, before it is created: a client that is new surprises nobody with its first secret. */
  readonly applicationIsNew: pulumi.ResourceHook;
  /**
   * Of a secret, before it is created: announces that a client which exists already gets a new one. That covers a rotation that
   * is due and a secret that somebody deleted by hand, which would otherwise be replaced without a word.
   */
  readonly secretIsNew: pulumi.ResourceHook;
  /** Of a secret that failed: explains that the tenant's policy refuses it. */
  readonly secretRefused: pulumi.ErrorHook;
  /** Of a consent that failed: explains that it was given by hand before, or may not be given. */
  readonly consentFailed: pulumi.ErrorHook;
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

/** The hook of an application, as a resource option. */
export function applicationHooks(): pulumi.CustomResourceOptions {
  const hooks = clientHooks();
  return hooks ? { hooks: { beforeCreate: [hooks.applicationIsNew] } } : {};
}

/** The hooks of a secret, as a resource option. */
export function secretHooks(): pulumi.CustomResourceOptions {
  const hooks = clientHooks();
  return hooks ? { hooks: { beforeCreate: [hooks.secretIsNew], onError: [hooks.secretRefused] } } : {};
}

/** The hook of a consent, as a resource option. */
export function consentHooks(): pulumi.CustomResourceOptions {
  const hooks = clientHooks();
  return hooks ? { hooks: { onError: [hooks.consentFailed] } } : {};
}

function createHooks(): ClientHooks {
  const newClients = new Set<string>();
  return {
    applicationIsNew: new pulumi.ResourceHook(
      "dicom-service-client-application-is-new",
      ({ urn }) => {
        newClients.add(componentUrn(urn));
      },
      { onDryRun: true },
    ),
    secretIsNew: new pulumi.ResourceHook(
      "dicom-service-client-secret-is-new",
      inProgramContext(async ({ urn, name, newInputs }: pulumi.ResourceHookArgs) => {
        if (!newClients.has(componentUrn(urn))) {
          await pulumi.log.warn(newSecretMessage(name, String(newInputs?.["endDate"])));
        }
      }),
      { onDryRun: true },
    ),
    secretRefused: new pulumi.ErrorHook(
      "dicom-service-client-secret-refused",
      inProgramContext(async ({ name, errors }: pulumi.ErrorHookArgs) => {
        const message = refusedSecretMessage(name, errors[0] ?? "");
        if (message !== undefined) {
          await pulumi.log.error(message);
        }
        // The policy would refuse it again.
        return false;
      }),
    ),
    consentFailed: new pulumi.ErrorHook(
      "dicom-service-client-consent-failed",
      inProgramContext(async ({ urn, name, newInputs, errors }: pulumi.ErrorHookArgs) => {
        const client: unknown = newInputs?.["servicePrincipalObjectId"];
        const resource: unknown = newInputs?.["resourceServicePrincipalObjectId"];
        const said = errors[0] ?? "";
        const refused = refusedConsentMessage(name, said);
        if (refused !== undefined) {
          await pulumi.log.error(refused);
        }
        const exists = said.includes("Permission entry already exists");
        if (exists && typeof client === "string" && typeof resource === "string") {
          await pulumi.log.error(
            existingConsentMessage(name, componentUrn(urn), tenantWideGrantId(client, resource)),
          );
        }
        // Trying again would meet the same grant.
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

/** The URN of the component that a child belongs to, whose name the child's starts with. */
function componentUrn(urn: string): string {
  const name = urn.slice(urn.lastIndexOf("::") + 2).replace(/-(application|secret-[ab]|consent(-\S+)?)$/, "");
  return `${urn.slice(0, urn.lastIndexOf("$"))}::${name}`;
}
