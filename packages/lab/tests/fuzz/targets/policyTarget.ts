import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as fc from "fast-check";
import { policies, PolicyConfigError } from "dicom-service-client-policies/policies";
import example from "dicom-service-client-policies/policy-config.example.json";
import { isMapping } from "dicom-service-client/model";
import { type FuzzTarget, openTarget, refusedWith } from "../fuzzTarget";
import { mutatedValue } from "../mutatedValue";
import { hostileValue } from "../hostileValues";

type ResourcePolicyArgs = Parameters<
  Extract<ResourceValidationPolicy["validateResource"], (...args: never[]) => unknown>
>[0];
type StackPolicyArgs = Parameters<StackValidationPolicy["validateStack"]>[0];

/** The configuration of the policy pack. */
export const policyTarget: FuzzTarget = {
  name: "policy configuration",
  share: 10,
  open: () =>
    Promise.resolve(
      openTarget(
        fc.record({
          policy: fc.constantFrom(...policies),
          changed: mutatedValue(example),
          any: hostileValue,
          isAny: fc.boolean(),
        }),
        async ({ policy, changed, any, isAny }) => {
          const given = isAny || !isMapping(changed) ? any : changed[policy.name];
          try {
            await judge(policy, given);
            return "accepted";
          } catch (error) {
            return refusedWith(error, PolicyConfigError);
          }
        },
      ),
    ),
};

/** Lets a policy judge with a configuration, as the SDK does it for the engine. */
async function judge(policy: Policies[number], config: unknown): Promise<void> {
  const settings = {
    getConfig: <T extends object>() => config as T,
    stackTags: new Map<string, string>(),
    notApplicable,
  };
  if ("validateResource" in policy) {
    for (const validate of [policy.validateResource ?? []].flat()) {
      const judged: ResourcePolicyArgs = {
        ...settings,
        type: "random:index/randomId:RandomId",
        props: {},
        urn: "urn:pulumi:fuzz::dicom-service-client::random:index/randomId:RandomId::judged",
        name: "judged",
        opts: {
          protect: false,
          ignoreChanges: [],
          aliases: [],
          customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
          additionalSecretOutputs: [],
        },
        isType: () => false,
        asType: () => undefined,
      };
      await validate(judged, () => undefined);
    }
  } else if ("validateStack" in policy) {
    const judged: StackPolicyArgs = { ...settings, resources: [] };
    await policy.validateStack(judged, () => undefined);
  }
}

function notApplicable(): never {
  throw new Error("a policy says that it does not apply, which none of this pack does");
}
