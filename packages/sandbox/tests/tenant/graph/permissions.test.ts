import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { TestTenant, resources, type TestApplication } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("Permissions in Graph", () => {
  let tenant: TestTenant;
  let admin: string;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
  });
  after(() => tenant.stop());

  const call = (token: string, method: string, path: string, json?: unknown): Promise<TestAnswer> =>
    tenant.call(method, `/v1.0${path}`, json === undefined ? { token } : { token, json });
  const tokenOf = (client: TestApplication): Promise<string> =>
    tenant.token(client.appId, client.secret, resources.graph);
  const client = async (...roles: string[]): Promise<{ token: string; application: TestApplication }> => {
    const application = await tenant.application(`with ${roles.join(" ")}`, roles);
    return { token: await tokenOf(application), application };
  };

  it("lets Application.Read.All read and change nothing", async () => {
    const { token, application } = await client("Application.Read.All");
    (await call(token, "GET", "/applications")).expect(200);
    (await call(token, "PATCH", `/applications/${application.id}`, { notes: "x" })).expect(403);
    (await call(token, "POST", "/applications", { displayName: "x" })).expect(403);
    (await call(token, "GET", "/oauth2PermissionGrants")).expect(403);
  });

  it("lets a caller without permissions read itself and nothing else", async () => {
    const { token, application } = await client();
    (await call(token, "GET", `/applications/${application.id}`)).expect(200);
    (await call(token, "GET", `/servicePrincipals/${application.servicePrincipalId}`)).expect(200);
    (await call(token, "GET", `/applications/${seed.pipeline.objectId}`)).expect(403);
    (await call(token, "GET", "/applications")).expect(403);
  });

  it("lets Application.ReadWrite.OwnedBy make objects, which it then owns, and change only those", async () => {
    const { token, application } = await client("Application.ReadWrite.OwnedBy");
    const made = (await call(token, "POST", "/applications", { displayName: "mine" })).expect(201);
    const id = made.textAt("id");
    const owners = await call(token, "GET", `/applications/${id}/owners`);
    assert.deepEqual(owners.at("value", 0, "id"), application.servicePrincipalId);
    (await call(token, "PATCH", `/applications/${id}`, { notes: "x" })).expect(204);
    (await call(token, "POST", `/applications/${id}/addPassword`, {})).expect(200);
    const principal = (await call(token, "POST", "/servicePrincipals", { appId: made.at("appId") })).expect(
      201,
    );
    (await call(token, "PATCH", `/servicePrincipals/${principal.textAt("id")}`, { notes: "x" })).expect(204);
    const foreign = `/applications/${seed.pipeline.objectId}`;
    (await call(token, "PATCH", foreign, { notes: "x" })).expect(403);
    (await call(token, "POST", `${foreign}/addPassword`, {})).expect(403);
    (await call(token, "DELETE", foreign)).expect(403);
    assert.match(tenant.running.requests().at(-1)?.reason ?? "", /is not an owner/);
    (await call(token, "DELETE", `/applications/${id}`)).expect(204);
  });

  it("takes the right to change away with the ownership", async () => {
    const { token, application } = await client("Application.ReadWrite.OwnedBy");
    const id = (await call(token, "POST", "/applications", { displayName: "lost" })).expect(201).textAt("id");
    (await call(token, "DELETE", `/applications/${id}/owners/${application.servicePrincipalId}/$ref`)).expect(
      204,
    );
    (await call(token, "DELETE", `/applications/${id}`)).expect(403);
    const json = { "@odata.id": `${tenant.url}/v1.0/directoryObjects/${application.servicePrincipalId}` };
    (await call(admin, "POST", `/applications/${id}/owners/$ref`, json)).expect(204);
    (await call(token, "DELETE", `/applications/${id}`)).expect(204);
  });

  it("refuses with OwnedBy the service principal of an application that the caller does not own", async () => {
    const { token } = await client("Application.ReadWrite.OwnedBy");
    const made = await call(admin, "POST", "/applications", { displayName: "of the administrator" });
    (await call(token, "POST", "/servicePrincipals", { appId: made.at("appId") })).expect(403);
  });

  it("demands AppRoleAssignment.ReadWrite.All for app role assignments; the right to write applications is not enough", async () => {
    const { token } = await client("Application.ReadWrite.All", "Directory.ReadWrite.All");
    const path = `/servicePrincipals/${seed.pipeline.servicePrincipalId}/appRoleAssignments`;
    (await call(token, "POST", path, {})).expect(403);
    assert.match(
      tenant.running.requests().at(-1)?.reason ?? "",
      /lacks AppRoleAssignment\.ReadWrite\.All with Application\.Read\.All or AppRoleAssignment\.ReadWrite\.All with Directory\.Read\.All$/,
    );
  });

  it("demands a permission of its own for grants, policies, users and the organisation", async () => {
    const { token } = await client("Application.ReadWrite.All");
    (await call(token, "POST", "/oauth2PermissionGrants", {})).expect(403);
    (await call(token, "GET", "/policies/defaultAppManagementPolicy")).expect(403);
    (await call(token, "GET", "/users")).expect(403);
    (await call(token, "GET", "/organization")).expect(403);
    const reader = await client("Policy.Read.All");
    (await call(reader.token, "GET", "/policies/defaultAppManagementPolicy")).expect(200);
    (await call(reader.token, "PATCH", "/policies/defaultAppManagementPolicy", {})).expect(403);
  });

  it("goes by the permissions in the token: a new one counts from the next token on", async () => {
    const application = await tenant.application("late");
    const before = await tokenOf(application);
    await tenant.grantGraphRole(application.servicePrincipalId, "Application.Read.All");
    (await call(before, "GET", "/applications")).expect(403);
    (await call(await tokenOf(application), "GET", "/applications")).expect(200);
  });
});
