import { outsideFacts, uploaderDataActions } from "dicom-service-client/model";
import { shellQuoted } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { coversAction, type RoleContent } from "../cloud/roleDefinition";
import { declaredAccess } from "../project/configuredAccess";
import type { DeployedAzureRole } from "../project/deployedClient";
import { canonical, isSame, isSameId } from "./canonical";
import { type Comparison, nameOrId, type RemovalCommands } from "./comparison";
import type { Finding } from "./finding";
import type { LiveRoleAssignment } from "./liveObjects";
import { lastPart } from "../project/lastPart";

/** Roles with which a principal can give itself and others any other role. */
const powerfulRoles: readonly string[] = [
  outsideFacts.owner.value,
  outsideFacts.contributor.value,
  outsideFacts.userAccessAdministrator.value,
  outsideFacts.accessAdministrator.value,
];

/** Whether a role lets its holder do everything, or give itself and others any other role. */
function isPowerful(role: RoleContent | undefined): boolean {
  return (role?.permissions ?? []).some(({ actions }) =>
    actions.some((action) => coversAction(action, "Microsoft.Authorization/roleAssignments/write")),
  );
}

/** What a custom role allows, which whoever manages it may change; what a built-in one does is Microsoft's. */
function ownPermissions(role: RoleContent | undefined): unknown {
  return role?.type === "CustomRole" ? canonical(role.permissions) : null;
}

/** What a custom role allows besides reading resources of Azure Health Data Services and using the data of DICOM services. */
function actionsBeyondData(role: RoleContent | undefined): readonly string[] {
  if (role?.type !== "CustomRole") return [];
  const beyond = role.permissions.flatMap(({ actions, dataActions }) => [
    ...actions.filter((action) => !/^Microsoft\.HealthcareApis\/.*\/read$/i.test(action)),
    ...dataActions.filter(
      (action) => !/^Microsoft\.HealthcareApis\/workspaces\/dicomservices\//i.test(action),
    ),
  ]);
  return [...new Set(beyond)].sort();
}

/** What the role allows that comes with an uploader. Its id stays when somebody changes that. */
const uploaderPermissions = [{ dataActions: uploaderDataActions }];

/** What a role assignment gives to whom. */
interface AzureGrant {
  readonly principalId: string;
  readonly roleId: string;
  readonly scope: string;
  readonly condition: string;
}

/** What the client may do in Azure. */
export function compareAzureRoles({
  deployed,
  live,
  tenant,
  found,
  client,
  redeploy,
  recreated,
  unmanaged,
}: Comparison): Finding[] {
  if (!tenant.rolesByPrincipal) return [];
  const own = tenant.rolesByPrincipal.value.get((live.ids.servicePrincipalId ?? "").toLowerCase()) ?? [];
  const isDeclared = (id: string): boolean => deployed.azureRoles.some((wanted) => isSameId(wanted.id, id));
  const describe = ({ roleId, scope, condition }: AzureGrant, role?: RoleContent): string =>
    `the Azure role ${nameOrId(role?.roleName, roleId)} at ${scope || "/"}${condition === "" ? "" : ` within the condition ${condition}`}`;
  const roleOf = ({ properties }: LiveRoleAssignment): RoleContent | undefined =>
    tenant.roles.get(properties.roleDefinitionId.toLowerCase());
  const isUploaderRole = (id: string): boolean =>
    declaredAccess(client).some(({ isUploader, roleId }) => isUploader && isSameId(roleId, id));
  const isConfigured = (grant: AzureGrant, role: RoleContent | undefined): boolean =>
    declaredAccess(client).some(
      ({ scope, roleId }) => roleId === grant.roleId && scope.id.toLowerCase() === grant.scope,
    ) &&
    grant.condition === "" &&
    actionsBeyondData(role).length === 0 &&
    (!isUploaderRole(grant.roleId) || isSame(role?.permissions, uploaderPermissions));
  // The component declares no condition, and every role for its own service principal: a refresh writes what is live into the state.
  const declared = ({ principalId, roleId, scope }: DeployedAzureRole): AzureGrant => ({
    principalId: (deployed.servicePrincipalId ?? principalId).toLowerCase(),
    roleId,
    scope: scope.toLowerCase(),
    condition: "",
  });
  const missing = deployed.azureRoles.filter(({ id }) => !tenant.rolesOfDeclaredIds.has(id.toLowerCase()));
  return [
    ...own
      .filter(({ id }) => !isDeclared(id))
      .map((assignment) => {
        const { id, properties } = assignment;
        const grant = liveGrant(assignment);
        const what = describe(grant, roleOf(assignment)).replace(/^the/, "The");
        if (missing.some((wanted) => isSame(declared(wanted), grant)))
          return recreated(id, what, commandsFor(id));
        return isConfigured(grant, roleOf(assignment))
          ? unmanaged(id, what)
          : found({
              rule: "azure-role-undeclared",
              ...(powerfulRoles.includes(grant.roleId) || isPowerful(roleOf(assignment))
                ? { severity: "critical" as const }
                : {}),
              side: "live",
              object: id,
              detail: `It has ${describe({ ...grant, scope: properties.scope }, roleOf(assignment))}.`,
              content: { ...grant, permissions: ownPermissions(roleOf(assignment)) },
              startsAt: properties.createdOn,
              next: removalOf(id),
            });
      }),
    ...deployed.azureRoles.flatMap((wanted) => {
      const there = tenant.rolesOfDeclaredIds.get(wanted.id.toLowerCase());
      if (there === undefined) return [];
      const [is, was] = [liveGrant(there), declared(wanted)];
      const role = roleOf(there);
      const beyond = actionsBeyondData(role);
      if (isSame(is, was) && isUploaderRole(is.roleId) && role !== undefined) {
        return isSame(role.permissions, uploaderPermissions)
          ? []
          : [
              found({
                rule: "azure-role-changed",
                side: "live",
                object: there.id,
                detail: `The role ${nameOrId(role.roleName, is.roleId)} that comes with the client allows ${permissionsText(role)}, instead of ${uploaderDataActions.join(", ")} alone.`,
                content: { ...is, permissions: ownPermissions(role) },
                next: `az role definition list --name ${shellQuoted(is.roleId)} --query '[].permissions'   # find out who has changed it, and why; then ${redeploy}`,
              }),
            ];
      }
      return isSame(is, was)
        ? beyond.length === 0
          ? []
          : [
              found({
                rule: "azure-role-broad",
                ...(isPowerful(role) ? { severity: "critical" as const } : {}),
                side: "live",
                object: there.id,
                detail: `The declared role ${nameOrId(role?.roleName, is.roleId)} at ${wanted.scope} allows more than the data of DICOM services: ${beyond.join(", ")}.`,
                content: { ...is, permissions: ownPermissions(role) },
                next: `az role definition list --name ${shellQuoted(is.roleId)} --query '[].permissions'   # find out who has changed it, and why`,
              }),
            ]
        : [
            found({
              rule: "azure-role-changed",
              side: "live",
              object: there.id,
              detail: `Under the id of the declared assignment, ${is.principalId} has ${describe(is, roleOf(there))}, instead of ${was.principalId} ${describe(was)}.`,
              content: { ...is, permissions: ownPermissions(role) },
              startsAt: there.properties.createdOn,
              next: `${removalOf(there.id)}   # then ${redeploy}`,
            }),
          ];
    }),
    ...missing
      .filter((wanted) => !own.some((assignment) => isSame(declared(wanted), liveGrant(assignment))))
      .map(({ id, scope }) =>
        found({
          rule: "azure-role-missing",
          side: "live",
          object: id,
          detail: `The Azure role at ${scope} is gone.`,
          next: redeploy,
        }),
      ),
  ];
}

function liveGrant({ properties }: LiveRoleAssignment): AzureGrant {
  const { principalId, roleDefinitionId, scope, condition } = properties;
  return {
    principalId: principalId.toLowerCase(),
    roleId: lastPart(roleDefinitionId).toLowerCase(),
    scope: scope.toLowerCase(),
    condition: condition.trim(),
  };
}

/** What a role allows, in one line. */
function permissionsText({ permissions }: RoleContent): string {
  const texts = permissions.flatMap(({ actions, notActions, dataActions, notDataActions }) => [
    ...[...actions, ...dataActions],
    ...[...notActions, ...notDataActions].map((action) => `not ${action}`),
  ]);
  return texts.join(", ") || "nothing";
}

function removalOf(roleAssignment: string): string {
  const { look, remove } = commandsFor(roleAssignment);
  return inspectBeforeDelete(look, remove);
}

function commandsFor(roleAssignment: string): RemovalCommands {
  return {
    look: `az rest --method GET --url ${shellQuoted(`${roleAssignment}?api-version=2022-04-01`)}`,
    remove: `az role assignment delete --ids ${shellQuoted(roleAssignment)}`,
  };
}
