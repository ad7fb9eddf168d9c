import * as s from "../../core/bodySchema";
import { insufficientPrivileges } from "../../domain/directoryRefusals";
import type { ServicePrincipalRecord } from "../../state/records";
import { callerLabel, type Caller } from "../caller";
import { readProperties } from "./graphBody";

type Attributes = NonNullable<ServicePrincipalRecord["customSecurityAttributes"]>;

const read = "CustomSecAttributeAssignment.Read.All";
const write = "CustomSecAttributeAssignment.ReadWrite.All";

/** Of the types of values that Graph knows, texts alone. */
const valueSchema: s.BodySchema<string> = {
  ...s.text,
  read(value, property) {
    if (typeof value === "string") return value;
    throw new s.BodySchemaError("notImplemented", property);
  },
};
const setsSchema = s.object({ customSecurityAttributes: s.map(s.map(valueSchema)) });

/**
 * Custom security attributes take a permission of their own (Microsoft Graph reference, servicePrincipal resource type).
 *
 * @throws Refusal when the caller lacks it
 */
export function checkReadsAttributes(caller: Caller): void {
  check(caller, [read, write]);
}

/** The attributes of a service principal with those that a caller sets. @throws Refusal when the caller may not */
export function changeAttributes(caller: Caller, before: ServicePrincipalRecord, body: unknown): Attributes {
  check(caller, [write]);
  const sets = readProperties({ customSecurityAttributes: body }, setsSchema, "ServicePrincipal");
  return { ...before.customSecurityAttributes, ...sets.customSecurityAttributes };
}

function check(caller: Caller, permissions: readonly string[]): void {
  if (caller.kind === "user" || permissions.some((permission) => caller.roles.includes(permission))) return;
  throw insufficientPrivileges(`${callerLabel(caller)} lacks ${permissions.join(" or ")}`);
}

/** As Graph sends them: each set with its type; null without any. */
export function attributesView({ customSecurityAttributes }: ServicePrincipalRecord): object | null {
  if (customSecurityAttributes === undefined) return null;
  return Object.fromEntries(
    Object.entries(customSecurityAttributes).map(([set, values]) => [
      set,
      { "@odata.type": "#microsoft.graph.customSecurityAttributeValue", ...values },
    ]),
  );
}
