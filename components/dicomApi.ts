import type { DicomApiSettings } from "./clientArgs";
import { outsideFacts } from "./outsideFacts";

/** A DICOM API with nothing left to default. */
export type DicomApi = Required<DicomApiSettings>;

/**
 * The public cloud. Source of the scope: https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-register-application .
 */
export const publicDicomApi: DicomApi = {
  clientId: outsideFacts.dicomClientId.value,
  audience: outsideFacts.dicomAudience.value,
  scope: "Dicom.ReadWrite",
  loginUrl: outsideFacts.publicLogin.value,
  dicomServiceUrl: "https://{workspace}-{service}.dicom.azurehealthcareapis.com",
};

/**
 * The FHIR side's application, "Azure Healthcare APIs": the one that the old how-to tells its readers to pick, and the wrong
 * one for DICOM.
 */
export const fhirClientId: string = outsideFacts.fhirClientId.value;

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

/** An address as tokens and other addresses have it, which are compared exactly. */
export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
