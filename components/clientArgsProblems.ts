import * as pulumi from "@pulumi/pulumi";
import type { CalendarDay } from "./calendarDate";
import { clientSchema, dateSchema, dicomApiSchema } from "./clientSchema";
import type { DicomServiceClientArgs } from "./dicomServiceClient";
import { problemsOf, under, type Problem } from "./problem";
import { secretStartProblems } from "./secretSchedule";

/**
 * Everything that is wrong with the component's arguments. Values that are still being computed are taken as right: they
 * cannot be looked at before the resource that needs them is declared.
 *
 * @param asOf the day that counts as today; undefined when the argument of that name is no date.
 */
export function clientArgsProblems(args: DicomServiceClientArgs, asOf: CalendarDay | undefined): Problem[] {
  const known = {
    displayName: isComputed(args.displayName) ? "computed" : args.displayName,
    description: knownOr(args.description),
    owners: knownOr(args.owners)?.filter((owner) => !isComputed(owner)),
    serviceManagementReference: knownOr(args.serviceManagementReference),
    access: args.access,
    consent: args.consent,
    secret: args.secret,
  };
  return [
    ...problemsOf(
      clientSchema,
      Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    ),
    ...(asOf === undefined
      ? under(["asOf"], problemsOf(dateSchema, args.asOf))
      : under(["secret"], secretStartProblems(args.secret, asOf))),
    ...under(["api"], problemsOf(dicomApiSchema, args.api ?? {})),
  ];
}

function knownOr<T extends string | pulumi.Input<string>[]>(
  value: pulumi.Input<T> | undefined,
): T | undefined {
  return value === undefined || isComputed(value) ? undefined : (value as T);
}

function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
