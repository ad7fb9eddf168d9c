import { z } from "zod";
import { guid, httpsUrl, quote, text } from "./argumentTypes";
import { fhirClientId, publicDicomApi } from "./dicomApi";

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
export const apiFields = {
  api: dicomApiSchema.exactOptional().meta({
    description: "The DICOM service's API, if it differs from the public cloud's.",
    absent: "the public cloud's",
    examples: [{ audience: "https://dicom.example.us" }],
    source: "https://learn.microsoft.com/azure/healthcare-apis/get-access-token",
  }),
};
