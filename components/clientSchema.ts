import { z } from "zod";
import { readAccess } from "./access";
import { dicomServiceIdForm, isGuid, parseDicomScope, workspaceIdForm } from "./azureResourceId";
import { parseCalendarDay } from "./calendarDate";
import { consentModes, defaultConsent } from "./consent";
import { fhirClientId, publicDicomApi } from "./dicomApi";
import { publicExchangeAudience } from "./exchangeAudience";
import { maximumFederatedCredentials } from "./federatedCredential";
import { permissionClientId } from "./permission";
import { parseVaultId, vaultIdForm } from "./vault";
import { defaultRole, readRole, roleForms } from "./dicomRole";
import { defaultLifetimeDays, defaultOverlapDays, maximumLifetimeDays } from "./secretSchedule";

// The descriptions are what an editor shows, by way of the JSON Schema, and what the list of config keys is made from.

const text = (longest: number): z.ZodString =>
  z
    .string()
    .refine((value) => value.trim() !== "" && value.length <= longest, {
      error: `must have 1 to ${longest} characters`,
    })
    .meta({ minLength: 1, maxLength: longest });

const httpsUrl = (): z.ZodString =>
  z
    .string()
    .refine((value) => URL.canParse(value) && new URL(value).protocol === "https:", {
      error: ({ input }) => `${quote(input)} is not an address that starts with https://`,
    })
    .meta({ format: "uri" });

const wholeNumber = (least: number, most: number, what: string): z.ZodNumber =>
  z
    .number()
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, {
      error: ({ input }) => `${String(input)} is out of range; ${what}`,
    })
    .meta({ type: "integer", minimum: least, maximum: most });

/** A GUID such as an object id. */
const guid = (what: string): z.ZodString =>
  z
    .string()
    .refine(isGuid, { error: ({ input }) => `${quote(input)} is not ${what} (a GUID)` })
    .meta({ format: "uuid" });

/** A date such as `2026-11-23`. */
export const dateSchema = z
  .string()
  .refine((value) => parseCalendarDay(value) !== undefined, {
    error: ({ input }) => `${quote(input)} is not a calendar date; write it as "2026-11-23"`,
  })
  .meta({ format: "date" });

const secretSchema = z
  .strictObject({
    from: dateSchema.describe(
      "First day of the first secret, as a UTC date in quotes. It anchors the schedule and may not be in the future.",
    ),
    lifetimeDays: wholeNumber(2, maximumLifetimeDays, `a secret lives 2 to ${maximumLifetimeDays} whole days`)
      .exactOptional()
      .describe(`How many days one secret lives. Default ${defaultLifetimeDays}.`),
    overlapDays: wholeNumber(
      1,
      maximumLifetimeDays / 2,
      "two secrets overlap 1 whole day to half their lifetime",
    )
      .exactOptional()
      .describe(`How many days two successive secrets are both valid. Default ${defaultOverlapDays}.`),
    reissue: wholeNumber(0, Number.MAX_SAFE_INTEGER, "write a counter: 0, 1, 2, …")
      .exactOptional()
      .describe(
        "Increase it to replace every declared secret at once, for instance after a leak. Default 0.",
      ),
    retired: dateSchema
      .exactOptional()
      .describe(
        "First day of the newest secret that nobody uses any more; it and those before it are not declared. `dicom-ops retire --apply` writes it. Default: none.",
      ),
  })
  .superRefine(({ lifetimeDays = defaultLifetimeDays, overlapDays = defaultOverlapDays }, context) => {
    if (overlapDays > lifetimeDays / 2) {
      context.addIssue({
        code: "custom",
        path: ["overlapDays"],
        message: `${overlapDays} is more than half of the lifetime of ${lifetimeDays} days; write ${Math.floor(lifetimeDays / 2)} or less`,
      });
    }
  })
  .describe("Schedule of the client secrets. Without it the client gets no secret.");

/** Resource id of a DICOM service. */
export const dicomServiceIdSchema = z
  .string()
  .refine((id) => parseDicomScope(id)?.dicomService !== undefined, {
    error: ({ input }) =>
      `${quote(input)} is not the resource id of a DICOM service; write it as ${dicomServiceIdForm}`,
  });

const accessEntrySchema = z
  .strictObject({
    dicomService: dicomServiceIdSchema.exactOptional().describe("Resource id of the DICOM service."),
    workspace: z
      .string()
      .refine(
        (id) => {
          const scope = parseDicomScope(id);
          return scope !== undefined && scope.dicomService === undefined;
        },
        {
          error: ({ input }) =>
            `${quote(input)} is not the resource id of a health workspace; write it as ${workspaceIdForm}`,
        },
      )
      .exactOptional()
      .describe("Instead of one service: resource id of a workspace, for all its DICOM services."),
    role: z
      .string()
      .refine((role) => readRole(role) !== undefined, {
        error: ({ input }) => `there is no role ${quote(input)}; write ${roleForms}`,
      })
      .exactOptional()
      .describe(`${roleForms}. Default ${defaultRole}.`),
    partition: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, {
        error: "the name of a data partition has 1 to 64 letters, digits, dots, underscores and hyphens",
      })
      .exactOptional()
      .describe(
        "Data partition that the client works in, of a DICOM service that has them. Azure roles are not limited to it. Default `Microsoft.Default`.",
      ),
    assignmentName: guid("the name of a role assignment")
      .exactOptional()
      .describe("Name (a GUID) of an existing role assignment to take over. Default: computed."),
  })
  .superRefine((entry, context) => {
    if ((entry.dicomService === undefined) === (entry.workspace === undefined)) {
      context.addIssue({ code: "custom", message: "needs either dicomService or workspace" });
    }
  });

const accessSchema = z
  .array(accessEntrySchema)
  .superRefine((entries, context) => {
    for (const { index, first } of repeated(entries.map((entry) => accessIdentity(entry)))) {
      context.addIssue({
        code: "custom",
        path: [index],
        message: `gives the same role on the same scope as [${first}]; remove one of the two`,
      });
    }
  })
  .describe(
    "Azure roles on DICOM services. Without one the service refuses every call of the client with 403.",
  );

const permissionSchema = z
  .strictObject({
    api: z
      .string()
      .refine((api) => isGuid(permissionClientId(api)), {
        error: ({ input }) =>
          `${quote(input)} is not an API; write fhir or the client id of its application (a GUID)`,
      })
      .describe("fhir for the FHIR service, or the client id of any other API's application."),
    scopes: z.array(text(120)).exactOptional().describe("Names of delegated scopes."),
    roles: z.array(text(120)).exactOptional().describe("Names of application permissions (app roles)."),
  })
  .superRefine(({ scopes = [], roles = [] }, context) => {
    if (scopes.length + roles.length === 0) {
      context.addIssue({ code: "custom", message: "asks for nothing; name scopes or roles" });
    }
  });

const permissionsSchema = z
  .array(permissionSchema)
  .superRefine((permissions, context) => {
    for (const { index, first } of repeated(permissions.map(({ api }) => permissionClientId(api)))) {
      context.addIssue({
        code: "custom",
        path: [index, "api"],
        message: `is the same API as [${first}]; make one entry of both`,
      });
    }
  })
  .describe(
    "Permissions of further APIs, besides the DICOM scope. With consent: managed, the stack consents to them as well.",
  );

/** The name of a certificate, which becomes part of a resource's name. */
export const certificateName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, {
    error: "a certificate's name has lower-case letters, digits and hyphens, and at most 50 characters",
  })
  .describe("Name of the certificate, unique in the client.");

/** The day on which a certificate is to end. */
export const certificateExpiresOn = dateSchema.describe(
  "UTC day from the start of which the certificate is no longer accepted. Default: when the certificate itself ends.",
);

const certificateSchema = z.strictObject({
  name: certificateName,
  pem: z
    .string()
    .describe("The client's own certificate in PEM, without its chain and without its private key."),
  expiresOn: certificateExpiresOn.exactOptional(),
});

const federatedCredentialName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/, {
  error:
    "a federated credential's name has 3 to 120 letters, digits, - and _, and starts with a letter or digit",
});

const federatedCredentialSchema = z.strictObject({
  name: federatedCredentialName.describe("Name of the credential, unique in the client."),
  formerName: federatedCredentialName
    .exactOptional()
    .describe("Previous name of the credential; needed to rename it."),
  issuer: httpsUrl().describe("Issuer of the tokens, an https address."),
  subject: text(600).describe("Subject of the tokens, compared exactly."),
  audience: text(600)
    .exactOptional()
    .describe(
      `Audience of the tokens. Default: that of the cloud; ${publicExchangeAudience} in the public one.`,
    ),
  description: text(600).exactOptional().describe("What it is for."),
});

const federatedCredentialsSchema = z
  .array(federatedCredentialSchema)
  .max(maximumFederatedCredentials, {
    error: `has more entries than the ${maximumFederatedCredentials} federated credentials that an application may have`,
  })
  .superRefine((credentials, context) => {
    for (const { index, first } of repeated(credentials.map(({ name }) => name))) {
      context.addIssue({
        code: "custom",
        path: [index, "name"],
        message: `is already the name of [${first}]`,
      });
    }
    for (const { index, first } of repeated(
      credentials.map(({ issuer, subject }) => `${issuer} ${subject}`),
    )) {
      context.addIssue({
        code: "custom",
        path: [index, "subject"],
        message: `has the same issuer and subject as [${first}]; Entra allows a pair once in an application`,
      });
    }
  })
  .describe("Issuers whose tokens the client may sign in with, instead of or in addition to a secret.");

const vaultSchema = z
  .strictObject({
    id: z
      .string()
      .refine((id) => parseVaultId(id) !== undefined, {
        error: ({ input }) =>
          `${quote(input)} is not the resource id of a key vault; write it as ${vaultIdForm}`,
      })
      .describe("Resource id of the key vault, in the subscription of the azure-native provider."),
    secretName: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,127}$/, {
        error: "the name of a Key Vault secret has 1 to 127 letters, digits and hyphens",
      })
      .describe("Name of the Key Vault secret."),
    export: z
      .boolean()
      .exactOptional()
      .describe("Whether the value also stays among the stack's outputs. Default true."),
  })
  .describe("Key vault that the current secret is written to.");

/** Object id of a user, group or service principal. */
export const objectIdSchema = guid("an object id");

const ownersSchema = z
  .array(objectIdSchema)
  .superRefine((owners, context) => {
    for (const { index, first } of repeated(owners.map((owner) => owner.toLowerCase()))) {
      context.addIssue({
        code: "custom",
        path: [index],
        message: `is the same owner as [${first}]; remove one of the two`,
      });
    }
  })
  .describe("Object ids of further owners. The deploying identity is always an owner.");

/** The keys of one client. */
export const clientShape = {
  displayName: text(256).describe("Name shown in the portal, unique in the tenant."),
  description: text(1024).exactOptional().describe("What the client is for."),
  owners: ownersSchema.exactOptional(),
  serviceManagementReference: text(256)
    .exactOptional()
    .describe("Reference into a service or asset management database."),
  access: accessSchema.exactOptional(),
  consent: z
    .enum(consentModes, {
      error: ({ input }) =>
        input === undefined
          ? undefined
          : `${quote(input)} is not a consent mode; write ${consentModes.join(", ")}`,
    })
    .exactOptional()
    .describe(
      `Who gives the tenant-wide consent: managed (this stack), external (an administrator, by URL) or none. Default ${defaultConsent}.`,
    ),
  permissions: permissionsSchema.exactOptional(),
  secret: secretSchema.exactOptional(),
  certificates: z
    .array(certificateSchema)
    .exactOptional()
    .describe("Certificates that the client may sign in with, instead of or in addition to a secret."),
  federatedCredentials: federatedCredentialsSchema.exactOptional(),
  credentials: z
    .literal("none", {
      error: ({ input }) => `${quote(input)} is not a valid value; write none, or omit the key`,
    })
    .exactOptional()
    .describe("none states that the client is meant to have no credential."),
  vault: vaultSchema.exactOptional(),
  protect: z
    .boolean()
    .exactOptional()
    .describe("Whether Pulumi refuses to delete the client. Its credentials still rotate. Default false."),
};

/** What one client may be declared with: the one source for the component, the stack's configuration and its JSON Schema. */
export const clientSchema = z.strictObject(clientShape);

/** What the DICOM service's API may be described with where it is not the public cloud's. */
export const dicomApiSchema = z.strictObject({
  clientId: guid("a client id")
    .refine((id) => id.toLowerCase() !== fhirClientId, {
      error: `${fhirClientId} is "Azure Healthcare APIs", the FHIR side, which has no scope for DICOM; leave clientId out or write ${publicDicomApi.clientId} ("Azure API for DICOM")`,
    })
    .exactOptional()
    .describe(
      `Client id of the API's application. Default ${publicDicomApi.clientId} (Azure API for DICOM).`,
    ),
  audience: httpsUrl()
    .exactOptional()
    .describe(`Audience of the tokens. Default ${publicDicomApi.audience}.`),
  scope: text(120).exactOptional().describe(`Name of the delegated scope. Default ${publicDicomApi.scope}.`),
  loginUrl: httpsUrl()
    .exactOptional()
    .describe(`Base address of the token endpoint. Default ${publicDicomApi.loginUrl}.`),
  dicomServiceUrl: z
    .string()
    .refine((url) => url.startsWith("https://") && /\{workspace\}.*\{service\}/.test(url), {
      error: ({ input }) =>
        `${quote(input)} is not an address that starts with https:// and holds {workspace} and {service}`,
    })
    .exactOptional()
    .describe(`Address of a DICOM service. Default ${publicDicomApi.dicomServiceUrl}.`),
});

/** Where later entries repeat an earlier one. Entries without an identity repeat nothing. */
function repeated(identities: readonly (string | undefined)[]): { index: number; first: number }[] {
  return identities.flatMap((identity, index) => {
    const first = identities.indexOf(identity);
    return identity !== undefined && first < index ? [{ index, first }] : [];
  });
}

function accessIdentity(entry: z.infer<typeof accessEntrySchema>): string | undefined {
  const access = readAccess(entry);
  return access && `${access.scope.id.toLowerCase()} ${access.roleId}`;
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
