import assert from "node:assert/strict";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { TestTenant, resources, type TestApplication } from "../support/testTenant";
import type { TestAnswer } from "lab";

/* Marks in titles: C confirmed, L likely, U unknown; two marks are for text and for status. */
describe("Azure roles in Resource Manager", () => {
  let tenant: TestTenant;
  let admin: string;
  let client: TestApplication;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken("arm");
    client = await tenant.application("client");
  });
  after(() => tenant.stop());

  const version = "api-version=2022-04-01";
  const assignments = "/providers/Microsoft.Authorization/roleAssignments";
  const { dicomService, resourceGroup, subscription, workspace } = seedResourceIds;
  const roleId = (guid: string): string =>
    `/subscriptions/${seed.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  const call = (method: string, path: string, json?: unknown, token = admin): Promise<TestAnswer> =>
    tenant.call(method, path, json === undefined ? { token } : { token, json });
  const put = (
    scope: string,
    properties: object,
    name: string = crypto.randomUUID(),
    token = admin,
  ): Promise<TestAnswer> => call("PUT", `${scope}${assignments}/${name}?${version}`, { properties }, token);
  const reader = (principalId: string): object => ({
    principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: roleId(builtInRoleIds.dicomDataReader),
  });
  const undashed = (guid: string): string => guid.replaceAll("-", "");

  it("assigns, shows, lists and removes a role at a resource", async () => {
    const name = crypto.randomUUID();
    const { servicePrincipalId } = await tenant.application("assigned");
    const made = (await put(dicomService, reader(servicePrincipalId), name)).expect(201);
    assert.deepEqual(made.json, {
      properties: {
        roleDefinitionId: roleId(builtInRoleIds.dicomDataReader),
        principalId: servicePrincipalId,
        principalType: "ServicePrincipal",
        scope: dicomService,
        condition: null,
        conditionVersion: null,
        createdOn: "2026-11-23T02:01:45Z",
        updatedOn: "2026-11-23T02:01:45Z",
        createdBy: seed.adminUserId,
        updatedBy: seed.adminUserId,
        delegatedManagedIdentityResourceId: null,
        description: null,
      },
      id: `${dicomService}${assignments}/${name}`,
      type: "Microsoft.Authorization/roleAssignments",
      name,
    });
    const path = `${dicomService}${assignments}/${name}?${version}`;
    assert.deepEqual((await call("GET", path)).expect(200).json, made.json);
    assert.equal(
      (await call("GET", path.toUpperCase().replace("API-VERSION", "api-version"))).expect(200).at("name"),
      name,
    );
    (await put(dicomService, reader(servicePrincipalId), name)).expect(200);
    (await call("DELETE", path)).expect(200);
    (await call("DELETE", path)).expect(204);
    (await call("GET", path)).expectError(
      404,
      "RoleAssignmentNotFound",
      `The role assignment '${name}' is not found.`,
    );
  });

  it("lists by principal and by scope: inherited, own and lower ones", async () => {
    const { servicePrincipalId } = await tenant.application("listed");
    const names = new Map<string, string>();
    for (const scope of [subscription, workspace, dicomService]) {
      const path = await tenant.assignRole(scope, builtInRoleIds.reader, servicePrincipalId);
      names.set(scope, path.split("/").at(-1) ?? "");
    }
    const list = async (scope: string, filter: string): Promise<unknown[]> => {
      const query = `${version}&$filter=${encodeURIComponent(filter)}`;
      const answer = (await call("GET", `${scope}${assignments}?${query}`)).expect(200);
      return answer.listAt("value").map((_item, index) => answer.at("value", index, "name"));
    };
    const mine = `principalId eq '${servicePrincipalId}'`;
    const [atSubscription, atWorkspace, atService] = [...names.values()];
    assert.deepEqual(await list(workspace, mine), [atSubscription, atWorkspace, atService]);
    assert.deepEqual(await list(workspace, `atScope() and ${mine}`), [atSubscription, atWorkspace]);
    assert.deepEqual(await list(dicomService, `atScope() and assignedTo('${servicePrincipalId}')`), [
      ...names.values(),
    ]);
    const everything = await call("GET", `${resourceGroup}${assignments}?${version}`);
    assert.ok(everything.expect(200).listAt("value").length > 3);
  });

  it("leaves an assignment behind when its principal is deleted, as Azure does", async () => {
    const orphan = await tenant.application("orphan");
    const path = await tenant.assignRole(
      dicomService,
      builtInRoleIds.dicomDataReader,
      orphan.servicePrincipalId,
    );
    const token = await tenant.adminToken();
    (await tenant.call("DELETE", `/v1.0/applications/${orphan.id}`, { token })).expect(204);
    (await call("GET", `${path}?${version}`)).expect(200);
  });

  it("400 PrincipalNotFound for an unknown principal, an application's object id included [C]", async () => {
    for (const id of ["99999999-9999-4999-8999-999999999999", client.id]) {
      (
        await put(dicomService, { principalId: id, roleDefinitionId: roleId(builtInRoleIds.reader) })
      ).expectError(
        400,
        "PrincipalNotFound",
        `Principal ${undashed(id)} does not exist in the directory ${seed.tenantId}. Check that you have the correct principal ID. ` +
          "If you are creating this principal and then immediately assigning a role, this error might be related to a replication " +
          "delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or " +
          "Group.  See https://aka.ms/docs-principaltype",
      );
    }
  });

  it("400 for a principal of another type than was said [L]", async () => {
    const properties = { ...reader(client.servicePrincipalId), principalType: "User" };
    (await put(dicomService, properties)).expectError(
      400,
      "UnmatchedPrincipalType",
      /has type 'ServicePrincipal'/,
    );
  });

  it("409 RoleAssignmentExists for the same role, principal and scope under another name [C, L second sentence]", async () => {
    const { servicePrincipalId } = await tenant.application("twice");
    const name = crypto.randomUUID();
    (await put(dicomService, reader(servicePrincipalId), name)).expect(201);
    (await put(dicomService, reader(servicePrincipalId))).expectError(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${undashed(name)}.`,
    );
  });

  it("400 RoleAssignmentUpdateNotPermitted for another principal under a name that is taken [C]", async () => {
    const name = crypto.randomUUID();
    const other = await tenant.application("other");
    (await put(workspace, reader(client.servicePrincipalId), name)).expect(201);
    (await put(workspace, reader(other.servicePrincipalId), name)).expectError(
      400,
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
  });

  it("RoleDefinitionDoesNotExist: 404 for GET [L], 400 for PUT [U]; 400 InvalidRoleDefinitionId [C]", async () => {
    const guid = "99999999-9999-4999-8999-999999999999";
    const message = `The specified role definition with ID '${undashed(guid)}' does not exist.`;
    (await call("GET", `${roleId(guid)}?${version}`)).expectError(404, "RoleDefinitionDoesNotExist", message);
    const properties = { ...reader(client.servicePrincipalId), roleDefinitionId: roleId(guid) };
    (await put(dicomService, properties)).expectError(400, "RoleDefinitionDoesNotExist", message);
    (await put(dicomService, { ...properties, roleDefinitionId: "Reader" })).expectError(
      400,
      "InvalidRoleDefinitionId",
      "The role definition ID 'Reader' is not valid.",
    );
  });

  it("403 AuthorizationFailed names client, action and scope [C], and the log what was missing", async () => {
    const token = await tenant.token(client.appId, client.secret, resources.arm);
    const name = crypto.randomUUID();
    const answer = await put(dicomService, reader(client.servicePrincipalId), name, token);
    answer.expectError(
      403,
      "AuthorizationFailed",
      `The client '${client.appId}' with object id '${client.servicePrincipalId}' does not have authorization to perform action ` +
        `'Microsoft.Authorization/roleAssignments/write' over scope '${dicomService}${assignments}/${name}' or the scope is invalid. ` +
        "If access was recently granted, please refresh your credentials.",
    );
    assert.equal(answer.headers["x-ms-failure-cause"], "gateway");
    assert.match(
      tenant.running.requests().at(-1)?.reason ?? "",
      /lacks an Azure role with Microsoft\.Authorization/,
    );
  });

  it("does not let Contributor assign roles, and lets a role count only within its scope", async () => {
    const contributor = await tenant.application("contributor");
    await tenant.assignRole(dicomService, builtInRoleIds.contributor, contributor.servicePrincipalId);
    const token = await tenant.token(contributor.appId, contributor.secret, resources.arm);
    (await put(dicomService, reader(client.servicePrincipalId), undefined, token)).expect(403);
    (await call("GET", `${dicomService}?${version}`, undefined, token)).expect(200);
    (await call("GET", `${workspace}?${version}`, undefined, token)).expect(403);
  });

  it("refuses a body or query that it does not know, by name", async () => {
    const properties = { ...reader(client.servicePrincipalId), colour: "red" };
    (await put(dicomService, properties)).expectError(400, "InvalidRequestContent", /'properties\.colour'/);
    (await call("GET", `${dicomService}${assignments}?${version}&$top=1`)).expectError(
      501,
      "NotImplemented",
      /'\$top'/,
    );
    const odd = `${version}&$filter=${encodeURIComponent("type eq 'x'")}`;
    (await call("GET", `${dicomService}${assignments}?${odd}`)).expectError(
      501,
      "NotImplemented",
      /type eq 'x'/,
    );
    (await call("GET", `${dicomService}${assignments}`)).expectError(400, "MissingApiVersionParameter", /./);
    (await put(dicomService, reader(client.servicePrincipalId), "not-a-guid")).expect(400);
  });

  it("401 without a token, for one of another API, and for one past its life", async () => {
    (await tenant.call("GET", `${dicomService}?${version}`)).expectError(
      401,
      "AuthenticationFailed",
      /missing/,
    );
    const foreign = await tenant.pipelineToken(resources.vault);
    (await call("GET", `${dicomService}?${version}`, undefined, foreign)).expectError(
      401,
      "InvalidAuthenticationToken",
      /./,
    );
    const token = await tenant.pipelineToken(resources.arm);
    tenant.clock.advance(7200);
    (await call("GET", `${dicomService}?${version}`, undefined, token)).expectError(
      401,
      "ExpiredAuthenticationToken",
      /./,
    );
    admin = await tenant.adminToken("arm");
  });

  describe("definitions", () => {
    it("shows built-in ones by id and by name", async () => {
      const one = (await call("GET", `${roleId(builtInRoleIds.dicomDataReader)}?${version}`)).expect(200);
      assert.equal(one.at("properties", "roleName"), "DICOM Data Reader");
      const filter = encodeURIComponent("roleName eq 'DICOM Data Owner'");
      const found = await call(
        "GET",
        `${subscription}/providers/Microsoft.Authorization/roleDefinitions?${version}&$filter=${filter}`,
      );
      assert.equal(found.at("value", 0, "name"), builtInRoleIds.dicomDataOwner);
      assert.equal(found.listAt("value").length, 1);
      const global = `/providers/Microsoft.Authorization/roleDefinitions/${builtInRoleIds.reader}`;
      assert.equal((await call("GET", `${global}?${version}`)).expect(200).at("id"), global);
    });

    it("takes custom ones, which can then be assigned, and leaves built-in ones alone", async () => {
      const guid = crypto.randomUUID();
      const json = {
        properties: {
          roleName: "DICOM Importer",
          description: "Store only",
          permissions: [
            { dataActions: ["Microsoft.HealthcareApis/workspaces/dicomservices/resources/write"] },
          ],
          assignableScopes: [subscription],
        },
      };
      (await call("PUT", `${roleId(guid)}?${version}`, json)).expect(201);
      await tenant.assignRole(dicomService, guid, client.servicePrincipalId);
      (await call("PUT", `${roleId(builtInRoleIds.reader)}?${version}`, json)).expect(403);
    });
  });
});
