import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { TestTenant } from "../support/testTenant";

describe("Metadata and discovery documents", () => {
  let tenant: TestTenant;

  before(async () => {
    tenant = await TestTenant.start();
  });
  after(() => tenant.stop());

  it("describe the cloud by one object whose addresses are all the tenant's own", async () => {
    const answer = (await tenant.call("GET", "/metadata/endpoints?api-version=2022-09-01")).expect(200);
    for (const name of ["resourceManager", "microsoftGraphResourceId"])
      assert.equal(answer.at(name), tenant.url);
    assert.equal(answer.at("authentication", "loginEndpoint"), tenant.url);
    (await tenant.call("GET", "/metadata/endpoints?api-version=2019-05-01")).expect(501);
    (await tenant.call("GET", "/metadata/endpoints?api-version=new")).expect(400);
  });

  it("name the issuer, the token endpoint and the keys", async () => {
    for (const name of [seed.tenantId, seed.domain, "common"]) {
      const answer = (await tenant.call("GET", `/${name}/v2.0/.well-known/openid-configuration`)).expect(200);
      assert.equal(answer.at("issuer"), `${tenant.url}/${seed.tenantId}/v2.0`);
      assert.equal(answer.at("token_endpoint"), `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`);
    }
    const keys = await tenant.call("GET", `/${seed.tenantId}/discovery/v2.0/keys`);
    assert.equal(keys.at("keys", 0, "kty"), "RSA");
    assert.equal(keys.at("keys", 0, "d"), undefined);
  });

  it("answer instance discovery with the tenant's own host", async () => {
    const answer = (await tenant.call("GET", "/common/discovery/instance?api-version=1.1")).expect(200);
    assert.equal(answer.at("metadata", 0, "preferred_network"), new URL(tenant.url).host);
  });
});
