import { randomUUID } from "node:crypto";
import type { IdentityRights, NeededRole } from "../rights/rightsReport";
import { Administrator as PortalAdministrator } from "../../sandbox/portal/administrator";
import { grantAppRole } from "../../sandbox/portal/appRoles";
import {
  assignAzureRole,
  azureRolesAt,
  removeRoleAssignment,
  type RoleAssignment,
} from "../../sandbox/portal/azureRoles";
import { findServicePrincipal } from "../../sandbox/portal/directory";
import { registerApplication, type RegisteredApplication } from "../../sandbox/portal/registerApplication";
import { addSecret } from "../../sandbox/portal/secrets";
import type { HttpMethod } from "../../sandbox/standIn/http/httpClient";
import { seed, seedResourceIds } from "../../sandbox/tenant/seed";

/** What the tenant has answered. */
export type Answer = Readonly<Record<string, unknown>>;

/** An identity of its own, and how to act as it. */
export interface Identity {
  /** Object id of its service principal. */
  readonly principalId: string;
  readonly env: Readonly<Record<string, string>>;
}

const roleDefinitions = `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions`;

/** The tenant's administrator, who does by hand what audits are to find. */
export class Administrator extends PortalAdministrator {
  /** @param path after `/v1.0/` */
  override async graph(method: HttpMethod, path: string, body?: unknown): Promise<Answer> {
    return ((await super.graph(method, path.replaceAll(" ", "%20"), body)) ?? {}) as Answer;
  }

  /** @returns id of the new secret */
  async addSecret(objectId: string, displayName: string): Promise<string> {
    return (await addSecret(this, { kind: "applications", id: objectId }, displayName)).keyId;
  }

  /** Makes an application with a service principal, by hand. */
  registerApplication(displayName: string): Promise<RegisteredApplication> {
    return registerApplication(this, displayName);
  }

  /** Object id of the service principal of an application. */
  async servicePrincipalOf(appId: string): Promise<string> {
    return (await findServicePrincipal(this, appId)).id;
  }

  /** Gives a service principal an application permission of Microsoft Graph. @returns id of the assignment */
  grantGraphPermission(servicePrincipalId: string, permission: string): Promise<string> {
    return grantAppRole(this, servicePrincipalId, permission);
  }

  /** @returns resource id of the assignment */
  assignRole(scope: string, roleId: string, principalId: string, principalType?: string): Promise<string> {
    return assignAzureRole(this, scope, roleId, principalId, principalType);
  }

  /** Makes an identity that holds these rights and nothing else. */
  async identityWith({ graph, azure }: Pick<IdentityRights, "graph" | "azure">): Promise<Identity> {
    const { id, appId, servicePrincipalId } = await this.registerApplication(`Identity ${randomUUID()}`);
    for (const { permission } of graph) await this.grantGraphPermission(servicePrincipalId, permission);
    for (const role of azure) await this.assignNeeded(role, servicePrincipalId);
    const { secretText } = await this.graph("POST", `applications/${id}/addPassword`, {});
    return {
      principalId: servicePrincipalId,
      env: { ARM_CLIENT_ID: appId, ARM_CLIENT_SECRET: String(secretText) },
    };
  }

  private async assignNeeded(role: NeededRole, principalId: string): Promise<void> {
    const definition = role.roleId ?? randomUUID();
    if (role.roleId === null) await this.defineRole(definition, role);
    await this.assignDefinition(definition, role, principalId);
  }

  /** Makes or changes a custom role. */
  async defineRole(
    id: string,
    { role, actions, dataActions }: Pick<NeededRole, "role" | "actions" | "dataActions">,
  ): Promise<void> {
    await this.azure("PUT", `${roleDefinitions}/${id}`, {
      properties: {
        roleName: role,
        description: role,
        type: "CustomRole",
        permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
        assignableScopes: [seedResourceIds.subscription],
      },
    });
  }

  /** Gives a service principal a role, within a condition if there is one. */
  async assignDefinition(
    id: string,
    { scope, condition }: Pick<NeededRole, "scope" | "condition">,
    principalId: string,
  ): Promise<void> {
    await this.azure("PUT", `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
      properties: {
        roleDefinitionId: `${roleDefinitions}/${id}`,
        principalId,
        principalType: "ServicePrincipal",
        ...(condition === null ? {} : { condition, conditionVersion: "2.0" }),
      },
    });
  }

  /** The role assignments of a principal at a scope. */
  rolesOf(scope: string, principalId: string): Promise<readonly RoleAssignment[]> {
    return azureRolesAt(this, scope, principalId);
  }

  removeRole(id: string): Promise<void> {
    return removeRoleAssignment(this, id);
  }
}

export { seed, seedResourceIds };
