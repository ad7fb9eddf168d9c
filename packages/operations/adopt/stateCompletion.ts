import { z } from "zod";
import { OperationError } from "../operationError";
import type { ClientConfig } from "dicom-service-client/model";
import { childTypes } from "../project/deployedClient";
import { resourceName } from "./previewStep";

/**
 * What the program says and the provider cannot read back, so that an import leaves it out of the state: without it the next
 * `pulumi up` would change the application, and replace certificates by themselves.
 */
export interface Completion {
  readonly type: string;
  /** Name of the resource. */
  readonly name: string;
  /** Values by the names of properties. */
  readonly properties: Readonly<Record<string, CompletedValue>>;
}

interface CompletedValue {
  readonly value: string | boolean;
  readonly isSecret: boolean;
}

/** The completions of a client's resources. */
export function completions(name: string, { certificates = [] }: ClientConfig): readonly Completion[] {
  return [
    {
      type: childTypes.application,
      name: `${name}-application`,
      // Not a property of the application: it tells the provider to look for namesakes.
      properties: { preventDuplicateNames: { value: true, isSecret: false } },
    },
    ...certificates.map((certificate) => ({
      type: childTypes.certificate,
      name: `${name}-certificate-${certificate.name}`,
      properties: {
        encoding: { value: "pem", isSecret: false },
        value: { value: certificate.pem, isSecret: true },
      },
    })),
  ];
}

const properties = z.record(z.string(), z.unknown());
const exported = z.looseObject({
  version: z.literal([3, 4]),
  deployment: z.looseObject({
    resources: z
      .array(
        z.looseObject({
          urn: z.string(),
          type: z.string(),
          inputs: properties.exactOptional(),
          outputs: properties.exactOptional(),
        }),
      )
      .default([]),
  }),
});

/**
 * Adds to resources of a state what the program says of them. Other resources, and values that are there, stay as they are.
 *
 * @param state as `pulumi stack export` writes it
 * @returns undefined when nothing is missing
 * @throws OperationError when the state has a form that is not known
 */
export function completedState(state: string, wanted: readonly Completion[]): string | undefined {
  const read = exported.safeParse(JSON.parse(state));
  if (!read.success) {
    throw new OperationError("The stack's state has a form that this version does not know.", {
      cause: z.prettifyError(read.error),
      cure: "Update this project, or use the Pulumi CLI that it pins (.pulumi.version).",
    });
  }
  let isChanged = false;
  for (const resource of read.data.deployment.resources) {
    const completion = wanted.find(
      ({ type, name }) => type === resource.type && name === resourceName(resource.urn),
    );
    if (!completion) continue;
    for (const side of ["inputs", "outputs"] as const) {
      const there = resource[side] ?? {};
      const missing = Object.entries(completion.properties).filter(([name, { value }]) =>
        isMissing(there[name], value),
      );
      if (missing.length === 0) continue;
      isChanged = true;
      resource[side] = {
        ...there,
        ...Object.fromEntries(missing.map(([name, value]) => [name, stateValue(value)])),
      };
    }
  }
  return isChanged ? JSON.stringify(read.data) : undefined;
}

function isMissing(there: unknown, value: string | boolean): boolean {
  return there === undefined || there === null || there === "" || (value === true && there === false);
}

/** Marks a secret in a state. Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const secretSignature = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
};

/** The engine encrypts a secret that is given in plain text when it takes the state over. */
function stateValue({ value, isSecret }: CompletedValue): unknown {
  return isSecret ? { ...secretSignature, plaintext: JSON.stringify(value) } : value;
}
