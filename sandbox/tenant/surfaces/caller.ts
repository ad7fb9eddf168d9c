/** Who calls, as a verified access token says. */
export interface Caller {
  readonly kind: "application" | "user";
  /** Object id of the service principal or user. */
  readonly objectId: string;
  /** Client id of the application that got the token. */
  readonly appId: string;
  /** Display name or user principal name. */
  readonly name: string;
  /** Application permissions in the token. */
  readonly roles: readonly string[];
  /** Template ids of the user's directory roles. */
  readonly directoryRoles: readonly string[];
}

/** Template id of the directory role Global Administrator (learn.microsoft.com, Entra built-in roles). */
export const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

export function callerLabel(caller: Caller): string {
  return `${caller.name} (${caller.objectId})`;
}
