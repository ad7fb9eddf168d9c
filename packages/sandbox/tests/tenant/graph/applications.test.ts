import assert from "node:assert/strict";
import { seed } from "../../../tenant/seed";
import { keyCredential, testCertificate } from "../support/testCertificate";
import { TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("Applications and service principals in Graph", () => {
  let tenant: TestTenant;
  let admin: string;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
  });
  after(() => tenant.stop());

  const call = (method: string, path: string, json?: unknown): Promise<TestAnswer> =>
    tenant.call(method, path, json === undefined ? { token: admin } : { token: admin, json });
  const create = async (json: object): Promise<string> =>
    (await call("POST", "/v1.0/applications", json)).expect(201).textAt("id");

  it("gives application, service principal and client three different ids", async () => {
    const made = await tenant.application("three ids");
    assert.equal(new Set([made.id, made.appId, made.servicePrincipalId]).size, 3);
  });

  it("merges complex properties by the keys that a PATCH has: absent stays, null clears, a value replaces", async () => {
    const id = await create({
      displayName: "merging",
      web: {
        homePageUrl: "https://a.example",
        logoutUrl: "https://b.example",
        redirectUris: ["https://c.example"],
      },
      info: { supportUrl: "https://support.example" },
    });
    const json = {
      web: { logoutUrl: null, implicitGrantSettings: { enableIdTokenIssuance: true } },
      info: {},
    };
    (await call("PATCH", `/v1.0/applications/${id}`, json)).expect(204);
    const read = await call("GET", `/v1.0/applications/${id}`);
    assert.deepEqual(read.at("web"), {
      homePageUrl: "https://a.example",
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
      logoutUrl: null,
      redirectUriSettings: [],
      redirectUris: ["https://c.example"],
    });
    assert.equal(read.at("info", "supportUrl"), "https://support.example");
    (await call("PATCH", `/v1.0/applications/${id}`, { web: null })).expect(204);
    assert.equal((await call("GET", `/v1.0/applications/${id}`)).at("web", "homePageUrl"), null);
  });

  it("replaces optional claims and SAML settings as a whole: nothing in them clears them", async () => {
    const optionalClaims = { accessToken: [{ name: "email" }], idToken: [{ name: "upn" }] };
    const made = await tenant.application("claims");
    const [application, principal] = [
      `/v1.0/applications/${made.id}`,
      `/v1.0/servicePrincipals/${made.servicePrincipalId}`,
    ];
    (await call("PATCH", application, { optionalClaims })).expect(204);
    (await call("PATCH", application, { optionalClaims: { saml2Token: [{ name: "groups" }] } })).expect(204);
    assert.deepEqual((await call("GET", application)).at("optionalClaims", "accessToken"), []);
    (await call("PATCH", application, { optionalClaims: {} })).expect(204);
    const none = { accessToken: [], idToken: [], saml2Token: [] };
    assert.deepEqual((await call("GET", application)).at("optionalClaims"), none);
    const samlSingleSignOnSettings = { relayState: "/home" };
    (await call("PATCH", principal, { samlSingleSignOnSettings })).expect(204);
    (await call("PATCH", principal, { samlSingleSignOnSettings: {} })).expect(204);
    assert.equal((await call("GET", principal)).at("samlSingleSignOnSettings", "relayState"), null);
  });

  it("takes certificates with a new application, and says 501 of what it does not take of Graph's properties", async () => {
    const certificate = await testCertificate(new Date("2026-11-01"), new Date("2027-11-01"));
    const made = await call("POST", "/v1.0/applications", {
      displayName: "with a certificate",
      keyCredentials: [keyCredential(certificate)],
      passwordCredentials: [],
    });
    assert.equal(made.expect(201).listAt("keyCredentials").length, 1);
    for (const property of ["logo", "passwordCredentials", "uniqueName", "owners"]) {
      const json = { displayName: "x", [property]: [{}] };
      const answer = await call("POST", "/v1.0/applications", json);
      answer.expectError(501, "NotImplemented", new RegExp(`property '${property}'`));
    }
    const { id, servicePrincipalId } = await tenant.application("changed");
    const principal = `/v1.0/servicePrincipals/${servicePrincipalId}`;
    (await call("PATCH", `/v1.0/applications/${id}`, { logo: "" })).expect(501);
    (await call("PATCH", principal, { replyUrls: [] })).expect(501);
    (await call("PATCH", principal, { colour: "red" })).expect(400);
  });

  it("changes no certificate in place: another one needs another key id", async () => {
    const [first, second] = await Promise.all([
      testCertificate(new Date("2026-11-01"), new Date("2027-11-01")),
      testCertificate(new Date("2026-11-01"), new Date("2027-11-01")),
    ]);
    const id = await create({ displayName: "fixed keys", keyCredentials: [keyCredential(first)] });
    const path = `/v1.0/applications/${id}`;
    const [kept] = (await call("GET", path)).listAt("keyCredentials") as readonly Record<string, unknown>[];
    const keyId = String(kept?.["keyId"]);
    for (const change of [
      { key: keyCredential(second).key },
      { endDateTime: "2027-06-01T00:00:00Z" },
      { startDateTime: "2026-11-20T00:00:00Z" },
      { usage: "Sign" },
      { type: "X509CertAndPassword" },
      { customKeyIdentifier: "AAAA" },
      { displayName: "another" },
    ]) {
      (await call("PATCH", path, { keyCredentials: [{ ...kept, ...change }] })).expectError(
        400,
        "Request_BadRequest",
        `Update to existing credential with KeyId '${keyId}' is not allowed.`,
      );
    }
    for (const same of [kept, { keyId }, { ...kept, key: keyCredential(first).key }]) {
      (await call("PATCH", path, { keyCredentials: [same] })).expect(204);
    }
    assert.deepEqual((await call("GET", path)).listAt("keyCredentials"), [kept]);
  });

  it("keeps the order of requested permissions", async () => {
    const ids = ["ffffffff-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
    const resourceAccess = ids.map((id) => ({ id, type: "Scope" }));
    const requiredResourceAccess = [
      { resourceAppId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33", resourceAccess },
    ];
    const id = await create({ displayName: "ordered", requiredResourceAccess });
    const read = await call("GET", `/v1.0/applications/${id}`);
    assert.deepEqual(read.at("requiredResourceAccess", 0, "resourceAccess"), resourceAccess);
  });

  it("normalises dates to UTC and drops what is zero of a fraction", async () => {
    const id = await create({ displayName: "dates" });
    const passwordCredential = { endDateTime: "2027-05-01T09:00:00.000+09:00" };
    const added = await call("POST", `/v1.0/applications/${id}/addPassword`, { passwordCredential });
    assert.equal(added.expect(200).at("endDateTime"), "2027-05-01T00:00:00Z");
    assert.equal(added.at("startDateTime"), "2026-11-23T02:01:45Z");
  });

  it("makes a secret for two years unless told otherwise, shows it once and keeps three characters of it", async () => {
    const id = await create({ displayName: "secret" });
    const json = { passwordCredential: { displayName: "first" } };
    const added = (await call("POST", `/v1.0/applications/${id}/addPassword`, json)).expect(200);
    const value = added.textAt("secretText");
    assert.match(value, /^[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}$/);
    assert.equal(added.at("hint"), value.slice(0, 3));
    assert.equal(added.at("endDateTime"), "2028-11-23T02:01:45Z");
    const listed = (await call("GET", `/v1.0/applications/${id}`)).at("passwordCredentials", 0);
    assert.deepEqual(listed, {
      customKeyIdentifier: null,
      displayName: "first",
      endDateTime: "2028-11-23T02:01:45Z",
      hint: value.slice(0, 3),
      keyId: added.at("keyId"),
      secretText: null,
      startDateTime: "2026-11-23T02:01:45Z",
    });
  });

  it("refuses a secret value that the caller chose", async () => {
    const id = await create({ displayName: "chosen" });
    const json = { passwordCredential: { secretText: "mine" } };
    (await call("POST", `/v1.0/applications/${id}/addPassword`, json)).expect(400);
  });

  it("lists an expired secret until it is removed", async () => {
    const id = await create({ displayName: "expired" });
    const passwordCredential = { endDateTime: "2026-11-23T02:01:46Z" };
    const added = await call("POST", `/v1.0/applications/${id}/addPassword`, { passwordCredential });
    tenant.clock.advance(5);
    assert.equal((await call("GET", `/v1.0/applications/${id}`)).listAt("passwordCredentials").length, 1);
    const json = { keyId: added.at("keyId") };
    (await call("POST", `/v1.0/applications/${id}/removePassword`, json)).expect(204);
    assert.deepEqual((await call("GET", `/v1.0/applications/${id}`)).at("passwordCredentials"), []);
  });

  it("takes certificates as PEM or DER, keeps them when their key comes back null, shows the key on $select only", async () => {
    const id = await create({ displayName: "certificates" });
    const path = `/v1.0/applications/${id}`;
    const dates = [new Date("2026-11-01T00:00:00Z"), new Date("2027-11-01T00:00:00Z")] as const;
    const first = await testCertificate(...dates);
    (await call("PATCH", path, { keyCredentials: [keyCredential(first)] })).expect(204);
    const [kept] = (await call("GET", path)).listAt("keyCredentials") as readonly Record<string, unknown>[];
    assert.equal(kept?.key, null);
    assert.equal(kept.startDateTime, "2026-11-01T00:00:00Z");
    assert.equal(kept.endDateTime, "2027-11-01T00:00:00Z");
    assert.match(String(kept.customKeyIdentifier), /^[0-9A-F]{40}$/);
    const second = await testCertificate(...dates);
    const der = second.certificate.replace(/-----[^-]+-----|\s/g, "");
    const keyCredentials = [kept, { type: "AsymmetricX509Cert", usage: "Verify", key: der }];
    (await call("PATCH", path, { keyCredentials })).expect(204);
    const both = await call("GET", `${path}?$select=keyCredentials`);
    assert.equal(both.listAt("keyCredentials").length, 2);
    assert.equal(both.at("keyCredentials", 1, "key"), der);
    assert.equal(both.at("keyCredentials", 0, "keyId"), kept.keyId);
    (await call("PATCH", path, { notes: "untouched" })).expect(204);
    assert.equal((await call("GET", path)).listAt("keyCredentials").length, 2);
    (await call("PATCH", path, { keyCredentials: [] })).expect(204);
    assert.deepEqual((await call("GET", path)).at("keyCredentials"), []);
  });

  it("manages federated credentials: by id or name, changed in place, the name fixed", async () => {
    const id = await create({ displayName: "federated" });
    const path = `/v1.0/applications/${id}/federatedIdentityCredentials`;
    const json = {
      name: "github",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:a/b:environment:dev",
      audiences: ["api://AzureADTokenExchange"],
    };
    const made = (await call("POST", path, json)).expect(201);
    const credential = `${path}/${made.textAt("id")}`;
    (await call("PATCH", credential, { subject: "repo:a/b:environment:prod" })).expect(204);
    const read = await call("GET", `${path}/github`);
    assert.equal(read.expect(200).at("subject"), "repo:a/b:environment:prod");
    assert.equal(read.at("issuer"), json.issuer);
    (await call("PATCH", credential, { name: "other" })).expect(400);
    (await call("POST", path, { ...json, name: "two", subject: "x", audiences: ["a", "b"] })).expect(400);
    (await call("POST", path, { ...json, name: "plain", issuer: "http://issuer.example" })).expect(400);
    assert.equal((await call("GET", path)).listAt("value").length, 1);
    (await call("DELETE", credential)).expect(204);
    (await call("GET", credential)).expect(404);
  });

  it("shows owners with their type, as objects and as references", async () => {
    const owner = (id: string): string => `https://any.host.example/v1.0/directoryObjects/${id}`;
    const owners = [owner(seed.pipeline.servicePrincipalId), owner(seed.secondOwnerId)];
    const id = await create({ displayName: "owned", "owners@odata.bind": owners });
    const listed = await call("GET", `/v1.0/applications/${id}/owners`);
    const types = listed.listAt("value").map((_item, index) => listed.at("value", index, "@odata.type"));
    assert.deepEqual(types, [
      "#microsoft.graph.servicePrincipal",
      "#microsoft.graph.user",
      "#microsoft.graph.user",
    ]);
    assert.equal(listed.at("value", 1, "userPrincipalName"), seed.secondOwnerUserPrincipalName);
    (await call("DELETE", `/v1.0/applications/${id}/owners/${seed.adminUserId}/$ref`)).expect(204);
    assert.equal((await call("GET", `/v1.0/applications/${id}/owners`)).listAt("value").length, 2);
  });

  it("refuses an application, or somebody unknown, as owner", async () => {
    const id = await create({ displayName: "unowned" });
    const json = (owner: string): object => ({ "@odata.id": `${tenant.url}/v1.0/directoryObjects/${owner}` });
    (await call("POST", `/v1.0/applications/${id}/owners/$ref`, json(id))).expect(400);
    (await call("POST", `/v1.0/applications/${id}/owners/$ref`, json(seed.tenantId))).expect(404);
  });

  it("lets a service principal follow its application, and finds both by appId as key", async () => {
    const made = await tenant.application("before");
    const json = {
      displayName: "after",
      identifierUris: ["api://followed"],
      web: { homePageUrl: "https://h.example" },
    };
    (await call("PATCH", `/v1.0/applications(appId='${made.appId}')`, json)).expect(204);
    const principal = await call("GET", `/v1.0/servicePrincipals(appId='${made.appId}')`);
    assert.equal(principal.at("id"), made.servicePrincipalId);
    assert.equal(principal.at("displayName"), "after");
    assert.equal(principal.at("homepage"), "https://h.example");
    assert.deepEqual(principal.at("servicePrincipalNames"), [made.appId, "api://followed"]);
  });

  it("keeps secrets and certificates of the service principal apart from the application's", async () => {
    const made = await tenant.application("principal credentials");
    const path = `/v1.0/servicePrincipals/${made.servicePrincipalId}`;
    const added = (await call("POST", `${path}/addPassword`, {})).expect(200);
    const certificate = await testCertificate(
      new Date("2026-11-01T00:00:00Z"),
      new Date("2027-11-01T00:00:00Z"),
    );
    (await call("PATCH", path, { keyCredentials: [keyCredential(certificate)] })).expect(204);
    const principal = await call("GET", path);
    assert.equal(principal.listAt("passwordCredentials").length, 1);
    assert.equal(principal.listAt("keyCredentials").length, 1);
    assert.equal(
      (await call("GET", `/v1.0/applications/${made.id}`)).listAt("passwordCredentials").length,
      1,
    );
    await tenant.token(made.appId, added.textAt("secretText"), "https://graph.microsoft.com");
    (await call("POST", `${path}/removePassword`, { keyId: added.at("keyId") })).expect(204);
    assert.deepEqual((await call("GET", path)).at("passwordCredentials"), []);
  });

  it("deletes softly: with the service principal, its grants and assignments, and restores them", async () => {
    const made = await tenant.application("restored");
    const dicom = await call("GET", "/v1.0/servicePrincipals(appId='75e725bf-66ce-4cea-9b9a-5c4caae57f33')");
    const grant = {
      clientId: made.servicePrincipalId,
      consentType: "AllPrincipals",
      resourceId: dicom.at("id"),
      scope: "s",
    };
    const grantId = (await call("POST", "/v1.0/oauth2PermissionGrants", grant)).expect(201).textAt("id");
    await tenant.grantGraphRole(made.servicePrincipalId, "Application.Read.All");
    (await call("DELETE", `/v1.0/applications/${made.id}`)).expect(204);
    (await call("GET", `/v1.0/servicePrincipals/${made.servicePrincipalId}`)).expect(404);
    (await call("GET", `/v1.0/oauth2PermissionGrants/${grantId}`)).expect(404);

    const deleted = await call("GET", "/v1.0/directory/deletedItems/microsoft.graph.application");
    assert.ok((deleted.listAt("value") as readonly { id: string }[]).some(({ id }) => id === made.id));
    const item = await call("GET", `/v1.0/directory/deletedItems/${made.id}`);
    assert.equal(item.at("@odata.type"), "#microsoft.graph.application");
    assert.match(item.textAt("deletedDateTime"), /^2026-11-23T/);
    const principals = await call("GET", "/v1.0/directory/deletedItems/microsoft.graph.servicePrincipal");
    assert.ok(
      (principals.listAt("value") as readonly { id: string }[]).some(
        ({ id }) => id === made.servicePrincipalId,
      ),
    );

    for (const id of [made.id, made.servicePrincipalId]) {
      (await call("POST", `/v1.0/directory/deletedItems/${id}/restore`)).expect(200);
    }
    (await call("GET", `/v1.0/oauth2PermissionGrants/${grantId}`)).expect(200);
    const roles = await call("GET", `/v1.0/servicePrincipals/${made.servicePrincipalId}/appRoleAssignments`);
    assert.equal(roles.listAt("value").length, 1);
    await tenant.token(made.appId, made.secret, "https://graph.microsoft.com");
  });

  it("forgets a deleted application after 30 days, and at once when it is purged", async () => {
    const kept = await create({ displayName: "kept 30 days", identifierUris: ["api://kept"] });
    const purged = await create({ displayName: "purged", identifierUris: ["api://purged"] });
    for (const id of [kept, purged]) (await call("DELETE", `/v1.0/applications/${id}`)).expect(204);
    (await call("DELETE", `/v1.0/directory/deletedItems/${purged}`)).expect(204);
    await create({ displayName: "again", identifierUris: ["api://purged"] });
    tenant.clock.advance(29 * 86_400);
    admin = await tenant.adminToken();
    (await call("GET", `/v1.0/directory/deletedItems/${kept}`)).expect(200);
    tenant.clock.advance(2 * 86_400);
    admin = await tenant.adminToken();
    (await call("GET", `/v1.0/directory/deletedItems/${kept}`)).expect(404);
    await create({ displayName: "again", identifierUris: ["api://kept"] });
  });

  it("builds ids of grants and assignments from the GUIDs, as Graph does", async () => {
    const made = await tenant.application("ids");
    const dicom = await call("GET", "/v1.0/servicePrincipals(appId='75e725bf-66ce-4cea-9b9a-5c4caae57f33')");
    const guid = (bytes: Buffer): string => {
      const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
      const text = order.map((at) => bytes.readUInt8(at).toString(16).padStart(2, "0")).join("");
      return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    };
    const grant = { clientId: made.servicePrincipalId, resourceId: dicom.at("id"), scope: "s" };
    const one = { ...grant, consentType: "Principal", principalId: seed.secondOwnerId };
    const bytes = Buffer.from(
      (await call("POST", "/v1.0/oauth2PermissionGrants", one)).expect(201).textAt("id"),
      "base64url",
    );
    assert.deepEqual(
      [0, 16, 32].map((at) => guid(bytes.subarray(at, at + 16))),
      [made.servicePrincipalId, dicom.at("id"), seed.secondOwnerId],
    );
    const all = { ...grant, consentType: "AllPrincipals" };
    const id = (await call("POST", "/v1.0/oauth2PermissionGrants", all)).expect(201).textAt("id");
    assert.equal(Buffer.from(id, "base64url").length, 32);
    await tenant.grantGraphRole(made.servicePrincipalId, "Application.Read.All");
    const roles = await call("GET", `/v1.0/servicePrincipals/${made.servicePrincipalId}/appRoleAssignments`);
    const assignment = Buffer.from(roles.textAt("value", 0, "id"), "base64url");
    assert.equal(assignment.length, 32);
    assert.equal(guid(assignment), made.servicePrincipalId);
    assert.equal(roles.at("value", 0, "resourceDisplayName"), "Microsoft Graph");
    assert.equal(roles.at("value", 0, "principalDisplayName"), "ids");
  });

  it("finds a client's grants by its service principal and by filters", async () => {
    const made = await tenant.application("filters");
    const dicom = await call("GET", "/v1.0/servicePrincipals(appId='75e725bf-66ce-4cea-9b9a-5c4caae57f33')");
    const resourceId = dicom.textAt("id");
    const grant = { clientId: made.servicePrincipalId, consentType: "AllPrincipals", resourceId, scope: "s" };
    (await call("POST", "/v1.0/oauth2PermissionGrants", grant)).expect(201);
    const path = `/v1.0/servicePrincipals/${made.servicePrincipalId}/oauth2PermissionGrants`;
    assert.equal((await call("GET", path)).listAt("value").length, 1);
    const filter = (text: string): string =>
      `/v1.0/oauth2PermissionGrants?$filter=${encodeURIComponent(text)}`;
    const count = async (text: string): Promise<number> =>
      (await call("GET", filter(text))).listAt("value").length;
    assert.equal(
      await count(`clientId eq '${made.servicePrincipalId}' and consentType eq 'AllPrincipals'`),
      1,
    );
    assert.equal(await count(`clientId eq '${made.servicePrincipalId}' and consentType eq 'Principal'`), 0);
  });
});
