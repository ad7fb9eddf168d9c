import { fhirClientId } from "./dicomApi";

/** Permissions of one further API that the client asks for, beside those of the DICOM service. */
export interface ApiPermission {
  /** `fhir` for the FHIR service ("Azure Healthcare APIs"), or the client id of any other API's application. */
  api: string;
  /** Names of delegated scopes, such as `user_impersonation`. Default none. */
  scopes?: string[];
  /** Names of application permissions (app roles), such as `system.all.read`. Default none. */
  roles?: string[];
}

/** What an API is called in names of resources, by its client id: the FHIR service has a word, however it was written. */
export function apiKey(clientId: string): string {
  return clientId === fhirClientId ? "fhir" : clientId;
}

/** The client id of the API that a permission entry names. */
export function permissionClientId(api: string): string {
  return api.toLowerCase() === "fhir" ? fhirClientId : api.toLowerCase();
}
