import assert from "node:assert/strict";
import { firstPartyAppIds } from "../../../tenant/domain/firstPartyApplications";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { resources, TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("The subscription in Resource Manager", () => {
  let tenant: TestTenant;
  let token: string;

  before(async () => {
    tenant = await TestTenant.start();
    token = await tenant.adminToken("arm");
  });
  after(() => tenant.stop());

  const call = (method: string, path: string): Promise<TestAnswer> =>
    tenant.call(method, `${path}?api-version=2024-03-31`, { token });

  it("shows itself, its group, the workspace, the DICOM service and the vault, in any case of letters", async () => {
    assert.equal((await call("GET", "/subscriptions")).at("value", 0, "subscriptionId"), seed.subscriptionId);
    assert.equal((await call("GET", seedResourceIds.subscription)).at("tenantId"), seed.tenantId);
    for (const id of [seedResourceIds.resourceGroup, seedResourceIds.workspace, seedResourceIds.keyVault]) {
      assert.equal((await call("GET", id)).expect(200).at("id"), id);
    }
    const service = (await call("GET", seedResourceIds.dicomService.toLowerCase())).expect(200);
    assert.equal(service.at("id"), seedResourceIds.dicomService);
    assert.equal(service.at("properties", "serviceUrl"), `${tenant.url}/dicom/sandboxworkspace-imaging`);
    const vault = await call("GET", seedResourceIds.keyVault);
    assert.equal(vault.at("properties", "vaultUri"), `${tenant.url}/vault/${seed.keyVault}/`);
  });

  it("lists DICOM services of a workspace", async () => {
    const services = await call("GET", `${seedResourceIds.workspace}/dicomservices`);
    assert.deepEqual(
      [services.listAt("value").length, services.at("value", 0, "name")],
      [1, seed.dicomService],
    );
  });

  it("404 naming what is not there: subscription, group, resource, provider", async () => {
    const other = seedResourceIds.dicomService.replace(seed.subscriptionId, seed.tenantId);
    (await tenant.call("GET", `${other}?api-version=2024-03-31`, { token })).expect(403);
    (await call("GET", `${seedResourceIds.subscription}/resourceGroups/none`)).expectError(
      404,
      "ResourceGroupNotFound",
      "Resource group 'none' could not be found.",
    );
    (await call("GET", `${seedResourceIds.workspace}/dicomservices/none`)).expectError(
      404,
      "ResourceNotFound",
      "The Resource 'Microsoft.HealthcareApis/workspaces/dicomservices/sandboxworkspace/none' under resource group " +
        "'imaging-sandbox' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    );
    (await call("GET", `${seedResourceIds.subscription}/providers/Microsoft.Nothing`)).expect(404);
  });

  it("registers a resource provider, which brings the provider's service principals into the tenant", async () => {
    const provider = `${seedResourceIds.subscription}/providers/Microsoft.HealthcareApis`;
    assert.equal((await call("GET", provider)).expect(200).at("registrationState"), "Registered");
    await tenant.running.control("PUT", `firstParty/${firstPartyAppIds.dicom}`, { present: false });
    const graph = await tenant.adminToken();
    const path = `/v1.0/servicePrincipals(appId='${firstPartyAppIds.dicom}')`;
    (await tenant.call("GET", path, { token: graph })).expect(404);
    (await call("POST", `${provider}/register`)).expect(200);
    const back = (await tenant.call("GET", path, { token: graph })).expect(200);
    assert.equal(back.at("appOwnerOrganizationId"), "f8cdef31-a31e-4b4a-93e4-5f571e91255a");
    assert.notEqual(back.at("id"), firstPartyAppIds.dicom);
  });

  it("501 for an operation that it does not have, naming it", async () => {
    const answer = await call(
      "PUT",
      `${seedResourceIds.resourceGroup}/providers/Microsoft.Storage/storageAccounts/x`,
    );
    answer.expectError(501, "NotImplemented", /does not implement PUT .*\/storageAccounts\/x/);
    (await call("DELETE", seedResourceIds.workspace)).expectError(501, "NotImplemented", /DELETE/);
  });

  it("501 for a filter by a property that it does not compare, whatever it is called", async () => {
    for (const name of ["tagName", "constructor"]) {
      const path = `${seedResourceIds.subscription}/resources?api-version=2021-04-01&$filter=${name}%20eq%20'x'`;
      (await tenant.call("GET", path, { token })).expectError(
        501,
        "NotImplemented",
        new RegExp(`does not implement the \\$filter '${name} eq 'x''`),
      );
    }
  });

  it("501 for a query option that an operation does not read, whichever it is", async () => {
    for (const path of [
      "/subscriptions",
      seedResourceIds.subscription,
      seedResourceIds.resourceGroup,
      `${seedResourceIds.workspace}/dicomservices`,
      `${seedResourceIds.subscription}/providers/Microsoft.HealthcareApis`,
    ]) {
      const answer = await tenant.call("GET", `${path}?api-version=2024-03-31&$skip=1`, { token });
      answer.expectError(501, "NotImplemented", /the query option '\$skip' of arm\./);
    }
  });

  it("lists resources and groups as far as the caller may read", async () => {
    const names = async (path: string, token?: string): Promise<unknown[]> => {
      const answer =
        token === undefined ? await call("GET", path) : await tenant.call("GET", path, { token });
      return (answer.expect(200).listAt("value") as readonly { readonly name: unknown }[]).map(
        ({ name }) => name,
      );
    };
    const { subscription } = seedResourceIds;
    const all = ["sandboxworkspace", "imaging", "sandbox-imaging-kv"];
    assert.deepEqual(await names(`${subscription}/resources`), all);
    assert.deepEqual(await names(`${subscription}/resourceGroups`), ["imaging-sandbox"]);
    const client = await tenant.application("without roles");
    const token = await tenant.token(client.appId, client.secret, resources.arm);
    assert.deepEqual(await names(`${subscription}/resources?api-version=2022-04-01`, token), []);
    const types = (await call("GET", `${subscription}/providers/Microsoft.KeyVault`)).at("resourceTypes", 0);
    assert.equal((types as { readonly resourceType: string }).resourceType, "vaults");
  });
});
