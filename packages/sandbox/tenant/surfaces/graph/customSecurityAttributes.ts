import * as s from "../../core/bodySchema";
import { insufficientPrivileges } from "../../domain/directoryRefusals";
import type { ServicePrincipalRecord } from "../../state/records";
import { callerLabel, type Caller } from "../caller";
import { readProperties } from "./graphBody";

type Attributes = NonNullable<ServicePrincipalRecord["customSecurityAttributes"]>;

const read = "CustomSecAttributeAssignment.Read.All";
const write = "CustomSecAttributeAssignment.ReadWrite.All";
const noAnnotations = (name: string): boolean => !name.includes("@");

/** Attribute sets with their values; of the types of values that Graph knows, texts alone. */
const setsSchema: s.BodySchema<Record<string, Record<string, string>>> = {
  initial: () => ({}),
  read(value, property) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new s.BodySchemaError("invalid", property);
    }
    return Object.fromEntries(
      Object.entries(value).map(([set, values]) => [set, readSet(values, `${property}.${set}`)]),
    );
  },
};

function readSet(values: unknown, property: string): Record<string, string> {
  if (values === null || typeof values !== "object" || Array.isArray(values)) {
    throw new s.BodySchemaError("invalid", property);
  }
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => noAnnotations(name))
      .map(([name, value]: [string, unknown]) => {
        if (typeof value !== "string") throw new s.BodySchemaError("notImplemented", `${property}.${name}`);
        return [name, value];
      }),
  );
}

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
  const schema = s.object({ customSecurityAttributes: setsSchema });
  const { customSecurityAttributes: sets } = readProperties(
    { customSecurityAttributes: body },
    schema,
    "ServicePrincipal",
  );
  return { ...before.customSecurityAttributes, ...sets };
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
