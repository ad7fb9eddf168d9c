import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { resources, TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

const readers = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";

describe("Directory roles in Graph", () => {
  let tenant: TestTenant;
  let admin: string;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
  });
  after(() => tenant.stop());

  const call = (method: string, path: string, json?: unknown, token = admin): Promise<TestAnswer> =>
    tenant.call(method, `/v1.0${path}`, json === undefined ? { token } : { token, json });
  const members = `/directoryRoles(roleTemplateId='${readers}')/members`;
  const reference = (id: string): object => ({ "@odata.id": `${tenant.url}/v1.0/directoryObjects/${id}` });

  it("are given to a service principal once, show in its memberships, and are taken away", async () => {
    const { servicePrincipalId } = seed.pipeline;
    const memberOf = `/servicePrincipals/${servicePrincipalId}/memberOf`;
    (await call("POST", `${members}/$ref`, reference(servicePrincipalId))).expect(204);
    (await call("POST", `${members}/$ref`, reference(servicePrincipalId))).expectError(
      400,
      "Request_BadRequest",
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
    const [role] = (await call("GET", memberOf)).expect(200).listAt("value") as Record<string, unknown>[];
    assert.equal(role?.["@odata.type"], "#microsoft.graph.directoryRole");
    assert.equal(role["roleTemplateId"], readers);
    const byId = `/directoryRoles/${String(role["id"])}/members`;
    assert.equal((await call("GET", byId)).expect(200).textAt("value", 0, "id"), servicePrincipalId);
    (await call("DELETE", `${byId}/${servicePrincipalId}/$ref`)).expect(204);
    (await call("DELETE", `${byId}/${servicePrincipalId}/$ref`)).expect(404);
    assert.deepEqual((await call("GET", memberOf)).at("value"), []);
  });

  it("let a service principal do what they are for, with the token that it has", async () => {
    const { appId, secret, servicePrincipalId } = await tenant.application("administrator by role");
    const token = await tenant.token(appId, secret, resources.graph);
    const give = async (role: string): Promise<void> => {
      const path = `/directoryRoles(roleTemplateId='${role}')/members/$ref`;
      (await call("POST", path, reference(servicePrincipalId))).expect(204);
    };
    const principals = (await call("GET", "/servicePrincipals")).listAt("value") as readonly {
      readonly id: string;
      readonly appId: string;
      readonly appRoles: readonly { readonly id: string }[];
    }[];
    const giveRole = (resource: string): Promise<TestAnswer> => {
      const found = principals.find((principal) => principal.appId === resource);
      const json = {
        principalId: servicePrincipalId,
        resourceId: found?.id,
        appRoleId: found?.appRoles[0]?.id,
      };
      return call("POST", `/servicePrincipals/${servicePrincipalId}/appRoleAssignments`, json, token);
    };
    const [graph, health] = [
      "00000003-0000-0000-c000-000000000000",
      "4f6778d8-5aef-43dc-a1ff-b073724b9495",
    ] as const;
    (await call("GET", "/applications", undefined, token)).expect(403);
    await give(readers);
    (await call("GET", "/applications", undefined, token)).expect(200);
    (await call("POST", "/applications", { displayName: "by role" }, token)).expect(403);
    await give("158c047a-c907-4556-b7ef-446551a6b5f7");
    (await call("POST", "/applications", { displayName: "by role" }, token)).expect(201);
    (await giveRole(health)).expect(201);
    (await giveRole(graph)).expect(403);
    await give("e8611ab8-c189-46e8-94e1-60213ab1f814");
    (await giveRole(graph)).expect(201);
  });

  it("are held by the seeded administrator, and never by an application", async () => {
    const roles = (await call("GET", "/directoryRoles?$filter=displayName%20eq%20'Global%20Administrator'"))
      .expect(200)
      .textAt("value", 0, "id");
    assert.equal(
      (await call("GET", `/directoryRoles/${roles}/members`)).textAt("value", 0, "id"),
      seed.adminUserId,
    );
    (await call("POST", `${members}/$ref`, reference(seed.pipeline.objectId))).expect(400);
    (await call("GET", "/directoryRoles/99999999-9999-4999-8999-999999999999/members")).expect(404);
  });

  it("are assigned with RoleManagement.ReadWrite.Directory only", async () => {
    const asWhom = async (permission: string): Promise<TestAnswer> => {
      const { appId, secret, servicePrincipalId } = await tenant.application(permission, [permission]);
      const token = await tenant.token(appId, secret, resources.graph);
      return call("POST", `${members}/$ref`, reference(servicePrincipalId), token);
    };
    (await asWhom("Directory.ReadWrite.All")).expect(403);
    (await asWhom("RoleManagement.ReadWrite.Directory")).expect(204);
  });
});
