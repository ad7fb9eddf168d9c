import assert from "node:assert/strict";
import type { TestAnswer, TestRequest } from "lab";
import { TestTenant, type TestApplication } from "../support/testTenant";

/*
 * Policies on tokens and sign-in (Microsoft Graph reference: claimsMappingPolicy, homeRealmDiscoveryPolicy, tokenIssuancePolicy,
 * tokenLifetimePolicy).
 */
describe("Policies on tokens and sign-in", () => {
  let tenant: TestTenant;
  let admin: string;
  let client: TestApplication;

  beforeEach(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
    client = await tenant.application("client");
  });
  afterEach(() => tenant.stop());

  const call = (method: string, path: string, json?: unknown, token = admin): Promise<TestAnswer> => {
    const request: TestRequest = json === undefined ? { token } : { token, json };
    return tenant.call(method, `/v1.0${path}`, request);
  };
  const definition = ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:00"}}'];
  const make = async (kind: string): Promise<string> =>
    (await call("POST", `/policies/${kind}`, { displayName: "one", definition })).expect(201).textAt("id");
  const reference = (kind: string, id: string): object => ({
    "@odata.id": `https://graph.microsoft.com/v1.0/policies/${kind}/${id}`,
  });

  it("are made, read and deleted, each kind by itself", async () => {
    const id = await make("tokenLifetimePolicies");
    const path = `/policies/tokenLifetimePolicies/${id}`;
    const read = await call("GET", path);
    assert.deepEqual(
      [read.at("definition"), read.at("isOrganizationDefault"), read.at("description")],
      [definition, false, null],
    );
    assert.equal((await call("GET", "/policies/claimsMappingPolicies")).listAt("value").length, 0);
    (await call("GET", `/policies/claimsMappingPolicies/${id}`)).expect(404);
    (await call("DELETE", path)).expect(204);
    (await call("GET", path)).expect(404);
  });

  it("need a name and one text in JSON", async () => {
    for (const body of [
      { displayName: "a" },
      { definition },
      { displayName: "a", definition: [] },
      { displayName: "a", definition: ["no JSON"] },
      { displayName: "a", definition: [...definition, ...definition] },
    ]) {
      (await call("POST", "/policies/tokenLifetimePolicies", body)).expect(400);
    }
  });

  for (const [kind, holder] of [
    ["tokenLifetimePolicies", "applications"],
    ["tokenIssuancePolicies", "applications"],
    ["claimsMappingPolicies", "servicePrincipals"],
    ["homeRealmDiscoveryPolicies", "servicePrincipals"],
  ] as const) {
    it(`${kind} are assigned to ${holder}, one at most, and taken away`, async () => {
      const objectId = holder === "applications" ? client.id : client.servicePrincipalId;
      const path = `/${holder}/${objectId}/${kind}`;
      const [id, other] = [await make(kind), await make(kind)];
      (await call("POST", `${path}/$ref`, reference(kind, id))).expect(204);
      assert.equal((await call("GET", path)).textAt("value", 0, "id"), id);
      const targets = await call("GET", `/policies/${kind}/${id}/appliesTo`);
      assert.deepEqual([targets.textAt("value", 0, "id"), targets.listAt("value").length], [objectId, 1]);
      (await call("POST", `${path}/$ref`, reference(kind, other))).expect(400);
      (await call("DELETE", `${path}/${other}/$ref`)).expect(404);
      (await call("DELETE", `${path}/${id}/$ref`)).expect(204);
      assert.equal((await call("GET", `/policies/${kind}/${id}/appliesTo`)).listAt("value").length, 0);
    });
  }

  it("do not know claims mapping policies of applications", async () => {
    (await call("GET", `/applications/${client.id}/claimsMappingPolicies`)).expect(501);
  });
});
