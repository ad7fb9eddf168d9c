import assert from "node:assert/strict";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { TestTenant, resources, type TestApplication } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("Conditions on Azure roles", () => {
  let tenant: TestTenant;
  let deployer: TestApplication;
  let token: string;

  /** The delegation that the portal writes for "only these roles, only to service principals". */
  const condition = `(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})
 )
 OR
 (
  @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${builtInRoleIds.dicomDataReader}, ${builtInRoleIds.dicomDataOwner}}
  AND
  @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}
 )
)
AND
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})
 )
 OR
 (
  @Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${builtInRoleIds.dicomDataReader}, ${builtInRoleIds.dicomDataOwner}}
  AND
  @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}
 )
)`;

  before(async () => {
    tenant = await TestTenant.start();
    deployer = await tenant.application("deployer");
    const extra = { condition, conditionVersion: "2.0" };
    const role = builtInRoleIds.roleBasedAccessControlAdministrator;
    await tenant.assignRole(seedResourceIds.workspace, role, deployer.servicePrincipalId, extra);
    token = await tenant.token(deployer.appId, deployer.secret, resources.arm);
  });
  after(() => tenant.stop());

  const call = (method: string, path: string, json?: unknown): Promise<TestAnswer> =>
    tenant.call(method, `${path}?api-version=2022-04-01`, json === undefined ? { token } : { token, json });
  const path = (): string =>
    `${seedResourceIds.dicomService}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
  const assign = (role: string, principalId: string, principalType?: string): Promise<TestAnswer> =>
    call("PUT", path(), {
      properties: {
        principalId,
        ...(principalType === undefined ? {} : { principalType }),
        roleDefinitionId: `/subscriptions/${seed.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      },
    });
  const refusal = /does not have authorization or an ABAC condition not fulfilled to perform action/;

  it("let through what they allow: assigning and removing", async () => {
    const { servicePrincipalId } = await tenant.application("reader");
    const made = (
      await assign(builtInRoleIds.dicomDataReader, servicePrincipalId, "ServicePrincipal")
    ).expect(201);
    (await call("DELETE", made.textAt("id"))).expect(200);
  });

  it("refuse another role, another type of principal, and a request that does not say the type [C]", async () => {
    const { servicePrincipalId } = await tenant.application("other");
    const answers = [
      await assign(builtInRoleIds.contributor, servicePrincipalId, "ServicePrincipal"),
      await assign(builtInRoleIds.dicomDataReader, seed.secondOwnerId, "User"),
      await assign(builtInRoleIds.dicomDataReader, servicePrincipalId),
    ];
    answers.forEach((answer) => answer.expectError(403, "AuthorizationFailed", refusal));
    assert.match(tenant.running.requests().at(-1)?.reason ?? "", /^the conditions on the roles of deployer/);
  });

  it("refuse to remove what they do not allow to assign", async () => {
    const { servicePrincipalId } = await tenant.application("protected");
    const foreign = await tenant.assignRole(
      seedResourceIds.dicomService,
      builtInRoleIds.contributor,
      servicePrincipalId,
    );
    (await call("DELETE", foreign)).expectError(403, "AuthorizationFailed", refusal);
  });

  it("do not limit other actions of the role", async () => {
    (await call("GET", seedResourceIds.dicomService)).expect(200);
  });

  it("are refused when they cannot be read, and are shown when they can", async () => {
    const admin = await tenant.adminToken("arm");
    const { servicePrincipalId } = await tenant.application("conditioned");
    const put = (text: string): Promise<TestAnswer> =>
      tenant.call("PUT", `${path()}?api-version=2022-04-01`, {
        token: admin,
        json: {
          properties: {
            principalId: servicePrincipalId,
            roleDefinitionId: `/x/roleDefinitions/${builtInRoleIds.roleBasedAccessControlAdministrator}`,
            condition: text,
          },
        },
      });
    for (const text of [
      "(",
      "ActionMatches{'x'} AND",
      "SubOperationMatches{'x'}",
      "@Request[Other:Name] GuidEquals {x}",
      "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] constructor {'x'}",
      "",
    ]) {
      (await put(text)).expectError(400, "InvalidCondition", /cannot be read/);
    }
    const made = (await put(condition)).expect(201);
    assert.equal(made.at("properties", "condition"), condition);
    assert.equal(made.at("properties", "conditionVersion"), "2.0");
  });
});
