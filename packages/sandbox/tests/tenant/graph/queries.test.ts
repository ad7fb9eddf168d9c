import assert from "node:assert/strict";
import { TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("Graph query options", () => {
  let tenant: TestTenant;
  let admin: string;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
    for (const displayName of ["b", "B", "it's", "one and two", "c"]) {
      (await tenant.call("POST", "/v1.0/applications", { token: admin, json: { displayName } })).expect(201);
    }
  });
  after(() => tenant.stop());

  const get = (path: string): Promise<TestAnswer> => tenant.call("GET", path, { token: admin });
  const filtered = async (filter: string): Promise<unknown[]> => {
    const answer = (
      await get(`/v1.0/applications?%24filter=${encodeURIComponent(filter).replaceAll("%20", "+")}`)
    ).expect(200);
    return answer.listAt("value").map((_item, index) => answer.at("value", index, "displayName"));
  };

  it("filters without regard to case, with doubled quotes and 'and' within texts", async () => {
    assert.deepEqual(await filtered("displayName eq 'b'"), ["b", "B"]);
    assert.deepEqual(await filtered("displayName eq 'it''s'"), ["it's"]);
    assert.deepEqual(await filtered("displayName eq 'one and two'"), ["one and two"]);
    assert.deepEqual(await filtered("displayName eq 'nobody'"), []);
  });

  it("filters by a list of texts, of fifteen at most", async () => {
    assert.deepEqual(await filtered("displayName in ('B','it''s', 'one and two')"), [
      "b",
      "B",
      "it's",
      "one and two",
    ]);
    const many = Array.from({ length: 16 }, (_none, index) => `'${String(index)}'`).join(",");
    const filter = encodeURIComponent(`displayName in (${many})`);
    const refused = await get(`/v1.0/applications?$filter=${filter}`);
    refused.expectError(
      400,
      "Request_UnsupportedQuery",
      "Too many child clauses specified in search filter expression containing 'OR' operators: 16. Max allowed: 15.",
    );
  });

  it("answers 501 naming a filter, an option or an operation that it does not know", async () => {
    for (const [path, named] of [
      ["/v1.0/applications?$filter=endswith(displayName,'b')", "endswith(displayName,'b')"],
      ["/v1.0/applications?$filter=not%20startswith(displayName,'b')", "not startswith(displayName,'b')"],
      ["/v1.0/applications?$filter=(displayName%20eq%20'b')", "(displayName eq 'b')"],
      ["/v1.0/applications?$filter=tags/any(t:t%20eq%20'b')", "tags/any(t:t eq 'b')"],
      ["/v1.0/applications?$filter=notes%20eq%20'b'", "notes eq 'b'"],
      ["/v1.0/applications?$filter=constructor%20eq%20'b'", "constructor eq 'b'"],
      ["/v1.0/applications?$orderby=displayName", "$orderby"],
      ["/v1.0/applications?$expand=owners", "$expand"],
      ["/v1.0/applications?$count=true", "$count"],
      ["/v1.0/groups", "GET /v1.0/groups"],
      ["/v2.0/applications", "/v2.0/applications"],
    ] as const) {
      const answer = (await get(path)).expect(501);
      assert.ok(answer.body.includes(JSON.stringify(named).slice(1, -1)), answer.body);
    }
  });

  it("selects the properties named, with the id, and says so in the context", async () => {
    const answer = (await get("/v1.0/applications?$select=displayName,tags&$top=1")).expect(200);
    assert.deepEqual(Object.keys(answer.at("value", 0) as object), ["id", "displayName", "tags"]);
    assert.equal(answer.at("@odata.context"), `${tenant.url}/v1.0/$metadata#applications(displayName,tags)`);
  });

  it("refuses to select a property that the type does not have", async () => {
    (await get("/v1.0/applications?$select=colour")).expectError(
      400,
      "BadRequest",
      "Parsing OData Select and Expand failed: Could not find a property named 'colour' on type 'microsoft.graph.application'.",
    );
  });

  it("shows a property of beta in beta only", async () => {
    const path = "/servicePrincipals(appId='75e725bf-66ce-4cea-9b9a-5c4caae57f33')?$select=samlMetadataUrl";
    const beta = (await get(`/beta${path}`)).expect(200);
    assert.equal(beta.at("samlMetadataUrl"), null);
    assert.match(
      beta.textAt("@odata.context"),
      /\/beta\/\$metadata#servicePrincipals\(samlMetadataUrl\)\/\$entity$/,
    );
    (await get(`/v1.0${path}`)).expect(400);
  });

  it("leads through pages of any size without losing or repeating", async () => {
    const all = (await get("/v1.0/servicePrincipals?$select=id")).listAt("value");
    const seen: unknown[] = [];
    let next: string | undefined = `${tenant.url}/v1.0/servicePrincipals?$top=2&$select=id`;
    while (next !== undefined) {
      const page: TestAnswer = (await get(next.slice(tenant.url.length))).expect(200);
      seen.push(...page.listAt("value"));
      next = page.at("@odata.nextLink") as string | undefined;
    }
    assert.deepEqual(seen, all);
  });

  it("refuses a page size of nothing or too much, and a position it did not give", async () => {
    (await get("/v1.0/applications?$top=0")).expect(400);
    (await get("/v1.0/applications?$top=1000")).expect(400);
    (await get("/v1.0/applications?$skiptoken=x!")).expect(400);
  });

  it("finds users, objects of any kind by id, the organisation and memberships", async () => {
    const users = (
      await get("/v1.0/users?$filter=userPrincipalName%20eq%20'admin@imagingsandbox.onmicrosoft.com'")
    ).expect(200);
    const id = users.textAt("value", 0, "id");
    assert.equal((await get(`/v1.0/users/${id}`)).at("displayName"), "Sandbox Administrator");
    assert.equal((await get(`/v1.0/directoryObjects/${id}`)).at("@odata.type"), "#microsoft.graph.user");
    const json = { ids: [id, "99999999-9999-4999-8999-999999999999"] };
    const found = await tenant.call("POST", "/v1.0/directoryObjects/getByIds", { token: admin, json });
    assert.equal(found.expect(200).listAt("value").length, 1);
    assert.equal((await get("/v1.0/organization")).at("value", 0, "displayName"), "Sandbox");
    const member = await get(
      "/v1.0/servicePrincipals(appId='33333333-3333-4333-8333-333333333333')/memberOf",
    );
    assert.deepEqual(member.expect(200).at("value"), []);
  });
});
