import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { pipelineAssets } from "../../pipeline/pipelineFiles";
import { isMapping } from "dicom-service-client/model";
import { evaluate, interpolate, type Contexts, type RunFunctions } from "./githubExpression";

export const azureFolder = join(pipelineAssets(), "azure");

/** A step, with templates expanded. */
export interface AzureStep {
  readonly checkout?: string;
  readonly task?: string;
  readonly bash?: string;
  readonly publish?: string;
  readonly artifact?: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly condition?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

/** A job or a deployment, with templates expanded. */
export interface AzureJob {
  readonly job?: string;
  readonly deployment?: string;
  readonly displayName?: string;
  readonly environment?: string;
  readonly timeoutInMinutes?: string;
  readonly steps?: readonly AzureStep[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly AzureStep[] } } };
}

/** A stage, with templates expanded. */
export interface AzureStage {
  readonly stage: string;
  readonly displayName?: string;
  readonly dependsOn?: string | readonly string[];
  readonly condition?: string;
  readonly jobs: readonly AzureJob[];
}

/** A pipeline, with templates expanded. */
export interface AzurePipeline {
  readonly stages: readonly AzureStage[];
  readonly variables: readonly Readonly<Record<string, string>>[];
  readonly [key: string]: unknown;
}

/** The functions of Azure Pipelines' expressions that are used here. They compare without regard to case. */
export const azureFunctions: RunFunctions = {
  eq: (one = "", other = "") => one.toLowerCase() === other.toLowerCase(),
  ne: (one = "", other = "") => one.toLowerCase() !== other.toLowerCase(),
  and: (...all) => all.every((one) => one === "true"),
};

/** Reads a pipeline and expands its templates as Azure Pipelines does before a run. */
export async function readAzurePipeline(
  file: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<AzurePipeline> {
  return (await expandFile(join(azureFolder, file), given)) as AzurePipeline;
}

/** The steps of a job of either kind. */
export function stepsOf(job: AzureJob): readonly AzureStep[] {
  return job.steps ?? job.strategy?.runOnce.deploy.steps ?? assert.fail("a job without steps");
}

async function expandFile(
  file: string,
  given: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const document: unknown = parse(readFileSync(file, "utf8"));
  assert.ok(isMapping(document), file);
  const { parameters: declared = [], ...content } = document;
  const parameters = parametersOf(file, declared as readonly Parameter[], given);
  const expanded = await expand(content, { parameters }, dirname(file));
  assert.ok(isMapping(expanded), file);
  return expanded;
}

interface Parameter {
  readonly name: string;
  readonly type: "string" | "boolean";
  readonly default?: unknown;
}

function parametersOf(
  file: string,
  declared: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  for (const name of Object.keys(given)) {
    assert.ok(
      declared.some((parameter) => parameter.name === name),
      `${file} has no parameter ${name}`,
    );
  }
  return Object.fromEntries(
    declared.map(({ name, type, default: fallback }) => {
      const value = given[name] ?? fallback;
      assert.ok(value !== undefined, `${file} needs the parameter ${name}`);
      // A boolean reads as True or False in a text.
      return [name, type === "boolean" ? (value === true || value === "True" ? "True" : "False") : value];
    }),
  );
}

const conditionKey = /^\$\{\{ (?:if (.*)|(else)) \}\}$/;

async function expand(value: unknown, contexts: Contexts, folder: string): Promise<unknown> {
  if (typeof value === "string") return interpolate(value, contexts, azureFunctions);
  if (Array.isArray(value)) {
    const items = await Promise.all(value.map((item: unknown) => expandItem(item, contexts, folder)));
    return items.flat();
  }
  if (!isMapping(value)) return value;
  const result: Record<string, unknown> = {};
  let isTaken = true;
  for (const [key, inner] of Object.entries(value)) {
    const [, condition, otherwise] = conditionKey.exec(key) ?? [];
    if (condition === undefined && otherwise === undefined) {
      result[await interpolate(key, contexts, azureFunctions)] = await expand(inner, contexts, folder);
      continue;
    }
    isTaken =
      condition === undefined ? !isTaken : (await evaluate(condition, contexts, azureFunctions)) === true;
    if (isTaken) Object.assign(result, await expand(inner, contexts, folder));
  }
  return result;
}

/** An item of a list: a template brings any number of items in its place, and so does a condition. */
async function expandItem(item: unknown, contexts: Contexts, folder: string): Promise<unknown> {
  if (isMapping(item)) {
    const [[key, inner] = ["", undefined], ...more] = Object.entries(item);
    const condition = conditionKey.exec(key)?.[1];
    if (condition !== undefined && more.length === 0 && Array.isArray(inner)) {
      const isMet = (await evaluate(condition, contexts, azureFunctions)) === true;
      return isMet ? expand(inner, contexts, folder) : [];
    }
    const { template, parameters = {}, ...rest } = item;
    if (typeof template === "string") {
      assert.deepEqual(rest, {}, `only parameters may stand beside the template ${template}`);
      const given = await expand(parameters, contexts, folder);
      const content = await expandFile(join(folder, template), given as Record<string, unknown>);
      const [list, ...others] = Object.values(content);
      assert.deepEqual(others, [], `${template} must hold one list`);
      return list;
    }
  }
  return [await expand(item, contexts, folder)];
}
