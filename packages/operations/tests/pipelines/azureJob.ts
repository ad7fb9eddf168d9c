import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { azureFunctions, stepsOf, type AzureJob, type AzureStep } from "./azurePipeline";
import { evaluate, type RunFunctions } from "./githubExpression";
import { isReplacedHere } from "./replacedScripts";
import { runStepScript } from "./stepShell";

/** What became of a job. */
export interface AzureJobRun {
  readonly succeeded: boolean;
  /** Output variables, such as `look.verdict`. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The scripts that were run, by the names of their steps. */
  readonly ran: readonly string[];
  readonly log: string;
  /** What its steps have added to the summary. */
  readonly summary: string;
}

/** Where a job runs. */
export interface AzureAgent {
  /** The checkout. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the pipeline and of the system, by the names that macros use. */
  readonly variables: Readonly<Record<string, string>>;
  /** What an AzureCLI task adds to the environment for a service connection. */
  readonly connection: (name: string) => Readonly<Record<string, string>>;
}

/** The tasks that pipelines here may use, with the inputs that each may be given. */
export const knownTasks: Readonly<Record<string, readonly string[]>> = {
  "NodeTool@0": ["versionSpec"],
  "Cache@2": ["key", "path"],
  "AzureCLI@2": ["azureSubscription", "scriptType", "scriptLocation", "inlineScript"],
};

/**
 * Runs one job of a pipeline as an agent does, from the expanded file itself: conditions, macros, environment, logging commands,
 * and every script. Of tasks, only the scripts of AzureCLI are run.
 */
export async function runAzureJob(job: AzureJob, agent: AzureAgent): Promise<AzureJobRun> {
  const staging = await mkdtemp(join(tmpdir(), "staging-"));
  const state = {
    succeeded: true,
    outputs: {} as Record<string, string>,
    path: agent.env["PATH"] ?? "",
    ran: [] as string[],
    log: "",
    summary: "",
  };
  const functions: RunFunctions = {
    ...azureFunctions,
    succeeded: () => state.succeeded,
    succeededOrFailed: () => true,
  };
  const macros = (text: string): string =>
    text.replace(/\$\(([\w.]+)\)/g, (_whole, name: string) => {
      const known = { ...agent.variables, ...state.outputs, "Build.ArtifactStagingDirectory": staging };
      return name in known
        ? String((known as Readonly<Record<string, string>>)[name])
        : assert.fail(`there is no variable ${name}`);
    });

  const runScript = async (
    step: AzureStep,
    script: string,
    more: Readonly<Record<string, string>>,
  ): Promise<void> => {
    if (isReplacedHere(script, agent.folder)) return;
    const variables = Object.entries(agent.variables).map(([name, value]) => [
      name.toUpperCase().replaceAll(".", "_"),
      value,
    ]);
    const { SYSTEM_ACCESSTOKEN: _onlyWhenMapped, ...open } = Object.fromEntries(variables) as Record<
      string,
      string
    >;
    const { PULUMI_CONFIG_PASSPHRASE: _secret, ...plain } = open;
    const mapped = Object.entries(step.env ?? {}).map(([name, value]) => [name, macros(String(value))]);
    const { code, output } = await runStepScript(macros(script), ["--noprofile", "--norc"], agent.folder, {
      ...agent.env,
      ...plain,
      ...more,
      ...(Object.fromEntries(mapped) as Record<string, string>),
      TF_BUILD: "True",
      PATH: state.path,
    });
    state.ran.push(step.displayName ?? script);
    state.log += output;
    for (const [, name = "", value = ""] of output.matchAll(
      /^##vso\[task\.setvariable variable=(\w+);isOutput=true\](.*)$/gm,
    )) {
      state.outputs[`${step.name ?? assert.fail("a step with outputs needs a name")}.${name}`] = value;
    }
    for (const [, folder = ""] of output.matchAll(/^##vso\[task\.prependpath\](.*)$/gm)) {
      state.path = `${folder}${delimiter}${state.path}`;
    }
    for (const [, file = ""] of output.matchAll(/^##vso\[task\.uploadsummary\](.*)$/gm)) {
      state.summary += await readFile(file, "utf8");
    }
    if (code !== 0) state.succeeded = false;
  };

  const runStep = async (step: AzureStep): Promise<void> => {
    const wanted = await evaluate(step.condition ?? "succeeded()", {}, functions);
    if (wanted !== true || step.checkout !== undefined) return;
    if (step.bash !== undefined) {
      await runScript(step, step.bash, {});
      return;
    }
    if (step.publish !== undefined) {
      assert.ok(existsSync(macros(step.publish)), `${step.publish} is to be published`);
      return;
    }
    const { inputs = {}, task = "" } = step;
    const known = knownTasks[task];
    assert.ok(known, `${task} is not among the known tasks`);
    for (const input of Object.keys(inputs))
      assert.ok(known.includes(input), `${task} has no input ${input}`);
    if (task !== "AzureCLI@2") return;
    assert.deepEqual([inputs["scriptType"], inputs["scriptLocation"]], ["bash", "inlineScript"]);
    await runScript(
      step,
      String(inputs["inlineScript"]),
      agent.connection(String(inputs["azureSubscription"])),
    );
  };

  try {
    for (const step of stepsOf(job)) await runStep(step);
    const { succeeded, outputs, ran, log, summary } = state;
    return { succeeded, outputs, ran, log, summary };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
