import { z } from "zod";
import { OperationError } from "../operationError";

/**
 * Checks the form of what a Pulumi CLI has written.
 *
 * @param what it is, as the first words of a sentence
 * @throws OperationError when this version does not know it
 */
export function knownForm<S extends z.ZodType>(what: string, form: S, written: unknown): z.infer<S> {
  const read = form.safeParse(written);
  if (read.success) return read.data;
  throw new OperationError(`${what} has a form that this version does not know.`, {
    cause: z.prettifyError(read.error),
    cure: "Update dicom-ops and the Pulumi CLI.",
  });
}
