/** The tenant could not be started or stopped; the message is meant for the person at the keyboard. */
export class TenantError extends Error {
  override readonly name: string = "TenantError";
}

/** A file that a sandbox keeps says nothing that could be used. It is left as it is. */
export class DamagedFileError extends TenantError {
  override readonly name = "DamagedFileError";

  /**
   * @param what the file is, such as "The tenant's state".
   * @param why what is wrong with its content.
   */
  constructor(what: string, file: string, why: string) {
    super(`${what} ${file} is damaged (${why}). It was left untouched.`);
  }
}
