import assert from "node:assert/strict";
import type { BoundOperation, Surface } from "../../../tenant/core/operation";
import { Router } from "../../../tenant/core/router";
import { resources, TestTenant } from "../support/testTenant";

interface Row {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly versions: readonly string[];
  readonly access: unknown;
}

/** Operations that anybody may call: those that a caller needs to get a token, and the page, which shows nothing secret. */
const open = [
  "metadata.endpoints",
  "login.openIdConfiguration",
  "login.keys",
  "login.instanceDiscovery",
  "login.token",
  "page.show",
];

describe("Operation table", () => {
  let tenant: TestTenant;
  let rows: readonly Row[];

  before(async () => {
    tenant = await TestTenant.start();
    rows = ((await tenant.running.control("GET", "operations")).json as { readonly value: readonly Row[] })
      .value;
  });
  after(() => tenant.stop());

  /** An address of the operation, with ids of nothing. */
  const address = (row: Row): string => {
    const path = row.path.replace("{version}", row.versions[0] ?? "").replace("{scope+}", "subscriptions/x");
    const service = path
      .replace("{service}", "sandboxworkspace-imaging")
      .replace("{vaultName}", "sandbox-imaging-kv");
    return `${service.replace(/\{\w+\}/g, "99999999-9999-4999-8999-999999999999")}?api-version=2022-04-01`;
  };

  it("routes to each of its operations, and refuses each without a token, but for the open ones", async () => {
    for (const row of rows) {
      const answer = await tenant.call(row.method, address(row), row.method === "GET" ? {} : { json: {} });
      const logged = tenant.running.requests().at(-1);
      assert.equal(logged?.operation, row.id);
      assert.equal(answer.status === 401, !open.includes(row.id), `${row.id}: ${String(answer.status)}`);
    }
    assert.ok(rows.length > 70);
  });

  it("refuses each operation to a caller without permissions that is known to the tenant", async () => {
    const stranger = await tenant.application("stranger");
    const tokens = new Map<string, string>();
    for (const [surface, resource] of [
      ["graph", resources.graph],
      ["arm", resources.arm],
      ["keyVault", resources.vault],
      ["dicomweb", resources.dicom],
    ] as const) {
      tokens.set(surface, await tenant.token(stranger.appId, stranger.secret, resource));
    }
    // What lists show depends on what the caller may read; what a batch asks for is judged by itself.
    const everybody = [
      "arm.subscriptions.list",
      "arm.roleDefinitions.getById",
      "graph.batch",
      "arm.resources.list",
      "arm.resourceGroups.list",
    ];
    // A place knows its own workloads, by what it has given to them, and no permissions.
    const isOfPlace = ({ id }: Row): boolean => id.startsWith("places.");
    for (const row of rows.filter((one) => ![...open, ...everybody].includes(one.id) && !isOfPlace(one))) {
      const token = tokens.get(row.id.split(".")[0] ?? "");
      const answer = await tenant.call(
        row.method,
        address(row),
        row.method === "GET" ? { token } : { token, json: {} },
      );
      // where ownership or the caller itself could count, an object that is not there is found missing first
      const looksAtObject =
        answer.status === 404 && /\{(application|servicePrincipal|deleted)Id\}/.test(row.path);
      assert.ok(answer.status === 403 || looksAtObject, `${row.id}: ${String(answer.status)} ${answer.body}`);
    }
  });

  describe("is refused at start", () => {
    const row = (changes: Partial<BoundOperation<null>>): BoundOperation<null> => ({
      id: "a",
      method: "GET",
      path: "/a",
      versions: [],
      access: "anyone",
      effect: "read",
      conceals: [],
      hidesAnswer: false,
      run: () => Promise.resolve({ status: 200 }),
      ...changes,
    });
    const route = (...operations: readonly BoundOperation<null>[]): Router<null> => {
      const surface: Surface<null> = {
        name: "s",
        operations,
        owns: () => true,
        render: () => ({ status: 500 }),
      };
      return new Router([surface]);
    };

    it("when a row does not say what it demands", () => {
      assert.throws(() => route(row({ access: undefined })), /operation a does not say which permission/);
    });

    it("when an id or an address is there twice, or versions do not fit the path", () => {
      assert.throws(() => route(row({}), row({ path: "/b" })), /has a twice/);
      assert.throws(() => route(row({ path: "/{x}" }), row({ id: "b", path: "/{y}" })), /twice/);
      assert.throws(() => route(row({ versions: ["v1"] })), /versions/);
      assert.throws(() => route(row({ path: "/{version}/a" })), /versions/);
    });

    it("and otherwise prefers literal segments, takes greedy ones, OData keys and any case of letters", () => {
      const router = route(
        row({ id: "any", path: "/things/{id}" }),
        row({ id: "special", path: "/things/special" }),
        row({ id: "scoped", path: "/{scope+}/providers/P/{name}" }),
      );
      const found = (path: string): unknown[] => {
        const { operation, params } = router.find("GET", path);
        return [operation.id, params];
      };
      assert.deepEqual(found("/Things/Special"), ["special", {}]);
      assert.deepEqual(found("/things/x%20y"), ["any", { id: "x y" }]);
      assert.deepEqual(found("/things('k')"), ["any", { id: "k" }]);
      assert.deepEqual(found("/things(appId='k')"), ["any", { id: "appId='k'" }]);
      assert.deepEqual(found("/a/b/providers/P/n"), ["scoped", { scope: "a/b", name: "n" }]);
      assert.deepEqual(found("/a/providers/P/b/providers/P/n"), [
        "scoped",
        { scope: "a/providers/P/b", name: "n" },
      ]);
      assert.throws(() => router.find("POST", "/things/x"), /does not implement POST/);
      assert.throws(() => router.find("GET", "/nothing"), /does not implement GET \/nothing/);
    });
  });
});
