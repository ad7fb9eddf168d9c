import type { PolicyResourceOptions, ResourceValidationPolicy } from "@pulumi/policy";
import type { z } from "zod";
import { type PolicyAbout, policyOf } from "./policyAbout";
import { type ConfigFields, readConfig } from "./policyConfig";
import type { Properties } from "./properties";
import { canonicalType } from "./resourceTypes";

/** A resource that is to be judged. */
export interface JudgedResource {
  /** Its type token, in today's spelling. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Its inputs. */
  readonly properties: Properties;
  readonly options: PolicyResourceOptions;
}

/** Judges one side of a resource and reports every violation, in words that say what to write instead. */
export type Check<Fields extends ConfigFields> = (
  resource: JudgedResource,
  config: z.infer<z.ZodObject<Fields>>,
  report: (violation: string) => void,
) => void;

/**
 * A policy on single resources.
 *
 * @param about what the policy says of itself.
 * @param appliesTo whether it has a say about resources of a type.
 * @param checks independent of each other: what a preview does not know yet for one of them does not keep the others from
 *   judging.
 */
export function resourcePolicy<Fields extends ConfigFields>(
  about: PolicyAbout<Fields>,
  appliesTo: (type: string) => boolean,
  ...checks: readonly Check<Fields>[]
): ResourceValidationPolicy {
  return {
    ...policyOf(about),
    validateResource: checks.map((check) => (args, reportViolation) => {
      const config = readConfig(about.name, about.config, args.getConfig());
      const type = canonicalType(args.type);
      if (appliesTo(type)) {
        check(
          { type, name: args.name, urn: args.urn, properties: args.props, options: args.opts },
          config,
          (violation) => reportViolation(violation),
        );
      }
    }),
  };
}

/** Lets a policy apply to resources of some types. */
export function ofType(...types: readonly string[]): (type: string) => boolean {
  return (type) => types.includes(type);
}
