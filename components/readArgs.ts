import { z } from "zod";
import { date } from "./argumentTypes";
import { type CalendarDay, calendarDayOf, parseCalendarDay } from "./calendarDate";
import type { DicomServiceClientArgs } from "./clientArgs";
import { clientRuleProblems } from "./clientRules";
import { clientFields } from "./clientSchema";
import { apiFields } from "./dicomApiSchema";
import { ProblemsError, problemsOf } from "./problem";
import { pulumi } from "./sdk";

const resourceApi = z
  .strictObject({
    servicePrincipalId: z.string().meta({ description: "Object id of its service principal." }),
    scopeIds: z
      .record(z.string(), z.string())
      .meta({ description: "Ids of its delegated scopes by their names." }),
    roleIds: z.record(z.string(), z.string()).meta({ description: "Ids of its app roles by their names." }),
  })
  .meta({ id: "ResourceApi", description: "A resource API as the tenant knows it." });

const tenantContext = z
  .strictObject({
    tenantId: z.string().meta({ description: "Directory (tenant) id." }),
    deployingIdentityId: z.string().meta({
      description:
        "Object id of the identity that deploys; it stays an owner so that it may manage what it creates.",
    }),
    apis: z
      .record(z.string(), resourceApi)
      .meta({ description: "The resource APIs by the client ids of their applications." }),
  })
  .meta({
    id: "TenantContext",
    description:
      "What a client needs to know of the tenant that it is created in. Read once, it serves any number of clients.",
  });

const tenantFields = {
  tenant: tenantContext.exactOptional().meta({
    description: "What `readTenantContext` returned, to read the tenant once for many clients.",
    absent: "read for this client",
    examples: ["await readTenantContext(completeDicomApi({}))"],
  }),
};

/** All arguments of the component. */
export const argsSchema = z.strictObject({
  ...clientFields,
  asOf: date.exactOptional().meta({
    description: "The UTC day that counts as today for the schedule.",
    absent: "today",
    examples: ["2026-11-23"],
  }),
  ...apiFields,
  ...tenantFields,
});

/** The arguments that may be outputs of other resources. The others decide which resources there are, and must be known. */
export const computable: readonly string[] = [
  "displayName",
  "description",
  "owners",
  "serviceManagementReference",
  "tenant",
];

/** Arguments that were checked as a part of something larger, such as the stack's configuration. */
const checked = new WeakSet<DicomServiceClientArgs>();

/** Marks arguments that have been checked already. */
export function checkedArgs(args: DicomServiceClientArgs): DicomServiceClientArgs {
  checked.add(args);
  return args;
}

/**
 * Checks the arguments of a client, once.
 *
 * @returns the day that counts as today.
 * @throws ProblemsError with everything that is wrong.
 */
export function readArgs(name: string, args: DicomServiceClientArgs): CalendarDay {
  const asOf = args.asOf === undefined ? calendarDayOf(new Date()) : parseCalendarDay(args.asOf);
  if (asOf !== undefined && checked.has(args)) {
    return asOf;
  }
  const known = Object.fromEntries(
    Object.entries(args).flatMap(([key, value]: [string, unknown]) => {
      const read = computable.includes(key) ? knownPart(value) : value;
      return read === undefined ? [] : [[key, read]];
    }),
  );
  // A value that is still being computed cannot be looked at, so it is taken for right.
  const problems = [
    ...problemsOf(argsSchema, isComputed(args.displayName) ? { displayName: "computed", ...known } : known),
    ...(asOf === undefined ? [] : clientRuleProblems(known, asOf)),
  ];
  if (problems.length > 0 || asOf === undefined) {
    throw new ProblemsError(`The DICOM service client ${JSON.stringify(name)}`, problems);
  }
  return asOf;
}

function knownPart(value: unknown): unknown {
  if (isComputed(value)) {
    return undefined;
  }
  return Array.isArray(value) ? value.filter((item) => !isComputed(item)) : value;
}

function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
