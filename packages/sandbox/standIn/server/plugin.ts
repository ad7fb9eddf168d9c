import type { PropertyMap } from "./propertyValue";

/** What a provider plugin is to the gRPC service: how it is configured and what it can make and look up. */
export interface Plugin<Session> {
  /** Package name as in tokens and in PULUMI_DEBUG_PROVIDERS, for example `azuread`. */
  readonly name: string;
  /** Version of the real plugin whose place this one takes. */
  readonly version: string;
  /** Refuses provider configuration that could never work. Not called while any of it is unknown. */
  checkConfiguration(variables: ConfigurationVariables): void;
  /** Signs in. The session lives until the engine goes away. */
  configure(variables: ConfigurationVariables, signal: AbortSignal): Promise<Session>;
  /** Resources by type token, for example `azuread:index/application:Application`. */
  readonly resources: ReadonlyMap<string, ResourceHandler<Session>>;
  readonly functions: readonly CoveredFunction<Session>[];
  /** Pulumi package schema of what is covered, as JSON. */
  schema(): string;
}

/** Provider configuration without the `<package>:config:` prefix; values that are not text are JSON. */
export type ConfigurationVariables = ReadonlyMap<string, string>;

/** What comes with every operation on a resource. */
export interface ResourceRequest<Session> {
  readonly session: Session;
  readonly urn: string;
  /** The resource's name in the program: the last part of the URN. */
  readonly name: string;
  /** Set when the engine cancels, or goes away. */
  readonly signal: AbortSignal;
  /** The `customTimeouts` of the program in seconds; 0 when the resource's own default applies. */
  readonly timeoutSeconds: number;
  /** Writes an error about this resource into the engine's log. */
  logError(message: string): Promise<void>;
}

export type ChangeKind = "add" | "delete" | "update";

/** One entry of a detailed diff. */
export interface PropertyChange {
  readonly kind: ChangeKind;
  readonly replace: boolean;
  /** Whether the old side of the comparison is the old inputs (true) or the old outputs (false, default). */
  readonly inputDiff?: boolean;
}

export interface DiffResult {
  /** By property path in Pulumi's notation, for example `owners[1]`; empty when nothing changes. */
  readonly changes: ReadonlyMap<string, PropertyChange>;
  readonly deleteBeforeReplace: boolean;
}

/** A resource type: the engine's life cycle of one object. */
export interface ResourceHandler<Session> {
  /** Top-level output properties that are secret. */
  readonly secretOutputs: ReadonlySet<string>;
  /** The failures say which property is at fault: the real plugins give its path in the reason, and no property beside it. */
  check(request: {
    readonly name: string;
    readonly inputs: PropertyMap;
    readonly oldInputs: PropertyMap;
    readonly randomSeed: Uint8Array;
  }): { readonly inputs: PropertyMap; readonly failures: readonly string[] };
  diff(
    request: ResourceRequest<Session> & {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldOutputs: PropertyMap;
      readonly inputs: PropertyMap;
      readonly ignoreChanges: readonly string[];
    },
  ): Promise<DiffResult>;
  /** In a preview nothing is sent that changes anything, and the id is "". */
  create(
    request: ResourceRequest<Session> & { readonly inputs: PropertyMap; readonly preview: boolean },
  ): Promise<{ readonly id: string; readonly outputs: PropertyMap }>;
  /**
   * Reads live state. `oldOutputs` is empty for an import or a `get`. Undefined: the object is gone.
   */
  read(
    request: ResourceRequest<Session> & {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldOutputs: PropertyMap;
    },
  ): Promise<
    { readonly id: string; readonly inputs: PropertyMap; readonly outputs: PropertyMap } | undefined
  >;
  update(
    request: ResourceRequest<Session> & {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldOutputs: PropertyMap;
      readonly inputs: PropertyMap;
      readonly ignoreChanges: readonly string[];
      readonly preview: boolean;
    },
  ): Promise<PropertyMap>;
  delete(
    request: ResourceRequest<Session> & {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldOutputs: PropertyMap;
    },
  ): Promise<void>;
}

/** A function with its token, for example `azuread:index/getClientConfig:getClientConfig`. */
export interface CoveredFunction<Session> {
  readonly token: string;
  /** Looks something up. Throws when it cannot be answered. */
  run(args: PropertyMap, session: Session, signal: AbortSignal): Promise<PropertyMap>;
}

/**
 * The object exists in the tenant, but the operation did not run to its end. The engine keeps id and
 * outputs in the state together with the reason, and tries an update the next time.
 */
export class IncompleteResourceError extends Error {
  constructor(
    readonly id: string,
    readonly outputs: PropertyMap,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.name = "IncompleteResourceError";
  }
}
