import { z } from "zod";
import { knownForm } from "../project/knownForm";

const properties = z.record(z.string(), z.unknown()).default({});
const side = z.looseObject({ type: z.string(), inputs: properties, outputs: properties });

const previewStep = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: side.nullish(),
  newState: side.nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
});

const preview = z.looseObject({
  steps: z.array(previewStep).default([]),
  diagnostics: z.array(z.looseObject({ severity: z.string().nullish(), message: z.string() })).default([]),
});

/** One step of what `pulumi preview --json` announces. Values of secrets are masked in it. */
export type PreviewStep = z.infer<typeof previewStep>;

/** What a preview has announced, and what the program and the providers said. */
export interface Preview {
  readonly steps: readonly PreviewStep[];
  /** Messages of severity error, without a repetition. */
  readonly errors: readonly string[];
}

/**
 * Reads the JSON of a preview, also of one that failed.
 *
 * @returns undefined when the text is no JSON: the CLI has then failed before the preview
 * @throws OperationError when it is in a form that is not known
 */
export function readPreview(text: string): Preview | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { steps, diagnostics } = knownForm("The preview of this Pulumi CLI", preview, json);
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.replace(/^error: /, "").trim())
    .filter((message) => message !== "preview failed");
  return { steps, errors: [...new Set(errors)] };
}

/** The name of the resource that a URN is of. */
export function resourceName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The type of the resource that a URN is of. */
export function resourceType(urn: string): string {
  const types = urn.split("::").at(-2) ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}
