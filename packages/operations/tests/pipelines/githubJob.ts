import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { pipelineAssets } from "../../pipeline/pipelineFiles";
import { projectRoot } from "lab";
import { evaluate, interpolate, type Contexts, type RunFunctions } from "./githubExpression";
import { isReplacedHere } from "./replacedScripts";
import { runStepScript } from "./stepShell";

/** A step of a job or of a composite action, as it is written. */
export interface GithubStep {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, unknown>>;
}

/** A job, as it is written. */
export interface GithubJob {
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly GithubStep[];
}

/** A workflow, as it is written. */
export interface GithubWorkflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, GithubJob>>;
}

/** The workflows that a project copies, and those of this repository. */
export const workflowFolder = join(pipelineAssets(), "github", "workflows");
export const ownWorkflowFolder = join(projectRoot, ".github", "workflows");

export function readWorkflow(name: string, folder = workflowFolder): GithubWorkflow {
  return parse(readFileSync(join(folder, name), "utf8")) as GithubWorkflow;
}

/** What became of a job. */
export interface JobRun {
  readonly succeeded: boolean;
  /** The outputs that it declares. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The scripts that were run, by the names of their steps. */
  readonly ran: readonly string[];
  /** What all its scripts have printed. */
  readonly log: string;
  /** What its steps have added to the summary. */
  readonly summary: string;
}

/** Where a job runs. */
export interface GithubRunner {
  /** The checkout. */
  readonly folder: string;
  /** The environment of the machine, before anything that the workflow sets. */
  readonly env: Readonly<Record<string, string>>;
}

/** The actions that workflows here may use, with the inputs that each may be given. Nothing of them is run. */
export const knownActions: Readonly<Record<string, readonly string[]>> = {
  "actions/checkout": ["persist-credentials"],
  "actions/setup-node": ["node-version", "cache", "package-manager-cache", "registry-url"],
  "actions/cache": ["path", "key"],
  "actions/upload-artifact": ["name", "path", "retention-days"],
  "actions/download-artifact": ["name", "path"],
  "pulumi/actions": ["pulumi-version"],
  "github/codeql-action/upload-sarif": ["sarif_file", "category"],
};

/**
 * Runs one job of a workflow as GitHub does, from the file itself: conditions, environment, expressions, composite actions, and
 * every script. Not run: what the actions of others do, and the scripts that are replaced (see {@link isReplacedHere}).
 *
 * @param contexts `github`, `vars`, `secrets`, `inputs`, `matrix`, `needs`, `runner`, as far as the job reads them
 */
export async function runGithubJob(
  job: GithubJob,
  contexts: Contexts,
  { folder, env: machine }: GithubRunner,
): Promise<JobRun> {
  const scratch = await mkdtemp(join(tmpdir(), "job-"));
  const state = {
    succeeded: true,
    steps: {} as Record<string, { outputs: Record<string, string>; outcome: string }>,
    path: machine["PATH"] ?? "",
    ran: [] as string[],
    log: "",
    summary: "",
  };
  const functions: RunFunctions = {
    success: () => state.succeeded,
    failure: () => !state.succeeded,
    always: () => true,
    cancelled: () => false,
    hashFiles: (...files) => (files.some((file) => existsSync(join(folder, file))) ? "0123abc" : ""),
  };
  const now = (): Contexts => ({ ...contexts, steps: state.steps });
  const texts = async (values: Readonly<Record<string, unknown>> = {}): Promise<Record<string, string>> => {
    const entries = Object.entries(values).map(
      async ([key, value]) => [key, await interpolate(String(value), now(), functions)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  const jobEnv = await texts(job.env);

  const runStep = async (step: GithubStep): Promise<void> => {
    const condition = step.if?.replace(/^\$\{\{(.*)\}\}$/s, "$1") ?? "success()";
    const isStatusAware = /\b(success|failure|always|cancelled)\s*\(/.test(condition);
    const wanted = await evaluate(
      isStatusAware ? condition : `success() && (${condition})`,
      now(),
      functions,
    );
    const outcome = { outputs: {} as Record<string, string>, outcome: "skipped" };
    if (step.id !== undefined) state.steps[step.id] = outcome;
    if (wanted !== true) return;
    outcome.outcome = "success";
    if (step.uses?.startsWith("./")) {
      const action = parse(await readFile(join(folder, step.uses, "action.yml"), "utf8")) as {
        readonly runs: { readonly steps: readonly GithubStep[] };
      };
      for (const inner of action.runs.steps) await runStep(inner);
      return;
    }
    if (step.uses !== undefined) {
      useAction(step.uses, await texts(step.with));
      return;
    }
    const script = await interpolate(step.run ?? assert.fail("a step without run"), now(), functions);
    if (isReplacedHere(script, folder)) return;
    const files = Object.fromEntries(
      ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"].map((name) => [
        name,
        join(scratch, name),
      ]),
    );
    await Promise.all(Object.values(files).map((file) => writeFile(file, "")));
    const { code, output } = await runStepScript(
      script,
      step.shell === undefined ? ["-e"] : ["--noprofile", "--norc", "-eo", "pipefail"],
      folder,
      {
        ...machine,
        CI: "true",
        GITHUB_ACTIONS: "true",
        ...jobEnv,
        ...(await texts(step.env)),
        ...files,
        PATH: state.path,
      },
    );
    const read = (name: string): Promise<string> => readFile(join(scratch, name), "utf8");
    state.ran.push(step.name ?? script);
    state.log += output;
    state.summary += await read("GITHUB_STEP_SUMMARY");
    for (const line of (await read("GITHUB_PATH")).split("\n").filter((one) => one !== "")) {
      state.path = `${line}${delimiter}${state.path}`;
    }
    assert.equal(await read("GITHUB_ENV"), "", "steps hand values over as outputs only");
    for (const [, name = "", value = ""] of (await read("GITHUB_OUTPUT")).matchAll(/^([\w-]+)=(.*)$/gm)) {
      outcome.outputs[name] = value;
    }
    if (code !== 0) {
      outcome.outcome = "failure";
      state.succeeded = false;
    }
  };

  const useAction = (uses: string, inputs: Readonly<Record<string, string>>): void => {
    const [name = ""] = uses.split("@");
    const known = knownActions[name];
    assert.ok(known, `${uses} is not among the known actions`);
    for (const input of Object.keys(inputs))
      assert.ok(known.includes(input), `${name} has no input ${input}`);
    // What is to be uploaded must be there.
    for (const [input, value] of Object.entries(inputs)) {
      if (input === "sarif_file" || (name === "actions/upload-artifact" && input === "path")) {
        assert.ok(existsSync(join(folder, value)), `${name} is to upload ${value}, which is not there`);
      }
    }
  };

  try {
    for (const step of job.steps ?? []) await runStep(step);
    return {
      succeeded: state.succeeded,
      outputs: state.succeeded ? await texts(job.outputs) : {},
      ran: state.ran,
      log: state.log,
      summary: state.summary,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
