import type { Difference } from "./difference";
import type { ImportFile } from "./importFile";
import type { OtherStacks } from "./otherStacks";

/** A live object that is taken over. */
export interface Adopted {
  readonly type: string;
  /** Name of the resource in the program. */
  readonly name: string;
  /** Id in the form that the provider imports. */
  readonly id: string;
  /** Whether it is in the state with this id already. */
  readonly inState: boolean;
}

/** A secret that somebody has made by hand; its value is known to nobody but its consumers. */
export interface OldSecret {
  readonly keyId: string;
  readonly name: string;
  /** The first characters of its value, by which its consumers can tell it. */
  readonly hint: string;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  /** The command that removes it, when nobody uses it any more. */
  readonly remove: string;
}

/** A live object that stays outside of the stack. */
export interface Unmanaged {
  readonly what: string;
  readonly id: string;
  readonly why: string;
  /** The command that removes it, when it is not wanted. */
  readonly remove: string;
}

/** What `adopt` says; the JSON has exactly this form. */
export interface AdoptionPlan {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  /** `adopted`: done, or done before; `clean`: --apply will do it; `differences`: --apply refuses. */
  readonly verdict: "clean" | "differences" | "adopted";
  /** Name of the client in the stack. */
  readonly client: string;
  readonly registration: {
    readonly displayName: string;
    readonly clientId: string;
    readonly objectId: string;
    readonly createdAt: string | null;
    /** Null when it has none yet. */
    readonly servicePrincipalId: string | null;
  };
  /** Where the client is declared. */
  readonly config: {
    readonly file: string;
    /** Whether the file declares it already; otherwise --apply adds the block. */
    readonly isThere: boolean;
    /** What stands under `clients`, in YAML. */
    readonly block: string;
  };
  readonly importFile: ImportFile;
  readonly adopted: readonly Adopted[];
  /** What the next `pulumi up` creates. */
  readonly creates: readonly { readonly type: string; readonly name: string }[];
  /** What the next `pulumi up` writes anew, although it means the same: lists in another order. */
  readonly rewrites: readonly { readonly type: string; readonly name: string; readonly property: string }[];
  readonly differences: readonly Difference[];
  /** The project's other stacks in the same backend, whose states do not have the application, or could not be read. */
  readonly otherStacks: OtherStacks;
  readonly secrets: readonly OldSecret[];
  readonly unmanaged: readonly Unmanaged[];
  /** What the registration may have and is never looked at; dicom-ops audit looks at more once it is adopted. */
  readonly notLookedAt: readonly string[];
  /** What to do next, in this order. */
  readonly next: readonly string[];
  /** What --apply has left behind to undo it with; null when nothing was changed. */
  readonly backup: { readonly state: string; readonly stackFile: string | null } | null;
  /** How to undo it; empty when nothing was changed. */
  readonly undo: readonly string[];
}
