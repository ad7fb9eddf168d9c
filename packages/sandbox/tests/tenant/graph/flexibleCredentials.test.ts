import assert from "node:assert/strict";
import type { TestAnswer } from "lab";
import { HttpClient } from "../../../standIn/http/httpClient";
import { TestTenant } from "../support/testTenant";

const github = "https://token.actions.githubusercontent.com";
const sub = "claims['sub'] matches 'repo:contoso@1/pacs@2:ref:refs/heads/*'";
const expression = `${sub} and claims['repository_id'] eq '2'`;
const audiences = ["api://AzureADTokenExchange"];

/** A credential that Graph takes in beta. */
const flexible = (value: string, issuer = github, name = "flexible"): Readonly<Record<string, unknown>> => ({
  name,
  issuer,
  audiences,
  claimsMatchingExpression: { value, languageVersion: 1 },
});

describe("flexible federated credentials in Graph", () => {
  let tenant: TestTenant;
  let admin: string;
  let http: HttpClient;
  let id: string;

  before(async () => {
    tenant = await TestTenant.start();
    http = new HttpClient(tenant.running.caFile);
    admin = await tenant.adminToken();
  });
  beforeEach(async () => {
    ({ id } = await tenant.application("flexible"));
  });
  after(async () => {
    http.close();
    await tenant.stop();
  });

  const call = (version: string, method: string, path = "", json?: unknown): Promise<TestAnswer> =>
    tenant.call(method, `/${version}/applications/${id}/federatedIdentityCredentials${path}`, {
      token: admin,
      ...(json === undefined ? {} : { json }),
    });

  it("are taken, listed, changed and deleted in beta", async () => {
    const made = (await call("beta", "POST", "", flexible(expression))).expect(201);
    assert.deepEqual([made.at("subject"), made.at("claimsMatchingExpression", "value")], [null, expression]);
    const path = `/${made.textAt("id")}`;
    const other = expression.replace("heads", "tags");
    const change = { claimsMatchingExpression: { value: other, languageVersion: 1 } };
    (await call("beta", "PATCH", path, change)).expect(204);
    const listed = (await call("beta", "GET")).expect(200);
    assert.equal(listed.at("value", 0, "claimsMatchingExpression", "value"), other);
    (await call("beta", "DELETE", path)).expect(204);
    (await call("beta", "GET", path)).expect(404);
  });

  it("are unknown to v1.0, which wants a subject and breaks off what shows one [L, azure-workload-identity#373]", async () => {
    (await call("v1.0", "POST", "", flexible(expression))).expectError(
      400,
      "Request_BadRequest",
      /Invalid property 'claimsMatchingExpression'/,
    );
    (await call("v1.0", "POST", "", { name: "none", issuer: github, audiences })).expectError(
      400,
      "Request_BadRequest",
      /value is required for property 'subject'/,
    );
    const plain = { name: "plain", issuer: github, subject: "repo:contoso/pacs", audiences };
    (await call("beta", "POST", "", plain)).expect(201);
    assert.equal((await call("v1.0", "GET")).expect(200).at("value", 0, "subject"), plain.subject);
    const made = (await call("beta", "POST", "", flexible(expression))).expect(201);
    for (const path of ["", `/${made.textAt("id")}`]) {
      const { status, body } = await http.send(
        {
          method: "GET",
          url: `${tenant.url}/v1.0/applications/${id}/federatedIdentityCredentials${path}`,
          headers: { authorization: `Bearer ${admin}` },
        },
        AbortSignal.timeout(10_000),
      );
      assert.equal(status, 200);
      assert.throws(() => JSON.parse(body));
      assert.match(
        body,
        /"name":"flexible","issuer":"https:\/\/token\.actions\.githubusercontent\.com"\{"error":\{"code":"InternalServerError","message":"The property 'subject\[Nullable=False\]' of type 'Edm\.String' has a null value, which is not allowed\."/,
      );
    }
  });

  const gitlab = "claims['sub'] matches 'project_path:contoso/pacs:*'";
  for (const [what, issuer, value] of [
    ["another issuer", "https://issuer.example", expression],
    ["a GitHub of one's own", "https://github.contoso.com", expression],
    ["GitHub without an id", github, sub],
    ["GitHub without sub", github, "claims['repository_id'] eq '2'"],
    ["another claim of GitHub's", github, `${expression} and claims['ref'] eq 'refs/heads/main'`],
    [
      "a claim that is called as a property of objects",
      github,
      `${expression} and claims['constructor'] eq 'x'`,
    ],
    ["a pattern of ids", github, `${sub} and claims['repository_id'] matches '2*'`],
    ["GitLab without project_id", "https://gitlab.com", gitlab],
    [
      "a GitLab under another domain",
      "https://gitlab.contoso.de",
      `${gitlab} and claims['project_id'] eq '3'`,
    ],
    ["another claim of Terraform's", "https://app.terraform.io", "claims['organization'] eq 'contoso'"],
    ["other blanks", github, expression.replace(" and ", "  and ")],
    ["no expression", github, "sub == 'x'"],
  ] as const) {
    it(`are refused with Entra's text for ${what} [L, git-bug#1584]`, async () => {
      (await call("beta", "POST", "", flexible(value, issuer))).expectError(
        400,
        "InvalidFederatedIdentityCredentialValue",
        /^The FederatedIdentityCredential\.ClaimsMatchingExpression\.Value is invalid\. Rule exception: Expression configured for issuer '.*' either lacks all required claims or contains unallowed claims\. paramName: /,
      );
    });
  }

  it("are taken for GitLab and HCP Terraform", async () => {
    for (const [name, issuer, value] of [
      ["gitlab", "https://gitlab.com", `${gitlab} and claims['project_id'] eq '3'`],
      ["own-gitlab", "https://gitlab.contoso.ca", `${gitlab} and claims['project_id'] eq '3'`],
      ["terraform", "https://app.eu.terraform.io", "claims['sub'] matches 'organization:contoso:*'"],
    ] as const) {
      (await call("beta", "POST", "", flexible(value, issuer, name))).expect(201);
    }
  });

  it("have no subject besides, and only the language that there is", async () => {
    (await call("beta", "POST", "", { ...flexible(expression), subject: "x" })).expect(400);
    const claimsMatchingExpression = { value: expression, languageVersion: 2 };
    (await call("beta", "POST", "", { ...flexible(""), claimsMatchingExpression })).expect(400);
  });

  it("share names and number with the others", async () => {
    (await call("beta", "POST", "", { name: "flexible", issuer: github, subject: "x", audiences })).expect(
      201,
    );
    (await call("beta", "POST", "", flexible(expression))).expect(409);
  });
});
