import { IncompleteResourceError, type ResourceHandler } from "../server/plugin";
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../server/propertyValue";
import { metaKey, rawStateDeltaKey } from "./bridgeKeys";
import { checkInputs } from "./checkInputs";
import { detailedDiff } from "./detailedDiff";
import { DiagnosticError, diagnosticIn, messageOf } from "./diagnostic";
import { importInputs, refreshInputs, withEmptyLists } from "./liveInputs";
import { type PlanRequest, planState } from "./planState";
import type { Schema } from "./propertySchema";

/** How long an operation may take by default, in minutes. */
export interface Timeouts {
  readonly create: number;
  readonly read: number;
  readonly update: number;
  readonly delete: number;
}

/** Opens the context of one operation: what its requests go through, with its deadline. */
export type OpenContext<Session, Context> = (
  session: Session,
  operation: { readonly timeoutMinutes: number; readonly signal: AbortSignal },
) => Context;

/**
 * A resource of a bridged Terraform provider, declared: what its properties are, and the requests that
 * create, read, update and delete it. A state has every property of the schema.
 */
export interface BridgedResource<Context> {
  readonly token: string;
  /** The resource's name in Terraform, for messages: `azuread_application`. */
  readonly terraformType: string;
  readonly schema: Schema;
  readonly timeouts: Timeouts;
  /** Refuses an id that cannot be imported. Absent: the resource cannot be imported at all. */
  readonly checkImportId?: (id: string) => void;
  /** Looks at a plan that is about to be shown or carried out; may ask the service. `old` is absent for a new object. */
  readonly customizeDiff?: (
    context: Context,
    plan: { readonly id: string; readonly old?: PropertyMap; readonly planned: PropertyMap },
  ) => Promise<void>;
  readonly create: (context: Context, planned: PropertyMap) => Promise<CreatedObject>;
  /** Undefined when the object is gone. `prior` is the last known state; empty for an import. */
  readonly read: (context: Context, id: string, prior: PropertyMap) => Promise<PropertyMap | undefined>;
  /** Absent when every change replaces the object. */
  readonly update?: (
    context: Context,
    change: { readonly id: string; readonly old: PropertyMap; readonly planned: PropertyMap },
  ) => Promise<PropertyMap | undefined>;
  readonly delete: (context: Context, id: string, state: PropertyMap) => Promise<void>;
}

/** What came of a create. */
export interface CreatedObject {
  readonly id: string;
  /** Undefined when reading the new object back did not find it. */
  readonly state: PropertyMap | undefined;
}

/** Thrown by a create that failed after the object had come into being. */
export class CreatedIncompletelyError extends Error {
  constructor(
    readonly id: string,
    override readonly cause: unknown,
  ) {
    super(messageOf(cause));
    this.name = "CreatedIncompletelyError";
  }
}

/** A state that could not be completed may not hold unknown values: the engine refuses to store them. */
function withoutUnknown(state: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]): [string, PropertyValue] => [
      name,
      value === UNKNOWN ? null : value,
    ]),
  );
}

/** Where Terraform's plugin SDK keeps the timeouts of a resource. */
const timeoutsId = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/** How a line of Terraform's log begins that comes from handleDiagnostics of pulumi-terraform-bridge, 3.120.0. */
const logOrigin = "  sdk-v2/provider2.go:572: sdk.helper_schema";

/** What the bridge keeps beside the outputs of a resource. Only the real plugin could read a state's full difference from it. */
function bookkeeping(timeouts: Timeouts): PropertyMap {
  const nanoseconds = Object.entries(timeouts).map(([operation, minutes]): [string, number] => [
    operation,
    minutes * 60_000_000_000,
  ]);
  return {
    [metaKey]: JSON.stringify({ [timeoutsId]: Object.fromEntries(nanoseconds.toSorted()) }),
    [rawStateDeltaKey]: { obj: {} },
  };
}

function isEmpty(properties: PropertyMap): boolean {
  return Object.keys(properties).length === 0;
}

/**
 * The engine's life cycle of a {@link BridgedResource}, as Pulumi's Terraform bridge has it: a diff compares
 * the stored state with what the inputs are planned to lead to, and every plan passes `customizeDiff`.
 */
export function bridgedResource<Session, Context>(
  plugin: { readonly name: string; readonly version: string },
  resource: BridgedResource<Context>,
  openContext: OpenContext<Session, Context>,
): ResourceHandler<Session> {
  const { schema, timeouts } = resource;
  const kept = bookkeeping(timeouts);

  const open = (
    request: { readonly session: Session; readonly signal: AbortSignal; readonly timeoutSeconds: number },
    defaultMinutes: number,
  ): Context =>
    openContext(request.session, {
      timeoutMinutes: request.timeoutSeconds > 0 ? request.timeoutSeconds / 60 : defaultMinutes,
      signal: request.signal,
    });

  /** Runs an operation; the engine's log gets what Terraform logs of its failure, before the engine gets the failure itself. */
  async function logged<Result>(
    request: { logError(message: string): Promise<void> },
    operation: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await operation();
    } catch (error) {
      const diagnostic = diagnosticIn(error);
      if (diagnostic !== undefined) {
        await request.logError(`${logOrigin}: ${diagnostic.text}: provider=${plugin.name}@${plugin.version}`);
      }
      throw error;
    }
  }

  async function plan(
    context: Context,
    id: string,
    request: Omit<PlanRequest, "schema">,
  ): Promise<PropertyMap> {
    const planned = planState({ schema, ...request });
    const old = request.old === undefined ? {} : { old: request.old };
    await resource.customizeDiff?.(context, { id, ...old, planned });
    return planned;
  }

  const handler: ResourceHandler<Session> = {
    secretOutputs: new Set(
      Object.entries(schema)
        .filter(([, property]) => property.secret)
        .map(([name]) => name),
    ),

    check: ({ name, inputs, oldInputs }) =>
      checkInputs(schema, inputs, { name, token: resource.token, plugin: plugin.name }, oldInputs),

    async diff(request) {
      const { id, inputs, oldOutputs: old, ignoreChanges } = request;
      try {
        const planned = await plan(open(request, timeouts.read), id, { inputs, old, ignoreChanges });
        return { changes: detailedDiff(schema, old, planned), deleteBeforeReplace: false };
      } catch (error) {
        throw new Error(`diffing ${request.urn}: ${messageOf(error)}`, { cause: error });
      }
    },

    async create(request) {
      const context = open(request, timeouts.create);
      const planned = await plan(context, "", { inputs: request.inputs });
      if (request.preview) return { id: "", outputs: { ...planned, id: UNKNOWN } };
      try {
        const { id, state } = await resource.create(context, planned);
        if (state === undefined) {
          throw new Error(`expected non-empty ID for new state during Create of ${request.urn}`);
        }
        return { id, outputs: { ...state, ...kept, id } };
      } catch (error) {
        if (!(error instanceof CreatedIncompletelyError)) throw error;
        const outputs = withoutUnknown({ ...planned, id: error.id });
        throw new IncompleteResourceError(error.id, outputs, `creating ${request.urn}: ${error.message}`, {
          cause: error,
        });
      }
    },

    async read(request) {
      const { id, oldOutputs, oldInputs } = request;
      const importing = isEmpty(oldOutputs);
      try {
        if (importing) {
          if (resource.checkImportId === undefined) {
            throw new DiagnosticError(`resource ${resource.terraformType} doesn't support import`);
          }
          resource.checkImportId(id);
        }
        const live = await resource.read(open(request, timeouts.read), id, oldOutputs);
        if (live === undefined) return undefined;
        const state = withEmptyLists(schema, live);
        const inputs = importing ? importInputs(schema, state) : refreshInputs(oldInputs, state);
        return { id, inputs, outputs: { ...state, ...kept, id } };
      } catch (error) {
        throw new Error(`${importing ? "importing" : "refreshing"} ${request.urn}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },

    async update(request) {
      const { id, inputs, oldOutputs: old, ignoreChanges } = request;
      const context = open(request, timeouts.update);
      const planned = await plan(context, id, { inputs, old, ignoreChanges });
      if (request.preview || resource.update === undefined) return { ...planned, id };
      try {
        const state = await resource.update(context, { id, old, planned });
        if (state === undefined) {
          throw new Error(`expected non-empty ID for new state during Update of ${request.urn}`);
        }
        return { ...state, ...kept, id };
      } catch (error) {
        // What Terraform keeps of a failed update is the plan.
        const outputs = withoutUnknown({ ...planned, id });
        throw new IncompleteResourceError(id, outputs, `updating ${request.urn}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },

    async delete(request) {
      try {
        await resource.delete(open(request, timeouts.delete), request.id, request.oldOutputs);
      } catch (error) {
        throw new Error(`deleting ${request.urn}: ${messageOf(error)}`, { cause: error });
      }
    },
  };

  return {
    ...handler,
    diff: (request) => logged(request, () => handler.diff(request)),
    create: (request) => logged(request, () => handler.create(request)),
    read: (request) => logged(request, () => handler.read(request)),
    update: (request) => logged(request, () => handler.update(request)),
    delete: (request) => logged(request, () => handler.delete(request)),
  };
}
