import { type Input, param } from "../../core/request";
import { getApplication, getServicePrincipal } from "../../domain/directoryObjects";
import type { Directory, Table } from "../../state/directory";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../state/records";

/** What operations have to know of applications or of service principals where Graph treats both alike. */
export interface ObjectKind<Item extends ApplicationRecord | ServicePrincipalRecord> {
  readonly kind: "application" | "servicePrincipal";
  readonly segment: "applications" | "servicePrincipals";
  /** Name of the path parameter. */
  readonly parameter: "applicationId" | "servicePrincipalId";
  /** The one that the path names. */
  readonly find: (directory: Directory, input: Input) => Item;
  readonly table: (directory: Directory) => Table<Item>;
}

export const applicationKind: ObjectKind<ApplicationRecord> = {
  kind: "application",
  segment: "applications",
  parameter: "applicationId",
  find: (directory, input) => getApplication(directory, param(input, "applicationId")),
  table: (directory) => directory.applications,
};

export const servicePrincipalKind: ObjectKind<ServicePrincipalRecord> = {
  kind: "servicePrincipal",
  segment: "servicePrincipals",
  parameter: "servicePrincipalId",
  find: (directory, input) => getServicePrincipal(directory, param(input, "servicePrincipalId")),
  table: (directory) => directory.servicePrincipals,
};
