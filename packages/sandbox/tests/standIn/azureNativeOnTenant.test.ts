import assert from "node:assert/strict";
import { textOf } from "../../standIn/server/propertyValue";
import { seed, seedResourceIds } from "../../tenant/seed";
import { dicomDataReader } from "./clientProgram";
import type { EngineClient } from "./engineClient";
import { TenantFixture } from "./tenantFixture";

const roleAssignment = "azure-native:authorization:RoleAssignment";
const secret = "azure-native:keyvault:Secret";

describe("azure-native stand-in on the sandbox tenant", () => {
  let fixture: TenantFixture;
  let engine: EngineClient;

  beforeEach(async () => {
    fixture = await TenantFixture.start("azure-native");
    ({ engine } = fixture);
  });

  afterEach(() => fixture.stop());

  it("says who deploys", async () => {
    assert.deepEqual(await engine.invoke("azure-native:authorization:getClientConfig", {}), {
      clientId: seed.pipeline.appId,
      objectId: seed.pipeline.servicePrincipalId,
      subscriptionId: seed.subscriptionId,
      tenantId: seed.tenantId,
    });
  });

  it("looks a DICOM service up", async () => {
    const found = await engine.invoke("azure-native:healthcareapis:getDicomService", {
      resourceGroupName: seed.resourceGroup,
      workspaceName: seed.workspace,
      dicomServiceName: seed.dicomService,
    });
    assert.equal(found["id"], seedResourceIds.dicomService);
    assert.match(textOf(found["serviceUrl"]), /^https:\/\//);
  });

  it("looks a role up", async () => {
    const found = await engine.invoke("azure-native:authorization:getRoleDefinition", {
      scope: seedResourceIds.subscription,
      roleDefinitionId: "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a",
    });
    assert.equal(found["roleName"], "DICOM Data Reader");
    assert.equal(found["roleType"], "BuiltInRole");
    assert.equal(found["name"], "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a");
  });

  it("says that what it looks up is not there", async () => {
    await assert.rejects(
      engine.invoke("azure-native:healthcareapis:getDicomService", {
        resourceGroupName: seed.resourceGroup,
        workspaceName: seed.workspace,
        dicomServiceName: "nothing",
      }),
      /request failed \/subscriptions\/.+\/dicomservices\/nothing: Status=404 Code="ResourceNotFound"/,
    );
  });

  it("refuses a second assignment of the same role in the service's words", async () => {
    const assign = (roleAssignmentName: string) =>
      engine.create(roleAssignment, {
        scope: seedResourceIds.dicomService,
        roleAssignmentName,
        principalId: seed.secondOwnerId,
        principalType: "User",
        roleDefinitionId: dicomDataReader,
      });
    const { id, outputs } = await assign("0d3f6d3a-1111-4222-8333-444455556666");
    await assert.rejects(
      assign("0d3f6d3a-1111-4222-8333-444455556667"),
      /Status=409 Code="RoleAssignmentExists"/,
    );
    await engine.delete(roleAssignment, id, {}, outputs);
    await assign("0d3f6d3a-1111-4222-8333-444455556667");
  });

  it("says of an id without the first slash that it is none", async () => {
    const id = `${seedResourceIds.dicomService.slice(1)}/providers/Microsoft.Authorization/roleAssignments/x`;
    await assert.rejects(
      engine.read("azure-native:authorization:RoleAssignment", id),
      /the id 'subscriptions\/.*' is no resource id: it must begin with '\/'/,
    );
  });

  it("writes a secret, reads all but its value, imports it and deletes it", async () => {
    const value = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");
    const names = { resourceGroupName: seed.resourceGroup, vaultName: seed.keyVault, secretName: "client" };
    const { inputs } = await engine.check(secret, {
      ...names,
      properties: { value, contentType: "text/plain" },
      tags: { client: "a" },
    });
    const { id, outputs } = await engine.create(secret, inputs);
    assert.deepEqual(await engine.read(secret, id, inputs, outputs), { inputs, outputs });
    const found = await engine.invoke("azure-native:keyvault:getSecret", names);
    assert.deepEqual(found, { ...outputs, id });
    assert.ok(!JSON.stringify(found).includes(value));
    const imported = await engine.read(secret, id);
    assert.deepEqual(imported?.outputs, outputs);
    assert.deepEqual(
      Object.entries(names).map(([name]) => imported?.inputs[name]),
      Object.values(names),
    );
    await engine.delete(secret, id, inputs, outputs);
  });
});
