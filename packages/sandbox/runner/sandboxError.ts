/** A problem that the user can understand and cure: shown as its message alone, without a stack trace. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}
