import assert from "node:assert/strict";
import { createPrivateKey, type KeyObject, randomUUID, sign } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RegisteredApplication, startTenant, type Tenant } from "entra-sandbox";
import { Administrator, seed, seedResourceIds, send, type TestAnswer, type TestRequest } from "lab";
import { calls } from "../cloud/calls";
import {
  documentedPermissions,
  permissionKind,
  type DocumentedPermission,
} from "../rights/documentedPermission";
import { providerCalls, usersAreOwners } from "../rights/providerCalls";
import { sufficientSets, type RightsReading } from "../rights/reading";

const owned = { owns: true };
/** Names of APIs that tokens are asked for. */
const audiences = {
  graph: "https://graph.microsoft.com",
  arm: "https://management.azure.com",
  "keyvault-data": "https://vault.azure.net",
  dicom: "https://dicom.healthcareapis.azure.com",
} as const;
const titleOf = ({ api, method, path }: DocumentedPermission): string => `${method} ${path} (${api})`;

/** Refused only as far as a source says so. */
const undecided = ["GET /providers/Microsoft.Authorization/roleDefinitions/{id} (arm)"];

/** Every least selection that has a member in each of these sets. */
function hittingSets(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [first, ...others] = sets;
  if (!first) return [[]];
  return first.flatMap((one) =>
    hittingSets(others.filter((set) => !set.includes(one))).map((rest) => [one, ...rest]),
  );
}

describe("The documented permissions", () => {
  it("have a row for every call of the operations and of the providers, with a source or as unknown", () => {
    for (const { name, needs } of Object.values(calls))
      assert.ok(documentedPermissions.includes(needs), name);
    for (const { calls: ofType } of providerCalls) {
      for (const row of Object.values(ofType).flat()) assert.ok(documentedPermissions.includes(row));
    }
    for (const row of documentedPermissions) {
      assert.ok(row.sources.length > 0 || row.confidence === "unknown", titleOf(row));
    }
    assert.equal(new Set(documentedPermissions.map(titleOf)).size, documentedPermissions.length);
  });

  it("are read strictly as what no source denies, and leniently as what any source says", () => {
    const row = (call: string): DocumentedPermission =>
      documentedPermissions.find((one) => titleOf(one) === `${call} (graph-v1.0)`) ?? assert.fail(call);
    const addition = row("POST /applications/{id}/owners/$ref");
    assert.deepEqual(sufficientSets(addition, "strict", owned), [
      ["Application.ReadWrite.All", "Directory.Read.All"],
      ["Directory.ReadWrite.All"],
    ]);
    assert.ok(
      sufficientSets(addition, "lenient", owned).some(
        (set) => set.join() === "Application.ReadWrite.OwnedBy",
      ),
    );
    const creation = row("POST /applications");
    const users = { owns: true, when: usersAreOwners };
    assert.deepEqual(sufficientSets(creation, "strict", users)[0], [
      "Application.ReadWrite.OwnedBy",
      "User.Read.All",
    ]);
    assert.deepEqual(sufficientSets(creation, "strict", owned)[0], ["Application.ReadWrite.OwnedBy"]);
    // Nothing contradicts what is listed here.
    const listing = row("GET /servicePrincipals");
    assert.deepEqual(sufficientSets(listing, "strict", owned), listing.suffices);
    // Only the owner's.
    const item = row("GET /applications/{id}/federatedIdentityCredentials/{credentialId}");
    assert.deepEqual(sufficientSets(item, "strict", { owns: false }), [["Application.ReadWrite.All"]]);
    assert.deepEqual(sufficientSets(item, "lenient", { owns: false }), [
      ["Application.ReadWrite.All"],
      ["Application.Read.All"],
    ]);
  });
});

describe("The sandbox's authorization", function () {
  this.timeout(120_000);
  const universe = [...new Set(documentedPermissions.flatMap(({ suffices }) => suffices.flat()))];
  let folder: string;
  let tenant: Tenant;
  let portal: Administrator;
  let caller: RegisteredApplication;
  let key: KeyObject;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "documented-permissions-"));
    tenant = await startTenant({ folder });
    portal = new Administrator(tenant);
    caller = await portal.registerApplication("Caller");
    key = createPrivateKey(await readFile(join(folder, "signing-key.pem"), "utf8"));
  });
  after(async () => {
    await tenant?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = (method: string, path: string, request: TestRequest): Promise<TestAnswer> =>
    send(`${tenant.url}${path}`, tenant.caFile, method, request);

  /** A token of the caller with any application permissions, also those that nobody can give in the sandbox. */
  const tokenWith = (roles: readonly string[], audience: string = audiences.graph): string => {
    const now = Math.floor(Date.now() / 1000);
    const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString("base64url");
    const claims = {
      aud: audience,
      iat: now,
      nbf: now,
      exp: now + 3600,
      appid: caller.appId,
      idtyp: "app",
      app_displayname: "Caller",
      oid: caller.servicePrincipalId,
      roles,
    };
    const content = `${part({ alg: "RS256" })}.${part(claims)}`;
    return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
  };
  /** A row's call on an object that the caller owns, or does not own; its body says nothing that would be carried out. */
  const callOf = async (
    { api, path }: DocumentedPermission,
    owns: boolean,
  ): Promise<{ readonly address: string; readonly json: object }> => {
    const made = await portal.registerApplication("Object");
    const { id: application, servicePrincipalId: principal } = made;
    if (owns) {
      const reference = { "@odata.id": `${tenant.url}/v1.0/directoryObjects/${caller.servicePrincipalId}` };
      await portal.graph("POST", `applications/${application}/owners/$ref`, reference);
      await portal.graph("POST", `servicePrincipals/${principal}/owners/$ref`, reference);
    }
    if (path.includes("deletedItems/{id}")) await portal.graph("DELETE", `applications/${application}`);
    const id = path.startsWith("/servicePrincipals") ? principal : application;
    const filled = path.replace("{id}", id).replace(/\{\w+\}/g, () => randomUUID());
    return {
      address: `/${api === "graph-beta" ? "beta" : "v1.0"}${filled}`,
      json: path === "/servicePrincipals" ? { appId: made.appId } : {},
    };
  };
  const statusWith = async (
    row: DocumentedPermission,
    roles: readonly string[],
    owns = true,
  ): Promise<number> => {
    const token = tokenWith(roles);
    const { address, json } = await callOf(row, owns);
    const answer = await call(row.method, address, row.method === "GET" ? { token } : { token, json });
    assert.notEqual(answer.status, 401, titleOf(row));
    assert.notEqual(answer.status, 501, `${titleOf(row)} is not implemented`);
    return answer.status;
  };
  const passes = async (row: DocumentedPermission, roles: readonly string[], owns = true): Promise<boolean> =>
    (await statusWith(row, roles, owns)) !== 403;
  const be = (contestedPermissions: RightsReading): Promise<unknown> =>
    tenant.control("PUT", "settings", { contestedPermissions });

  describe("of Microsoft Graph", () => {
    for (const row of documentedPermissions.filter((one) => permissionKind(one) === "graph")) {
      it(`follows the documentation of ${titleOf(row)}`, async () => {
        const sets = sufficientSets(row, "strict", owned);
        for (const set of sets) {
          assert.ok(await passes(row, set), `refused with ${set.join(" and ")}`);
          if (!set.some((one) => row.ownedOnly?.includes(one))) continue;
          assert.ok(!(await passes(row, set, false)), `${set.join(" and ")} counted for an object of others`);
        }
        if (row.onlyLeastKnown) return;
        for (const lacking of hittingSets(sets)) {
          const others = universe.filter((one) => !lacking.includes(one));
          assert.ok(!(await passes(row, others)), `let through without ${lacking.join(" and ")}`);
        }
      });
    }

    it("counts what is contested only when the tenant is lenient", async () => {
      const contested = documentedPermissions.flatMap((row) =>
        (row.contested ?? [])
          .filter(({ when }) => when === undefined)
          .map(({ set }) => ({ row, set }))
          .filter(({ set }) => {
            const strict = sufficientSets(row, "strict", owned);
            return !strict.some((one) => one.every((permission) => set.includes(permission)));
          }),
      );
      assert.ok(contested.length > 10);
      for (const { row, set } of contested) {
        assert.ok(!(await passes(row, set)), `${titleOf(row)} let through with ${set.join(" and ")}`);
      }
      await be("lenient");
      try {
        for (const { row, set } of contested) {
          assert.ok(await passes(row, set), `${titleOf(row)} refused with ${set.join(" and ")}`);
        }
      } finally {
        await be("strict");
      }
    });

    it("wants the right to read users, too, when a creation with OwnedBy names them as owners", async () => {
      const create = async (roles: readonly string[], ownerId: string): Promise<number> => {
        const json = {
          displayName: "With owners",
          "owners@odata.bind": [`${tenant.url}/v1.0/directoryObjects/${ownerId}`],
        };
        const answer = await call("POST", "/v1.0/applications", {
          token: tokenWith(roles),
          json,
        });
        return answer.status;
      };
      const ownedBy = "Application.ReadWrite.OwnedBy";
      assert.equal(await create([ownedBy], seed.secondOwnerId), 403);
      assert.equal(await create([ownedBy, "User.Read.All"], seed.secondOwnerId), 201);
      assert.equal(await create([ownedBy], seed.pipeline.servicePrincipalId), 201);
      await be("lenient");
      try {
        assert.equal(await create([ownedBy], seed.secondOwnerId), 201);
      } finally {
        await be("strict");
      }
    });

    it("shows objects that the caller may not read by type and id alone", async () => {
      const owner = { "@odata.id": `${tenant.url}/v1.0/directoryObjects/${seed.secondOwnerId}` };
      const path = `applications/${caller.id}/owners`;
      await portal.graph("POST", `${path}/$ref`, owner);
      const shown = async (roles: readonly string[]): Promise<unknown> =>
        (await call("GET", `/v1.0/${path}`, { token: tokenWith(roles) })).at("value", 1, "displayName");
      assert.equal(await shown(["Application.Read.All"]), null);
      assert.equal(await shown(["Application.Read.All", "User.ReadBasic.All"]), "Imaging Owner");
    });
  });

  describe("of Azure", () => {
    const definition = randomUUID();
    const allow = (role: {
      readonly actions: readonly string[];
      readonly notActions?: readonly string[];
      readonly dataActions: readonly string[];
      readonly notDataActions?: readonly string[];
    }): Promise<unknown> =>
      portal.azure(
        "PUT",
        `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions/${definition}`,
        {
          properties: {
            roleName: "Of the caller",
            type: "CustomRole",
            permissions: [{ notActions: [], notDataActions: [], ...role }],
            assignableScopes: [seedResourceIds.subscription],
          },
        },
      );
    const addressOfRow = ({ api, path }: DocumentedPermission): string => {
      const filled = path
        .replace("{scope}", seedResourceIds.dicomService)
        .replace("{workspaceId}", seedResourceIds.workspace)
        .replace("{vaultId}", seedResourceIds.keyVault)
        .replace(
          "{identityId}",
          `${seedResourceIds.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/any`,
        )
        .replace(/\{\w+\}/g, () => randomUUID());
      switch (api) {
        case "keyvault-data":
          return `/vault/${seed.keyVault}${filled}?api-version=7.4`;
        case "dicom":
          return `/dicom/${seed.workspace}-${seed.dicomService}${filled}`;
        default:
          return `${filled}?api-version=2022-04-01`;
      }
    };

    before(async () => {
      await allow({ actions: [], dataActions: [] });
      await portal.assignRole(seedResourceIds.subscription, definition, caller.servicePrincipalId);
    });

    for (const row of documentedPermissions) {
      const { api, suffices, method } = row;
      if (!(api === "arm" || api === "keyvault-data" || api === "dicom")) continue;
      if (permissionKind(row) === "nothing" || undecided.includes(titleOf(row))) continue;
      it(`follows the documentation of ${titleOf(row)}`, async () => {
        const send = async (): Promise<number> => {
          const token = tokenWith([], audiences[api]);
          const answer = await call(method, addressOfRow(row), {
            token,
            ...(method === "GET" ? {} : { json: {} }),
          });
          assert.notEqual(answer.status, 401, answer.body);
          return answer.status;
        };
        const everything = { actions: ["*"], dataActions: ["*"] };
        if (suffices.length === 0) {
          await allow(everything);
          assert.ok((await send()) >= 400);
          return;
        }
        assert.equal(suffices.length, 1);
        const action = suffices[0]?.[0] ?? "";
        const kind = permissionKind(row) === "action" ? "actions" : "dataActions";
        await allow({ actions: [], dataActions: [], [kind]: [action] });
        assert.notEqual(await send(), 403, `refused with ${action}`);
        const except = kind === "actions" ? "notActions" : "notDataActions";
        await allow({ ...everything, [except]: [action] });
        assert.equal(await send(), 403, `let through without ${action}`);
      });
    }
  });
});
