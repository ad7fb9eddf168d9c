import * as pulumi from "@pulumi/pulumi";
import type { CalendarDay } from "./calendarDate";
import { clientRuleProblems } from "./clientRules";
import { clientSchema, dateSchema, dicomApiSchema } from "./clientSchema";
import type { DicomServiceClientArgs } from "./dicomServiceClient";
import { problemsOf, under, type Problem } from "./problem";

/**
 * Everything that is wrong with the component's arguments. Values that are still being computed are taken as right: they
 * cannot be looked at before the resource that needs them is declared.
 *
 * @param asOf the day that counts as today; undefined when the argument of that name is no date.
 */
export function clientArgsProblems(args: DicomServiceClientArgs, asOf: CalendarDay | undefined): Problem[] {
  const { asOf: writtenAsOf, api, tenant: _tenant, ...client } = args;
  const known = withoutUndefined({
    ...client,
    displayName: isComputed(args.displayName) ? "computed" : args.displayName,
    description: knownOr(args.description),
    owners: knownOr(args.owners)?.filter((owner) => !isComputed(owner)),
    serviceManagementReference: knownOr(args.serviceManagementReference),
  });
  return [
    ...problemsOf(clientSchema, known),
    ...(asOf === undefined
      ? under(["asOf"], problemsOf(dateSchema, writtenAsOf))
      : clientRuleProblems(known, asOf)),
    ...under(["api"], problemsOf(dicomApiSchema, api ?? {})),
  ];
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function knownOr<T extends string | pulumi.Input<string>[]>(
  value: pulumi.Input<T> | undefined,
): T | undefined {
  return value === undefined || isComputed(value) ? undefined : (value as T);
}

function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
