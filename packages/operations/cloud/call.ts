import { permissionKind, type DocumentedPermission } from "../rights/documentedPermission";
import { leastPermissions } from "../rights/leastPermissions";
import { sufficientSets } from "../rights/reading";

/** The commands that need rights. */
export type CommandName = "audit" | "verify" | "adopt" | "retire" | "init" | "rights --check" | "preflight";

/** One kind of request that operations make. */
export interface CloudCall {
  /** Name in reports, such as `graph.application`. */
  readonly name: string;
  /** The commands that count on the operator's rights for it. */
  readonly madeBy: readonly CommandName[];
  readonly service: "metadata" | "graph" | "resourceManager" | "vault" | "dicom";
  readonly method: "GET" | "POST" | "DELETE";
  /** Path with `{parameters}` and the fixed part of the query. */
  readonly path: string;
  /** Version of Microsoft Graph that it exists in. Default `v1.0`. */
  readonly version?: "beta";
  /** What is documented about the rights that let it through. */
  readonly needs: DocumentedPermission;
  /** What is learnt by it: the end of "needed to …". */
  readonly reason: string;
}

/** The right that a call needs at least, for people. */
export function describeNeed(needs: DocumentedPermission): string {
  switch (permissionKind(needs)) {
    case "graph": {
      const least = leastPermissions([sufficientSets(needs, "strict", { owns: false })]);
      return `the Microsoft Graph application permission${least.length > 1 ? "s" : ""} ${least.join(" and ")}`;
    }
    case "action":
      return `an Azure role with the action ${needs.least.join(", ")}`;
    case "dataAction":
      return `an Azure role with the data action ${needs.least.join(", ")}`;
    case "nothing":
      return "no right";
  }
}
