import type { CallNeed } from "../cloud/call";

/** A right that is needed, where, and for what. */
export interface Need {
  readonly right: Exclude<CallNeed, { readonly kind: "nothing" }>;
  /** Resource id of the scope; absent of Microsoft Graph, whose permissions are for the tenant. */
  readonly scope?: string;
  /** The end of "needed to …". */
  readonly reason: string;
}
