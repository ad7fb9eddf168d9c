import * as sdk from "@pulumi/policy";
import type {
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

/** Exported by the SDK, but left out of its typings. */
const { unknownCheckingProxy, UnknownValueError } = sdk as unknown as {
  readonly unknownCheckingProxy: <T extends object>(properties: T) => T;
  readonly UnknownValueError: new () => Error;
};

/** How the engine writes a text that a preview does not know yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource in the hands of a policy. */
export interface ExaminedResource {
  readonly type: string;
  /** Default `imaging-gateway-child`. */
  readonly name?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  readonly opts?: Partial<PolicyResourceOptions>;
  /** Default `dev`. */
  readonly stack?: string;
  /** Types of its ancestors below the stack, the outermost first. Default: the component. */
  readonly ancestors?: readonly string[];
  /** Name of its parent. Default `imaging-gateway`. */
  readonly parent?: string;
  /** Names of the resources that its properties come from, by property. */
  readonly madeFrom?: Readonly<Record<string, readonly string[]>>;
}

/** What a policy made of it. */
export interface Verdict {
  readonly violations: readonly string[];
  /** What the policy could not judge because a preview does not know it yet. */
  readonly notYet: readonly string[];
}

/** A verdict with nothing to object to. */
export const passed: Verdict = { violations: [], notYet: [] };

/** A verdict with violations and everything judged. */
export function violated(...violations: readonly string[]): Verdict {
  return { violations, notYet: [] };
}

/**
 * Lets a policy judge a resource, as the SDK does it for the engine: one check after the other, and properties that throw when
 * they are not known yet.
 *
 * What this does not prove: that the engine hands over such a resource. The tests of the pack on the engine do.
 *
 * @param config as the engine hands it over; without one, as for a pack that nobody has configured.
 */
export async function examine(
  policy: ResourceValidationPolicy,
  resource: ExaminedResource,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Verdict> {
  const violations: string[] = [];
  const notYet: string[] = [];
  for (const validate of [policy.validateResource ?? []].flat()) {
    try {
      await validate(
        {
          type: resource.type,
          props: unknownCheckingProxy({ ...resource.props }),
          urn: urnOf(resource),
          name: nameOf(resource),
          opts: optionsOf(resource),
          stackTags: new Map(),
          isType: () => fail("isType"),
          asType: () => fail("asType"),
          getConfig: <T extends object>() => config as T,
          notApplicable: () => fail("notApplicable"),
        },
        (violation) => violations.push(violation),
      );
    } catch (error) {
      if (!(error instanceof UnknownValueError)) {
        throw error;
      }
      notYet.push(error.message);
    }
  }
  return { violations, notYet };
}

/** Lets a policy judge a stack. Violations are prefixed with the name of the resource that they are reported for. */
export async function examineStack(
  policy: StackValidationPolicy,
  resources: readonly ExaminedResource[],
  config: Readonly<Record<string, unknown>> = {},
): Promise<readonly string[]> {
  const violations: string[] = [];
  const examined = resources.map((resource): PolicyResource => ({
    type: resource.type,
    props: unknownCheckingProxy({ ...resource.props }),
    urn: urnOf(resource),
    name: nameOf(resource),
    opts: optionsOf(resource),
    dependencies: [],
    propertyDependencies: {},
    isType: () => fail("isType"),
    asType: () => fail("asType"),
  }));
  resources.forEach(({ madeFrom = {} }, index) => {
    for (const [property, names] of Object.entries(madeFrom)) {
      const found = examined[index];
      if (found) {
        found.propertyDependencies[property] = examined.filter(({ name }) => names.includes(name));
      }
    }
  });
  await policy.validateStack(
    {
      resources: examined,
      stackTags: new Map(),
      getConfig: <T extends object>() => config as T,
      notApplicable: () => fail("notApplicable"),
    },
    (violation, urn) => violations.push(`${urn?.split("::").at(-1) ?? "stack"}: ${violation}`),
  );
  return violations;
}

function nameOf({ name = "imaging-gateway-child" }: ExaminedResource): string {
  return name;
}

function urnOf(resource: ExaminedResource): string {
  return `${stemOf(resource)}${[...ancestorsOf(resource), resource.type].join("$")}::${nameOf(resource)}`;
}

function stemOf({ stack = "dev" }: ExaminedResource): string {
  return `urn:pulumi:${stack}::project::`;
}

function ancestorsOf({
  ancestors = ["dicom-service-client:index:DicomServiceClient"],
}: ExaminedResource): readonly string[] {
  return ancestors;
}

function optionsOf(resource: ExaminedResource): PolicyResourceOptions {
  const { parent = "imaging-gateway", opts } = resource;
  return {
    parent: `${stemOf(resource)}${ancestorsOf(resource).join("$")}::${parent}`,
    protect: false,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
    ...opts,
  };
}

function fail(what: string): never {
  throw new Error(`no policy of the pack uses ${what}`);
}
