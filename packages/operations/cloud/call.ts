/** What the caller must hold for a call to be let through. */
export type CallNeed =
  /** One of these application permissions of Microsoft Graph, the least first. */
  | { readonly kind: "graph"; readonly anyOf: readonly string[] }
  /** An Azure role with this action at the address of the call. */
  | { readonly kind: "action"; readonly action: string }
  /** An Azure role with this data action. */
  | { readonly kind: "dataAction"; readonly action: string }
  | { readonly kind: "nothing" };

/** One kind of request that operations make. */
export interface Call {
  /** Name in reports, such as `graph.application`. */
  readonly name: string;
  readonly service: "metadata" | "graph" | "resourceManager" | "vault" | "dicom";
  readonly method: "GET" | "POST";
  /** Path with `{parameters}` and the fixed part of the query. */
  readonly path: string;
  readonly needs: CallNeed;
  /** What is learnt by it: the end of "needed to …". */
  readonly reason: string;
}

/** The right that a call needs, for people. */
export function describeNeed(need: CallNeed): string {
  switch (need.kind) {
    case "graph":
      return `the Microsoft Graph application permission ${need.anyOf[0] ?? ""}`;
    case "action":
      return `an Azure role with the action ${need.action}`;
    case "dataAction":
      return `an Azure role with the data action ${need.action}`;
    case "nothing":
      return "no right";
  }
}
