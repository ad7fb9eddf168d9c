import { resolve } from "node:path";

/** The policy pack that judges what the engine is about to do. */
export interface PolicyChoices {
  /** Its folder. */
  readonly policyPack?: string;
  /** JSON file that configures it. */
  readonly policyPackConfig?: string;
}

/** What a command of the engine is to be given for a choice. */
export function policyOptions({ policyPack, policyPackConfig }: PolicyChoices): {
  readonly policyPacks?: string[];
  readonly policyPackConfigs?: string[];
} {
  return {
    ...(policyPack === undefined ? {} : { policyPacks: [resolve(policyPack)] }),
    ...(policyPackConfig === undefined ? {} : { policyPackConfigs: [resolve(policyPackConfig)] }),
  };
}
