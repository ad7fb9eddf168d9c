import assert from "node:assert/strict";
import { firstPartyAppIds } from "../../../tenant/domain/firstPartyApplications";
import { seed } from "../../../tenant/seed";
import { keyCredential, testCertificate } from "../support/testCertificate";
import { TestTenant, type TestApplication } from "../support/testTenant";
import type { TestAnswer, TestRequest } from "lab";

/*
 * Error answers of Microsoft Graph. The mark in each title says how sure the expected answer is: C confirmed by a recorded answer or
 * the vendor's own text, L likely from consistent reports, U unknown and chosen; two marks are for text and for code or status.
 */
const nobody = "99999999-9999-4999-8999-999999999999";
const notFound = (id: string): string =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
const guidBytes32 = "00000000-0000-0000-0000-000000000000";

describe("Graph error answers", () => {
  let tenant: TestTenant;
  let admin: string;
  let client: TestApplication;

  before(async () => {
    tenant = await TestTenant.start();
    admin = await tenant.adminToken();
    client = await tenant.application("client");
  });
  after(() => tenant.stop());

  const call = (method: string, path: string, json?: unknown, token = admin): Promise<TestAnswer> => {
    const request: TestRequest = json === undefined ? { token } : { token, json };
    return tenant.call(method, `/v1.0${path}`, request);
  };
  const principalOf = async (appId: string): Promise<string> =>
    (await call("GET", `/servicePrincipals(appId='${appId}')`)).expect(200).textAt("id");

  describe("envelope", () => {
    it("has code, message and innerError with an unzoned date and both request ids [C]", async () => {
      const answer = (await call("GET", `/applications/${nobody}`)).expect(404);
      const inner = answer.at("error", "innerError") as Record<string, string>;
      assert.deepEqual(Object.keys(inner), ["date", "request-id", "client-request-id"]);
      assert.equal(inner.date, "2026-11-23T02:01:45");
      assert.equal(inner["client-request-id"], inner["request-id"]);
      assert.equal(answer.headers["request-id"], inner["request-id"]);
      assert.equal(answer.headers["content-type"], "application/json");
      assert.equal(answer.headers["cache-control"], "no-cache");
      assert.equal(answer.headers["strict-transport-security"], "max-age=31536000");
      assert.match(String(answer.headers["x-ms-ags-diagnostic"]), /^\{"ServerInfo":\{/);
    });

    it("repeats a client-request-id that was sent [L]", async () => {
      const headers = { "client-request-id": "mine" };
      const answer = await tenant.call("GET", `/v1.0/applications/${nobody}`, { token: admin, headers });
      assert.equal(answer.at("error", "innerError", "client-request-id"), "mine");
      assert.notEqual(answer.at("error", "innerError", "request-id"), "mine");
    });
  });

  describe("objects that are not there", () => {
    it("404 Request_ResourceNotFound for an unknown object [C]", async () => {
      for (const path of [
        "/applications",
        "/servicePrincipals",
        "/oauth2PermissionGrants",
        "/directory/deletedItems",
      ]) {
        (await call("GET", `${path}/${nobody}`)).expectError(
          404,
          "Request_ResourceNotFound",
          notFound(nobody),
        );
      }
    });

    it("404 Request_ResourceNotFound for a soft-deleted object, also for PATCH and POST [C]", async () => {
      const gone = await tenant.application("gone");
      (await call("DELETE", `/applications/${gone.id}`)).expect(204);
      for (const [method, path, json] of [
        ["GET", "", undefined],
        ["PATCH", "", { notes: "late" }],
        ["POST", "/addPassword", {}],
        ["DELETE", "", undefined],
      ] as const) {
        const answer = await call(method, `/applications/${gone.id}${path}`, json);
        answer.expectError(404, "Request_ResourceNotFound", notFound(gone.id));
      }
    });

    it("404 for removing somebody who is no owner [U]", async () => {
      const answer = await call("DELETE", `/applications/${client.id}/owners/${seed.secondOwnerId}/$ref`);
      answer.expectError(404, "Request_ResourceNotFound", notFound(seed.secondOwnerId));
    });
  });

  describe("callers that may not", () => {
    it("401 without a token, with the Bearer challenge [C]", async () => {
      const answer = await tenant.call("GET", "/v1.0/applications");
      answer.expectError(401, "InvalidAuthenticationToken", /./);
      assert.equal(
        answer.headers["www-authenticate"],
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
          'client_id="00000003-0000-0000-c000-000000000000"',
      );
    });

    it("401 for a token of another API, a forged one and a broken one [C]", async () => {
      const foreign = await tenant.pipelineToken("https://vault.azure.net");
      const [head = "", , signature = ""] = admin.split(".");
      const claims = Buffer.from(
        JSON.stringify({ oid: nobody, appid: nobody, aud: firstPartyAppIds.microsoftGraph }),
      );
      for (const token of [foreign, `${head}.${claims.toString("base64url")}.${signature}`, "nonsense"]) {
        const answer = await call("GET", "/applications", undefined, token);
        answer.expectError(401, "InvalidAuthenticationToken", "Access token validation failure.");
      }
    });

    it("401 for a token past its life [C]", async () => {
      const token = await tenant.pipelineToken();
      tenant.clock.advance(2 * 3600);
      const answer = await call("GET", "/applications", undefined, token);
      answer.expectError(
        401,
        "InvalidAuthenticationToken",
        "Lifetime validation failed, the token is expired.",
      );
      admin = await tenant.adminToken();
    });

    it("403 Authorization_RequestDenied, with what was missing in the log only [C]", async () => {
      const token = await tenant.token(client.appId, client.secret, "https://graph.microsoft.com");
      const answer = await call("GET", "/applications", undefined, token);
      answer.expectError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
      );
      assert.doesNotMatch(answer.body, /Application\.Read/);
      assert.match(
        tenant.running.requests().at(-1)?.reason ?? "",
        /client .* lacks Application\.Read\.All or /,
      );
    });

    it("403 for the service principal of a foreign application with OwnedBy alone [C text, L code]", async () => {
      await tenant.running.control("PUT", `firstParty/${firstPartyAppIds.dicom}`, { present: false });
      const token = await tenant.pipelineToken();
      const answer = await call("POST", "/servicePrincipals", { appId: firstPartyAppIds.dicom }, token);
      answer.expectError(
        403,
        "Authorization_RequestDenied",
        "When using this permission, the backing application of the service principal being created must in the local tenant",
      );
      (await call("POST", "/servicePrincipals", { appId: firstPartyAppIds.dicom })).expect(201);
    });

    it("429 TooManyRequests with Retry-After [C]", async () => {
      const effect = { kind: "refuse", status: 429, retryAfter: 7 };
      await tenant.running.control("POST", "faults", { operation: "graph.applications.list", effect });
      const answer = await call("GET", "/applications");
      answer.expectError(429, "TooManyRequests", /./);
      assert.equal(answer.headers["retry-after"], "7");
      (await call("GET", "/applications")).expect(200);
    });
  });

  describe("collisions", () => {
    it("400 for the service principal of an unknown application [C text, L details]", async () => {
      const message = `The appId '${nobody}' of the service principal does not reference a valid application object.`;
      const answer = await call("POST", "/servicePrincipals", { appId: nobody });
      answer.expectError(400, "Request_BadRequest", message);
      assert.equal(answer.at("error", "details", 0, "code"), "NoBackingApplicationObject");
      assert.equal(answer.at("error", "details", 0, "target"), "appId");
    });

    it("409 for a second service principal of an application [C]", async () => {
      const answer = await call("POST", "/servicePrincipals", { appId: client.appId });
      answer.expectError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "The service principal cannot be created, updated, or restored because the service principal name " +
          `${client.appId} is already in use.`,
      );
      assert.deepEqual(answer.at("error", "details", 0, "code"), "ObjectConflict");
    });

    it("lets exactly one of several callers at once make a service principal", async () => {
      const made = await call("POST", "/applications", { displayName: "raced" });
      const json = { appId: made.expect(201).at("appId") };
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => call("POST", "/servicePrincipals", json)),
      );
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409]);
    });

    it("400 for an identifier URI that is taken, soft-deleted applications included [C text, U code]", async () => {
      const identifierUris = ["api://taken"];
      const first = await call("POST", "/applications", { displayName: "first", identifierUris });
      (await call("DELETE", `/applications/${first.expect(201).textAt("id")}`)).expect(204);
      const answer = await call("POST", "/applications", { displayName: "second", identifierUris });
      answer.expectError(
        400,
        "Request_MultipleObjectsWithSameKeyValue",
        "Another object with the same value for property identifierUris already exists.",
      );
      assert.equal(answer.at("error", "details", 0, "target"), "identifierUris");
    });

    it("409 for a federated credential's name that is taken [C]", async () => {
      const path = `/applications/${client.id}/federatedIdentityCredentials`;
      const credential = { name: "one", issuer: "https://issuer.example", subject: "a", audiences: ["x"] };
      (await call("POST", path, credential)).expect(201);
      (await call("POST", path, { ...credential, subject: "b" })).expectError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "FederatedIdentityCredential with name one already exists.",
      );
    });

    it("400 for issuer and subject that are taken under another name [C in beta]", async () => {
      const path = `/applications/${client.id}/federatedIdentityCredentials`;
      const json = { name: "two", issuer: "https://issuer.example", subject: "a", audiences: ["x"] };
      (await call("POST", path, json)).expectError(
        400,
        "InvalidFederatedIdentityCredentialValue",
        "The combination of issuer and subject must be unique for the application. Issuer https://issuer.example and Subject: a " +
          "already exist. paramName: FederatedIdentityCredential.Subject, paramValue: a, " +
          "objectType: Microsoft.Online.DirectoryServices.Application",
      );
    });

    it("refuses a 21st federated credential [limit C, code and text U]", async () => {
      const { id } = await tenant.application("many");
      const path = `/applications/${id}/federatedIdentityCredentials`;
      const credential = (number: number): object => ({
        name: `number-${String(number)}`,
        issuer: "https://issuer.example",
        subject: String(number),
        audiences: ["x"],
      });
      for (let number = 0; number < 20; number++) (await call("POST", path, credential(number))).expect(201);
      (await call("POST", path, credential(20))).expect(400);
    });

    it("409 for a second grant of the same client, resource and principal [C]", async () => {
      const resourceId = await principalOf(firstPartyAppIds.dicom);
      const grant = {
        clientId: client.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId,
        scope: "a",
      };
      (await call("POST", "/oauth2PermissionGrants", grant)).expect(201);
      (await call("POST", "/oauth2PermissionGrants", { ...grant, scope: "b" })).expectError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "Permission entry already exists.",
      );
    });

    it("400 for an app role assignment that is there [L]", async () => {
      const resourceId = await principalOf(firstPartyAppIds.healthcareApis);
      const appRoleId = "bea2566c-7172-42d0-a06a-0e2e2b58f084";
      const assignment = { principalId: client.servicePrincipalId, resourceId, appRoleId };
      const path = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
      (await call("POST", path, assignment)).expect(201);
      const message = "Permission being assigned already exists on the object";
      const answer = await call("POST", path, assignment);
      answer.expectError(400, "Request_BadRequest", message);
      assert.equal(answer.at("error", "details", 0, "code"), "InvalidUpdate");
    });

    it("400 EntitlementGrant for a second assignment of default access [C text, L status]", async () => {
      const resource = await tenant.application("without roles");
      const assignment = {
        principalId: client.servicePrincipalId,
        resourceId: resource.servicePrincipalId,
        appRoleId: guidBytes32,
      };
      const path = `/servicePrincipals/${client.servicePrincipalId}/appRoleAssignments`;
      (await call("POST", path, assignment)).expect(201);
      (await call("POST", path, assignment)).expectError(
        400,
        "Request_MultipleObjectsWithSameKeyValue",
        "EntitlementGrant entry already exists.",
      );
    });

    it("400 for an owner that is one already [C text, L status]", async () => {
      const path = `/applications/${client.id}/owners/$ref`;
      const json = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${seed.secondOwnerId}` };
      (await call("POST", path, json)).expect(204);
      (await call("POST", path, json)).expectError(
        400,
        "Request_BadRequest",
        "One or more added object references already exist for the following modified properties: 'owners'.",
      );
      (await call("DELETE", `/applications/${client.id}/owners/${seed.secondOwnerId}/$ref`)).expect(204);
    });
  });

  describe("requests that make no sense", () => {
    it("400 for an app role that the resource does not define [L]", async () => {
      const resourceId = await principalOf(firstPartyAppIds.dicom);
      const json = { principalId: client.servicePrincipalId, resourceId, appRoleId: nobody };
      const answer = await call("POST", `/servicePrincipals/${resourceId}/appRoleAssignedTo`, json);
      answer.expectError(
        400,
        "Request_BadRequest",
        "Permission being assigned was not found on application.",
      );
    });

    it("400 for an assignment whose resource is not the address's, or whose principal is unknown [C]", async () => {
      const resourceId = await principalOf(firstPartyAppIds.healthcareApis);
      const appRoleId = "a44c4c64-cdb5-48fc-adbd-070df4852b2c";
      const path = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
      for (const json of [
        { principalId: client.servicePrincipalId, resourceId: client.servicePrincipalId, appRoleId },
        { principalId: nobody, resourceId, appRoleId },
        { principalId: client.id, resourceId, appRoleId },
      ]) {
        (await call("POST", path, json)).expectError(
          400,
          "Request_BadRequest",
          "Not a valid reference update.",
        );
      }
    });

    it("400 for changing anything of a grant but its scope [C]", async () => {
      const resourceId = await principalOf(firstPartyAppIds.healthcareApis);
      const grant = {
        clientId: client.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId,
        scope: "a",
      };
      const id = (await call("POST", "/oauth2PermissionGrants", grant)).expect(201).textAt("id");
      (await call("PATCH", `/oauth2PermissionGrants/${id}`, { principalId: nobody })).expectError(
        400,
        "Request_BadRequest",
        "Property cannot be updated: principalId",
      );
      (await call("PATCH", `/oauth2PermissionGrants/${id}`, { scope: "a b" })).expect(204);
      assert.equal((await call("GET", `/oauth2PermissionGrants/${id}`)).at("scope"), "a b");
    });

    it("400 for removing or changing an enabled app role or scope, until it is disabled [C]", async () => {
      const role = {
        id: nobody,
        value: "R",
        displayName: "R",
        description: "R",
        allowedMemberTypes: ["Application"],
      };
      const made = await call("POST", "/applications", { displayName: "roles", appRoles: [role] });
      const path = `/applications/${made.expect(201).textAt("id")}`;
      for (const appRoles of [[], [{ ...role, value: "S" }]]) {
        (await call("PATCH", path, { appRoles })).expectError(
          400,
          "CannotDeleteOrUpdateEnabledEntitlement",
          "Permission (scope or role) cannot be deleted or updated unless disabled first",
        );
      }
      (await call("PATCH", path, { appRoles: [{ ...role, isEnabled: false }] })).expect(204);
      (await call("PATCH", path, { appRoles: [] })).expect(204);
    });

    it("takes an enabled app role back as it was read, with the origin that Graph adds", async () => {
      const role = {
        id: nobody,
        value: "R",
        displayName: "R",
        description: "R",
        allowedMemberTypes: ["Application"],
      };
      const made = await call("POST", "/applications", { displayName: "same roles", appRoles: [role] });
      const path = `/applications/${made.expect(201).textAt("id")}`;
      const appRoles = (await call("GET", path)).listAt("appRoles");
      assert.equal((appRoles[0] as { origin: string }).origin, "Application");
      (await call("PATCH", path, { appRoles })).expect(204);
    });

    it("404 for writing oauth2RequirePostResponse in v1.0, which beta takes [C]", async () => {
      const json = { oauth2RequirePostResponse: true };
      (await call("PATCH", `/applications/${client.id}`, json)).expectError(
        404,
        "Request_ResourceNotFound",
        notFound(""),
      );
      const beta = `/beta/applications/${client.id}`;
      (await tenant.call("PATCH", beta, { token: admin, json })).expect(204);
      const read = await tenant.call("GET", `${beta}?$select=oauth2RequirePostResponse`, { token: admin });
      assert.equal(read.at("oauth2RequirePostResponse"), true);
    });

    it("400 naming a property that does not exist, is of the wrong type or missing [text U]", async () => {
      (await call("POST", "/applications", { displayName: "x", colour: "red" })).expectError(
        400,
        "Request_BadRequest",
        "Invalid property 'colour'.",
      );
      (await call("PATCH", `/applications/${client.id}`, { web: { homepage: "x" } })).expectError(
        400,
        "Request_BadRequest",
        "Invalid property 'web.homepage'.",
      );
      (await call("PATCH", `/applications/${client.id}`, { tags: "x" })).expectError(
        400,
        "Request_BadRequest",
        /'tags'/,
      );
      (await call("POST", "/applications", { notes: "x" })).expectError(
        400,
        "Request_BadRequest",
        /'displayName'/,
      );
      const broken = { token: admin, bytes: Buffer.from("{") };
      (await tenant.call("POST", "/v1.0/applications", broken)).expectError(400, "BadRequest", /JSON/);
    });
  });

  describe("credentials", () => {
    it("400 for a secret that ends before now, or before it starts [C, causes L]", async () => {
      for (const passwordCredential of [
        { endDateTime: "2026-11-22T00:00:00Z" },
        { startDateTime: "2027-02-01T00:00:00Z", endDateTime: "2027-01-01T00:00:00Z" },
      ]) {
        const answer = await call("POST", `/applications/${client.id}/addPassword`, { passwordCredential });
        answer.expectError(400, "KeyCredentialsInvalidEndDate", "Key credential end date is invalid.");
      }
    });

    it("400 for a secret that starts in the past [C code and text, L status]", async () => {
      const passwordCredential = { startDateTime: "2026-11-01T00:00:00Z" };
      const answer = await call("POST", `/applications/${client.id}/addPassword`, { passwordCredential });
      answer.expectError(400, "KeyCredentialsInvalidStartDate", "Key credential start date is invalid.");
    });

    it("400 for a certificate entry outside the certificate's own dates [C]", async () => {
      const certificate = await testCertificate(
        new Date("2026-11-01T00:00:00Z"),
        new Date("2027-01-01T00:00:00Z"),
      );
      const entry = keyCredential(certificate);
      const path = `/applications/${client.id}`;
      const late = [{ ...entry, endDateTime: "2027-01-02T00:00:00Z" }];
      (await call("PATCH", path, { keyCredentials: late })).expectError(
        400,
        "KeyCredentialsInvalidEndDate",
        "Key credential end date is invalid.",
      );
      const early = [{ ...entry, startDateTime: "2026-10-01T00:00:00Z" }];
      (await call("PATCH", path, { keyCredentials: early })).expectError(
        400,
        "KeyCredentialsInvalidStartDate",
        "Key credential start date is invalid.",
      );
    });

    it("400 for removing a secret that is not there [C text, L status]", async () => {
      (await call("POST", `/applications/${client.id}/removePassword`, { keyId: nobody })).expectError(
        400,
        "Request_BadRequest",
        `No password credential found with keyId '${nobody}'.`,
      );
    });

    it("403 Directory_ResourceSizeExceeded for more credentials than an object can hold [C]", async () => {
      const { id } = await tenant.application("crowded");
      const certificate = await testCertificate(
        new Date("2026-11-01T00:00:00Z"),
        new Date("2028-01-01T00:00:00Z"),
      );
      const keyCredentials = Array.from({ length: 600 }, () => keyCredential(certificate));
      (await call("PATCH", `/applications/${id}`, { keyCredentials })).expectError(
        403,
        "Directory_ResourceSizeExceeded",
        "The size of the object has exceeded its limit. Please reduce the number of values and retry your request.",
      );
    });

    it("400 under a policy that forbids secrets [C code and text, L status] or limits their life [C, L status]", async () => {
      const policy = "/policies/defaultAppManagementPolicy";
      const restrict = (...passwordCredentials: object[]): Promise<TestAnswer> =>
        call("PATCH", policy, { isEnabled: true, applicationRestrictions: { passwordCredentials } });
      const add = (endDateTime: string): Promise<TestAnswer> =>
        call("POST", `/applications/${client.id}/addPassword`, { passwordCredential: { endDateTime } });
      (await restrict({ restrictionType: "passwordAddition" })).expect(204);
      (await add("2027-01-01T00:00:00Z")).expectError(
        400,
        "CredentialTypeNotAllowedAsPerAppPolicy",
        /policy/,
      );
      (await restrict({ restrictionType: "passwordLifetime", maxLifetime: "P90D" })).expect(204);
      const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${guidBytes32}'.`;
      const refused = await add("2027-06-01T00:00:00Z");
      refused.expectError(400, "CredentialInvalidLifetimeAsPerAppPolicy", message);
      assert.deepEqual(refused.at("error", "details", 0), {
        code: "InvalidKeyEndDate",
        message,
        target: "EndDate",
        blockedWord: "",
        prefix: "",
        suffix: "",
      });
      (await add("2027-01-01T00:00:00Z")).expect(200);
      (await call("PATCH", policy, { isEnabled: false })).expect(204);
      (await add("2027-06-01T00:00:00Z")).expect(200);
    });
  });

  it("403 Directory_QuotaExceeded, deleted objects counted [C text, L code and status]", async () => {
    const token = await tenant.pipelineToken();
    const made = (await call("POST", "/applications", { displayName: "one" }, token))
      .expect(201)
      .textAt("id");
    await tenant.running.control("PUT", "settings", { objectQuota: 1 });
    (await call("DELETE", `/applications/${made}`, undefined, token)).expect(204);
    (await call("POST", "/applications", { displayName: "two" }, token)).expectError(
      403,
      "Directory_QuotaExceeded",
      "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase the quota " +
        "limit or delete objects to reduce the used quota.",
    );
    (await call("DELETE", `/directory/deletedItems/${made}`)).expect(204);
    (await call("POST", "/applications", { displayName: "two" }, token)).expect(201);
    (await call("POST", "/applications", { displayName: "of the administrator" })).expect(201);
    await tenant.running.control("PUT", "settings", { objectQuota: 250 });
  });
});
