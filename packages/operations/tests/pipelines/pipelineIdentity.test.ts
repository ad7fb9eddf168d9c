import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { Console } from "../../console/console";
import { publicExchangeAudience } from "dicom-service-client/model";
import { asPipelineIdentity } from "../../pipeline/pipelineIdentity";
import { RestServer } from "./restServer";

const claims = {
  iss: "https://issuer.example",
  sub: "repo:a@1/b@2:environment:dev",
  aud: publicExchangeAudience,
};
const token = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

describe("a pipeline's identity", () => {
  let server: RestServer;
  const asked: string[] = [];
  const notes: string[] = [];

  before(async () => {
    server = await RestServer.start(({ method, path, query, authorization }) => {
      asked.push(`${method} ${path}?${query.toString()} ${authorization}`);
      if (authorization !== "Bearer of the job") return { status: 403 };
      return { json: path === "/oidc" ? { oidcToken: token } : { value: token } };
    });
  });
  beforeEach(() => {
    asked.length = notes.length = 0;
  });
  after(() => server.stop());

  const identity = {
    AZURE_CLIENT_ID: "client",
    AZURE_TENANT_ID: "tenant",
    AZURE_SUBSCRIPTION_ID: "subscription",
  };
  const github = (): NodeJS.ProcessEnv => ({
    ...identity,
    GITHUB_ACTIONS: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/github?v=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of the job",
  });
  const azure = (): NodeJS.ProcessEnv => ({
    TF_BUILD: "True",
    AZURE_SUBSCRIPTION_ID: "subscription",
    AZURESUBSCRIPTION_CLIENT_ID: "client of the task",
    AZURESUBSCRIPTION_TENANT_ID: "tenant",
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
    SYSTEM_OIDCREQUESTURI: `${server.url}/oidc`,
    SYSTEM_ACCESSTOKEN: "of the job",
  });
  const logins: string[] = [];
  const signIn = async <T>(
    env: NodeJS.ProcessEnv,
    use: (env: NodeJS.ProcessEnv) => T,
    audience = publicExchangeAudience,
  ): Promise<T> => {
    const sink = { write: (_text: string, done: () => void): void => done() };
    const stderr = {
      write(text: string, done: () => void): void {
        notes.push(text);
        done();
      },
    };
    return asPipelineIdentity(
      {
        env,
        console: new Console({ stdout: sink, stderr, env: {}, cwd: "/" }),
        audience,
        logIn: (organization, file) => {
          logins.push(`${organization} ${readFileSync(file, "utf8")}`);
          return Promise.resolve();
        },
      },
      (signedIn) => Promise.resolve(use(signedIn)),
    );
  };

  it("on GitHub is what the providers, the backend and the secrets provider read", async () => {
    const found = await signIn(github(), (env) => {
      const { AZURE_FEDERATED_TOKEN_FILE: file = "" } = env;
      assert.equal(readFileSync(file, "utf8"), token);
      assert.equal(statSync(file).mode & 0o077, 0);
      return Object.entries(env)
        .filter(([name]) => /^(ARM|AZURE)_/.test(name) && name !== "AZURE_FEDERATED_TOKEN_FILE")
        .map(([name, value]) => `${name}=${value ?? ""}`)
        .sort();
    });
    assert.deepEqual(found, [
      "ARM_CLIENT_ID=client",
      "ARM_SUBSCRIPTION_ID=subscription",
      "ARM_TENANT_ID=tenant",
      "ARM_USE_OIDC=true",
      "AZURE_CLIENT_ID=client",
      "AZURE_SUBSCRIPTION_ID=subscription",
      "AZURE_TENANT_ID=tenant",
    ]);
    assert.deepEqual(asked, ["GET /github?v=1&audience=api%3A%2F%2FAzureADTokenExchange Bearer of the job"]);
  });

  it("in Azure Pipelines is that of the task's service connection, handed on to both providers", async () => {
    await signIn(azure(), (env) => {
      assert.equal(readFileSync(env["ARM_OIDC_TOKEN_FILE_PATH"] ?? "", "utf8"), token);
      assert.deepEqual(
        [env["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID"], env["ARM_CLIENT_ID"], env["AZURE_TENANT_ID"]],
        ["connection", "client of the task", "tenant"],
      );
    });
    assert.deepEqual(asked, ["POST /oidc?api-version=7.1&serviceConnectionId=connection Bearer of the job"]);
  });

  it("in another cloud asks for its audience, and the providers read the file", async () => {
    const audience = "api://AzureADTokenExchangeUSGov";
    await signIn(
      github(),
      (env) => {
        assert.equal(env["ARM_OIDC_TOKEN_FILE_PATH"], env["AZURE_FEDERATED_TOKEN_FILE"]);
      },
      audience,
    );
    assert.match(asked[0] ?? "", /audience=api%3A%2F%2FAzureADTokenExchangeUSGov /);
  });

  it("says whom Entra has to trust, so that a refusal can be cured, and not the token", async () => {
    await signIn(github(), () => undefined);
    assert.match(
      notes.join(""),
      /application client with a token of the issuer "https:\/\/issuer\.example" for the subject "repo:a@1\/b@2:environment:dev" and the audience "api:\/\/AzureADTokenExchange"/,
    );
    assert.doesNotMatch(notes.join(""), /signature/);
  });

  it("is logged in to Pulumi Cloud first, if an organization is named", async () => {
    await signIn({ ...github(), PULUMI_CLOUD_ORGANIZATION: "contoso" }, () => {
      assert.deepEqual(logins, [`contoso ${token}`]);
    });
    assert.match(asked[1] ?? "", /audience=urn%3Apulumi%3Aorg%3Acontoso /);
  });

  it("on a terminal is whoever is signed in", async () => {
    const env = { HOME: "/home/somebody" };
    assert.equal(await signIn(env, (given) => given), env);
    assert.deepEqual(asked, []);
  });

  it("leaves no token behind, whatever comes of the work", async () => {
    let file = "";
    const fails = signIn(github(), (env) => {
      file = env["AZURE_FEDERATED_TOKEN_FILE"] ?? "";
      throw new Error("of the work");
    });
    await assert.rejects(fails, /of the work/);
    assert.equal(existsSync(file), false);
  });

  for (const [what, env, message] of [
    [
      "an identity",
      () => ({ GITHUB_ACTIONS: "true", AZURE_TENANT_ID: "t" }),
      /Not set: AZURE_CLIENT_ID, AZURE_SUBSCRIPTION_ID\./,
    ],
    [
      "the permission id-token",
      () => ({ ...identity, GITHUB_ACTIONS: "true" }),
      /is not allowed to request a token/,
    ],
    ["a service connection", () => ({ ...identity, TF_BUILD: "True" }), /is not allowed to request a token/],
    [
      "a token",
      () => ({ ...github(), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another" }),
      /provides this job with no token to sign in with/,
    ],
  ] as const) {
    it(`is refused without ${what}, and nothing is done`, async () => {
      await assert.rejects(
        signIn(env(), () => assert.fail("was run")),
        message,
      );
    });
  }
});
