import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import ts from "typescript";
import type { GeneratedFile } from "./generatedFile";

const folder = join(__dirname, "..", "components");

/** The schema of the component package. */
export const componentSchema: GeneratedFile = {
  path: join(folder, "schema.json"),
  make: () => JSON.stringify(packageSchema(), undefined, 2),
};

/** A property of a {@link PackageSchema}, as far as it concerns us. */
export interface SchemaProperty {
  readonly description?: string;
  readonly secret?: boolean;
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
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly description?: string;
        readonly inputProperties: SchemaProperties;
        readonly requiredInputs: readonly string[];
        readonly properties: SchemaProperties;
      }
    >
  >;
  readonly types: Readonly<
    Record<
      string,
      {
        readonly description?: string;
        readonly properties: SchemaProperties;
        readonly required: readonly string[];
      }
    >
  >;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/**
 * The schema from which SDKs of other languages are generated: what the SDK's analyzer finds in the sources, and what it leaves
 * out of them, which are the descriptions of types and the marks of secret outputs.
 *
 * For Go it asks for the input types of all types. The generator forgets that of a type that stands in a plain list only, when
 * the property comes before the first plain object in the alphabet, as `access` does before `api`; the SDK then does not compile.
 */
function packageSchema(): PackageSchema {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const { name, version, description } = manifest;
  const { components, typeDefinitions, dependencies } = new Analyzer(
    folder,
    name,
    { ...manifest },
    new Set(["DicomServiceClient"]),
  ).analyze();
  const analyzed = generateSchema(name, version, description, components, typeDefinitions, dependencies);
  const schema = JSON.parse(JSON.stringify(analyzed)) as PackageSchema;
  const descriptions = interfaceDescriptions();
  return {
    ...schema,
    language: { ...schema.language, go: { ...schema.language["go"], generateExtraInputTypes: true } },
    resources: mapValues(schema.resources, (resource) => ({
      ...resource,
      properties: mapValues(resource.properties, markSecret),
    })),
    types: mapValues(schema.types, (type, token) => ({
      ...type,
      description: descriptions.get(token.slice(token.lastIndexOf(":") + 1)) ?? "",
    })),
  };
}

/** Outputs whose description says so are secret; that they are is proved by the component's own tests. */
function markSecret(property: SchemaProperty): SchemaProperty {
  return property.description?.endsWith("A Pulumi secret.") ? { ...property, secret: true } : property;
}

/** What the comments before our interfaces say, by the interfaces' names. */
function interfaceDescriptions(): Map<string, string> {
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const text = readFileSync(join(folder, file), "utf8");
        return ts
          .createSourceFile(file, text, ts.ScriptTarget.Latest, true)
          .statements.filter(ts.isInterfaceDeclaration)
          .map((declaration): [string, string] => [declaration.name.text, commentBefore(declaration)]);
      }),
  );
}

function commentBefore(declaration: ts.InterfaceDeclaration): string {
  return ts
    .getJSDocCommentsAndTags(declaration)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join("\n");
}

function mapValues<Value, Result>(
  mapping: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, map(value, key)]));
}
