import assert from "node:assert/strict";
import type { data as expressionData } from "@actions/expressions";

/** The contexts that expressions may read, such as `github` and `vars`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** Functions that depend on the run; GitHub's other functions are built in. */
export type RunFunctions = Readonly<Record<string, (...args: readonly string[]) => boolean | string>>;

/**
 * Evaluates an expression with GitHub's own library. What the test's contexts do not have is an error here, although GitHub takes
 * it for an empty text: a misspelt name would go unnoticed.
 */
export async function evaluate(
  expression: string,
  contexts: Contexts,
  functions: RunFunctions = {},
): Promise<unknown> {
  assertKnown(expression, contexts);
  const { Evaluator, Lexer, Parser, data } = await import("@actions/expressions");
  const definitions = Object.entries(functions).map(([name, call]) => ({
    name,
    minArgs: 0,
    maxArgs: 9,
    call: (...args: expressionData.ExpressionData[]) => {
      const result = call(...args.map((argument) => argument.coerceString()));
      return typeof result === "boolean" ? new data.BooleanData(result) : new data.StringData(result);
    },
  }));
  const toData = (value: unknown): expressionData.ExpressionData => {
    if (typeof value === "string") return new data.StringData(value);
    if (typeof value === "number") return new data.NumberData(value);
    if (typeof value === "boolean") return new data.BooleanData(value);
    if (value === null || value === undefined) return new data.Null();
    return new data.Dictionary(
      ...Object.entries(value).map(([key, inner]) => ({ key, value: toData(inner) })),
    );
  };
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), definitions).parse();
  const result = new Evaluator(
    tree,
    toData(contexts) as expressionData.Dictionary,
    new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition])),
  ).evaluate();
  return result.kind === data.Kind.Boolean || result.kind === data.Kind.Number
    ? (result as expressionData.BooleanData).value
    : result.coerceString();
}

/** Puts values in the place of all `${{ … }}` in a text. */
export async function interpolate(
  text: string,
  contexts: Contexts,
  functions: RunFunctions = {},
): Promise<string> {
  let result = "";
  let rest = text;
  for (;;) {
    const match = /\$\{\{(.*?)\}\}/s.exec(rest);
    if (match === null) return result + rest;
    result += rest.slice(0, match.index) + String(await evaluate(match[1] ?? "", contexts, functions));
    rest = rest.slice(match.index + match[0].length);
  }
}

function assertKnown(expression: string, contexts: Contexts): void {
  const withoutTexts = expression.replace(/'(?:[^']|'')*'/g, "''");
  for (const [path] of withoutTexts.matchAll(/(?<![\w.-])[A-Za-z_][\w-]*(?:\.[\w-]+)+/g)) {
    let value: unknown = contexts;
    for (const key of path.split(".")) {
      assert.ok(
        value !== null && typeof value === "object" && key in value,
        `the expression "${expression.trim()}" reads ${path}, which the test's contexts do not have`,
      );
      value = (value as Readonly<Record<string, unknown>>)[key];
    }
  }
}
