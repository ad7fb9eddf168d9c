import { createHash, randomBytes } from "node:crypto";
import type { Schema } from "../bridge/propertySchema";
import type { JsonObject } from "../http/jsonBody";
import type { ResourceHandler } from "../server/plugin";
import { type PropertyMap, type PropertyValue, textOf, UNKNOWN } from "../server/propertyValue";
import {
  applyChanges,
  createBeforeDelete,
  diffInputs,
  inputsAmong,
  missingInputs,
  previewOutputs,
  withoutNulls,
} from "./armInputs";
import type { AzureNativeSession, ArmCall } from "./azureNativeSession";

/** A resource of Azure Resource Manager as pulumi-azure-native has it, declared. */
export interface ArmResource {
  readonly token: string;
  readonly apiVersion: string;
  /** Inputs that make up the id; a change of one replaces the object. */
  readonly pathInputs: Schema;
  /** Inputs that make up the body. */
  readonly bodyInputs: Schema;
  /** Body inputs whose change replaces the object. */
  readonly replacing: readonly string[];
  readonly outputs: Schema;
  /** The path input that gets a name of its own when the program gives none. */
  readonly autoName: { readonly input: string; readonly kind: "guid" | "suffix" };
  /** The id of the object that the inputs describe. */
  readonly idFor: (inputs: PropertyMap, subscriptionId: string) => string;
  readonly bodyFor: (inputs: PropertyMap) => JsonObject;
  /** Outputs as far as the service sends them; without nulls and azureApiVersion. */
  readonly outputsFrom: (live: JsonObject) => PropertyMap;
  /** Path inputs in an id that is imported. */
  readonly pathInputsFrom: (id: string) => PropertyMap;
  /** Deletes the object when Resource Manager cannot. */
  readonly delete?: (session: AzureNativeSession, operation: ArmCall, inputs: PropertyMap) => Promise<void>;
}

const defaultTimeoutMinutes = 120;

/** A name that is the same for the same seed, so that a preview and the update that follows agree. */
function derivedHex(seed: Uint8Array, length: number): string {
  const bytes = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(length);
  return bytes.toString("hex").slice(0, length);
}

function madeUpName(kind: "guid" | "suffix", name: string, seed: Uint8Array): string {
  if (kind === "suffix") return `${name}${derivedHex(seed, 8)}`;
  const hex = derivedHex(seed, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function operationOf(request: { readonly timeoutSeconds: number; readonly signal: AbortSignal }): ArmCall {
  const { timeoutSeconds, signal } = request;
  return { timeoutMinutes: timeoutSeconds > 0 ? timeoutSeconds / 60 : defaultTimeoutMinutes, signal };
}

/** The engine's life cycle of an {@link ArmResource}: a diff compares inputs with inputs. */
export function armResource(resource: ArmResource): ResourceHandler<AzureNativeSession> {
  const { apiVersion, autoName, outputs: outputSchema } = resource;
  const inputSchema = armInputSchema(resource);
  const replacing = new Set([...Object.keys(resource.pathInputs), ...resource.replacing]);

  const stateOf = (live: JsonObject): PropertyMap => ({
    ...withoutNulls(resource.outputsFrom(live)),
    azureApiVersion: apiVersion,
  });
  const projection = (outputs: PropertyMap): PropertyMap => inputsAmong(resource.bodyInputs, outputs);

  return {
    secretOutputs: new Set(),

    check({ name, inputs, oldInputs, randomSeed }) {
      const checked: Record<string, PropertyValue> = { ...withoutNulls(inputs) };
      if (checked[autoName.input] === undefined) {
        const earlier = oldInputs[autoName.input];
        checked[autoName.input] = earlier ?? madeUpName(autoName.kind, name, randomSeed);
        if (earlier === undefined || oldInputs[createBeforeDelete] === true)
          checked[createBeforeDelete] = true;
      }
      checked["azureApiVersion"] ??= apiVersion;
      return { inputs: checked, failures: missingInputs(inputSchema, checked) };
    },

    diff({ oldInputs, inputs }) {
      const changes = diffInputs(oldInputs, inputs, replacing);
      const deleteBeforeReplace = oldInputs[createBeforeDelete] !== true;
      return Promise.resolve({ changes, deleteBeforeReplace });
    },

    async create(request) {
      const { inputs, session } = request;
      if (request.preview) return { id: "", outputs: previewOutputs(outputSchema, inputs) };
      const arm = session.resourceManager(operationOf(request));
      const id = resource.idFor(inputs, session.subscriptionId);
      await arm.requireAbsence(id, apiVersion);
      const created = await arm.put(id, apiVersion, resource.bodyFor(inputs));
      const canonicalId = typeof created["id"] === "string" ? created["id"] : id;
      // Failing to read back what was just written is not held against the create.
      const live = await arm.get(canonicalId, apiVersion).catch(() => created);
      return { id: canonicalId, outputs: stateOf(live) };
    },

    async read(request) {
      const { id, oldInputs, oldOutputs } = request;
      // The real plugin joins host and id, so that it would ask another host.
      if (!id.startsWith("/")) throw new Error(`the id '${id}' is no resource id: it must begin with '/'`);
      const live = await request.session.resourceManager(operationOf(request)).find(id, apiVersion);
      if (live === undefined) return undefined;
      const outputs = stateOf(live);
      const importing = Object.keys(oldInputs).length === 0;
      const inputs = importing
        ? { ...resource.pathInputsFrom(id), ...projection(outputs), azureApiVersion: apiVersion }
        : applyChanges(oldInputs, projection(oldOutputs), projection(outputs));
      return { id, inputs, outputs };
    },

    async update(request) {
      const { id, inputs, oldOutputs, session } = request;
      if (request.preview) {
        const name = oldOutputs["name"] ?? UNKNOWN;
        return { ...previewOutputs(outputSchema, inputs), name };
      }
      const arm = session.resourceManager(operationOf(request));
      const updated = await arm.put(id, apiVersion, resource.bodyFor(inputs));
      return stateOf(await arm.get(id, apiVersion).catch(() => updated));
    },

    async delete(request) {
      const operation = operationOf(request);
      if (resource.delete !== undefined) {
        await resource.delete(request.session, operation, request.oldInputs);
      } else {
        await request.session.resourceManager(operation).delete(request.id, apiVersion);
      }
    },
  };
}

/** The schema of a resource's inputs, path and body together. */
export function armInputSchema(resource: ArmResource): Schema {
  return { ...resource.pathInputs, ...resource.bodyInputs };
}

/** A part of an id: percent-encoded, so that no name can leave its place in the path. */
export function pathSegment(inputs: PropertyMap, name: string): string {
  return encodeURIComponent(textOf(inputs[name]));
}
