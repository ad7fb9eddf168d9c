/** The tenant could not be started or stopped; the message is meant for the person at the keyboard. */
export class TenantError extends Error {
  override readonly name = "TenantError";
}
