import assert from "node:assert/strict";
import { TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("Injected faults", () => {
  let tenant: TestTenant;
  let token: string;

  before(async () => {
    tenant = await TestTenant.start();
    token = await tenant.adminToken();
  });
  after(() => tenant.stop());
  afterEach(() => tenant.running.control("DELETE", "faults"));

  const call = (method: string, path: string, json?: unknown): Promise<TestAnswer> =>
    tenant.call(method, path, json === undefined ? { token } : { token, json });
  const queue = async (fault: object): Promise<void> => {
    const answer = await tenant.running.control("POST", "faults", fault);
    assert.equal(answer.status, 201, JSON.stringify(answer.json));
  };
  const completed = async (): Promise<readonly boolean[]> => {
    const answer = await tenant.running.control("GET", "faults");
    return (answer.json as { readonly value: readonly { readonly completed: boolean }[] }).value.map(
      (fault) => fault.completed,
    );
  };
  const applications = async (displayName: string): Promise<number> => {
    const filter = encodeURIComponent(`displayName eq '${displayName}'`);
    return (await call("GET", `/v1.0/applications?$filter=${filter}`)).expect(200).listAt("value").length;
  };

  it("lag for one version and one object, for a number of reads, and tell when they are used up", async () => {
    const { id } = await tenant.application("lagging");
    const other = await tenant.application("other");
    const effect = { kind: "refuse", status: 404 };
    await queue({ operation: "graph.applications.get", version: "beta", pathContains: id, times: 2, effect });
    (await call("GET", `/v1.0/applications/${id}`)).expect(200);
    (await call("GET", `/beta/applications/${other.id}`)).expect(200);
    assert.deepEqual(await completed(), [false]);
    for (let read = 0; read < 2; read++) {
      (await call("GET", `/beta/applications/${id}`)).expectError(
        404,
        "Request_ResourceNotFound",
        `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      );
    }
    assert.deepEqual(await completed(), [true]);
    (await call("GET", `/beta/applications/${id}`)).expect(200);
  });

  it("let requests through first when told to, and work off a queue in order", async () => {
    const operation = "graph.applications.list";
    await queue({ operation, skip: 1, effect: { kind: "refuse", status: 409 } });
    await queue({ operation, effect: { kind: "refuse", status: 503 } });
    const statuses: number[] = [];
    for (let request = 0; request < 3; request++)
      statuses.push((await call("GET", "/v1.0/applications")).status);
    assert.deepEqual(statuses, [503, 409, 200]);
    assert.deepEqual(await completed(), [true, true]);
  });

  it("fail before the effect: nothing happened", async () => {
    await queue({
      operation: "graph.applications.create",
      effect: { kind: "refuse", status: 500, when: "before" },
    });
    const answer = await call("POST", "/v1.0/applications", { displayName: "before" });
    answer.expectError(500, "InternalServerError", /./);
    assert.equal(await applications("before"), 0);
  });

  it("fail after the effect: the application is there although the answer was 503", async () => {
    await queue({
      operation: "graph.applications.create",
      effect: { kind: "refuse", status: 503, when: "after" },
    });
    (await call("POST", "/v1.0/applications", { displayName: "after" })).expectError(
      503,
      "ServiceUnavailable",
      /./,
    );
    assert.equal(await applications("after"), 1);
  });

  it("cut the connection before or after the effect", async () => {
    const operation = "graph.applications.create";
    for (const [when, made] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      await queue({ operation, effect: { kind: "cut", when } });
      const displayName = `cut ${when}`;
      await assert.rejects(call("POST", "/v1.0/applications", { displayName }), { code: "ECONNRESET" });
      assert.equal(await applications(displayName), made);
    }
  });

  it("answer with any refusal, in the envelope of the operation's surface", async () => {
    const effect = {
      kind: "refuse",
      status: 400,
      code: "Request_BadRequest",
      message: "Not a valid reference update.",
    };
    await queue({ operation: "graph.servicePrincipals.list", effect });
    (await call("GET", "/v1.0/servicePrincipals")).expectError(400, effect.code, effect.message);
    await queue({
      operation: "arm.subscriptions.list",
      effect: { kind: "refuse", status: 429, retryAfter: 3 },
    });
    const arm = await tenant.call("GET", "/subscriptions?api-version=2022-12-01", {
      token: await tenant.adminToken("arm"),
    });
    arm.expectError(429, "TooManyRequests", /./);
    assert.equal(arm.headers["retry-after"], "3");
    assert.equal(arm.at("error", "innerError"), undefined);
  });

  it("answer as a busy directory does, for a moment: 404 Directory_ObjectNotFound (likely)", async () => {
    const { id } = await tenant.application("busy directory");
    const message = "Unable to read the company information from the directory.";
    const effect = { kind: "refuse", status: 404, code: "Directory_ObjectNotFound", message };
    await queue({ operation: "graph.applications.get", effect });
    (await call("GET", `/v1.0/applications/${id}`)).expectError(404, "Directory_ObjectNotFound", message);
    (await call("GET", `/v1.0/applications/${id}`)).expect(200);
    assert.deepEqual(await completed(), [true]);
  });

  it("speak as the surface does that they hit", async () => {
    await queue({ operation: "graph.applications.list", effect: { kind: "refuse", status: 409 } });
    (await call("GET", "/v1.0/applications")).expectError(409, "Directory_ConcurrencyViolation", /./);
    await queue({ operation: "login.token", effect: { kind: "refuse", status: 503 } });
    const answer = (await tenant.tokenRequest({})).expect(503);
    assert.equal(answer.at("error"), "temporarily_unavailable");
    await queue({ operation: "dicomweb.studies.search", effect: { kind: "refuse", status: 500 } });
    const dicom = (await tenant.call("GET", "/dicom/sandboxworkspace-imaging/v2/studies")).expect(500);
    assert.equal(dicom.at("error"), undefined);
  });

  it("make an answer late without changing it", async () => {
    await queue({ operation: "graph.applications.list", effect: { kind: "slow", milliseconds: 20 } });
    (await call("GET", "/v1.0/applications")).expect(200);
    assert.deepEqual(await completed(), [true]);
  });

  it("are named in the request log", async () => {
    await queue({ operation: "graph.applications.list", effect: { kind: "refuse", status: 409 } });
    await call("GET", "/v1.0/applications");
    const hit = tenant.running.requests().find((request) => request.fault !== null && request.status === 409);
    assert.match(hit?.fault ?? "", /^refuse \(fault \d+\)$/);
  });

  it("are refused when they cannot be understood, or aim at the control surface or at nothing", async () => {
    const operation = "graph.applications.list";
    for (const fault of [
      { operation: "graph.nothing", effect: { kind: "refuse", status: 404 } },
      { operation: "control.health", effect: { kind: "refuse", status: 404 } },
      { operation, effect: { kind: "explode" } },
      { operation, effect: { kind: "refuse", status: 404, colour: "red" } },
      { operation, effect: { kind: "refuse", status: 418, code: "x", message: "x" } },
      { operation, effect: { kind: "refuse", status: 404 }, times: 0 },
      { operation, effect: { kind: "refuse", status: 404 }, often: true },
      { effect: { kind: "refuse", status: 404 } },
      { operation },
    ]) {
      assert.equal(
        (await tenant.running.control("POST", "faults", fault)).status,
        400,
        JSON.stringify(fault),
      );
    }
    assert.deepEqual(await completed(), []);
  });
});
