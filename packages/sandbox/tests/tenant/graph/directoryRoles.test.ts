import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { TestTenant, resources } from "../support/testTenant";
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
