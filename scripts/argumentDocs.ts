import { z } from "zod";
import { argsSchema } from "../components/readArgs";

/** A part of the JSON Schema that is made from the schemas of arguments, with the words of `components/argumentTypes.ts`. */
export interface ArgumentSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly absent?: string;
  readonly examples?: readonly unknown[];
  readonly source?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly ArgumentSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, ArgumentSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: ArgumentSchema | boolean;
  readonly items?: ArgumentSchema;
  readonly $defs?: Readonly<Record<string, ArgumentSchema>>;
}

/** All arguments of the component. */
export function argumentsSchema(): ArgumentSchema {
  return z.toJSONSchema(argsSchema, { io: "input" }) as ArgumentSchema;
}

/** The name of the type that a schema refers to. */
export function referredType({ $ref }: ArgumentSchema): string | undefined {
  return $ref?.slice($ref.lastIndexOf("/") + 1);
}

/** Everything that is to be said of an argument, in sentences. */
export function explanation(argument: ArgumentSchema, isRequired: boolean): string {
  const { description = "", examples = [], source } = argument;
  const limited = limits(argument);
  const [example] = examples;
  return [
    limited === "" ? description : `${description.replace(/\.$/, "")}; ${limited}.`,
    isRequired ? "Required." : `${defaultSentence(argument)}.`,
    ...(example === undefined
      ? []
      : [`Example: \`${typeof example === "string" ? example : asCode(example)}\`.`]),
    ...(source === undefined ? [] : [`Source: ${source}${source.endsWith(")") ? "." : ""}`]),
  ].join(" ");
}

function defaultSentence({ default: value, absent }: ArgumentSchema): string {
  if (value !== undefined) return `Default \`${String(value)}\``;
  return absent === undefined ? "Default none" : `Default: ${absent}`;
}

/** How long or large a value may be, in words. */
export function limits({ minimum, maximum, minLength, maxLength, maxItems }: ArgumentSchema): string {
  return [
    ...(minimum === undefined ? [] : [range(minimum, maximum)]),
    ...(maxLength === undefined ? [] : [`${minLength ?? 0} to ${maxLength} characters`]),
    ...(maxItems === undefined ? [] : [`at most ${maxItems}`]),
  ].join(", ");
}

function range(minimum: number, maximum: number | undefined): string {
  return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
    ? `${minimum} or more`
    : `${minimum} to ${maximum}`;
}

/** A value as TypeScript writes it. */
function asCode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asCode).join(", ")}]`;
  return value !== null && typeof value === "object"
    ? `{ ${Object.entries(value)
        .map(([key, inner]) => `${key}: ${asCode(inner)}`)
        .join(", ")} }`
    : JSON.stringify(value);
}
