import type * as pulumi from "@pulumi/pulumi";
import type * as azuread from "@pulumi/azuread";
import type { TenantContext } from "./tenantContext";

/** What everything of one client is declared with. */
export interface ApplicationParts {
  /** The component's name, which every child's name starts with. */
  readonly name: string;
  readonly component: pulumi.ComponentResource;
  readonly application: azuread.Application;
}

/** What is declared for the client's service principal is declared with. */
export interface ClientParts extends ApplicationParts {
  readonly servicePrincipal: azuread.ServicePrincipal;
  readonly tenant: pulumi.Input<TenantContext>;
  /** Whether Pulumi refuses to delete what is declared. */
  readonly protect: boolean;
}

/**
 * Options of a child that Entra deletes together with the application: deleting the application is enough, which spares a
 * destroy the provider's waits for each child.
 */
export function diesWithApplication({
  component,
  application,
}: ApplicationParts): pulumi.CustomResourceOptions {
  return { parent: component, deletedWith: application };
}
