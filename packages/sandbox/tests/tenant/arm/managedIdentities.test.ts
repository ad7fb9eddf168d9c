import assert from "node:assert/strict";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { TestTenant } from "../support/testTenant";

describe("user-assigned managed identities in Resource Manager", () => {
  let tenant: TestTenant;
  const version = "api-version=2023-01-31";

  before(async () => {
    tenant = await TestTenant.start();
  });
  after(() => tenant.stop());

  it("have a service principal without an application, with a certificate of Azure's own", async () => {
    const { id, principalId, clientId } = await tenant.managedIdentity("gateway");
    const found = await tenant.call("GET", `/v1.0/servicePrincipals/${principalId}`, {
      token: await tenant.adminToken(),
    });
    const shown = found.expect(200).json as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      [shown["servicePrincipalType"], shown["appId"], shown["displayName"], shown["alternativeNames"]],
      ["ManagedIdentity", clientId, "gateway", ["isExplicit=True", id]],
    );
    assert.equal((shown["keyCredentials"] as readonly unknown[]).length, 1);
    const applications = await tenant.call("GET", `/v1.0/applications?$filter=appId%20eq%20'${clientId}'`, {
      token: await tenant.adminToken(),
    });
    assert.deepEqual(applications.expect(200).listAt("value"), []);
  });

  it("keep their ids when they are written again, and take their service principal along when they go", async () => {
    const { id, principalId } = await tenant.managedIdentity("archive");
    const token = await tenant.adminToken("arm");
    const again = await tenant.call("PUT", `${id}?${version}`, { token, json: { location: seed.location } });
    assert.equal(again.expect(200).textAt("properties", "principalId"), principalId);
    (await tenant.call("GET", `${id}?${version}`, { token })).expect(200);
    (await tenant.call("DELETE", `${id}?${version}`, { token })).expect(200);
    (await tenant.call("GET", `${id}?${version}`, { token })).expect(404);
    const path = `/v1.0/servicePrincipals/${principalId}`;
    (await tenant.call("GET", path, { token: await tenant.adminToken() })).expect(404);
  });

  it("have federated credentials, which go with them, and by which nobody signs in here", async () => {
    const { id, clientId } = await tenant.managedIdentity("trusting");
    const token = await tenant.adminToken("arm");
    const flexible = "api-version=2025-01-31-preview";
    const list = `${id}/federatedIdentityCredentials`;
    const trust = { issuer: "https://issuer.example", audiences: ["api://AzureADTokenExchange"] };
    const put = (name: string, properties: object, query = version): ReturnType<typeof tenant.call> =>
      tenant.call("PUT", `${list}/${name}?${query}`, { token, json: { properties } });
    const of = { ...trust, subject: "a" };
    const made = (await put("jobs", of)).expect(201).json;
    assert.deepEqual(made, {
      id: `${list}/jobs`,
      name: "jobs",
      type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
      properties: of,
    });
    (await put("JOBS", { ...trust, subject: "b" })).expect(200);
    (await put("other", { ...trust, subject: "b" })).expect(400);
    (await put("n", of)).expect(400);
    const shown = async (query: string): Promise<readonly unknown[]> =>
      (await tenant.call("GET", `${list}?${query}`, { token })).expect(200).listAt("value");
    assert.deepEqual(await shown(version), [{ ...made, properties: { ...trust, subject: "b" } }]);
    const matching = {
      issuer: "https://token.actions.githubusercontent.com",
      audiences: trust.audiences,
      claimsMatchingExpression: {
        value: "claims['sub'] matches 'repo:contoso@1/pacs@2:*' and claims['repository_id'] eq '2'",
        languageVersion: 1,
      },
    };
    (await put("flexible", matching)).expect(501);
    (await put("flexible", matching, flexible)).expect(201);
    (await tenant.call("GET", `${list}?${version}`, { token })).expect(501);
    assert.equal((await shown(flexible)).length, 2);
    const signIn = await tenant.tokenRequest({
      grant_type: "client_credentials",
      client_id: clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "of jobs",
      scope: "https://dicom.healthcareapis.azure.com/.default",
    });
    signIn.expect(501);
    const one = `${list}/flexible?${flexible}`;
    const { json } = (await tenant.call("GET", one, { token })).expect(200);
    assert.deepEqual((json as { readonly properties: unknown }).properties, matching);
    (await tenant.call("DELETE", one, { token })).expect(200);
    (await tenant.call("DELETE", one, { token })).expect(204);
    (await tenant.call("GET", one, { token })).expect(404);
    (await tenant.call("DELETE", `${id}?${version}`, { token })).expect(200);
    (await tenant.call("GET", `${list}?${version}`, { token })).expect(404);
  });

  it("can be given Azure roles, and are made by nobody without the right", async () => {
    const { principalId } = await tenant.managedIdentity("uploader");
    await tenant.assignRole(seedResourceIds.dicomService, builtInRoleIds.dicomDataReader, principalId, {
      principalType: "ServicePrincipal",
    });
    const { appId, secret } = await tenant.application("stranger");
    const refused = await tenant.call(
      "PUT",
      `${seedResourceIds.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x?${version}`,
      {
        token: await tenant.token(appId, secret, "https://management.azure.com"),
        json: { location: seed.location },
      },
    );
    refused.expect(403);
  });
});
