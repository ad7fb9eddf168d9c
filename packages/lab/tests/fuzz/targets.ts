import type { FuzzTarget } from "./fuzzTarget";
import { certificateTargets } from "./targets/certificateTargets";
import { configTargets } from "./targets/configTargets";
import { policyTarget } from "./targets/policyTarget";
import { suppressionTarget } from "./targets/suppressionTarget";

/** Everything of the product that reads what users write. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...configTargets,
  ...certificateTargets,
  suppressionTarget,
  policyTarget,
];
