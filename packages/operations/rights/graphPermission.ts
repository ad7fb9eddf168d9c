/** An application permission of Microsoft Graph. */
export interface GraphPermission {
  /** Id of the app role. */
  readonly id: string;
  /** Whether its holder can give itself or others further rights, and so any. */
  readonly isEscalation: boolean;
  /** Permissions that allow the same and more. */
  readonly impliedBy: readonly string[];
}

/** Client id of Microsoft Graph. Source: https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
export const graphClientId = "00000003-0000-0000-c000-000000000000";

const directory = ["Directory.ReadWrite.All"];
const applications = ["Application.ReadWrite.All", ...directory];

/** The permissions that are ever needed. Source: https://learn.microsoft.com/graph/permissions-reference */
export const graphPermissions: Readonly<Record<string, GraphPermission>> = {
  "Application.ReadWrite.OwnedBy": {
    id: "18a4783c-866b-4cc7-a460-3d5e5662c884",
    isEscalation: false,
    impliedBy: applications,
  },
  "Application.Read.All": {
    id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    isEscalation: false,
    impliedBy: ["Directory.Read.All", ...applications],
  },
  "DelegatedPermissionGrant.ReadWrite.All": {
    id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    isEscalation: true,
    impliedBy: directory,
  },
  "DelegatedPermissionGrant.Read.All": {
    id: "81b4724a-58aa-41c1-8a55-84ef97466587",
    isEscalation: false,
    impliedBy: ["DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All", ...directory],
  },
  "AppRoleAssignment.ReadWrite.All": {
    id: "06b708a9-e830-4db3-a914-8e69da51d44f",
    isEscalation: true,
    impliedBy: [],
  },
};
