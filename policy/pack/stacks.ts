import { z } from "zod";

/** A key that names stacks, by default those that are usually called production. */
export const productionStacks = z
  .array(z.string().min(1))
  .default(["prod", "production"])
  .describe("Names of the stacks that are production; * matches any text.");
