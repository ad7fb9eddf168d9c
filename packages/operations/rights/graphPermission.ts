import { outsideFacts } from "dicom-service-client/model";

/** An application permission of Microsoft Graph. */
export interface GraphPermission {
  /** Id of the app role. */
  readonly id: string;
  /** Whether its holder can give itself or others further rights, and so any. */
  readonly isEscalation: boolean;
  /** How much it allows, compared with the others: more than all with a lower number together. */
  readonly weight: number;
}

/** Client id of Microsoft Graph. */
export const graphClientId = outsideFacts.graphClientId.value;

/**
 * The ids of the permissions that are ever asked for, in the public cloud, from the least powerful to the most powerful: each allows more
 * than all before it together. Whether an identity holds one is told by the name that its tenant gives it.
 */
const harmless = {
  "Application.Read.All": outsideFacts.applicationReadAll,
  "DelegatedPermissionGrant.Read.All": outsideFacts.delegatedPermissionGrantReadAll,
  "Organization.Read.All": outsideFacts.organizationReadAll,
  "User.Read.All": outsideFacts.userReadAll,
  "AuditLog.Read.All": outsideFacts.auditLogReadAll,
  "Policy.Read.All": outsideFacts.policyReadAll,
  "CustomSecAttributeAssignment.Read.All": outsideFacts.customSecAttributeAssignmentReadAll,
  "Directory.Read.All": outsideFacts.directoryReadAll,
  "Application.ReadWrite.OwnedBy": outsideFacts.applicationReadWriteOwnedBy,
};
const escalating = {
  "DelegatedPermissionGrant.ReadWrite.All": outsideFacts.delegatedPermissionGrantReadWriteAll,
  "AppRoleAssignment.ReadWrite.All": outsideFacts.appRoleAssignmentReadWriteAll,
  "Application.ReadWrite.All": outsideFacts.applicationReadWriteAll,
  "Directory.ReadWrite.All": outsideFacts.directoryReadWriteAll,
};

/** The permissions that are ever asked for, by their names. */
export const graphPermissions: Readonly<Record<string, GraphPermission>> = Object.fromEntries(
  Object.entries({ ...harmless, ...escalating }).map(([name, { value: id }], index) => [
    name,
    { id, isEscalation: name in escalating, weight: 2 ** index },
  ]),
);
