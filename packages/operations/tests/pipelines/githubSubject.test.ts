import assert from "node:assert/strict";
import { OperationError } from "../../operationError";
import { githubSubject } from "../../trust/githubSubject";
import { ToolMissing, toolRunner, type RunTool } from "../../trust/toolRun";

/** `gh api`, answering one document. */
function answering(document: unknown, code = 0): RunTool {
  return (program, args) => {
    assert.deepEqual(
      [program, ...args],
      ["gh", "api", "--hostname", "github.com", "repos/contoso/imaging/actions/oidc/customization/sub"],
    );
    return Promise.resolve({
      code,
      stdout: JSON.stringify(document),
      stderr: code === 0 ? "" : "gh: Not Found (HTTP 404)",
    });
  };
}

async function cureOf(asking: Promise<unknown>): Promise<string> {
  const error = await asking.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof OperationError, String(error));
  return `${error.message}\n${error.explanation.cause ?? ""}\n${error.explanation.cure ?? ""}`;
}

describe("the subject of a repository's jobs on GitHub", () => {
  it("has the ids of owner and repository where GitHub says so", async () => {
    const prefix = "repo:contoso@123456/imaging@456789";
    for (const use_immutable_subject of [true, false]) {
      // Both have been seen beside such a prefix; the prefix is what tokens have.
      const document = { use_default: true, use_immutable_subject, sub_claim_prefix: prefix };
      assert.deepEqual(await githubSubject("contoso/imaging", "dev", answering(document)), {
        subject: `${prefix}:environment:dev`,
        isRecyclable: false,
      });
    }
  });

  it("has names alone in an older repository, which is said to be recyclable", async () => {
    const document = {
      use_default: true,
      use_immutable_subject: false,
      sub_claim_prefix: "repo:contoso/imaging",
    };
    assert.deepEqual(await githubSubject("contoso/imaging", "a:b", answering(document)), {
      subject: "repo:contoso/imaging:environment:a%3Ab",
      isRecyclable: true,
    });
  });

  for (const [what, document] of [
    [
      "a template of its own",
      {
        use_default: false,
        include_claim_keys: ["repo", "context"],
        sub_claim_prefix: "repo:contoso/imaging",
      },
    ],
    ["no prefix", { use_default: true }],
    ["another prefix", { use_default: true, sub_claim_prefix: "repository_id:1" }],
    ["nothing that is known", []],
  ] as const) {
    it(`is asked for when GitHub tells ${what}: a guess would be refused, or trust somebody else`, async () => {
      const said = await cureOf(githubSubject("contoso/imaging", "dev", answering(document)));
      assert.match(said, /run a job in the environment dev/);
      assert.match(said, /--issuer https:\/\/token\.actions\.githubusercontent\.com --subject/);
    });
  }

  it("can be asked for without gh, by a request that is printed", async () => {
    const missing: RunTool = () => Promise.reject(new ToolMissing("gh is not installed."));
    for (const asking of [
      githubSubject("contoso/imaging", "dev", missing),
      githubSubject("contoso/imaging", "dev", answering({}, 1)),
    ]) {
      assert.match(
        await cureOf(asking),
        /curl --header "Authorization: Bearer \$GITHUB_TOKEN" https:\/\/api\.github\.com\/repos\/contoso\/imaging\/actions\/oidc\/customization\/sub/,
      );
    }
  });

  it("is asked for where the answer is no JSON, as of a proxy that asks for a sign-in", async () => {
    const run: RunTool = () => Promise.resolve({ code: 0, stdout: "<html>Sign in</html>", stderr: "" });
    assert.match(await cureOf(githubSubject("contoso/imaging", "dev", run)), /it answers "<html>Sign in/);
  });

  it("is printed so that a shell takes it for what it is, whatever the environment is called", async () => {
    const missing: RunTool = () => Promise.reject(new ToolMissing("gh is not installed."));
    assert.match(
      await cureOf(githubSubject("contoso/imaging", "it's $(hostname): a", missing)),
      /--subject '<sub_claim_prefix>:environment:it'\\''s \$\(hostname\)%3A a'/,
    );
  });

  it("is not asked for what is no repository", async () => {
    for (const wrong of ["imaging", "a/b/c", "a/b?c", "https://github.com/a/b", ""]) {
      assert.match(
        await cureOf(githubSubject(wrong, "dev", () => assert.fail("asked"))),
        /not a GitHub repository/,
      );
    }
  });

  it("is known to be missing a program by its name", async () => {
    const run = toolRunner({ PATH: "" });
    await assert.rejects(run("gh", ["api"]), ToolMissing);
  });
});
