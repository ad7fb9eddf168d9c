import assert from "node:assert/strict";
import { TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

interface Response {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

describe("Graph JSON batching", () => {
  let tenant: TestTenant;
  let admin: string;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
  });
  after(() => tenant.stop());

  const send = (requests: unknown, token: string | undefined = admin): Promise<TestAnswer> =>
    tenant.call("POST", "/v1.0/$batch", { token, json: { requests } });
  const batch = async (requests: readonly object[]): Promise<ReadonlyMap<string, Response>> => {
    const answer = (await send(requests)).expect(200);
    const { responses } = JSON.parse(answer.body) as { readonly responses: readonly Response[] };
    return new Map(responses.map((one) => [one.id, one] as const));
  };
  const get = (id: string, url: string): object => ({ id, method: "GET", url });

  it("answers each request by its id, in an order of its own, and logs each as if it had come alone", async () => {
    const before = tenant.running.requests().length;
    const responses = await batch([
      get("a", "/applications?$filter=displayName eq 'nobody'&$select=id"),
      get("b", "servicePrincipals/99999999-9999-4999-8999-999999999999"),
      {
        id: "c",
        method: "POST",
        url: "/applications",
        headers: { "Content-Type": "application/json" },
        body: { displayName: "x" },
      },
    ]);
    assert.deepEqual([...responses.keys()], ["c", "b", "a"]);
    assert.deepEqual(responses.get("a")?.body?.["value"], []);
    assert.equal(responses.get("b")?.status, 404);
    assert.equal(responses.get("c")?.status, 201);
    assert.match(responses.get("a")?.headers["Content-Type"] ?? "", /^application\/json/);
    assert.deepEqual(
      tenant.running
        .requests()
        .slice(before)
        .map(({ operation, status }) => `${operation ?? ""} ${String(status)}`)
        .sort(),
      [
        "graph.applications.create 201",
        "graph.applications.list 200",
        "graph.batch 200",
        "graph.servicePrincipals.get 404",
      ],
    );
  });

  it("says of one request that it is to come later, and answers the others", async () => {
    await tenant.running.control("POST", "faults", {
      operation: "graph.applications.list",
      effect: { kind: "refuse", status: 429, retryAfter: 9 },
      times: 1,
    });
    const responses = await batch([get("1", "/applications"), get("2", "/applications")]);
    const statuses = [...responses.values()].map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 429]);
    const [busy] = [...responses.values()].filter(({ status }) => status === 429);
    assert.equal(busy?.headers["Retry-After"], "9");
  });

  it("refuses more than twenty, two of one id, a batch within a batch, and whoever has no token", async () => {
    const many = Array.from({ length: 21 }, (_none, index) => get(String(index), "/applications"));
    for (const [requests, message] of [
      [many, "Number of batch request steps exceeds the maximum value of 20."],
      [[get("1", "/applications"), get("1", "/applications")], "Request Id 1 has to be unique in a batch."],
      [[get("1", "/$batch")], "The url of request 1 is not relative to the version, or is a batch."],
      [[], "The batch request holds no requests."],
    ] as const) {
      (await send(requests)).expectError(400, "BadRequest", message);
    }
    const later = { ...get("2", "/applications"), dependsOn: ["1"] };
    (await send([get("1", "/applications"), later])).expectError(501, "NotImplemented", /dependsOn/);
    (await tenant.call("POST", "/v1.0/$batch", { json: { requests: many } })).expect(401);
  });
});
