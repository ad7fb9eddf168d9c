import { readFileSync } from "node:fs";
import type { ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { componentType, DicomServiceClient, type DicomServiceClientArgs } from "../dicomServiceClient";

/** The part of the package's schema that the provider works with. */
interface ServedSchema {
  readonly version: string;
  readonly resources: Readonly<Record<string, { readonly properties: object }>>;
}

/**
 * The component, for programs in other languages. It answers with the schema that is kept in `schema.json`. The provider that
 * Pulumi would start for exported components analyzes the sources anew each time, and what it finds has neither the descriptions
 * of the types nor the marks of secrets, and makes an SDK for Go that does not compile.
 */
export class ComponentProvider implements Provider {
  readonly version: string;
  private readonly text = readFileSync(require.resolve("dicom-service-client/schema.json"), "utf8");
  private readonly outputs: readonly string[];

  constructor() {
    const schema = JSON.parse(this.text) as ServedSchema;
    this.version = schema.version;
    this.outputs = Object.keys(schema.resources[componentType]?.properties ?? {});
  }

  getSchema(): Promise<string> {
    return Promise.resolve(this.text);
  }

  /**
   * @throws Error when the type is not the component's, pulumi.InputPropertiesError when arguments are wrong.
   */
  construct(
    name: string,
    type: string,
    inputs: Inputs,
    options: ComponentResourceOptions,
  ): Promise<ConstructResult> {
    if (type !== componentType) {
      return Promise.reject(
        new Error(`there is no component ${type} in this package, only ${componentType}`),
      );
    }
    // The component checks its arguments itself, so nothing rests on this.
    const component = new DicomServiceClient(name, inputs as DicomServiceClientArgs, options);
    const published = new Map(Object.entries(component));
    return Promise.resolve({
      urn: component.urn,
      state: Object.fromEntries(
        this.outputs.map((output): [string, unknown] => [output, published.get(output)]),
      ),
    });
  }
}
