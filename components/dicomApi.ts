import { z } from "zod";
import { guid, httpsUrl, quote, text } from "./argumentTypes";
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

/** What the DICOM service's API may be described with where it is not the public cloud's. */
export const dicomApiSchema = z
  .strictObject({
    clientId: guid("a client id")
      .refine((id) => id.toLowerCase() !== fhirClientId, {
        error: `${fhirClientId} is "Azure Healthcare APIs", the FHIR side, which has no scope for DICOM; leave clientId out or write ${publicDicomApi.clientId} ("Azure API for DICOM")`,
      })
      .exactOptional()
      .meta({
        description: "Client id of the first-party application, in the public cloud Azure API for DICOM.",
        default: publicDicomApi.clientId,
      }),
    audience: httpsUrl()
      .exactOptional()
      .meta({ description: "Audience of the tokens.", default: publicDicomApi.audience }),
    scope: text(120).exactOptional().meta({
      description: "Name of the delegated scope to request and to consent to.",
      default: publicDicomApi.scope,
    }),
    loginUrl: httpsUrl()
      .exactOptional()
      .meta({ description: "Base address of the token endpoint.", default: publicDicomApi.loginUrl }),
    dicomServiceUrl: z
      .string()
      .refine((url) => url.startsWith("https://") && /\{workspace\}.*\{service\}/.test(url), {
        error: ({ input }) =>
          `${quote(input)} is not an address that starts with https:// and holds {workspace} and {service}`,
      })
      .exactOptional()
      .meta({
        description:
          "Address of a DICOM service, with `{workspace}` and `{service}` in the place of their names.",
        default: publicDicomApi.dicomServiceUrl,
      }),
  })
  .meta({
    id: "DicomApiSettings",
    description:
      "The DICOM service's API in one cloud. In clouds other than the public one `clientId`, `audience`, `loginUrl` and `dicomServiceUrl` must be given, because Microsoft does not publish them.",
  });

/** The argument about the API. */
export const apiShape = {
  api: dicomApiSchema.exactOptional().meta({
    description: "The DICOM service's API, where it differs from the public cloud's.",
    absent: "the public cloud's",
    examples: [{ audience: "https://dicom.example.us" }],
    source: "https://learn.microsoft.com/azure/healthcare-apis/get-access-token",
  }),
};

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
