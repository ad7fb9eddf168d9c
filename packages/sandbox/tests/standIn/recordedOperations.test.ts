import assert from "node:assert/strict";
import type { PropertyMap } from "../../standIn/server/propertyValue";
import type { EngineClient } from "./engineClient";
import { PluginFixture } from "./pluginFixture";
import { recordedCertificate, recordedPart, recordedResource, withoutBridgeKeys } from "./recording";
import type { ReplayServer } from "./replayServer";

const tokens = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  grant: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  password: "azuread:index/applicationPassword:ApplicationPassword",
  certificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  federatedCredential:
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
} as const;

const dicomAppId = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";

function up(type: string): { id: string; inputs: PropertyMap; outputs: PropertyMap } {
  const { id, inputs, outputs } = recordedResource("01-up", type);
  return { id, inputs, outputs };
}

/** Lists that a create leaves absent; the first refresh finds them empty. */
const emptyAfterRefresh = [
  "alternativeNames",
  "groupMembershipClaims",
  "identifierUris",
  "notificationEmailAddresses",
];

function refreshed(outputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      value === null && emptyAfterRefresh.includes(name) ? [] : value,
    ]),
  );
}

/** What the program changed between the first and the second deployment of the recordings. */
function renamed(): { inputs: PropertyMap; planned: PropertyMap } {
  const { inputs } = up("Application");
  return {
    inputs: { ...inputs, displayName: "dicom-client-2", notes: "changed" },
    planned: { ...up("Application").outputs, displayName: "dicom-client-2", notes: "changed" },
  };
}

describe("azuread stand-in: requests of the recordings, in their order", () => {
  let fixture: PluginFixture;
  let directory: ReplayServer;
  let engine: EngineClient;

  beforeEach(async () => {
    fixture = await PluginFixture.start("azuread", { fixedWaits: true });
    ({ directory, engine } = fixture);
    await fixture.signIn();
  });

  afterEach(() => fixture.stop());

  function withSecrets(outputs: PropertyMap): PropertyMap {
    const values: Readonly<Record<string, string>> = {
      "<secretText>": directory.secretText,
      "<pem>": recordedCertificate(),
    };
    return Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [
        name,
        typeof value === "string" ? (values[value] ?? value) : value,
      ]),
    );
  }

  it("signs in once, with the metadata document first", () => {
    directory.verify();
  });

  it("sends the recorded headers", async () => {
    const [read] = recordedPart("01-up", 4);
    directory.expect(...recordedPart("01-up", 4, 6));
    await engine.invoke("azuread:index/getServicePrincipal:getServicePrincipal", { clientId: dicomAppId });
    const names = ["accept", "content-type", "odata-version", "odata-maxversion"];
    const sent = directory.received.at(2)?.headers;
    assert.deepEqual(
      Object.fromEntries(names.map((name) => [name, sent?.[name]])),
      read?.headers,
      "headers of a Graph request",
    );
    assert.match(String(sent?.["authorization"]), /^Bearer .+/);
    directory.verify();
  });

  const creations = [
    { type: "Application", token: tokens.application, requests: recordedPart("01-up", [9, 16]) },
    {
      type: "ServicePrincipal",
      token: tokens.servicePrincipal,
      requests: recordedPart("01-up", 18, 20, 21, [23, 25]),
    },
    {
      type: "AppRoleAssignment",
      token: tokens.appRoleAssignment,
      requests: recordedPart("01-up", 27, 29, 31),
    },
    {
      type: "ServicePrincipalDelegatedPermissionGrant",
      token: tokens.grant,
      requests: recordedPart("01-up", 26, 28, 30, 32),
    },
    {
      type: "ApplicationPassword",
      token: tokens.password,
      requests: recordedPart("01-up", 17, 19, 22, [33, 37]),
      waits: [1000, 1000, 1000, 1000],
    },
    {
      type: "ApplicationFederatedIdentityCredential",
      token: tokens.federatedCredential,
      requests: recordedPart("01-up", [38, 45]),
      waits: [1000, 1000, 1000, 1000],
    },
    {
      type: "ApplicationCertificate",
      token: tokens.certificate,
      requests: recordedPart("01-up", [46, 53]),
      waits: [1000, 1000, 1000, 1000],
    },
  ];

  for (const { type, token, requests, waits: expectedWaits = [] } of creations) {
    it(`creates ${type}`, async () => {
      const { id, inputs, outputs } = up(type);
      // The plugin makes up a certificate's key id, unless it is given.
      const keyId: PropertyMap = type === "ApplicationCertificate" ? { keyId: outputs["keyId"] ?? null } : {};
      const known: PropertyMap = { ...withSecrets(inputs), ...keyId };
      const checked = await engine.check(token, known);
      assert.deepEqual(withoutBridgeKeys(checked), { inputs: known, failures: [] });
      directory.expect(...requests);
      const created = await engine.create(token, checked.inputs);
      assert.equal(created.id, id);
      assert.deepEqual(withoutBridgeKeys(created.outputs), withSecrets(outputs));
      directory.verify();
      assert.deepEqual(fixture.waits, expectedWaits);
    });
  }

  const reads = [
    { type: "Application", token: tokens.application, requests: recordedPart("03-refresh", 2, 10, 12) },
    {
      type: "ServicePrincipal",
      token: tokens.servicePrincipal,
      requests: recordedPart("03-refresh", 8, 9, 11),
    },
    { type: "AppRoleAssignment", token: tokens.appRoleAssignment, requests: recordedPart("03-refresh", 3) },
    {
      type: "ServicePrincipalDelegatedPermissionGrant",
      token: tokens.grant,
      requests: recordedPart("03-refresh", 6),
    },
    { type: "ApplicationPassword", token: tokens.password, requests: recordedPart("03-refresh", 5) },
    {
      type: "ApplicationFederatedIdentityCredential",
      token: tokens.federatedCredential,
      requests: recordedPart("03-refresh", 4),
    },
    { type: "ApplicationCertificate", token: tokens.certificate, requests: recordedPart("03-refresh", 7) },
  ];

  for (const { type, token, requests } of reads) {
    it(`refreshes ${type} without a difference`, async () => {
      const { id, inputs, outputs } = up(type);
      directory.expect(...requests);
      const live = await engine.read(token, id, inputs, outputs);
      assert.deepEqual(withoutBridgeKeys(live), { inputs, outputs: refreshed(outputs) });
      const diff = await engine.diff(token, {
        id,
        oldInputs: inputs,
        oldOutputs: live?.outputs ?? {},
        inputs,
      });
      assert.deepEqual(diff.changes, {});
      directory.verify();
    });

    it(`finds nothing to change in ${type}, and sends nothing for it`, async () => {
      const { id, inputs, outputs } = up(type);
      const diff = await engine.diff(token, { id, oldInputs: inputs, oldOutputs: outputs, inputs });
      assert.deepEqual(diff, { changes: {}, deleteBeforeReplace: false });
      directory.verify();
    });
  }

  it("previews a changed Application", async () => {
    const { id, inputs: oldInputs, outputs: oldOutputs } = up("Application");
    const { inputs, planned } = renamed();
    const change = { id, oldInputs, oldOutputs, inputs };
    directory.expect(...recordedPart("04-update-preview", [9, 10]));
    const { changes } = await engine.diff(tokens.application, change);
    const previewed = await engine.update(tokens.application, { ...change, preview: true });
    assert.deepEqual(changes, { displayName: "update", notes: "update" });
    assert.deepEqual(withoutBridgeKeys(previewed), planned);
    directory.verify();
  });

  it("changes an Application", async () => {
    const { id, inputs: oldInputs, outputs: oldOutputs } = up("Application");
    const { inputs, planned } = renamed();
    const change = { id, oldInputs, oldOutputs, inputs };
    directory.expect(...recordedPart("05-update", [9, 15]));
    await engine.diff(tokens.application, change);
    assert.deepEqual(withoutBridgeKeys(await engine.update(tokens.application, change)), planned);
    directory.verify();
  });

  it("changes an Application back", async () => {
    const { id, inputs, outputs } = up("Application");
    const { inputs: oldInputs, planned: oldOutputs } = renamed();
    const change = { id, oldInputs, oldOutputs, inputs };
    directory.expect(...recordedPart("07-rotate", [9, 15]));
    const { changes } = await engine.diff(tokens.application, change);
    assert.deepEqual(changes, { displayName: "update", notes: "delete" });
    assert.deepEqual(withoutBridgeKeys(await engine.update(tokens.application, change)), outputs);
    directory.verify();
  });

  it("changes a ServicePrincipal", async () => {
    const { id, inputs: oldInputs, outputs: oldOutputs } = up("ServicePrincipal");
    const inputs = { ...oldInputs, appRoleAssignmentRequired: true };
    const change = { id, oldInputs, oldOutputs, inputs };
    directory.expect(...recordedPart("05-update", [18, 21]));
    const { changes } = await engine.diff(tokens.servicePrincipal, change);
    assert.deepEqual(changes, { appRoleAssignmentRequired: "update" });
    const outputs = await engine.update(tokens.servicePrincipal, change);
    assert.equal(outputs["appRoleAssignmentRequired"], true);
    directory.verify();
  });

  it("changes a federated credential", async () => {
    const { id, inputs: oldInputs, outputs: oldOutputs } = up("ApplicationFederatedIdentityCredential");
    const subject = "repo:contoso/pacs:environment:prod";
    const change = { id, oldInputs, oldOutputs, inputs: { ...oldInputs, subject } };
    directory.expect(...recordedPart("05-update", [16, 17]));
    const { changes } = await engine.diff(tokens.federatedCredential, change);
    assert.deepEqual(changes, { subject: "update" });
    const outputs = await engine.update(tokens.federatedCredential, change);
    assert.deepEqual(withoutBridgeKeys(outputs), { ...oldOutputs, subject });
    directory.verify();
  });

  it("replaces a password: adds the new one, then removes the old one", async () => {
    const { id, inputs: oldInputs, outputs: oldOutputs } = up("ApplicationPassword");
    const { id: newId, inputs, outputs } = recordedResource("07-rotate", "ApplicationPassword");
    const { changes, deleteBeforeReplace } = await engine.diff(tokens.password, {
      id,
      oldInputs,
      oldOutputs,
      inputs,
    });
    assert.deepEqual(changes, { endDate: "update, replace" });
    assert.equal(deleteBeforeReplace, false);
    directory.expect(...recordedPart("07-rotate", 16, 17, 18, [23, 27]));
    const created = await engine.create(tokens.password, inputs);
    assert.equal(created.id, newId);
    assert.deepEqual(withoutBridgeKeys(created.outputs), withSecrets(outputs));
    const waitsBefore = fixture.waits.length;
    directory.expect(...recordedPart("07-rotate", [30, 35]));
    await engine.delete(tokens.password, id, oldInputs, oldOutputs);
    assert.deepEqual(fixture.waits.slice(waitsBefore), [5000, 5000, 5000, 5000]);
    directory.verify();
  });

  const deletions = [
    {
      type: "ServicePrincipalDelegatedPermissionGrant",
      token: tokens.grant,
      requests: recordedPart("08-destroy", 2),
    },
    { type: "AppRoleAssignment", token: tokens.appRoleAssignment, requests: recordedPart("08-destroy", 3) },
    {
      type: "ApplicationFederatedIdentityCredential",
      token: tokens.federatedCredential,
      requests: recordedPart("08-destroy", 4, 6, 8, 10, 12, 14),
    },
    {
      type: "ServicePrincipal",
      token: tokens.servicePrincipal,
      requests: recordedPart("08-destroy", 5, 7, 9, 11, 13, 15),
    },
    { type: "ApplicationPassword", token: tokens.password, requests: recordedPart("08-destroy", [16, 21]) },
    {
      type: "ApplicationCertificate",
      token: tokens.certificate,
      requests: recordedPart("08-destroy", [22, 28]),
    },
    { type: "Application", token: tokens.application, requests: recordedPart("08-destroy", [29, 34]) },
  ];

  for (const { type, token, requests } of deletions) {
    it(`deletes ${type}`, async () => {
      const { id, inputs, outputs } = recordedResource("07-rotate", type);
      directory.expect(...requests);
      await engine.delete(token, id, inputs, outputs);
      directory.verify();
    });
  }

  it("looks service principals up one by one", async () => {
    directory.expect(...recordedPart("02-preview", 2, 5, 7));
    const found = await engine.invoke("azuread:index/getServicePrincipals:getServicePrincipals", {
      clientIds: [dicomAppId, "00000000-0000-4000-8000-000000000000"],
      ignoreMissing: true,
    });
    assert.deepEqual(found["clientIds"], [dicomAppId]);
    directory.verify();
  });

  it("looks one service principal up", async () => {
    directory.expect(...recordedPart("02-preview", 4, 8));
    const found = await engine.invoke("azuread:index/getServicePrincipal:getServicePrincipal", {
      clientId: dicomAppId,
    });
    assert.deepEqual(found["oauth2PermissionScopeIds"], {
      "Dicom.ReadWrite": "e69ab058-b8ae-4c0f-b687-5d97888ddccb",
    });
    directory.verify();
  });
});
