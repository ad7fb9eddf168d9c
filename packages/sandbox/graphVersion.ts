/** A version of Microsoft Graph. */
export type GraphVersion = "v1.0" | "beta";
