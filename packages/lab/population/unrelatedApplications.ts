import { randomUUID } from "node:crypto";
import { defaultServicePrincipalProperties } from "../../sandbox/tenant/domain/servicePrincipals";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../sandbox/tenant/state/records";
import { applicationShape } from "../../sandbox/tenant/surfaces/graph/applicationShape";

/** An application that somebody else has registered. */
export interface UnrelatedApplication {
  readonly application: ApplicationRecord;
  readonly principal: ServicePrincipalRecord;
}

/** Makes applications with service principals, as other teams have them in the same tenant. */
export function unrelatedApplications(count: number, createdDateTime: string): UnrelatedApplication[] {
  const common = { createdDateTime, createdBy: null, ownerIds: [], passwords: [], keys: [] };
  const properties = applicationShape.initial();
  return Array.from({ length: count }, (_none, index) => {
    const appId = randomUUID();
    return {
      application: {
        ...common,
        id: randomUUID(),
        appId,
        properties: { ...properties, displayName: `Another application ${index}` },
        federatedCredentials: [],
      },
      principal: {
        ...common,
        id: randomUUID(),
        appId,
        properties: defaultServicePrincipalProperties,
        published: null,
      },
    };
  });
}
