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

export function callerLabel(caller: Caller): string {
  return `${caller.name} (${caller.objectId})`;
}
