import { parseDicomScope, type DicomScope } from "./azureResourceId";
import { defaultRole, readRole, roleKey } from "./dicomRole";

/**
 * An Azure role of the client on a DICOM service. Without one, a token is issued but the service refuses every call with
 * 403: application permissions and consent do not open the data of a DICOM service to a service client.
 * Source: https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac
 */
export interface ClientAccess {
  /**
   * Resource id of the DICOM service, such as
   * `/subscriptions/…/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs`.
   */
  dicomService?: string;
  /** Instead of one service: resource id of a health workspace, for all its DICOM services, future ones included. */
  workspace?: string;
  /**
   * `reader` (DICOM Data Reader, the default), `owner` (DICOM Data Owner), or the GUID of a custom role definition that is
   * assignable in the subscription.
   */
  role?: string;
  /**
   * Data partition that the client works in, of a service that has them. Azure roles count for the whole service: this is where the
   * client looks and is verified, not a limit. Default `Microsoft.Default`.
   * Source: https://learn.microsoft.com/azure/healthcare-apis/dicom/data-partitions
   */
  partition?: string;
  /**
   * Name (a GUID) of the role assignment, when one that was made by hand is taken over: Azure cannot rename an assignment and
   * refuses a second one of the same role. Default: a name that is computed from what is assigned.
   * Source: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (RoleAssignmentExists)
   */
  assignmentName?: string;
}

/** An access entry that has been read. */
export interface Access {
  readonly scope: DicomScope;
  /** Part of the child resource's name: made of what is assigned, however and in whatever order that is written. */
  readonly key: string;
  /** The key under which earlier versions may have declared the same: with the role's GUID in the place of its word. */
  readonly formerKey: string;
  /** GUID of the role definition. */
  readonly roleId: string;
  /** Name of the role assignment that is taken over, in lower case. */
  readonly assignmentName?: string;
  /** Data partition that the client works in, where it is named. */
  readonly partition?: string;
}

/** Reads an entry. Undefined when it names no scope or a role that cannot be. */
export function readAccess(entry: ClientAccess): Access | undefined {
  const role = entry.role ?? defaultRole;
  const roleId = readRole(role);
  const scope = parseDicomScope(entry.dicomService ?? entry.workspace ?? "");
  if (!scope || roleId === undefined) {
    return undefined;
  }
  const place =
    scope.dicomService === undefined ? scope.workspace : `${scope.workspace}-${scope.dicomService}`;
  return {
    scope,
    roleId,
    key: `${place}-${roleKey(roleId)}`.toLowerCase(),
    formerKey: `${place}-${roleId}`.toLowerCase(),
    ...(entry.assignmentName === undefined ? {} : { assignmentName: entry.assignmentName.toLowerCase() }),
    ...(entry.partition === undefined ? {} : { partition: entry.partition }),
  };
}
