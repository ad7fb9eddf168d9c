import * as sdk from "@pulumi/policy";

/** Exported by the SDK, but left out of its typings. */
const { UnknownValueError } = sdk as unknown as { readonly UnknownValueError: new () => Error };

/** Whether an error says that a property was read which a preview does not know yet. */
export function isUnknownValue(error: unknown): error is Error {
  return error instanceof UnknownValueError;
}
