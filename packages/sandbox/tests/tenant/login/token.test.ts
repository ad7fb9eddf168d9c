import assert from "node:assert/strict";
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { seed } from "../../../tenant/seed";
import { resources, type TestApplication, TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";

/* Marks in titles: C confirmed, L likely, U unknown; two marks are for text and for status. */
describe("Token endpoint: client secrets", () => {
  let tenant: TestTenant;
  let client: TestApplication;

  before(async () => {
    tenant = await TestTenant.start();
    client = await tenant.application("client");
  });
  after(() => tenant.stop());

  const ask = (
    changes: Readonly<Record<string, string>> = {},
    address: string = seed.tenantId,
  ): Promise<TestAnswer> =>
    tenant.tokenRequest(
      {
        grant_type: "client_credentials",
        client_id: client.appId,
        client_secret: client.secret,
        scope: `${resources.dicom}/.default`,
        ...changes,
      },
      address,
    );
  const expectRefusal = (
    answer: TestAnswer,
    status: number,
    error: string,
    number: number,
    text: string,
  ): void => {
    answer.expect(status);
    assert.equal(answer.at("error"), error);
    assert.deepEqual(answer.at("error_codes"), [number]);
    const description = answer.textAt("error_description");
    assert.ok(description.startsWith(`AADSTS${String(number)}: ${text} Trace ID: `), description);
  };
  const hint =
    "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in " +
    "the tenant.";

  it("signs tokens that the published keys verify, with the claims of an application's v1.0 token", async () => {
    const answer = (await ask()).expect(200);
    assert.equal(answer.at("token_type"), "Bearer");
    assert.equal(answer.at("expires_in"), 3599);
    const configuration = await tenant.call("GET", `/${seed.tenantId}/v2.0/.well-known/openid-configuration`);
    const keys = createRemoteJWKSet(new URL(configuration.textAt("jwks_uri")), {
      [customFetch]: async (url: string) => {
        const { body } = await tenant.call("GET", new URL(url).pathname);
        return new Response(body, { status: 200 });
      },
    });
    const token = answer.textAt("access_token");
    const { payload } = await jwtVerify(token, keys, {
      audience: resources.dicom,
      currentDate: tenant.clock.now(),
    });
    assert.equal(decodeProtectedHeader(token).alg, "RS256");
    const { uti, ...claims } = payload;
    assert.equal(typeof uti, "string");
    const now = tenant.clock.now().getTime() / 1000;
    assert.deepEqual(claims, {
      aud: resources.dicom,
      iss: `https://sts.windows.net/${seed.tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + 3599,
      appid: client.appId,
      appidacr: "1",
      app_displayname: "client",
      idp: `https://sts.windows.net/${seed.tenantId}/`,
      idtyp: "app",
      oid: client.servicePrincipalId,
      sub: client.servicePrincipalId,
      tid: seed.tenantId,
      ver: "1.0",
    });
  });

  it("issues a v2.0 token for an API that asks for it, with its client id as audience", async () => {
    const api = await tenant.application("api");
    const json = { api: { requestedAccessTokenVersion: 2 }, identifierUris: ["api://version-two"] };
    const token = await tenant.adminToken();
    (await tenant.call("PATCH", `/v1.0/applications/${api.id}`, { token, json })).expect(204);
    const answer = (await ask({ scope: "api://version-two/.default" })).expect(200);
    const claims = JSON.parse(
      Buffer.from(answer.textAt("access_token").split(".")[1] ?? "", "base64url").toString(),
    ) as Record<string, unknown>;
    assert.equal(claims.aud, api.appId);
    assert.equal(claims.ver, "2.0");
    assert.equal(claims.azp, client.appId);
    assert.equal(claims.iss, `${tenant.url}/${seed.tenantId}/v2.0`);
  });

  it("issues a token without roles to a client that holds none [C]", async () => {
    (await ask({ scope: `${resources.graph}/.default` })).expect(200);
  });

  it("describes every refusal in Entra's envelope [C]", async () => {
    const answer = await ask({ client_secret: "wrong" });
    const { error_description, trace_id, ...rest } = answer.json as Record<string, unknown>;
    assert.match(String(error_description), /Timestamp: 2026-11-23 02:01:45Z$/);
    assert.match(String(trace_id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      error: "invalid_client",
      error_codes: [7000215],
      timestamp: "2026-11-23 02:01:45Z",
      correlation_id: answer.at("correlation_id"),
      error_uri: "https://login.microsoftonline.com/error?code=7000215",
    });
  });

  it("7000215 for a wrong secret, the secret's id included [C]", async () => {
    for (const secret of ["wrong", "99999999-9999-4999-8999-999999999999"]) {
      expectRefusal(
        await ask({ client_secret: secret }),
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client " +
          `secret ID, for a secret added to app '${client.appId}'.`,
      );
    }
  });

  it("7000222 for a secret past its end [C]", async () => {
    const other = await tenant.application("expiring");
    tenant.clock.advance(2 * 366 * 86_400);
    expectRefusal(
      await ask({ client_id: other.appId, client_secret: other.secret }),
      401,
      "invalid_client",
      7000222,
      `The provided client secret keys for app '${other.appId}' are expired. Visit the Azure portal to create new keys for your app: ` +
        "https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    );
    client = await tenant.application("renewed");
  });

  it("7000215 again once a secret is removed: a removed one is not an expired one", async () => {
    const other = await tenant.application("removed");
    const token = await tenant.adminToken();
    const listed = await tenant.call("GET", `/v1.0/applications/${other.id}`, { token });
    const json = { keyId: listed.at("passwordCredentials", 0, "keyId") };
    (await tenant.call("POST", `/v1.0/applications/${other.id}/removePassword`, { token, json })).expect(204);
    const answer = await ask({ client_id: other.appId, client_secret: other.secret });
    assert.deepEqual(answer.expect(401).at("error_codes"), [7000215]);
  });

  it("700016 for an unknown or soft-deleted application, or one without a service principal [C, L status]", async () => {
    const token = await tenant.adminToken();
    const deleted = await tenant.application("deleted");
    (await tenant.call("DELETE", `/v1.0/applications/${deleted.id}`, { token })).expect(204);
    const bare = await tenant.call("POST", "/v1.0/applications", { token, json: { displayName: "bare" } });
    for (const appId of ["99999999-9999-4999-8999-999999999999", deleted.appId, bare.textAt("appId")]) {
      expectRefusal(
        await ask({ client_id: appId }),
        400,
        "unauthorized_client",
        700016,
        `Application with identifier '${appId}' was not found in the directory 'Sandbox'. ${hint} ` +
          "You may have sent your authentication request to the wrong tenant.",
      );
    }
  });

  it("500011 for an API that the tenant does not know [C, L status]", async () => {
    expectRefusal(
      await ask({ scope: "https://nowhere.example/.default" }),
      400,
      "invalid_resource",
      500011,
      `The resource principal named https://nowhere.example was not found in the tenant named Sandbox. ${hint} ` +
        "You might have sent your authentication request to the wrong tenant.",
    );
  });

  it("90002 for an unknown tenant: invalid_request at the token endpoint [C text, L error], invalid_tenant in discovery [C]", async () => {
    const text =
      "Tenant 'elsewhere.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. " +
      "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.";
    expectRefusal(await ask({}, "elsewhere.example"), 400, "invalid_request", 90002, text);
    const discovery = await tenant.call("GET", "/elsewhere.example/v2.0/.well-known/openid-configuration");
    expectRefusal(discovery, 400, "invalid_tenant", 90002, text);
  });

  it("501051 when the API demands an assignment that the client lacks [C for the old number, L]", async () => {
    const api = await tenant.application("strict");
    const token = await tenant.adminToken();
    const path = `/v1.0/servicePrincipals/${api.servicePrincipalId}`;
    const json = { appRoleAssignmentRequired: true };
    (await tenant.call("PATCH", path, { token, json })).expect(204);
    expectRefusal(
      await ask({ scope: `${api.appId}/.default` }),
      400,
      "invalid_grant",
      501051,
      `Application '${client.appId}'(renewed) is not assigned to a role for the application '${api.appId}'(strict).`,
    );
    const assignment = {
      principalId: client.servicePrincipalId,
      resourceId: api.servicePrincipalId,
      appRoleId: "00000000-0000-0000-0000-000000000000",
    };
    (await tenant.call("POST", `${path}/appRoleAssignedTo`, { token, json: assignment })).expect(201);
    (await ask({ scope: `${api.appId}/.default` })).expect(200);
  });

  it("takes the scopes of OpenID Connect that Microsoft's library for Go adds", async () => {
    const scope = `${resources.storage}/.default openid offline_access profile`;
    const token = (await ask({ scope })).expect(200).textAt("access_token");
    assert.equal(decodeJwt(token).aud, resources.storage);
  });

  it("refuses a disabled service principal, other grants, missing and unknown parameters, and a scope without /.default", async () => {
    const token = await tenant.adminToken();
    const off = await tenant.application("off");
    const json = { accountEnabled: false };
    const path = `/v1.0/servicePrincipals/${off.servicePrincipalId}`;
    (await tenant.call("PATCH", path, { token, json })).expect(204);
    assert.deepEqual(
      (await ask({ client_id: off.appId, client_secret: off.secret })).expect(400).at("error_codes"),
      [7000112],
    );
    assert.match((await ask({ grant_type: "password" })).expect(501).body, /the grant type 'password'/);
    assert.equal((await ask({ grant_type: "magic" })).expect(400).at("error"), "unsupported_grant_type");
    assert.equal((await ask({ scope: "" })).expect(400).at("error"), "invalid_request");
    assert.equal((await ask({ scope: resources.dicom })).expect(400).at("error"), "invalid_scope");
    assert.match((await ask({ resource: "x" })).expect(501).body, /the parameter 'resource'/);
    const form = {
      grant_type: "client_credentials",
      client_id: client.appId,
      scope: `${resources.dicom}/.default`,
    };
    assert.deepEqual((await tenant.tokenRequest(form)).expect(401).at("error_codes"), [7000216]);
  });

  it("keeps secrets and tokens out of the request log", async () => {
    const answer = (await ask()).expect(200);
    const logged = JSON.stringify(tenant.running.requests());
    assert.ok(!logged.includes(client.secret));
    assert.ok(!logged.includes(answer.textAt("access_token")));
    const last = tenant.running.requests().at(-1);
    assert.equal((last?.body as Record<string, string>).client_secret, "<secret>");
    assert.equal((last?.response as Record<string, string>).access_token, "<jwt>");
  });
});
