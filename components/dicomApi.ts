import type { DicomApiSettings } from "./clientArgs";

/** A DICOM API with nothing left to default. */
export type DicomApi = Required<DicomApiSettings>;

/**
 * The public cloud. Sources: https://learn.microsoft.com/azure/healthcare-apis/get-access-token (audience),
 * https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-register-application (scope),
 * https://github.com/maciejporebski/azure-ad-first-party-apps-permissions (client id).
 */
export const publicDicomApi: DicomApi = {
  clientId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
  audience: "https://dicom.healthcareapis.azure.com",
  scope: "Dicom.ReadWrite",
  loginUrl: "https://login.microsoftonline.com",
  dicomServiceUrl: "https://{workspace}-{service}.dicom.azurehealthcareapis.com",
};

/**
 * The FHIR side's application, "Azure Healthcare APIs": the one that the old how-to tells its readers to pick, and the wrong
 * one for DICOM. Source:
 * https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/healthcare-apis/azure-api-for-fhir/register-resource-azure-ad-client-app.md
 */
export const fhirClientId = "4f6778d8-5aef-43dc-a1ff-b073724b9495";

/** The values that Microsoft publishes for the public cloud only. */
export const unpublishedElsewhere = ["clientId", "audience", "loginUrl", "dicomServiceUrl"] as const;

/** Fills in what the public cloud has to offer. */
export function completeDicomApi(args: DicomApiSettings): DicomApi {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const api: DicomApi = { ...publicDicomApi, ...given };
  return {
    ...api,
    clientId: api.clientId.toLowerCase(),
    audience: withoutTrailingSlash(api.audience),
    loginUrl: withoutTrailingSlash(api.loginUrl),
  };
}

/** The address of one DICOM service. */
export function dicomServiceUrl(api: DicomApi, workspace: string, service: string): string {
  return api.dicomServiceUrl.replace("{workspace}", workspace).replace("{service}", service);
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
