import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import { PluginFixture } from "./pluginFixture";
import { recordedCaller, recordedPart, type RecordedRequest } from "./recording";
import { accessToken } from "./replayServer";

const [metadata, tokenRequest] = recordedPart("01-up", [0, 1]) as [RecordedRequest, RecordedRequest];

type Environment = Readonly<Record<string, string | undefined>>;

describe("stand-in: signing in", () => {
  const fixtures: PluginFixture[] = [];

  async function start(
    provider: "azuread" | "azure-native",
    environment: Environment = {},
  ): Promise<PluginFixture> {
    const fixture = await PluginFixture.start(provider, { environment });
    fixtures.push(fixture);
    return fixture;
  }

  afterEach(async () => {
    for (const fixture of fixtures.splice(0)) await fixture.stop();
  });

  async function refusalOf(fixture: PluginFixture): Promise<string> {
    try {
      await fixture.engine.configure();
    } catch (error) {
      return (error as ServiceError).details;
    }
    throw new Error("signed in");
  }

  const incomplete: readonly [string, Environment, RegExp][] = [
    ["a client id", { ARM_CLIENT_ID: undefined }, /no client id is configured \(clientId or ARM_CLIENT_ID\)/],
    ["a tenant id", { ARM_TENANT_ID: undefined }, /no tenant id is configured \(tenantId or ARM_TENANT_ID\)/],
    [
      "a credential",
      { ARM_CLIENT_SECRET: undefined },
      /neither a client secret \(clientSecret or ARM_CLIENT_SECRET\) nor, .+ an OIDC token/,
    ],
    [
      "a credential that it can use",
      { ARM_CLIENT_CERTIFICATE_PATH: "client.pfx" },
      /does not sign in with a client certificate; install the real plugin/,
    ],
  ];

  for (const [what, environment, message] of incomplete) {
    it(`wants ${what}`, async () => {
      const fixture = await start("azuread", environment);
      const details = await refusalOf(fixture);
      assert.match(details, /^failed to load application credentials:\nDetails: /);
      assert.match(details, message);
      fixture.directory.verify();
    });
  }

  it("finds incomplete settings before it is configured with them, unless some are not known yet", async () => {
    const { engine, directory } = await start("azuread", { ARM_CLIENT_SECRET: undefined });
    await assert.rejects(engine.checkConfig({}), /failed to load application credentials/);
    await engine.checkConfig({ clientSecret: "of this test" });
    directory.verify();
  });

  for (const host of ["management.azure.com", "127.0.0.1.example.org:443"]) {
    it(`never leaves the machine, not for ${host}`, async () => {
      const fixture = await start("azuread", { ARM_METADATA_HOSTNAME: host });
      assert.match(
        await refusalOf(fixture),
        new RegExp(`works on the sandbox tenant only, and "${host}" is not on this machine`),
      );
    });
  }

  it("wants to be told where the tenant is", async () => {
    const fixture = await start("azure-native", { ARM_METADATA_HOSTNAME: undefined });
    assert.match(await refusalOf(fixture), /set ARM_METADATA_HOSTNAME, or install the real plugin/);
  });

  it("prefers the program's settings to the environment", async () => {
    const { engine, directory } = await start("azuread", { ARM_CLIENT_ID: "not this one" });
    directory.expect(metadata, tokenRequest);
    await engine.configure({ "azuread:config:clientId": recordedCaller.clientId });
    directory.verify();
  });

  it("sends an OIDC token in place of a secret", async () => {
    const { engine, directory } = await start("azuread", {
      ARM_CLIENT_SECRET: undefined,
      ARM_USE_OIDC: "true",
      ARM_OIDC_TOKEN: "the pipeline's token",
    });
    directory.expect(metadata, { ...tokenRequest, body: assertionBody("the pipeline's token") });
    await engine.configure();
    directory.verify();
  });

  it("fetches GitHub's token before it signs in", async () => {
    const fixture = await start("azuread", { ARM_CLIENT_SECRET: undefined, ARM_USE_OIDC: "true" });
    const { engine, directory } = fixture;
    directory.expect(metadata);
    directory.expectRequest("GET", "/oidc?run=7&audience=api%3A%2F%2FAzureADTokenExchange", null, {
      status: 200,
      json: { value: "GitHub's token" },
    });
    directory.expect({ ...tokenRequest, body: assertionBody("GitHub's token") });
    await engine.configure({
      oidcRequestUrl: `${directory.url}/oidc?run=7`,
      oidcRequestToken: "the runner's",
    });
    assert.equal(directory.received[1]?.headers["authorization"], "Bearer the runner's");
    directory.verify();
  });

  it("fetches Azure Pipelines' token before it signs in", async () => {
    const fixture = await start("azuread", { ARM_CLIENT_SECRET: undefined, ARM_USE_OIDC: "true" });
    const { engine, directory } = fixture;
    directory.expect(metadata);
    const query = "api-version=7.1&serviceConnectionId=connection&audience=api%3A%2F%2FAzureADTokenExchange";
    directory.expectRequest("POST", `/oidc?${query}`, null, {
      status: 200,
      json: { oidcToken: "the pipeline's token" },
    });
    directory.expect({ ...tokenRequest, body: assertionBody("the pipeline's token") });
    await engine.configure({
      oidcRequestUrl: `${directory.url}/oidc`,
      oidcRequestToken: "the job's",
      adoPipelineServiceConnectionId: "connection",
    });
    directory.verify();
  });

  function assertionBody(token: string): Record<string, string> {
    return {
      client_assertion: token,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_id: recordedCaller.clientId,
      grant_type: "client_credentials",
      scope: "{base}/.default",
    };
  }

  it("passes on why it was refused, without the secret", async () => {
    const fixture = await start("azuread");
    const error = {
      error: "invalid_client",
      error_description: "AADSTS7000215: Invalid client secret provided.",
    };
    fixture.directory.expect(metadata, { ...tokenRequest, status: 401, response: error });
    assert.equal(
      await refusalOf(fixture),
      `clientCredentialsToken: received HTTP status 401 with response: ${JSON.stringify(error)}`,
    );
    fixture.directory.verify();
  });

  it("tries again when the login service is out of order", async () => {
    const { engine, directory, waits } = await start("azuread");
    directory.expect(metadata, { ...tokenRequest, status: 503, response: {} }, tokenRequest);
    await engine.configure();
    assert.deepEqual(waits, [1000]);
    directory.verify();
  });

  it("says so when there is no tenant at the address", async () => {
    const fixture = await start("azuread", { ARM_METADATA_HOSTNAME: "127.0.0.1:1" });
    assert.match(
      await refusalOf(fixture),
      /^retrieving environments from Azure MetaData service: performing request: .*ECONNREFUSED/,
    );
  });

  it("cannot do without the caller's object id", async () => {
    const fixture = await start("azuread");
    const response = { access_token: accessToken({ tid: recordedCaller.tenantId }), expires_in: 3599 };
    fixture.directory.expect(metadata, { ...tokenRequest, response });
    assert.match(await refusalOf(fixture), /no object id \(oid\)/);
  });

  it("renews a token that is about to end, with the next request", async () => {
    const { engine, directory } = await start("azuread");
    const short = { ...(tokenRequest.response as object), expires_in: 1199 };
    directory.expect(metadata, { ...tokenRequest, response: short });
    await engine.configure();
    directory.expect(tokenRequest, ...recordedPart("02-preview", 4, 8));
    const byClientId = { clientId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33" };
    await engine.invoke("azuread:index/getServicePrincipal:getServicePrincipal", byClientId);
    directory.verify();
  });

  it("signs in to Resource Manager with the first request that needs it", async () => {
    const { engine, directory } = await start("azure-native");
    directory.expect(metadata);
    await engine.configure();
    directory.verify();
    directory.expect(tokenRequest);
    assert.deepEqual(await engine.invoke("azure-native:authorization:getClientConfig", {}), {
      clientId: recordedCaller.clientId,
      objectId: recordedCaller.objectId,
      subscriptionId: directory.environment["ARM_SUBSCRIPTION_ID"],
      tenantId: recordedCaller.tenantId,
    });
    directory.verify();
  });

  it("wants a subscription for azure-native", async () => {
    const fixture = await start("azure-native", { ARM_SUBSCRIPTION_ID: undefined });
    assert.equal(
      await refusalOf(fixture),
      "A Subscription ID must be configured when authenticating as a Service Principal using a Client Secret.",
    );
  });
});
