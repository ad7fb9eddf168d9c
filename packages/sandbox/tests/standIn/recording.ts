import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PropertyMap } from "../../standIn/server/propertyValue";

/** One request of the real azuread provider 6.9.1, and what the recording directory answered. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly response: unknown;
}

/** A resource in the stack state that the real provider led to; secrets are plain. */
export interface RecordedResource {
  readonly type: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly additionalSecretOutputs: readonly string[];
}

export type RecordedStep =
  | "01-up"
  | "02-preview"
  | "03-refresh"
  | "04-update-preview"
  | "05-update"
  | "06-rotate-preview"
  | "07-rotate"
  | "08-destroy"
  | "10-destroy-deleted-with";

function fileText(name: string): string {
  return readFileSync(join(__dirname, "..", "fixtures", "wire", name), "utf8");
}

/** All requests of a step, in the order in which they were answered. */
export function recordedStep(step: RecordedStep): RecordedRequest[] {
  return fileText(`${step}.jsonl`)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedRequest);
}

/** Some requests of a step, by their places in it: `[9, 16]` is from the ninth to the sixteenth, counted from zero. */
export function recordedPart(
  step: RecordedStep,
  ...places: readonly (number | [number, number])[]
): RecordedRequest[] {
  const all = recordedStep(step);
  return places.flatMap((place) =>
    typeof place === "number" ? all.slice(place, place + 1) : all.slice(place[0], place[1] + 1),
  );
}

/** The stack state after a step. */
export function recordedState(step: "01-up" | "07-rotate"): RecordedResource[] {
  return JSON.parse(fileText(`${step}.state.json`)) as RecordedResource[];
}

/** What `pulumi preview --diff` printed. */
export function recordedDiff(step: "04-update-preview" | "06-rotate-preview"): string {
  return fileText(`${step}.diff.txt`);
}

/** One resource of the stack state after a step, by the last part of its type. */
export function recordedResource(step: "01-up" | "07-rotate", type: string): RecordedResource {
  const found = recordedState(step).find((resource) => resource.type.endsWith(`:${type}`));
  if (found === undefined) throw new Error(`no ${type} in ${step}`);
  return found;
}

/** Who deployed when the recordings were made. */
export const recordedCaller = {
  tenantId: "11111111-1111-4111-8111-111111111111",
  clientId: "33333333-3333-4333-8333-333333333333",
  clientSecret: "s",
  objectId: "22222222-2222-4222-8222-222222222222",
} as const;

/** The certificate of the recordings, PEM. */
export function recordedCertificate(): string {
  const [patch] = recordedPart("01-up", 47);
  const { keyCredentials } = patch?.body as { readonly keyCredentials: readonly { readonly key: string }[] };
  return Buffer.from(keyCredentials[0]?.key ?? "", "base64").toString("utf8");
}

/** What the bridge keeps beside properties, at any depth, left out: the recordings were kept without it. */
export function withoutBridgeKeys<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (name, part: unknown) => (name.startsWith("__") ? undefined : part)),
  ) as T;
}
