import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { knownTasks } from "./azureJob";
import { azureFolder, azureFunctions, readAzurePipeline, stepsOf, type AzureJob } from "./azurePipeline";
import { assertKnownCommands } from "./knownCommands";
import { evaluate } from "./githubExpression";

/**
 * Keys by the thing that has them, as the YAML schema reference of Azure Pipelines lists them, as far as they are used here:
 * https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/ .
 */
const keys = {
  pipeline: ["trigger", "pr", "schedules", "pool", "variables", "lockBehavior", "stages"],
  stage: ["stage", "displayName", "dependsOn", "condition", "jobs"],
  job: ["job", "displayName", "timeoutInMinutes", "steps"],
  deployment: ["deployment", "displayName", "timeoutInMinutes", "environment", "strategy"],
  step: [
    ["checkout", "persistCredentials"],
    ["task", "name", "displayName", "condition", "inputs", "env"],
    ["bash", "name", "displayName", "condition", "env"],
    ["publish", "displayName", "artifact"],
  ],
} as const;

const pipelines = readdirSync(azureFolder).filter((name) => name.endsWith(".yml"));

function only(thing: object, known: readonly string[]): void {
  for (const key of Object.keys(thing)) assert.ok(known.includes(key), `unknown key ${key}`);
}

describe("the pipelines for Azure Pipelines", () => {
  it("are the three that the guide describes", () => {
    assert.deepEqual(pipelines.sort(), ["deploy.yml", "pull-request.yml", "watch.yml"]);
  });

  for (const file of pipelines) {
    for (const given of file === "pull-request.yml"
      ? [{}]
      : [{}, { [file === "deploy.yml" ? "rotationOnly" : "applyRotations"]: true }]) {
      describe(`${file} with ${JSON.stringify(given)}`, () => {
        it("has known keys only, at every level", async () => {
          const pipeline = await readAzurePipeline(file, given);
          only(pipeline, keys.pipeline);
          for (const stage of pipeline.stages) {
            only(stage, keys.stage);
            for (const job of stage.jobs) {
              only(job, job.job === undefined ? keys.deployment : keys.job);
              for (const step of stepsOf(job)) {
                const [kind = ""] = Object.keys(step);
                only(
                  step,
                  keys.step.find(([first]) => first === kind) ?? assert.fail(`unknown step ${kind}`),
                );
              }
            }
          }
        });

        it("names stages and jobs that Azure Pipelines accepts, each once, after stages that are there", async () => {
          const { stages } = await readAzurePipeline(file, given);
          const names = stages.map(({ stage }) => stage);
          assert.equal(new Set(names).size, names.length);
          for (const { stage, dependsOn = [], jobs } of stages) {
            for (const before of [dependsOn].flat()) assert.ok(names.includes(before), `${stage}: ${before}`);
            const jobNames = jobs.map((job) => job.job ?? job.deployment ?? assert.fail(stage));
            for (const name of [stage, ...jobNames]) assert.match(name, /^[A-Za-z_]\w*$/);
            assert.equal(new Set(jobNames).size, jobNames.length);
          }
        });

        it("gives tasks inputs that they have, and signs in by a service connection and nothing else", async () => {
          const { stages } = await readAzurePipeline(file, given);
          const steps = stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf));
          for (const { task, inputs = {}, env = {} } of steps) {
            if (task !== undefined) only(inputs, knownTasks[task] ?? assert.fail(task));
            for (const [name, value] of Object.entries(env)) {
              assert.match(name, /^(SYSTEM_ACCESSTOKEN|PULUMI_CONFIG_PASSPHRASE|VERDICT|APPLY_ROTATIONS)$/);
              if (/TOKEN$/.test(name)) assert.equal(value, "$(System.AccessToken)");
            }
          }
          const scripts = steps.flatMap(
            ({ bash, inputs }) => bash ?? (inputs?.["inlineScript"] as string) ?? [],
          );
          for (const script of scripts) assertKnownCommands(script);
        });
      });
    }
  }

  it("deploy the environments one after the other, and let runs wait for each other", async () => {
    const { stages, lockBehavior } = await readAzurePipeline("deploy.yml");
    assert.equal(lockBehavior, "sequential");
    assert.deepEqual(
      stages.map(({ stage, dependsOn, jobs }) => [
        stage,
        dependsOn,
        jobs.map(({ environment }) => environment),
      ]),
      [
        ["deploy_dev", [], ["dev"]],
        ["deploy_test", "deploy_dev", ["test"]],
        ["deploy_prod", "deploy_test", ["prod"]],
      ],
    );
  });

  it("apply rotations alone when asked to, and only those", async () => {
    const scriptsOf = async (file: string, given: object): Promise<readonly unknown[]> => {
      const { stages } = await readAzurePipeline(file, { ...given });
      const jobs: readonly AzureJob[] = stages.flatMap((stage) => stage.jobs);
      return jobs
        .filter(({ deployment }) => deployment !== undefined)
        .map((job) => stepsOf(job).at(-1)?.inputs?.["inlineScript"]);
    };
    const rotations = ["dev", "test", "prod"].map(
      (stack) => `npx --no dicom-ops pipeline deploy --stack "${stack}" --rotation-only`,
    );
    assert.deepEqual(await scriptsOf("deploy.yml", { rotationOnly: true }), rotations);
    assert.deepEqual(await scriptsOf("watch.yml", { applyRotations: true }), rotations);
    assert.deepEqual(await scriptsOf("watch.yml", {}), []);
    assert.deepEqual(
      await scriptsOf("deploy.yml", {}),
      ["dev", "test", "prod"].map((stack) => `npx --no dicom-ops pipeline deploy --stack "${stack}"`),
    );
  });

  it("rotate only when one is due", async () => {
    const { stages } = await readAzurePipeline("watch.yml", { applyRotations: true });
    const { condition = "" } = stages.find(({ stage }) => stage === "rotate_dev") ?? assert.fail();
    const runs = (rotation: string): Promise<unknown> =>
      evaluate(
        condition,
        { dependencies: { watch_dev: { outputs: { "watch.look.rotation": rotation } } } },
        { ...azureFunctions, succeeded: () => true },
      );
    assert.deepEqual([await runs("true"), await runs("false")], [true, false]);
  });

  it("preview no pull request of a fork", async () => {
    const { stages } = await readAzurePipeline("pull-request.yml");
    const { condition = "" } = stages.find(({ stage }) => stage === "Preview") ?? assert.fail();
    const runs = (isFork: string): Promise<unknown> =>
      evaluate(
        condition,
        { variables: { "System.PullRequest.IsFork": isFork } },
        { ...azureFunctions, succeeded: () => true },
      );
    assert.deepEqual([await runs("False"), await runs("True")], [true, false]);
  });

  it("refuse a template's parameter that it does not have, or that is missing", async () => {
    await assert.rejects(
      readAzurePipeline("deploy.yml", { rotateOnly: true }),
      /has no parameter rotateOnly/,
    );
    await assert.rejects(readAzurePipeline("templates/preview-stack.yml"), /needs the parameter stack/);
  });

  it("use every template", () => {
    const all = [azureFolder, join(azureFolder, "templates")]
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .filter((name) => name.endsWith(".yml"))
      .map((name) => readFileSync(name, "utf8"))
      .join("\n");
    for (const template of readdirSync(join(azureFolder, "templates"))) {
      assert.match(all, new RegExp(`template: (templates/)?${template}\\b`));
    }
  });
});
