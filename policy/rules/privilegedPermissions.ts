import { sameGuid } from "../pack/guid";
import { judgeEach, listOf, textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";
import { judgeRequests } from "./permissionRequests";

export const privilegedUrl = "https://learn.microsoft.com/graph/permissions-reference";
const graphClientId = "00000003-0000-0000-c000-000000000000";

/** Ids of a permission: for applications, and delegated. */
type PrivilegedIds = Readonly<Partial<Record<"application" | "delegated", string>>>;

/**
 * Permissions of Microsoft Graph that give power over the tenant: with them an application can give itself, or whomever it
 * likes, any other right, at once, by Privileged Identity Management, or by taking over who has it.
 * Sources: https://learn.microsoft.com/graph/permissions-reference,
 * https://maester.dev/docs/commands/Test-MtHighRiskAppPermissions (permissions with a path to Global Administrator)
 */
export const privileged: Readonly<Record<string, PrivilegedIds>> = {
  "AdministrativeUnit.ReadWrite.All": {
    application: "5eb59dd3-1da2-4329-8733-9dabdc435916",
    delegated: "7b8a2d34-6b3f-4542-a343-54651608ad81",
  },
  "Application.ReadWrite.All": {
    application: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    delegated: "bdfbf15f-ee85-4955-8675-146e8e5296b5",
  },
  "Application.ReadWrite.OwnedBy": { application: "18a4783c-866b-4cc7-a460-3d5e5662c884" },
  "AppRoleAssignment.ReadWrite.All": {
    application: "06b708a9-e830-4db3-a914-8e69da51d44f",
    delegated: "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
  },
  "DelegatedPermissionGrant.ReadWrite.All": {
    application: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    delegated: "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
  },
  "DeviceManagementConfiguration.ReadWrite.All": {
    application: "9241abd9-d0e6-425a-bd4f-47ba86e767a4",
    delegated: "0883f392-0a7a-443d-8c76-16a6d39c7b63",
  },
  "DeviceManagementRBAC.ReadWrite.All": {
    application: "e330c4f0-4170-414e-a55a-2f022ec2b57b",
    delegated: "0c5e8a55-87a6-4556-93ab-adc52c4d862d",
  },
  "Directory.AccessAsUser.All": { delegated: "0e263e50-5827-48a4-b97c-d940288653c7" },
  "Directory.ReadWrite.All": {
    application: "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
    delegated: "c5366453-9fb0-48a5-a156-24f0c49a4b84",
  },
  "Domain.ReadWrite.All": {
    application: "7e05723c-0bb0-42da-be95-ae9f08a6e53c",
    delegated: "0b5d694c-a244-4bde-86e6-eb5cd07730fe",
  },
  "EntitlementManagement.ReadWrite.All": {
    application: "9acd699f-1e81-4958-b001-93b1d2506e19",
    delegated: "ae7a573d-81d7-432b-ad44-4ed5c9d89038",
  },
  "Group.ReadWrite.All": {
    application: "62a82d76-70ea-41e2-9197-370581804d09",
    delegated: "4e46008b-f24c-477d-8fff-7bb4ec7aafe0",
  },
  "GroupMember.ReadWrite.All": {
    application: "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
    delegated: "f81125ac-d3b7-4573-a3b2-7099cc39df9e",
  },
  "Organization.ReadWrite.All": {
    application: "292d869f-3427-49a8-9dab-8c70152b74e9",
    delegated: "46ca0847-7e6b-426e-9775-ea810a948356",
  },
  "Policy.ReadWrite.AuthenticationMethod": {
    application: "29c18626-4985-4dcd-85c0-193eef327366",
    delegated: "7e823077-d88e-468f-a337-e18f1f0e6c7c",
  },
  "Policy.ReadWrite.ConditionalAccess": {
    application: "01c0a623-fc9b-48e9-b794-0756f8e8f067",
    delegated: "ad902697-1014-4ef5-81ef-2b4301988e8c",
  },
  "Policy.ReadWrite.PermissionGrant": {
    application: "a402ca1c-2696-4531-972d-6e5ee4aa11ea",
    delegated: "2672f8bb-fd5e-42e0-85e1-ec764dd2614e",
  },
  "PrivilegedAccess.ReadWrite.AzureADGroup": {
    application: "2f6817f8-7b12-4f0f-bc18-eeaf60705a9e",
    delegated: "32531c59-1f32-461f-b8df-6f8a3b89f73b",
  },
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup": {
    application: "41202f2c-f7ab-45be-b001-85c9728b9d69",
    delegated: "06dbc45d-6708-4ef0-a797-f797ee68bf4b",
  },
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": {
    application: "618b6020-bca8-4de6-99f6-ef445fa4d857",
    delegated: "ba974594-d163-484e-ba39-c330d5897667",
  },
  "RoleAssignmentSchedule.ReadWrite.Directory": {
    application: "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
    delegated: "8c026be3-8e26-4774-9372-8d5d6f21daff",
  },
  "RoleEligibilitySchedule.ReadWrite.Directory": {
    application: "fee28b28-e1f3-4841-818e-2704dc62245f",
    delegated: "62ade113-f8e0-4bf9-a6ba-5acb31db32fd",
  },
  "RoleManagement.ReadWrite.Directory": {
    application: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
    delegated: "d01b97e9-cbc0-49fe-810a-750afd5527a3",
  },
  "RoleManagementPolicy.ReadWrite.AzureADGroup": {
    application: "b38dcc4d-a239-4ed6-aa84-6c65b284f97c",
    delegated: "0da165c7-3f15-4236-b733-c0b0f6abe41d",
  },
  "RoleManagementPolicy.ReadWrite.Directory": {
    application: "31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad",
    delegated: "1ff1be21-34eb-448c-9ac9-ce1f506b2a68",
  },
  "User-PasswordProfile.ReadWrite.All": {
    application: "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
    delegated: "56760768-b641-451f-8906-e1b8ab31bca7",
  },
  "User.DeleteRestore.All": {
    application: "eccc023d-eccf-4e7b-9683-8813ab36cecc",
    delegated: "4bb440cd-2cf2-4f90-8004-aa2acd2537c5",
  },
  "User.EnableDisableAccount.All": {
    application: "3011c876-62b7-4ada-afa2-506cbbecc68c",
    delegated: "f92e74e7-2563-467f-9dd0-902688cb5863",
  },
  "User.ReadWrite.All": {
    application: "741f803b-c850-494e-b5df-cde7c675a1ca",
    delegated: "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4",
  },
  "UserAuthenticationMethod.ReadWrite.All": {
    application: "50483e42-d915-4231-9639-7fdb7fd190e5",
    delegated: "b7887744-6746-4312-813d-72daeaee7e2d",
  },
};

/** Resources that give a role in the directory, for good or by Privileged Identity Management. */
const directoryRoles: readonly string[] = [
  types.directoryRoleAssignment,
  types.directoryRoleEligibility,
  types.directoryRoleMember,
  types.administrativeUnitRoleMember,
];

const nameOf = (id: string): string | undefined =>
  Object.entries(privileged).find(([, ids]) => Object.values(ids).some((known) => sameGuid(known, id)))?.[0];

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
    url: privilegedUrl,
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
      } else if (Object.keys(privileged).some((name) => name.toLowerCase() === scope.toLowerCase())) {
        report(`It consents to ${scope} of Microsoft Graph; remove it.`);
      }
    });
  },
);
