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
 * The permissions that are ever asked for. Source of the ids, which describes the public cloud:
 * https://learn.microsoft.com/graph/permissions-reference. Whether an identity holds one is told by the name that its tenant gives it.
 */
export const graphPermissions: Readonly<Record<string, GraphPermission>> = {
  "Application.Read.All": { id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", isEscalation: false, weight: 1 },
  "DelegatedPermissionGrant.Read.All": {
    id: "81b4724a-58aa-41c1-8a55-84ef97466587",
    isEscalation: false,
    weight: 2,
  },
  "Organization.Read.All": { id: "498476ce-e0fe-48b0-b801-37ba7e2685c6", isEscalation: false, weight: 4 },
  "User.Read.All": { id: "df021288-bdef-4463-88db-98f22de89214", isEscalation: false, weight: 8 },
  "AuditLog.Read.All": { id: "b0afded3-3588-46d8-8b3d-9842eff778da", isEscalation: false, weight: 16 },
  "Policy.Read.All": { id: "246dd0d5-5bd0-4def-940b-0421030a5b68", isEscalation: false, weight: 32 },
  "CustomSecAttributeAssignment.Read.All": {
    id: "3b37c5a4-1226-493d-bec3-5d6c6b866f3f",
    isEscalation: false,
    weight: 64,
  },
  "Directory.Read.All": { id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", isEscalation: false, weight: 128 },
  "Application.ReadWrite.OwnedBy": {
    id: "18a4783c-866b-4cc7-a460-3d5e5662c884",
    isEscalation: false,
    weight: 256,
  },
  "DelegatedPermissionGrant.ReadWrite.All": {
    id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    isEscalation: true,
    weight: 512,
  },
  "AppRoleAssignment.ReadWrite.All": {
    id: "06b708a9-e830-4db3-a914-8e69da51d44f",
    isEscalation: true,
    weight: 1024,
  },
  "Application.ReadWrite.All": {
    id: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    isEscalation: true,
    weight: 2048,
  },
  "Directory.ReadWrite.All": { id: "19dbc75e-c2e2-444c-a770-ec69d8559fc7", isEscalation: true, weight: 4096 },
};
