import type { PolicyConfigSchema } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { z } from "zod";

/** The keys that a policy can be configured with, each with its default. */
export type ConfigFields = z.ZodRawShape;

/** A policy was configured with a key that it does not have, or with a wrong value. */
export class PolicyConfigError extends Error {
  constructor(policy: string, problems: readonly string[]) {
    super(`the configuration of the policy ${policy} is wrong: ${problems.join("; ")}`);
    // The SDK prints the stack in place of the message, and the stack says nothing to whoever wrote the configuration.
    this.stack = this.message;
  }
}

/** The schema by which the engine checks the configuration and fills in defaults. Undefined when there is nothing to configure. */
export function configSchemaOf(fields: ConfigFields): PolicyConfigSchema | undefined {
  const { properties = {} } = z.toJSONSchema(z.object(fields), { io: "input" });
  return Object.keys(properties).length === 0
    ? undefined
    : { properties: properties as Record<string, PolicyConfigJSONSchema> };
}

/**
 * The configuration of a policy, with defaults. The engine does not mind keys that no schema has, so that a misspelled one would
 * be without effect; here it is an error.
 *
 * @throws PolicyConfigError with every problem.
 */
export function readConfig<Fields extends ConfigFields>(
  policy: string,
  fields: Fields,
  given: unknown,
): z.infer<z.ZodObject<Fields>> {
  const result = z.strictObject(fields).safeParse(given);
  if (!result.success) {
    throw new PolicyConfigError(
      policy,
      result.error.issues.map((issue) => describe(issue, Object.keys(fields))),
    );
  }
  return result.data;
}

function describe(issue: z.core.$ZodIssue, known: readonly string[]): string {
  return issue.code === "unrecognized_keys"
    ? `unknown key ${issue.keys.join(", ")}; known: ${known.length === 0 ? "enforcementLevel" : known.join(", ")}`
    : `${issue.path.join(".")}: ${issue.message}`;
}
