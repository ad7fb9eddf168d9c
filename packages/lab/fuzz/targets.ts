import type { FuzzTarget } from "./fuzzTarget";
import { certificateTargets } from "./targets/certificateTargets";
import { configTargets } from "./targets/configTargets";
import { policyTarget } from "./targets/policyTarget";
import { snapshotTarget } from "./targets/snapshotTarget";
import { suppressionTarget } from "./targets/suppressionTarget";
import { tenantTargets } from "./targets/tenantTargets";

/** Everything that reads what users or other programs write. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...configTargets,
  ...certificateTargets,
  suppressionTarget,
  policyTarget,
  snapshotTarget,
  ...tenantTargets,
];
