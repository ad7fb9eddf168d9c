import rows from "./documentedPermissions.json";

/** Permissions that suffice together. */
export type PermissionSet = readonly string[];

/** What sources say beyond or against the sets that suffice. */
export interface ContestedSet {
  readonly set: PermissionSet;
  /** The circumstance that it is about; absent when it is about the call at any time. */
  readonly when?: string;
  readonly says: string;
  /** What suffices under that circumstance by the strict reading. */
  readonly alternative?: PermissionSet;
}

/** What is documented about the permissions of one call; a row of `documentedPermissions.json`. */
export interface DocumentedPermission {
  readonly api: "graph-v1.0" | "graph-beta" | "arm" | "keyvault-data" | "dicom" | "metadata";
  readonly method: string;
  readonly path: string;
  /** Alternatives, each of which suffices. None: nothing does. One that is empty: nothing is needed. */
  readonly suffices: readonly PermissionSet[];
  /** The set that the newest source calls the least. */
  readonly least: PermissionSet;
  /** Permissions that count only for objects that the caller owns. */
  readonly ownedOnly?: PermissionSet;
  /** A service principal may read itself and its application without any permission. */
  readonly selfWithoutPermission?: boolean;
  /** The source names the least permission only, so that a refusal of others must not be concluded. */
  readonly onlyLeastKnown?: boolean;
  readonly contested?: readonly ContestedSet[];
  readonly reportedInsufficient?: readonly {
    readonly set: PermissionSet;
    readonly when?: string;
    readonly source: string;
  }[];
  /** `contradicted` when sources disagree about what suffices. */
  readonly confidence: "documented" | "contradicted" | "reported" | "unknown";
  readonly notes: string;
  readonly readOn: string;
  readonly sources: readonly string[];
}

/** Every row. */
export const documentedPermissions = rows as readonly DocumentedPermission[];

/**
 * The row of a call.
 *
 * @param call method and path, such as `GET /applications/{id}`
 * @throws RangeError when there is none: no call is made whose permissions nobody has looked up
 */
export function documented(api: DocumentedPermission["api"], call: string): DocumentedPermission {
  const found = documentedPermissions.find((row) => row.api === api && `${row.method} ${row.path}` === call);
  if (!found) throw new RangeError(`nothing is documented about ${call} (${api})`);
  return found;
}

/** How the row's permissions are given: as application permissions of Microsoft Graph, or in an Azure role. */
export function permissionKind({
  api,
  suffices,
}: DocumentedPermission): "graph" | "action" | "dataAction" | "nothing" {
  if (suffices.some((set) => set.length === 0)) return "nothing";
  switch (api) {
    case "graph-v1.0":
    case "graph-beta":
      return "graph";
    case "arm":
    case "metadata":
      return "action";
    case "keyvault-data":
    case "dicom":
      return "dataAction";
  }
}
