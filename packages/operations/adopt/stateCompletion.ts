import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  canonicalPem,
  certificateKey,
  childName,
  type ClientConfig,
  isMapping,
} from "dicom-service-client/model";
import { knownForm } from "../project/knownForm";
import { childTypes } from "../project/deployedClient";
import type { AdoptedId } from "./adoptedIds";
import { type Preview, resourceName, resourceType } from "./previewStep";
import { lastPart } from "../project/lastPart";

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
  /** Takes the place of all inputs, but for those that a preview masks because they are secret. */
  readonly inputs?: Readonly<Record<string, unknown>>;
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
      name: childName(name, "application"),
      // Not a property of the application: it tells the provider to look for namesakes.
      properties: { preventDuplicateNames: { value: true, isSecret: false } },
    },
    ...certificates.map((certificate) => ({
      type: childTypes.certificate,
      name: childName(name, "certificate", certificateKey(certificate)),
      properties: {
        encoding: { value: "pem", isSecret: false },
        value: { value: canonicalPem(certificate.pem), isSecret: true },
      },
    })),
  ];
}

/**
 * What a preview would change although it means the same: where a role is assigned, and which one, as the providers write it and as
 * the program does, such as with or without the first slash; and a custom role with the kinds of actions that it has none of.
 */
export function spellings(preview: Preview): readonly Completion[] {
  return [...respelledAssignments(preview), ...respelledDefinitions(preview)];
}

function respelledDefinitions({ steps }: Preview): readonly Completion[] {
  return steps
    .filter(({ op, urn }) => op === "update" && resourceType(urn) === childTypes.customRole)
    .flatMap(({ urn, oldState, newState }) =>
      newState && isDeepStrictEqual(withoutNothing(oldState?.inputs), withoutNothing(newState.inputs))
        ? [{ type: childTypes.customRole, name: resourceName(urn), properties: {}, inputs: newState.inputs }]
        : [],
    );
}

/** A value without the bridges' own keys and the empty lists in it, which mean the same as none. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(withoutNothing);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => !key.startsWith("__") && !(Array.isArray(one) && one.length === 0))
      .map(([key, one]) => [key, withoutNothing(one)] as const),
  );
}

function respelledAssignments({ steps }: Preview): readonly Completion[] {
  return steps
    .filter(({ op, urn }) => op !== "same" && resourceType(urn) === childTypes.azureRole)
    .flatMap(({ urn, oldState, newState }) => {
      const respelled = spelledProperties.flatMap((property) => {
        const [live, declared] = [oldState?.inputs[property], newState?.inputs[property]];
        return typeof live === "string" &&
          typeof declared === "string" &&
          live !== declared &&
          identity(property, live) === identity(property, declared)
          ? [[property, { value: declared, isSecret: false }] as const]
          : [];
      });
      return respelled.length === 0
        ? []
        : [
            {
              type: childTypes.azureRole,
              name: resourceName(urn),
              properties: Object.fromEntries(respelled),
            },
          ];
    });
}

/**
 * What the next `pulumi up` would record of imported resources without changing them: an import leaves the provider's inputs in the
 * state, and a refresh would show the program's as a drift.
 */
export function recordings({ steps }: Preview, adopted: readonly AdoptedId[]): readonly Completion[] {
  return steps.flatMap(({ op, urn, newState }) => {
    const [type, name] = [resourceType(urn), resourceName(urn)];
    return op === "same" && newState && adopted.some((one) => one.type === type && one.name === name)
      ? [{ type, name, properties: {}, inputs: newState.inputs }]
      : [];
  });
}

const spelledProperties = ["scope", "roleDefinitionId", "roleAssignmentName", "principalId"];

function identity(property: string, value: string): string {
  const text = value.toLowerCase().replace(/^\//, "");
  return property === "roleDefinitionId" ? lastPart(text) : text;
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
  const read = knownForm("The stack's state", exported, JSON.parse(state));
  let isChanged = false;
  for (const resource of read.deployment.resources) {
    const completion = wanted.find(
      ({ type, name }) => type === resource.type && name === resourceName(resource.urn),
    );
    if (!completion) continue;
    if (completion.inputs) {
      const inputs = withSecrets(completion.inputs, resource.inputs ?? {});
      if (!isDeepStrictEqual(inputs, resource.inputs)) {
        isChanged = true;
        resource.inputs = inputs;
      }
    }
    for (const side of ["inputs", "outputs"] as const) {
      const there = resource[side] ?? {};
      const missing = Object.entries(completion.properties).filter(
        ([name, { value }]) =>
          isMissing(there[name], value) || (resource.type === childTypes.azureRole && there[name] !== value),
      );
      if (missing.length === 0) continue;
      isChanged = true;
      resource[side] = {
        ...there,
        ...Object.fromEntries(missing.map(([name, value]) => [name, stateValue(value)])),
      };
    }
  }
  return isChanged ? JSON.stringify(read) : undefined;
}

/** Inputs of a preview, with the secrets that it masks as the state has them. */
function withSecrets(
  inputs: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) =>
      JSON.stringify(value)?.includes('"[secret]"')
        ? name in there
          ? [[name, there[name]]]
          : []
        : [[name, value]],
    ),
  );
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
