import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { componentType } from "../components/childNames";
import { outputs, secretOutputs } from "../components/outputs";
import { computable } from "../components/readArgs";
import { type ArgumentSchema, argumentsSchema, explanation, referredType } from "./argumentDocs";
import type { GeneratedFile } from "./generatedFile";

const folder = join(__dirname, "..", "components");

/** The schema of the component package. */
export const componentSchema: GeneratedFile = {
  path: join(folder, "schema.json"),
  make: () => JSON.stringify(packageSchema(), undefined, 2),
};

/** A property of a {@link PackageSchema}, as far as it concerns us. */
export interface SchemaProperty {
  readonly type?: string;
  readonly description?: string;
  readonly secret?: boolean;
  /** Whether its value must be known before anything is created. */
  readonly plain?: boolean;
  /** Where its type is defined: `#/types/` and a name. */
  readonly $ref?: string;
  readonly items?: SchemaProperty;
  readonly additionalProperties?: SchemaProperty;
}

/** Properties by their names. */
export type SchemaProperties = Readonly<Record<string, SchemaProperty>>;

/** A Pulumi package schema. Source: https://www.pulumi.com/docs/iac/extending-pulumi/schema/ . */
export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Settings of the generators. */
  readonly language: Readonly<Record<string, object>>;
  readonly dependencies: readonly string[];
  readonly resources: Readonly<
    Record<
      string,
      ObjectType & {
        readonly isComponent: true;
        readonly inputProperties: SchemaProperties;
        readonly requiredInputs: readonly string[];
      }
    >
  >;
  readonly types: Readonly<Record<string, ObjectType>>;
}

interface ObjectType {
  readonly type: "object";
  readonly properties: SchemaProperties;
  readonly required: readonly string[];
  readonly description?: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/**
 * The schema from which SDKs of other languages are generated. Pulumi's analyzer of TypeScript is not used: it knows neither literal
 * unions nor descriptions of types nor marks of secrets.
 *
 * For Go it asks for the input types of all types. The generator forgets that of a type that stands in a plain list only, when
 * the property comes before the first plain object in the alphabet, as `access` does before `api`; the SDK then does not compile.
 */
function packageSchema(): PackageSchema {
  const { name, version, description } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Manifest;
  const schema = argumentsSchema();
  const respectSchemaVersion = true;
  return {
    name,
    version,
    description,
    language: {
      nodejs: { respectSchemaVersion },
      python: { respectSchemaVersion },
      csharp: { respectSchemaVersion },
      java: { respectSchemaVersion },
      go: { respectSchemaVersion, generateExtraInputTypes: true },
    },
    resources: {
      [componentType]: {
        type: "object",
        isComponent: true,
        inputProperties: propertiesOf(schema, (key) => !computable.includes(key)),
        requiredInputs: schema.required ?? [],
        properties: mapValues(outputs, ({ type, description: meaning }, key) => ({
          ...propertyOf(z.toJSONSchema(type) as ArgumentSchema, false),
          description: meaning,
          ...(key in secretOutputs ? { secret: true } : {}),
        })),
        required: Object.keys(outputs)
          .filter((key) => !outputs[key]?.type.safeParse(undefined).success)
          .sort(),
        description: componentDescription(),
      },
    },
    types: Object.fromEntries(
      Object.entries(schema.$defs ?? {}).map(([type, definition]) => [
        `${name}:index:${type}`,
        {
          type: "object",
          properties: propertiesOf(definition, () => true),
          required: definition.required ?? [],
          description: definition.description ?? "",
        },
      ]),
    ),
    dependencies: [],
  };
}

function propertiesOf(
  { properties = {}, required = [] }: ArgumentSchema,
  isPlain: (key: string) => boolean,
): SchemaProperties {
  return mapValues(properties, (argument, key) => ({
    ...propertyOf(argument, isPlain(key)),
    description: explanation(argument, required.includes(key)),
  }));
}

/** The type of a property. SDKs of other languages get closed sets of words as text, which they have been from the start. */
function propertyOf(schema: ArgumentSchema, isPlain: boolean): SchemaProperty {
  const { type, items, additionalProperties } = schema;
  const named = referredType(schema);
  return {
    ...(named === undefined
      ? { type: type === "integer" ? "number" : (type ?? "string") }
      : { $ref: `#/types/${componentType.replace(/\w+$/, named)}` }),
    ...(items && { items: propertyOf(items, isPlain) }),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: propertyOf(additionalProperties, isPlain) }
      : {}),
    ...(isPlain ? { plain: true } : {}),
  };
}

/** What the comment before the component's class says. */
function componentDescription(): string {
  const file = join(folder, "dicomServiceClient.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(ts.isClassDeclaration)
    .flatMap((declaration) => ts.getJSDocCommentsAndTags(declaration))
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join("\n");
}

function mapValues<Value, Result>(
  mapping: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, map(value, key)]));
}
