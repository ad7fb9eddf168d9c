import type { PackageSchema, SchemaProperties } from "../../scripts/componentSchema";

/** Finds names in a package schema that a program uses. */
export class SchemaNames {
  readonly inputs: SchemaProperties;
  readonly outputs: SchemaProperties;

  constructor(private readonly schema: PackageSchema) {
    const [component] = Object.values(schema.resources);
    if (component === undefined) throw new Error("the schema has no component");
    this.inputs = component.inputProperties;
    this.outputs = component.properties;
  }

  /** The properties of an `…Args` class of an SDK. */
  ofArgsClass(name: string): SchemaProperties | undefined {
    return name === "DicomServiceClientArgs" ? this.inputs : this.ofType(name.replace(/Args$/, ""));
  }

  private ofType(name: string): SchemaProperties | undefined {
    return this.schema.types[`${this.schema.name}:index:${name}`]?.properties;
  }

  /**
   * The names in a tree of arguments that the schema does not have, as paths.
   *
   * @param nameOf the schema's name for a name of the program's language.
   */
  unknownIn(value: unknown, nameOf: (name: string) => string, properties = this.inputs, path = ""): string[] {
    if (Array.isArray(value)) {
      return value.flatMap((item) => this.unknownIn(item, nameOf, properties, path));
    }
    if (value === null || typeof value !== "object") {
      return [];
    }
    return Object.entries(value).flatMap(([name, inner]) => {
      const property = properties[nameOf(name)];
      if (property === undefined) return [`${path}${name}`];
      const type = (property.items ?? property).$ref?.replace(/^.*:/, "");
      const below = type === undefined ? {} : (this.ofType(type) ?? {});
      return this.unknownIn(inner, nameOf, below, `${path}${name}.`);
    });
  }
}
