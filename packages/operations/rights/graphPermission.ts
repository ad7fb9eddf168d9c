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
 * The permissions that are ever asked for, with ids of the public cloud. Whether an identity holds one is told by the name that its
 * tenant gives it.
 */
export const graphPermissions: Readonly<Record<string, GraphPermission>> = {
  "Application.Read.All": { id: outsideFacts.applicationReadAll.value, isEscalation: false, weight: 1 },
  "DelegatedPermissionGrant.Read.All": {
    id: outsideFacts.delegatedPermissionGrantReadAll.value,
    isEscalation: false,
    weight: 2,
  },
  "Organization.Read.All": { id: outsideFacts.organizationReadAll.value, isEscalation: false, weight: 4 },
  "User.Read.All": { id: outsideFacts.userReadAll.value, isEscalation: false, weight: 8 },
  "AuditLog.Read.All": { id: outsideFacts.auditLogReadAll.value, isEscalation: false, weight: 16 },
  "Policy.Read.All": { id: outsideFacts.policyReadAll.value, isEscalation: false, weight: 32 },
  "CustomSecAttributeAssignment.Read.All": {
    id: outsideFacts.customSecAttributeAssignmentReadAll.value,
    isEscalation: false,
    weight: 64,
  },
  "Directory.Read.All": { id: outsideFacts.directoryReadAll.value, isEscalation: false, weight: 128 },
  "Application.ReadWrite.OwnedBy": {
    id: outsideFacts.applicationReadWriteOwnedBy.value,
    isEscalation: false,
    weight: 256,
  },
  "DelegatedPermissionGrant.ReadWrite.All": {
    id: outsideFacts.delegatedPermissionGrantReadWriteAll.value,
    isEscalation: true,
    weight: 512,
  },
  "AppRoleAssignment.ReadWrite.All": {
    id: outsideFacts.appRoleAssignmentReadWriteAll.value,
    isEscalation: true,
    weight: 1024,
  },
  "Application.ReadWrite.All": {
    id: outsideFacts.applicationReadWriteAll.value,
    isEscalation: true,
    weight: 2048,
  },
  "Directory.ReadWrite.All": {
    id: outsideFacts.directoryReadWriteAll.value,
    isEscalation: true,
    weight: 4096,
  },
};
