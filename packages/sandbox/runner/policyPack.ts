import { join, resolve } from "node:path";
import { projectRoot } from "./projectRoot";

/** Whether the project's policy pack judges what the engine is about to do: a text names the JSON file that configures it. */
export type PolicyChoice = boolean | string;

/** The policy pack of a command of the engine. */
export interface PolicyOptions {
  readonly policyPacks?: string[];
  readonly policyPackConfigs?: string[];
}

/** What a command of the engine is to be given for a choice. */
export function policyOptions(choice: PolicyChoice | undefined): PolicyOptions {
  if (choice === undefined || choice === false) {
    return {};
  }
  return {
    policyPacks: [join(projectRoot, "policy")],
    ...(choice === true ? {} : { policyPackConfigs: [resolve(choice)] }),
  };
}
