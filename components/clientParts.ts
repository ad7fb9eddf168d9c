import type * as pulumi from "@pulumi/pulumi";
import type * as azuread from "@pulumi/azuread";
import type { DicomApi } from "./dicomApi";
import type { TenantContext } from "./tenantContext";

/** What the children of one client are declared with. */
export interface ClientParts {
  /** The component's name, which every child's name starts with. */
  readonly name: string;
  readonly component: pulumi.ComponentResource;
  readonly application: azuread.Application;
  readonly servicePrincipal: azuread.ServicePrincipal;
  readonly api: DicomApi;
  readonly tenant: pulumi.Output<TenantContext>;
}

/**
 * Options of a child that Entra deletes together with the application: deleting the application is enough, which spares a
 * destroy the provider's waits for each child.
 */
export function diesWithApplication({ component, application }: ClientParts): pulumi.CustomResourceOptions {
  return { parent: component, deletedWith: application };
}
