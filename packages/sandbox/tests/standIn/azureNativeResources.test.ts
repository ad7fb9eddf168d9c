import assert from "node:assert/strict";
import type { EngineClient } from "./engineClient";
import { PluginFixture } from "./pluginFixture";
import { recordedCaller, recordedPart, type RecordedRequest } from "./recording";
import type { ReplayServer } from "./replayServer";
import { textOf, type PropertyMap } from "../../standIn/server/propertyValue";

const [metadata, tokenRequest] = recordedPart("01-up", [0, 1]) as [RecordedRequest, RecordedRequest];
const subscription = "/subscriptions/22222222-0000-4000-8000-000000000000";

describe("azure-native stand-in: RoleAssignment", () => {
  const token = "azure-native:authorization:RoleAssignment";
  const name = "0d3f6d3a-1111-4222-8333-444455556666";
  const scope = `${subscription}/resourceGroups/imaging`;
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const url = `${id}?api-version=2022-04-01`;
  const reader = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a`;
  const owner = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/58a3b984-7adf-4c20-983a-32417c86fbc8`;
  const principalId = "d9b097b4-0b3f-488a-bd6a-b6362325fb2b";
  const given = {
    scope,
    roleAssignmentName: name,
    principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: reader,
  };
  const inputs = { ...given, azureApiVersion: "2022-04-01" };
  const sent = { properties: { principalId, principalType: "ServicePrincipal", roleDefinitionId: reader } };
  const live = {
    id,
    type: "Microsoft.Authorization/roleAssignments",
    name,
    properties: {
      ...sent.properties,
      scope,
      condition: null,
      conditionVersion: null,
      createdOn: "2026-11-23T02:01:45.0000000Z",
      updatedOn: "2026-11-23T02:01:45.0000000Z",
      createdBy: recordedCaller.objectId,
      updatedBy: recordedCaller.objectId,
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
  };
  const outputs = {
    azureApiVersion: "2022-04-01",
    createdBy: recordedCaller.objectId,
    createdOn: "2026-11-23T02:01:45.0000000Z",
    name,
    principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: reader,
    scope,
    type: "Microsoft.Authorization/roleAssignments",
    updatedBy: recordedCaller.objectId,
    updatedOn: "2026-11-23T02:01:45.0000000Z",
  };
  const missing = { status: 404, json: { error: { code: "RoleAssignmentNotFound", message: "Not found." } } };

  let fixture: PluginFixture;
  let directory: ReplayServer;
  let engine: EngineClient;

  beforeEach(async () => {
    fixture = await PluginFixture.start("azure-native");
    ({ directory, engine } = fixture);
    directory.expect(metadata);
    await engine.configure();
  });

  afterEach(() => fixture.stop());

  it("looks, creates and reads back", async () => {
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, missing);
    directory.expectRequest("PUT", url, sent, { status: 201, json: live });
    directory.expectRequest("GET", url, null, { status: 200, json: live });
    const checked = await engine.check(token, given);
    assert.deepEqual(checked, { inputs, failures: [] });
    const created = await engine.create(token, checked.inputs);
    assert.equal(created.id, id);
    assert.deepEqual(created.outputs, outputs);
    directory.verify();
  });

  it("does not take over what exists", async () => {
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, { status: 200, json: live });
    await assert.rejects(
      engine.create(token, inputs),
      new RegExp(`cannot create already existing resource '${id}'`),
    );
    directory.verify();
  });

  it("passes the service's refusal on", async () => {
    const error = { code: "RoleAssignmentExists", message: "The role assignment already exists." };
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, missing);
    directory.expectRequest("PUT", url, sent, { status: 409, json: { error } });
    await assert.rejects(
      engine.create(token, inputs),
      /Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists\."/,
    );
    assert.deepEqual(fixture.waits, []);
    directory.verify();
  });

  it("tries again when the service is out of order", async () => {
    const outage = { status: 503, json: { error: { code: "ServerTimeout", message: "Try again." } } };
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, outage);
    directory.expectRequest("GET", url, null, { ...outage, headers: { "retry-after": "3" } });
    directory.expectRequest("GET", url, null, { status: 200, json: live });
    await engine.read(token, id, inputs, outputs);
    assert.deepEqual(fixture.waits, [20_000, 3000]);
    directory.verify();
  });

  it("sends nothing in a preview and leaves open what the service decides", async () => {
    const { id: previewId, wire } = await engine.create(token, inputs, true);
    assert.equal(previewId, "");
    assert.equal(wire["principalId"], principalId);
    assert.equal(
      wire["createdOn"],
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      "the engine's mark of the unknown",
    );
    directory.verify();
  });

  it("finds nothing to change in what it created", async () => {
    const diff = await engine.diff(token, { id, oldInputs: inputs, oldOutputs: outputs, inputs });
    assert.deepEqual(diff.changes, {});
  });

  it("gives another role in place", async () => {
    const change = {
      id,
      oldInputs: inputs,
      oldOutputs: outputs,
      inputs: { ...inputs, roleDefinitionId: owner },
    };
    const { changes } = await engine.diff(token, change);
    assert.deepEqual(changes, { roleDefinitionId: "update" });
    const body = { properties: { ...sent.properties, roleDefinitionId: owner } };
    const after = { ...live, properties: { ...live.properties, roleDefinitionId: owner } };
    directory.expect(tokenRequest);
    directory.expectRequest("PUT", url, body, { status: 200, json: after });
    directory.expectRequest("GET", url, null, { status: 200, json: after });
    assert.deepEqual(await engine.update(token, change), { ...outputs, roleDefinitionId: owner });
    directory.verify();
  });

  const replacing: readonly [string, PropertyMap][] = [
    ["another principal", { principalId: "11111111-2222-4333-8444-555555555555" }],
    ["another scope", { scope: subscription }],
    ["another name", { roleAssignmentName: "11111111-2222-4333-8444-555555555555" }],
  ];

  for (const [what, change] of replacing) {
    it(`replaces the assignment for ${what}, the old one first, as the service allows it but once`, async () => {
      const [property = ""] = Object.keys(change);
      const diff = await engine.diff(token, {
        id,
        oldInputs: inputs,
        oldOutputs: outputs,
        inputs: { ...inputs, ...change },
      });
      assert.deepEqual(diff, { changes: { [property]: "update, replace" }, deleteBeforeReplace: true });
    });
  }

  it("keeps a name that it made up", async () => {
    const { roleAssignmentName: _, ...unnamed } = given;
    const first = await engine.check(token, unnamed);
    const again = await engine.check(token, unnamed, first.inputs);
    assert.match(textOf(first.inputs["roleAssignmentName"]), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual(again.inputs, first.inputs);
    const other = await engine.diff(token, {
      id,
      oldInputs: first.inputs,
      oldOutputs: outputs,
      inputs: { ...first.inputs, principalId: "11111111-2222-4333-8444-555555555555" },
    });
    assert.equal(other.deleteBeforeReplace, false);
  });

  it("says what is missing", async () => {
    const { failures } = await engine.check(token, { scope, principalId });
    assert.deepEqual(failures, ["missing required property 'roleDefinitionId'"]);
  });

  it("carries what was changed elsewhere into inputs and outputs", async () => {
    const changed = {
      ...live,
      properties: { ...live.properties, roleDefinitionId: owner, description: "by hand" },
    };
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, { status: 200, json: changed });
    assert.deepEqual(await engine.read(token, id, inputs, outputs), {
      inputs: { ...inputs, roleDefinitionId: owner, description: "by hand" },
      outputs: { ...outputs, roleDefinitionId: owner, description: "by hand" },
    });
    directory.verify();
  });

  it("sees that the assignment is gone", async () => {
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, missing);
    assert.equal(await engine.read(token, id, inputs, outputs), undefined);
    directory.verify();
  });

  it("imports by the resource id; the scope then comes without its first slash, as from the real plugin", async () => {
    directory.expect(tokenRequest);
    directory.expectRequest("GET", url, null, { status: 200, json: live });
    const imported = await engine.read(token, id);
    assert.deepEqual(imported?.outputs, outputs);
    assert.deepEqual(imported?.inputs, { ...inputs, scope: scope.slice(1) });
    directory.verify();
  });

  for (const [what, status] of [
    ["deletes", 200],
    ["takes for deleted what is not there", 204],
    ["takes for deleted what cannot be found", 404],
  ] as const) {
    it(what, async () => {
      directory.expect(tokenRequest);
      directory.expectRequest("DELETE", url, null, { status });
      await engine.delete(token, id, inputs, outputs);
      directory.verify();
    });
  }
});

describe("azure-native stand-in: Key Vault Secret", () => {
  const token = "azure-native:keyvault:Secret";
  const vault = `${subscription}/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/imaging-kv`;
  const id = `${vault}/secrets/client-secret`;
  const url = `${id}?api-version=2024-11-01`;

  let fixture: PluginFixture;
  let directory: ReplayServer;
  let engine: EngineClient;
  let value: string;
  let inputs: PropertyMap;

  beforeEach(async () => {
    fixture = await PluginFixture.start("azure-native");
    ({ directory, engine } = fixture);
    directory.expect(metadata);
    await engine.configure();
    value = directory.secretText;
    const checked = await engine.check(token, {
      resourceGroupName: "imaging",
      vaultName: "imaging-kv",
      secretName: "client-secret",
      properties: { value, contentType: "text/plain", attributes: { enabled: true, expires: 1809216000 } },
    });
    assert.deepEqual(checked.failures, []);
    ({ inputs } = checked);
  });

  afterEach(() => fixture.stop());

  function live(): object {
    return {
      id,
      name: "client-secret",
      type: "Microsoft.KeyVault/vaults/secrets",
      location: "eastus2",
      properties: {
        contentType: "text/plain",
        attributes: { enabled: true, exp: 1809216000, created: 1795399305, updated: 1795399305 },
        secretUri: `${directory.url}/vault/imaging-kv/secrets/client-secret`,
        secretUriWithVersion: `${directory.url}/vault/imaging-kv/secrets/client-secret/1`,
      },
    };
  }

  it("writes the value, which never comes back", async () => {
    const apiVersion = textOf(inputs["azureApiVersion"]);
    const versioned = url.replace("2024-11-01", apiVersion);
    const body = {
      properties: { attributes: { enabled: true, exp: 1809216000 }, contentType: "text/plain", value },
    };
    directory.expect(tokenRequest);
    directory.expectRequest("GET", versioned, null, { status: 404, json: {} });
    directory.expectRequest("PUT", versioned, body, { status: 201, json: live() });
    directory.expectRequest("GET", versioned, null, { status: 200, json: live() });
    const created = await engine.create(token, inputs);
    assert.equal(created.id, id);
    assert.ok(!JSON.stringify(created.wire).includes(value));
    const { properties } = created.outputs;
    assert.deepEqual((properties as PropertyMap)["attributes"], {
      created: 1795399305,
      enabled: true,
      expires: 1809216000,
      updated: 1795399305,
    });
    directory.verify();
  });

  it("writes another value in place", async () => {
    const properties = { ...(inputs["properties"] as PropertyMap), value: `${value}2` };
    const { changes } = await engine.diff(token, {
      id,
      oldInputs: inputs,
      oldOutputs: {},
      inputs: { ...inputs, properties },
    });
    assert.deepEqual(changes, { "properties.value": "update" });
  });

  it("asks the vault itself to delete the secret, and Resource Manager nothing", async () => {
    directory.expect(vaultTokenRequest());
    directory.expectRequest("DELETE", "/vault/imaging-kv/secrets/client-secret?api-version=7.5", null, {
      status: 200,
      json: {},
    });
    await engine.delete(token, id, inputs, {});
    directory.verify();
  });

  it("does not count the secret as deleted when the vault refuses that", async () => {
    directory.expect(vaultTokenRequest());
    directory.expectRequest("DELETE", "/vault/imaging-kv/secrets/client-secret?api-version=7.5", null, {
      status: 403,
      json: {
        error: { code: "Forbidden", message: "Caller is not authorized to perform action on resource." },
      },
    });
    await assert.rejects(engine.delete(token, id, inputs, {}), /Caller is not authorized/);
    directory.verify();
  });

  /** For the vault's own audience. */
  function vaultTokenRequest(): typeof tokenRequest {
    return {
      ...tokenRequest,
      body: { ...(tokenRequest.body as object), scope: "https://vault.azure.net/.default" },
    };
  }
});
