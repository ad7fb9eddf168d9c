import type { Input } from "../../core/request";
import type { TenantProfile } from "../../domain/tenantProfile";
import type { ResourceRecord } from "../../state/records";
import { dicomServiceUrl, vaultUri } from "../dataPlaneAddresses";

/** An Azure resource as Resource Manager shows it; addresses of data planes are those of this running tenant. */
export function resourceView(resource: ResourceRecord, input: Input, profile: TenantProfile): object {
  const { displayId, ...stored } = resource.properties;
  return {
    id: displayId,
    name: resource.name,
    type: resource.type,
    ...(resource.location === null ? {} : { location: resource.location }),
    tags: resource.tags,
    properties: { ...stored, ...addresses(resource, input, profile) },
  };
}

function addresses(resource: ResourceRecord, input: Input, profile: TenantProfile): object {
  switch (resource.type) {
    case "Microsoft.HealthcareApis/workspaces/dicomservices":
      return {
        serviceUrl: dicomServiceUrl(input.base, resource.id),
        authenticationConfiguration: {
          authority: `https://login.microsoftonline.com/${profile.tenantId}`,
          audiences: ["https://dicom.healthcareapis.azure.com/", "https://dicom.healthcareapis.azure.com"],
        },
      };
    case "Microsoft.KeyVault/vaults":
      return { tenantId: profile.tenantId, vaultUri: vaultUri(input.base, resource.name) };
    default:
      return {};
  }
}
