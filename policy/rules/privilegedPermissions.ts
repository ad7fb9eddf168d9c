import { sameGuid } from "../pack/guid";
import { judgeEach, listOf, textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";
import { judgeRequests } from "./permissionRequests";

const graphClientId = "00000003-0000-0000-c000-000000000000";

interface PrivilegedPermission {
  readonly name: string;
  /** Ids of the permission, delegated and for applications. */
  readonly ids: readonly string[];
}

/**
 * Permissions of Microsoft Graph that give power over the tenant: with them an application can give itself, or whomever it
 * likes, any other right, at once or by Privileged Identity Management.
 * Source: https://learn.microsoft.com/graph/permissions-reference
 */
const privileged: readonly PrivilegedPermission[] = [
  {
    name: "AppRoleAssignment.ReadWrite.All",
    ids: ["06b708a9-e830-4db3-a914-8e69da51d44f", "84bccea3-f856-4a8a-967b-dbe0a3d53a64"],
  },
  {
    name: "Application.ReadWrite.All",
    ids: ["1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "bdfbf15f-ee85-4955-8675-146e8e5296b5"],
  },
  {
    name: "DelegatedPermissionGrant.ReadWrite.All",
    ids: ["8e8e4742-1d95-4f68-9d56-6ee75648c72a", "41ce6ca6-6826-4807-84f1-1c82854f7ee5"],
  },
  { name: "Directory.AccessAsUser.All", ids: ["0e263e50-5827-48a4-b97c-d940288653c7"] },
  {
    name: "Directory.ReadWrite.All",
    ids: ["19dbc75e-c2e2-444c-a770-ec69d8559fc7", "c5366453-9fb0-48a5-a156-24f0c49a4b84"],
  },
  {
    name: "GroupMember.ReadWrite.All",
    ids: ["dbaae8cf-10b5-4b86-a4a1-f871c94c6695", "f81125ac-d3b7-4573-a3b2-7099cc39df9e"],
  },
  {
    name: "PrivilegedAccess.ReadWrite.AzureADGroup",
    ids: ["2f6817f8-7b12-4f0f-bc18-eeaf60705a9e", "32531c59-1f32-461f-b8df-6f8a3b89f73b"],
  },
  {
    name: "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
    ids: ["41202f2c-f7ab-45be-b001-85c9728b9d69", "06dbc45d-6708-4ef0-a797-f797ee68bf4b"],
  },
  {
    name: "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    ids: ["618b6020-bca8-4de6-99f6-ef445fa4d857", "ba974594-d163-484e-ba39-c330d5897667"],
  },
  {
    name: "RoleAssignmentSchedule.ReadWrite.Directory",
    ids: ["dd199f4a-f148-40a4-a2ec-f0069cc799ec", "8c026be3-8e26-4774-9372-8d5d6f21daff"],
  },
  {
    name: "RoleEligibilitySchedule.ReadWrite.Directory",
    ids: ["fee28b28-e1f3-4841-818e-2704dc62245f", "62ade113-f8e0-4bf9-a6ba-5acb31db32fd"],
  },
  {
    name: "RoleManagement.ReadWrite.Directory",
    ids: ["9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", "d01b97e9-cbc0-49fe-810a-750afd5527a3"],
  },
  {
    name: "User.ReadWrite.All",
    ids: ["741f803b-c850-494e-b5df-cde7c675a1ca", "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4"],
  },
];

/** Resources that give a role in the directory, for good or by Privileged Identity Management. */
const directoryRoles: readonly string[] = [
  types.directoryRoleAssignment,
  types.directoryRoleEligibility,
  types.directoryRoleMember,
  types.administrativeUnitRoleMember,
];

const nameOf = (id: string): string | undefined =>
  privileged.find(({ ids }) => ids.some((known) => sameGuid(known, id)))?.name;

/** No client has power over the tenant, whatever else is allowed. */
export const privilegedPermissions = resourcePolicy(
  {
    name: "privileged-permissions",
    displayName: "No control of the tenant",
    description:
      "No client requests or gets a directory role, a wildcard, or a Microsoft Graph permission that controls the tenant.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Remove the permission or the role. A service client of the DICOM service needs no Microsoft Graph permission; use a separate application to administer the tenant.",
    url: "https://learn.microsoft.com/graph/permissions-reference",
    tags: ["permissions"],
    config: {},
  },
  ofType(
    types.application,
    types.apiAccess,
    types.delegatedGrant,
    types.appRoleAssignment,
    ...directoryRoles,
  ),
  ({ type }, _config, report) => {
    if (directoryRoles.includes(type)) {
      report("It grants a directory role, which no service client of the DICOM service needs; remove it.");
    }
  },
  (resource, _config, report) => {
    judgeRequests(resource, ({ api, id }) => {
      const name = sameGuid(api, graphClientId) ? nameOf(id) : undefined;
      if (name !== undefined) {
        report(`It requests ${name} of Microsoft Graph; remove it.`);
      }
    });
  },
  ({ properties }, _config, report) => {
    const name = nameOf(textOf(properties, "appRoleId") ?? "");
    if (name !== undefined) {
      report(`It grants ${name} of Microsoft Graph; remove it.`);
    }
  },
  ({ properties }, _config, report) => {
    judgeEach(listOf(properties, "claimValues"), (value) => {
      const scope = String(value);
      if (scope.includes("*") || scope.endsWith(".default")) {
        report(
          `It consents to ${scope}, which stands for more than one scope; name the scopes individually.`,
        );
      } else if (privileged.some(({ name }) => name.toLowerCase() === scope.toLowerCase())) {
        report(`It consents to ${scope} of Microsoft Graph; remove it.`);
      }
    });
  },
);
