import type { EnforcementLevel, Policy, Severity } from "@pulumi/policy";
import { configSchemaOf, type ConfigFields } from "./policyConfig";

/** What a policy says of itself. */
export interface PolicyAbout<Fields extends ConfigFields> {
  /** Id in configuration and results. */
  readonly name: string;
  readonly displayName: string;
  /** The rule, in one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /** What a violation does, unless configured otherwise. */
  readonly enforcementLevel: EnforcementLevel;
  /** How to cure a violation. */
  readonly remediationSteps: string;
  /** Where the rule is explained. */
  readonly url: string;
  readonly tags: readonly string[];
  /** What can be configured, each key with its default. */
  readonly config: Fields;
}

/** The part of a policy that resource and stack policies share. */
export function policyOf<Fields extends ConfigFields>({
  config,
  tags,
  ...about
}: PolicyAbout<Fields>): Policy {
  const configSchema = configSchemaOf(config);
  return { ...about, tags: [...tags], ...(configSchema === undefined ? {} : { configSchema }) };
}
