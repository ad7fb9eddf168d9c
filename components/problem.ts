import { RunError } from "@pulumi/pulumi/errors";
import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { plainMessage } from "./plainText";

/** One thing that is wrong with an argument: where, and in one line what to write instead. */
export interface Problem {
  /** Property names and list positions from the argument's root, such as `["access", 0, "role"]`. */
  readonly path: readonly PropertyKey[];
  /** What is wrong and what would be right. */
  readonly message: string;
}

/**
 * An error that Pulumi shows as it is, without a stack trace.
 *
 * @param lines each of them one text, in which the characters of others do no harm
 */
export function runError(
  lines: readonly string[],
  options?: ConstructorParameters<typeof RunError>[1],
): RunError {
  return new RunError(plainMessage(lines), options);
}

/** Thrown when what the user wrote is wrong; the message lists every problem with its path, and Pulumi shows it without a stack trace. */
export class ProblemsError extends RunError {
  /** @param what what has the problems, such as `The configuration`. */
  constructor(
    what: string,
    public readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      plainMessage([
        `${what} has ${count}; nothing has been created or changed.`,
        ...problems.map(({ path, message }) =>
          path.length === 0 ? `  ${message}` : `  ${formatPath(path)}: ${message}`,
        ),
      ]),
    );
  }
}

/** A value as a schema reads it, or everything that is wrong with it, in the order of the value. */
export function read<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { readonly value?: T; readonly problems: readonly Problem[] } {
  const result = schema.safeParse(value, { error: describeIssue });
  return result.success
    ? { value: result.data, problems: [] }
    : { problems: result.error.issues.flatMap(toProblems) };
}

/** Everything that a schema finds wrong with a value, in the order of the value. Empty when nothing is. */
export function problemsOf(schema: z.ZodType, value: unknown): readonly Problem[] {
  return read(schema, value).problems;
}

/** Moves problems of a part to their place in the whole. */
export function under(prefix: readonly PropertyKey[], problems: readonly Problem[]): Problem[] {
  return problems.map(({ path, message }) => ({ path: [...prefix, ...path], message }));
}

/** Writes a path as users write it: `access[0].role`. Names that are no plain words are quoted: `clients["My PACS"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") {
      return `${text}[${part}]`;
    }
    if (!/^[A-Za-z_][\w-]*$/.test(String(part))) {
      return `${text}[${JSON.stringify(String(part))}]`;
    }
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

/** What to say about a key that nothing reads. */
export function unknownKeyMessage(key: string, known: readonly string[]): string {
  const meant = similarTo(key, known);
  return [
    `unknown key; known here: ${known.join(", ")}`,
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
  ].join("; ");
}

/** The word that somebody may have meant: the one that takes the fewest edits, as long as those are few. */
export function similarTo(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((one) => ({ one, edits: distance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.max(1, Math.floor(one.length / 3)))
    .sort((one, other) => one.edits - other.edits);
  return best?.one;
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  return issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: unknownKeyMessage(key, issue.message.split(keySeparator)),
      }))
    : [{ path: issue.path, message: issue.message }];
}

/** Between the known keys, which are all that the schema's own message about an unknown one says. */
const keySeparator = ", ";

/** Words for what schemas say in general; a schema's own message goes first. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is missing"
        : `must be ${article(issue.expected)}, not ${kindOf(issue.input)}`;
    case "unrecognized_keys":
      return knownKeys(issue.inst).join(keySeparator);
    default:
      return undefined;
  }
}

function article(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    object: "a mapping",
    array: "a list",
    string: "text",
    record: "a mapping",
  };
  return names[expected] ?? `a ${expected}`;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "empty";
  }
  if (value instanceof Promise || (typeof value === "object" && "__pulumiOutput" in value)) {
    return "a value that is known only when other resources are there";
  }
  return Array.isArray(value) ? "a list" : article(typeof value);
}

function knownKeys(schema: unknown): string[] {
  const shape: unknown =
    schema !== null && typeof schema === "object" && "shape" in schema ? schema.shape : undefined;
  return shape !== null && typeof shape === "object" ? Object.keys(shape) : [];
}
