import assert from "node:assert/strict";
import { type PropertyMap, textOf } from "../../standIn/server/propertyValue";
import { makeCertificates } from "../../tenant/core/certificates";
import { seed } from "../../tenant/seed";
import { dicomAppId } from "./clientProgram";
import type { Created, EngineClient } from "./engineClient";
import { withoutBridgeKeys } from "./recording";
import { TenantFixture } from "./tenantFixture";

const application = "azuread:index/application:Application";
const certificate = "azuread:index/applicationCertificate:ApplicationCertificate";
const flexible =
  "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential";
const servicePrincipal = "azuread:index/servicePrincipal:ServicePrincipal";
const grant =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
const getServicePrincipal = "azuread:index/getServicePrincipal:getServicePrincipal";
const getServicePrincipals = "azuread:index/getServicePrincipals:getServicePrincipals";

describe("azuread stand-in on the sandbox tenant", () => {
  let fixture: TenantFixture;
  let engine: EngineClient;

  beforeEach(async () => {
    fixture = await TenantFixture.start("azuread");
    // Whether OwnedBy alone adds owners is contested; what azuread requests is not.
    await fixture.tenant.control("PUT", "settings", { contestedPermissions: "lenient" });
    ({ engine } = fixture);
  });

  afterEach(() => fixture.stop());

  /** Checks and creates. */
  async function make(type: string, news: PropertyMap): Promise<Created & { readonly inputs: PropertyMap }> {
    const { inputs, failures } = await engine.check(type, news);
    assert.deepEqual(failures, []);
    return { inputs, ...(await engine.create(type, inputs)) };
  }

  /** Updates, and makes sure that nothing is left to do. */
  async function change(
    type: string,
    made: { readonly id: string; readonly inputs: PropertyMap; readonly outputs: PropertyMap },
    news: PropertyMap,
  ): Promise<{ readonly changes: unknown; readonly outputs: PropertyMap }> {
    const { inputs, failures } = await engine.check(type, news, made.inputs);
    assert.deepEqual(failures, []);
    const { id, inputs: oldInputs, outputs: oldOutputs } = made;
    const { changes } = await engine.diff(type, { id, oldInputs, oldOutputs, inputs });
    const outputs = await engine.update(type, { id, oldInputs, oldOutputs, inputs });
    const left = await engine.diff(type, { id, oldInputs: inputs, oldOutputs: outputs, inputs });
    assert.deepEqual(left.changes, {}, "nothing is left to do");
    return { changes, outputs };
  }

  it("takes the deploying identity out of the owners that do not name it", async () => {
    const { outputs } = await make(application, { displayName: "a", owners: [seed.secondOwnerId] });
    assert.deepEqual(outputs["owners"], [seed.secondOwnerId]);
    const requests = fixture.newRequests();
    const path = `/v1.0${textOf(outputs["id"])}`;
    assert.ok(requests.includes(`DELETE ${path}/owners/${seed.pipeline.servicePrincipalId}/$ref`));
  });

  it("leaves the owners alone when the program does not speak of them", async () => {
    const { id, inputs, outputs } = await make(application, { displayName: "a" });
    assert.equal(outputs["owners"], null, "the deploying identity was taken out");
    const owner = `${fixture.tenant.url}/v1.0/directoryObjects/${seed.pipeline.servicePrincipalId}`;
    await fixture.administrator.request("POST", `/v1.0${id}/owners/$ref`, { "@odata.id": owner });
    fixture.newRequests();
    const renamed = { id, oldInputs: inputs, oldOutputs: outputs, inputs: { ...inputs, displayName: "b" } };
    const { owners } = await engine.update(application, renamed);
    assert.deepEqual(owners, [seed.pipeline.servicePrincipalId], "the state tells who they are");
    assert.deepEqual(
      fixture.newRequests().filter((request) => request.includes("/owners")),
      [`GET /v1.0${id}/owners`],
    );
  });

  it("adds owners before it removes others", async () => {
    const me = seed.pipeline.servicePrincipalId;
    const made = await make(application, { displayName: "a", owners: [me, seed.secondOwnerId] });
    fixture.newRequests();
    const { changes, outputs } = await change(application, made, {
      displayName: "a",
      owners: [me, seed.adminUserId],
    });
    assert.deepEqual(changes, { "owners[1]": "update" });
    assert.deepEqual(outputs["owners"], [me, seed.adminUserId]);
    const path = `/v1.0${made.id}/owners`;
    assert.deepEqual(
      fixture.newRequests().filter((request) => request.includes("/owners")),
      [`GET ${path}`, `POST ${path}/$ref`, `DELETE ${path}/${seed.secondOwnerId}/$ref`, `GET ${path}`],
    );
  });

  it("disables permissions that were published by hand before it removes them, as Graph demands", async () => {
    const settings = { displayName: "a", owners: [seed.pipeline.servicePrincipalId] };
    const { id, inputs, outputs } = await make(application, settings);
    const scope = {
      id: "3f0b7f0a-1111-4222-8333-444455556666",
      adminConsentDescription: "Read images",
      adminConsentDisplayName: "Read images",
      isEnabled: true,
      type: "User",
      value: "Images.Read",
    };
    const role = {
      id: "3f0b7f0a-7777-4222-8333-444455556666",
      allowedMemberTypes: ["Application"],
      description: "Reads",
      displayName: "Reader",
      isEnabled: true,
      value: "Reader",
    };
    const published = { api: { oauth2PermissionScopes: [scope] }, appRoles: [role] };
    await fixture.administrator.request("PATCH", `/v1.0${id}`, published);
    const live = (await engine.read(application, id, inputs, outputs)) ?? assert.fail();
    assert.deepEqual(live.outputs["oauth2PermissionScopeIds"], { "Images.Read": scope.id });
    assert.deepEqual(live.outputs["appRoleIds"], { Reader: role.id });
    fixture.newRequests();
    const changed = await change(application, { id, ...live }, settings);
    assert.deepEqual(changed.outputs["oauth2PermissionScopeIds"], {});
    assert.deepEqual(changed.outputs["appRoleIds"], {});
    const verbs = fixture.newRequests().filter((request) => request.endsWith(`/v1.0${id}`));
    assert.deepEqual(
      verbs.map((request) => request.split(" ")[0]),
      ["GET", "PATCH", "GET", "GET", "PATCH", "GET", "PATCH", "GET"],
    );
  });

  it("names what a client does not publish or claim as not covered", async () => {
    const { failures } = await engine.check(application, {
      displayName: "a",
      api: { oauth2PermissionScopes: [{}] },
      appRoles: [{}],
      optionalClaims: { accessTokens: [{ name: "email" }] },
    });
    for (const name of ["api.oauth2PermissionScopes", "appRoles", "optionalClaims"]) {
      const refusal = new RegExp(`does not cover the property '[^']*\\.${name}' of ${application}; install`);
      assert.ok(
        failures.some((failure) => refusal.test(failure)),
        name,
      );
    }
  });

  it("sets what Graph takes through beta only", async () => {
    const made = await make(application, {
      displayName: "a",
      oauth2PostResponseRequired: true,
      owners: [seed.pipeline.servicePrincipalId],
    });
    assert.equal(made.outputs["oauth2PostResponseRequired"], true);
    const { outputs } = await change(application, made, {
      displayName: "a",
      owners: [seed.pipeline.servicePrincipalId],
    });
    assert.equal(outputs["oauth2PostResponseRequired"], false);
  });

  it("declares a flexible federated credential through beta alone, and says no reason when it cannot", async () => {
    const { id } = await make(application, {
      displayName: "a",
      owners: [seed.pipeline.servicePrincipalId],
    });
    fixture.newRequests();
    const github = "https://token.actions.githubusercontent.com";
    const matching = (ref: string): string =>
      `claims['sub'] matches 'repo:contoso@1/pacs@2:ref:refs/${ref}/*' and claims['repository_id'] eq '2'`;
    const inputs = {
      applicationId: id,
      audience: "api://AzureADTokenExchange",
      claimsMatchingExpression: matching("heads"),
      displayName: "github",
      issuer: github,
    };
    const made = await make(flexible, inputs);
    const key = textOf(made.outputs["credentialId"]);
    assert.equal(made.id, `${id}/federatedIdentityCredentials/${key}`);
    const all = `/beta${id}/federatedIdentityCredentials`;
    assert.deepEqual(fixture.newRequests(), [
      `GET /beta${id}`,
      `POST ${all}`,
      `GET ${all}/${key}`,
      `GET ${all}/${key}`,
    ]);
    const { outputs } = await change(flexible, made, {
      ...inputs,
      claimsMatchingExpression: matching("tags"),
    });
    assert.equal(outputs["claimsMatchingExpression"], matching("tags"));
    const read = await engine.read(flexible, made.id);
    assert.equal(read?.outputs["displayName"], "github");
    const twice = make(flexible, { ...inputs, claimsMatchingExpression: "claims['sub'] eq 'x'" });
    await assert.rejects(twice, (error) => {
      assert.match(String(error), /adding flexible federated identity credential for Application \(/);
      assert.doesNotMatch(String(error), /already exists|invalid/);
      return true;
    });
    await assert.rejects(engine.read(flexible, `${id.slice(14)}/federatedIdentityCredential/${key}`));
    await engine.delete(flexible, made.id, made.inputs, outputs);
    assert.equal(await engine.read(flexible, made.id), undefined);
  });

  it("keeps every further setting of an application", async () => {
    const settings = {
      description: "Sends images",
      displayName: "a",
      fallbackPublicClientEnabled: true,
      groupMembershipClaims: ["ApplicationGroup", "SecurityGroup"],
      identifierUris: ["api://imaging"],
      marketingUrl: "https://imaging.example/",
      notes: "of the imaging team",
      owners: [seed.pipeline.servicePrincipalId],
      publicClient: { redirectUris: ["http://localhost/"] },
      serviceManagementReference: "CHG-7",
      web: { homepageUrl: "https://imaging.example/", redirectUris: ["https://imaging.example/callback"] },
    };
    const { id, inputs, outputs } = await make(application, settings);
    const left = await engine.diff(application, { id, oldInputs: inputs, oldOutputs: outputs, inputs });
    assert.deepEqual(left.changes, {});
    const live = await engine.read(application, id, inputs, outputs);
    assert.deepEqual(withoutBridgeKeys(live), withoutBridgeKeys({ inputs, outputs }));
    const imported = await engine.read(application, id);
    const again = await engine.diff(application, {
      id,
      oldInputs: imported?.inputs ?? {},
      oldOutputs: imported?.outputs ?? {},
      inputs,
    });
    assert.deepEqual(again.changes, {}, "what an import finds is what the program says");
  });

  for (const encoding of ["pem", "base64", "hex"] as const) {
    it(`adds a certificate that is given as ${encoding}, for a while`, async () => {
      const { id } = await make(application, {
        displayName: "a",
        owners: [seed.pipeline.servicePrincipalId],
      });
      const { certificate: pem } = (await makeCertificates(new Date(), 30)).server;
      const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
      const value = encoding === "pem" ? pem : der.toString(encoding);
      const made = await make(certificate, {
        applicationId: id,
        encoding,
        endDate: new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString(),
        type: "AsymmetricX509Cert",
        value,
      });
      const { keyCredentials } = await fixture.administrator.request("GET", `/v1.0${id}`);
      const [key] = keyCredentials as readonly { readonly keyId: string }[];
      assert.equal(key?.keyId, made.outputs["keyId"]);
      await engine.delete(certificate, made.id, made.inputs, made.outputs);
      assert.equal(await engine.read(certificate, made.id, made.inputs, made.outputs), undefined);
    });
  }

  it("changes what a consent is for in place", async () => {
    const { outputs } = await make(application, {
      displayName: "a",
      owners: [seed.pipeline.servicePrincipalId],
    });
    const principal = await make(servicePrincipal, {
      clientId: outputs["clientId"] ?? null,
      owners: [seed.pipeline.servicePrincipalId],
    });
    const graph = await engine.invoke(getServicePrincipal, {
      clientId: "00000003-0000-0000-c000-000000000000",
    });
    const base: PropertyMap = {
      servicePrincipalObjectId: principal.outputs["objectId"] ?? null,
      resourceServicePrincipalObjectId: graph["objectId"] ?? null,
    };
    const consent = (...claimValues: string[]): PropertyMap => ({ ...base, claimValues });
    const made = await make(grant, consent("User.Read"));
    const { changes, outputs: after } = await change(grant, made, consent("openid", "User.Read"));
    assert.deepEqual(changes, { "claimValues[0]": "add" });
    assert.deepEqual(after["claimValues"], ["openid", "User.Read"]);
  });

  it("says that a service principal is not there, and that it looks by client ids alone", async () => {
    const absent = "00000000-0000-4000-8000-000000000000";
    await assert.rejects(
      engine.invoke(getServicePrincipal, { clientId: absent }),
      /No service principal found/,
    );
    for (const args of [
      {},
      { objectId: absent },
      { displayName: "a" },
      { clientId: dicomAppId, displayName: "a" },
    ]) {
      await assert.rejects(
        engine.invoke(getServicePrincipal, args),
        /the stand-in for azuread covers getServicePrincipal by clientId alone; install the real plugin/,
      );
    }
  });

  it("finds several service principals by client ids", async () => {
    const byClientIds = await engine.invoke(getServicePrincipals, {
      clientIds: [dicomAppId, seed.pipeline.appId],
    });
    assert.deepEqual(byClientIds["clientIds"], [dicomAppId, seed.pipeline.appId]);
    await assert.rejects(
      engine.invoke(getServicePrincipals, { returnAll: true }),
      /the stand-in for azuread covers getServicePrincipals by clientIds alone; install the real plugin/,
    );
  });
});
