import assert from "node:assert/strict";
import { exchangeAudience, publicExchangeAudience } from "dicom-service-client/model";
import { trustProblems } from "../trust/trustProblems";

const github = "https://token.actions.githubusercontent.com";
const publicLogin = "https://login.microsoftonline.com";
const usGov = "api://AzureADTokenExchangeUSGov";
const china = "api://AzureADTokenExchangeChina";

const rulesOf = (
  issuer: string,
  subject: string,
  audience = publicExchangeAudience,
  login: string | undefined = publicLogin,
): readonly string[] =>
  trustProblems({ issuer, subject, claimsMatchingExpression: "", audiences: [audience] }, login).map(
    ({ rule }) => rule,
  );

describe("what is said of a federated credential", () => {
  for (const place of [
    "environment:dev",
    "ref:refs/heads/main",
    "ref:refs/tags/v1",
    "pull_request",
    "job_workflow_ref:a/b/c@d",
  ]) {
    it(`is nothing of a repository that is named with its ids, and that it is recyclable without: ${place}`, () => {
      assert.deepEqual(rulesOf(github, `repo:contoso@123456/imaging@456789:${place}`), []);
      assert.deepEqual(rulesOf(github, `repo:contoso/imaging:${place}`), ["federated-subject-recyclable"]);
    });
  }

  it("is that ids have to be those of both, and be numbers", () => {
    for (const name of [
      "contoso@1/imaging",
      "contoso/imaging@1",
      "contoso@x/imaging@y",
      "contoso@1/imaging@",
    ]) {
      assert.deepEqual(
        rulesOf(github, `repo:${name}:environment:dev`),
        ["federated-subject-recyclable"],
        name,
      );
    }
  });

  it("is not that of another issuer's subject that looks alike, nor of a template with ids", () => {
    assert.deepEqual(
      rulesOf("https://github.example/_services/token", "repo:contoso/imaging:environment:dev"),
      [],
    );
    assert.deepEqual(rulesOf(github, "repository_id:456789:environment:dev"), []);
    assert.deepEqual(rulesOf(github, "repository_owner_id:123456:repository:contoso/imaging"), []);
  });

  it("is the same of a template or an enterprise's issuer that knows names alone", () => {
    for (const [issuer, subject] of [
      [github, "repository_owner:contoso:environment:dev"],
      [`${github}/octo-enterprise`, "repo:contoso/imaging:environment:dev"],
    ] as const) {
      assert.deepEqual(rulesOf(issuer, subject), ["federated-subject-recyclable"], subject);
    }
  });

  it("is that a * is a letter, whoever the issuer is", () => {
    for (const [issuer, subject] of [
      [github, "repo:contoso@1/imaging@2:*"],
      [github, "repo:contoso/*:environment:dev"],
      ["https://oidc.example", "system:serviceaccount:imaging:*"],
    ] as const) {
      assert.deepEqual(rulesOf(issuer, subject), ["federated-subject-wildcard"], subject);
    }
  });

  it("is that Azure DevOps' former issuer retires, and nothing of the one of Entra", () => {
    const connection = "sc://contoso/imaging/deploy";
    assert.deepEqual(
      rulesOf("https://vstoken.dev.azure.com/00000000-0000-0000-0000-000000000001", connection),
      ["federated-issuer-retiring"],
    );
    assert.deepEqual(rulesOf("https://vstoken.dev.azure.com.example/1", connection), []);
    assert.deepEqual(
      rulesOf(`${publicLogin}/00000000-0000-0000-0000-000000000001/v2.0`, "/eid1/c/pub/t/a/a/b/sc/1/2"),
      [],
    );
  });

  it("is that an audience is another cloud's, and nothing of one that was chosen on purpose", () => {
    const clouds = [
      [publicLogin, publicExchangeAudience],
      ["https://login.microsoftonline.us", usGov],
      ["https://login.partner.microsoftonline.cn", china],
    ] as const;
    for (const [login, own] of clouds) {
      assert.equal(exchangeAudience(login), own);
      for (const [, audience] of clouds) {
        const expected = audience === own ? [] : ["federated-audience-of-other-cloud"];
        assert.deepEqual(rulesOf("https://oidc.example", "workload", audience, login), expected);
      }
      assert.deepEqual(rulesOf("https://oidc.example", "workload", "api://our-own", login), []);
    }
    assert.deepEqual(
      trustProblems(
        {
          issuer: "https://oidc.example",
          subject: "a",
          claimsMatchingExpression: "",
          audiences: [usGov],
        },
        undefined,
      ),
      [],
    );
  });

  const repository = "claims['repository_id'] eq '2'";
  const owner = "claims['repository_owner_id'] eq '1'";
  const workflow = "claims['job_workflow_ref'] eq 'contoso/ci/.github/workflows/deploy.yml@refs/heads/main'";
  for (const [rule, issuer, expression] of [
    [undefined, github, `claims['sub'] matches 'repo:contoso@1/pacs@2:ref:refs/heads/*' and ${repository}`],
    [undefined, github, `claims['sub'] matches 'repo:contoso/pacs:environment:*' and ${owner}`],
    [undefined, github, `claims['sub'] matches 'repo:contoso@1/*:environment:prod' and ${repository}`],
    [undefined, github, `claims['sub'] eq 'repo:contoso/pacs:pull_request' and ${repository}`],
    [undefined, github, `claims['sub'] matches 'repo:contoso@1/pacs@2:*' and ${workflow} and ${repository}`],
    ["other repositories", github, `claims['sub'] matches 'repo:contoso@1/*' and ${owner}`],
    [
      "other repositories",
      github,
      `claims['sub'] matches 'repo:contoso@1/pacs@?:environment:prod' and ${owner}`,
    ],
    ["other repositories", github, `claims['sub'] matches '*' and ${owner} and ${workflow}`],
    ["pull requests", github, `claims['sub'] matches 'repo:contoso@1/pacs@2:*' and ${repository}`],
    ["pull requests", github, `claims['sub'] matches '*' and ${repository}`],
    ["pull requests", github, `claims['sub'] matches 'repo:contoso@1/pacs@2:pull?request' and ${owner}`],
    [
      undefined,
      "https://app.terraform.io",
      "claims['sub'] matches 'organization:contoso:project:imaging:workspace:*'",
    ],
    [
      "other repositories or organizations",
      "https://app.terraform.io",
      "claims['sub'] matches 'organization:*'",
    ],
    [
      undefined,
      "https://gitlab.com",
      "claims['sub'] matches 'project_path:*' and claims['project_id'] eq '3'",
    ],
  ] as const) {
    it(`is ${rule === undefined ? "nothing" : `that it reaches ${rule}`}: ${expression}`, () => {
      const problems = trustProblems(
        { issuer, subject: "", claimsMatchingExpression: expression, audiences: [] },
        undefined,
      );
      assert.deepEqual(
        problems.map((one) => one.rule),
        rule === undefined ? [] : ["federated-claims-broad"],
      );
      assert.ok(rule === undefined || problems[0]?.detail.includes(rule));
    });
  }
});
