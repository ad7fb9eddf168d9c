import { dirname, resolve } from "node:path";

/** The folder that holds Pulumi.yaml. */
export const projectRoot = resolve(dirname(__filename), "..", "..", "..");
