import { readFileSync } from "node:fs";
import { type ComponentResourceOptions, InputPropertiesError, type Inputs } from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { componentType } from "../childNames";
import type { DicomServiceClientArgs } from "../clientArgs";
import { DicomServiceClient } from "../dicomServiceClient";
import { outputs } from "../outputs";
import { plainText } from "../plainText";
import { formatPath, ProblemsError } from "../problem";

/**
 * The component, for programs in other languages. It answers with the schema that is kept in `schema.json`. The provider that
 * Pulumi would start for exported components analyzes the sources anew each time, and what it finds has neither the descriptions
 * of the types nor the marks of secrets, and makes an SDK for Go that does not compile.
 */
export class ComponentProvider implements Provider {
  readonly version: string;
  private readonly text = readFileSync(require.resolve("dicom-service-client/schema.json"), "utf8");

  constructor() {
    this.version = (JSON.parse(this.text) as { readonly version: string }).version;
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
        new Error(plainText(`there is no component ${type} in this package, only ${componentType}`)),
      );
    }
    try {
      // The component checks its arguments itself, so nothing rests on this.
      const component = new DicomServiceClient(name, inputs as DicomServiceClientArgs, options);
      const published = new Map<string, unknown>(Object.entries(component));
      return Promise.resolve({
        urn: component.urn,
        state: Object.fromEntries(Object.keys(outputs).map((output) => [output, published.get(output)])),
      });
    } catch (error) {
      return Promise.reject(error instanceof ProblemsError ? refusal(error) : (error as Error));
    }
  }
}

/** What is wrong, as the engine shows it: beside the properties. What is wrong with the client as a whole has no property. */
function refusal({ message, problems }: ProblemsError): InputPropertiesError {
  return new InputPropertiesError({
    message: problems.some(({ path }) => path.length === 0) ? message : message.split("\n", 1).join(),
    errors: problems
      .filter(({ path }) => path.length > 0)
      .map(({ path, message: reason }) => ({
        propertyPath: plainText(formatPath(path)),
        reason: plainText(reason),
      })),
  });
}
