import { z } from "zod";
import { knownForm } from "./knownForm";

/** A resource of the exported state. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  /** The logical name: the last part of the URN. */
  readonly name: string;
  /** Id at the provider; absent of components. */
  readonly id?: string;
  readonly parent?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The state of a stack, as far as operations look at it. */
export interface DeployedState {
  readonly resources: readonly DeployedResource[];
  /** What the next update removes, having been replaced already. */
  readonly awaitingDeletion: readonly DeployedResource[];
  /** The stack's outputs; secrets in them are encrypted. Empty before the first deployment. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

const properties = z.record(z.string(), z.unknown()).default({});

const exportedState = z.object({
  // 4 is 3 with a list of the features that it uses; none of them concerns what is read here.
  version: z.literal([3, 4]),
  deployment: z
    .object({
      resources: z
        .array(
          z.object({
            urn: z.string(),
            type: z.string(),
            id: z.string().exactOptional(),
            parent: z.string().exactOptional(),
            delete: z.boolean().exactOptional(),
            external: z.boolean().exactOptional(),
            inputs: properties,
            outputs: properties,
          }),
        )
        .default([]),
    })
    .nullable(),
});

const stackType = "pulumi:pulumi:Stack";

/**
 * Reads what `pulumi stack export` has written.
 *
 * @throws OperationError when it is of a version that is not known
 */
export function readDeployedState(exported: unknown): DeployedState {
  const all = knownForm("The stack's state", exportedState, exported).deployment?.resources ?? [];
  const managed = (isAwaitingDeletion: boolean): readonly DeployedResource[] =>
    all
      .filter((resource) => (resource.delete === true) === isAwaitingDeletion && resource.external !== true)
      .map(({ urn, type, id, parent, inputs, outputs }) => ({
        urn,
        type,
        name: urn.slice(urn.lastIndexOf("::") + 2),
        ...(id === undefined ? {} : { id }),
        ...(parent === undefined ? {} : { parent }),
        inputs,
        outputs,
      }));
  return {
    resources: managed(false),
    awaitingDeletion: managed(true),
    outputs: all.find(({ type }) => type === stackType)?.outputs ?? {},
  };
}
