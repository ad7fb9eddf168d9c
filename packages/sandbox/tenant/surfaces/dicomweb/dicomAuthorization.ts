import { type Input, param } from "../../core/request";
import type { Authorization } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import { allowing } from "../../domain/azureAccess";
import { firstPartyAppIds } from "../../domain/firstPartyApplications";
import { tenantSettings } from "../../domain/tenantSettings";
import type { Directory } from "../../state/directory";
import type { ResourceRecord } from "../../state/records";
import { type Caller, callerLabel } from "../caller";
import { dataPlaneCaller } from "../dataPlaneAuthorization";
import { dicomServiceUrl } from "../dataPlaneAddresses";
import type { Services } from "../services";

/**
 * What a DICOM service demands: a role with the data action `…/dicomservices/resources/{action}`. Source: MicrosoftDocs/azure-docs,
 * articles/role-based-access-control/permissions/integration.md.
 */
export interface DicomAccess {
  readonly action: "read" | "write" | "delete" | "manageExtendedQueryTags/action" | "export/action";
}

const serviceType = "Microsoft.HealthcareApis/workspaces/dicomservices";
const audience = "https://dicom.healthcareapis.azure.com";

/**
 * Admits callers by their Azure roles. A decision is remembered for the time in the tenant's settings, as the service remembers it
 * for up to five minutes (learn.microsoft.com, Configure Azure RBAC for the DICOM service).
 */
export function dicomAuthorization(services: Services): Authorization<Directory, DicomAccess, Caller> {
  const decisions = new Map<string, { readonly allowed: boolean; readonly at: number }>();
  return {
    async admit(access, directory, input) {
      const caller = await dataPlaneCaller(
        services,
        input,
        [audience, `${audience}/`, firstPartyAppIds.dicom],
        {
          without: "Bearer",
          invalid: (description) => `Bearer error="invalid_token", error_description="${description}"`,
        },
      );
      const service = dicomServiceOf(directory, input);
      // Source: learn.microsoft.com/azure/healthcare-apis/healthcare-apis-configure-private-link, "Test private endpoint"
      if (service.properties["publicNetworkAccess"] === "Disabled") {
        throw new Refusal({
          kind: "forbidden",
          message: "Forbidden",
          why: `${service.id} does not accept calls from public networks`,
        });
      }
      const action = `${serviceType}/resources/${access.action}`;
      const key = `${caller.objectId} ${action} ${service.id}`;
      const now = input.now.getTime();
      const lifetime = tenantSettings(directory).dicomRoleCacheSeconds * 1000;
      const decide = (): boolean =>
        allowing(directory, caller.objectId, "dataActions", action, service.id).length > 0;
      const remembered = decisions.get(key);
      const isFresh = remembered !== undefined && now >= remembered.at && now < remembered.at + lifetime;
      const allowed = isFresh ? remembered.allowed : decide();
      if (!isFresh && lifetime > 0) decisions.set(key, { allowed, at: now });
      if (allowed) return caller;
      throw new Refusal({
        kind: "forbidden",
        message: "Authorization failed.",
        why: `${callerLabel(caller)} lacks an Azure role with ${action} at ${service.id}`,
      });
    },
    label: callerLabel,
  };
}

/** The DICOM service that the first segment of the path stands for. */
export function dicomServiceOf(directory: Directory, input: Input): ResourceRecord {
  const name = param(input, "service").toLowerCase();
  const service = directory.resources
    .all()
    .find(
      (resource) => resource.type === serviceType && dicomServiceUrl("", resource.id) === `/dicom/${name}`,
    );
  if (service === undefined) {
    throw new Refusal({ kind: "notFound", message: `There is no DICOM service ${name}.` });
  }
  return service;
}
