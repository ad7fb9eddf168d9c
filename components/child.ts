import type { Application } from "@pulumi/azuread";
import type { ComponentResource, CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { CalendarDay } from "./calendarDate";
import { type ChildKind, children } from "./childNames";
import { clientHooks } from "./clientHooks";
import type { DicomApi } from "./dicomApi";
import type { PermissionRequest } from "./permissionRequests";
import type { DicomServiceClientArgs, TenantContext } from "./clientArgs";

/** What the children of a client are declared with. */
export interface ClientParts {
  /** The component's name, which every child's name starts with. */
  readonly name: string;
  readonly component: ComponentResource;
  /** The arguments, checked. */
  readonly settings: DicomServiceClientArgs;
  readonly api: DicomApi;
  readonly requests: readonly PermissionRequest[];
  readonly tenant: Input<TenantContext>;
  /** The day that counts as today. */
  readonly asOf: CalendarDay;
}

/** The options that every child of a kind has. */
export function childOptions(client: ClientParts, kind: ChildKind, name: string): CustomResourceOptions {
  const hooks = clientHooks();
  hooks?.clientOf.set(`${children[kind].type}::${name}`, client.name);
  return {
    parent: client.component,
    ...(isProtected(kind) ? { protect: client.settings.protect ?? false } : {}),
    ...(hooks && {
      hooks: {
        ...(kind === "application" ? { beforeCreate: [hooks.applicationIsNew] } : {}),
        ...(kind === "secret" ? { beforeCreate: [hooks.secretIsNew] } : {}),
        onError: [hooks.creationFailed],
      },
    }),
  };
}

/** Credentials rotate, so that they cannot be protected. */
const unprotected: readonly ChildKind[] = [
  "secret",
  "certificate",
  "federatedCredential",
  "flexibleFederatedCredential",
];

function isProtected(kind: ChildKind): boolean {
  return !unprotected.includes(kind);
}

/**
 * Option of a child that Entra deletes together with the application: deleting the application is enough, which spares a
 * destroy the provider's waits for each child.
 */
export function diesWith(application: Application): CustomResourceOptions {
  return { deletedWith: application };
}
