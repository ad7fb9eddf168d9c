import type { Stack } from "@pulumi/pulumi/automation";
import { isMapping } from "dicom-service-client/model";

/** A resource of a provider, as the stack's state has it. */
export interface StateResource {
  readonly urn: string;
  /** Type and name, for people. */
  readonly what: string;
  /** In lower case. */
  readonly id: string;
  /** Whether it has been replaced and waits for its deletion. */
  readonly isPendingDeletion: boolean;
  /** Whether its creation was not finished. */
  readonly isIncomplete: boolean;
}

/** What a stack's state holds. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** Operations that the engine does not know the end of: type of operation and URN. */
  readonly pending: readonly string[];
}

/**
 * Reads a stack's state through the engine.
 *
 * @throws Error when it cannot be read.
 */
export async function readStackState(stack: Pick<Stack, "exportStack">): Promise<StackState> {
  const exported: { readonly deployment: unknown } = await stack.exportStack();
  const deployment = isMapping(exported.deployment) ? exported.deployment : {};
  const pending = listOf(deployment["pending_operations"]).map(
    ({ type, resource }) => `${String(type)} ${isMapping(resource) ? String(resource["urn"]) : ""}`,
  );
  const resources = listOf(deployment["resources"])
    .filter(({ type }) => /^(azuread|azure-native):/.test(String(type)))
    .map((resource) => {
      const urn = String(resource["urn"]);
      return {
        urn,
        what: `${String(resource["type"]).split(":").at(-1) ?? ""} ${urn.slice(urn.lastIndexOf("::") + 2)}`,
        id: typeof resource["id"] === "string" ? resource["id"].toLowerCase() : "",
        isPendingDeletion: resource["delete"] === true,
        isIncomplete: listOrEmpty(resource["initErrors"]).length > 0,
      };
    });
  return { resources, pending };
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return listOrEmpty(value).filter(isMapping);
}

function listOrEmpty(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
