import { z } from "zod";
import { readAccess } from "./access";
import { dicomServiceIdForm, isGuid, parseDicomScope, workspaceIdForm } from "./azureResourceId";
import { parseCalendarDay } from "./calendarDate";
import { consentModes, defaultConsent } from "./consent";
import { fhirClientId, publicDicomApi } from "./dicomApi";
import { defaultRole, readRole, roleForms } from "./dicomRole";
import { defaultLifetimeDays, defaultOverlapDays, maximumLifetimeDays } from "./secretSchedule";

// The descriptions are what an editor shows, by way of the JSON Schema, and what the list of config keys is made from.

const text = (longest: number): z.ZodString =>
  z.string().refine((value) => value.trim() !== "" && value.length <= longest, {
    error: `must have 1 to ${longest} characters`,
  });

const httpsUrl = (): z.ZodString =>
  z.string().refine((value) => URL.canParse(value) && new URL(value).protocol === "https:", {
    error: ({ input }) => `${quote(input)} is not an address that starts with https://`,
  });

const wholeNumber = (least: number, most: number, what: string): z.ZodNumber =>
  z
    .number()
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, {
      error: ({ input }) => `${String(input)} is out of range; ${what}`,
    })
    .meta({ type: "integer", minimum: least, maximum: most });

/** A GUID such as an object id. */
const guid = (what: string): z.ZodString =>
  z.string().refine(isGuid, { error: ({ input }) => `${quote(input)} is not ${what} (a GUID)` });

/** A date such as `2026-11-23`. */
export const dateSchema = z.string().refine((value) => parseCalendarDay(value) !== undefined, {
  error: ({ input }) => `${quote(input)} is not a date of the calendar; write it as "2026-11-23"`,
});

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
      .describe("Raise it to re-mint every declared secret at once, for instance after a leak. Default 0."),
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

const accessEntrySchema = z
  .strictObject({
    dicomService: z
      .string()
      .refine((id) => parseDicomScope(id)?.dicomService !== undefined, {
        error: ({ input }) =>
          `${quote(input)} is not the resource id of a DICOM service; write it as ${dicomServiceIdForm}`,
      })
      .exactOptional()
      .describe("Resource id of the DICOM service."),
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
      .describe("Instead of one service: resource id of a health workspace, for all its DICOM services."),
    role: z
      .string()
      .refine((role) => readRole(role) !== undefined, {
        error: ({ input }) => `there is no role ${quote(input)}; write ${roleForms}`,
      })
      .exactOptional()
      .describe(`${roleForms}. Default ${defaultRole}.`),
  })
  .superRefine((entry, context) => {
    if ((entry.dicomService === undefined) === (entry.workspace === undefined)) {
      context.addIssue({ code: "custom", message: "needs either dicomService or workspace, one of the two" });
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

const ownersSchema = z
  .array(guid("an object id"))
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

/** What one client may be declared with: the one source for the component, the stack's configuration and its JSON Schema. */
export const clientSchema = z.strictObject({
  displayName: text(120).describe("Name that people see in the portal, unique in the tenant."),
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
          : `${quote(input)} is no way of consenting; write ${consentModes.join(", ")}`,
    })
    .exactOptional()
    .describe(
      `Who gives the tenant-wide consent: managed (this stack), external (an administrator, by URL) or none. Default ${defaultConsent}.`,
    ),
  secret: secretSchema.exactOptional(),
});

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
export function repeated(identities: readonly (string | undefined)[]): { index: number; first: number }[] {
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
