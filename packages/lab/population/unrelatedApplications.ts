import { randomUUID } from "node:crypto";
import {
  type ApplicationRecord,
  applicationBodySchema,
  defaultServicePrincipalProperties,
  type ServicePrincipalRecord,
} from "entra-sandbox";

/** An application that somebody else has registered. */
export interface UnrelatedApplication {
  readonly application: ApplicationRecord;
  readonly principal: ServicePrincipalRecord;
}

/** Makes applications with service principals, as other teams have them in the same tenant. */
export function unrelatedApplications(count: number, createdDateTime: string): UnrelatedApplication[] {
  const common = { createdDateTime, createdBy: null, ownerIds: [], passwords: [], keys: [] };
  const properties = applicationBodySchema.initial();
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
