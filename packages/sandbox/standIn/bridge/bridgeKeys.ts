/** Beside the inputs of an object: the names of those that the program left out and that got a default. */
export const defaultsKey = "__defaults";

/** Beside the outputs: what Terraform keeps of a resource without showing it, as JSON. */
export const metaKey = "__meta";

/** Beside the outputs: how they differ from Terraform's own state. */
export const rawStateDeltaKey = "__pulumi_raw_state_delta";
