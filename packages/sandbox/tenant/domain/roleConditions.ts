import { Refusal } from "../core/refusal";

/** The attributes of a role assignment that a condition may look at, by their names in conditions. */
export type ConditionAttributes = Readonly<
  Partial<Record<"RoleDefinitionId" | "PrincipalId" | "PrincipalType", string>>
>;

/** What is asked of a condition. */
export interface ConditionContext {
  readonly action: string;
  /** Of the role assignment that is to be written. */
  readonly request: ConditionAttributes;
  /** Of the role assignment that is there. */
  readonly resource: ConditionAttributes;
}

type Expression = (context: ConditionContext) => boolean;

const tokenPattern =
  /\s*(?:(\(|\)|\{|\}|,|!|&&|\|\|)|'((?:[^'\\]|\\.)*)'|@(Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(\w+)\]|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z][\w:]*))/giy;

interface Token {
  readonly kind: "mark" | "text" | "attribute" | "word";
  readonly value: string;
  /** `Request` or `Resource`, of attributes. */
  readonly source: string;
}

/**
 * Reads a condition in the language of Azure's attribute-based access control, as far as role assignments need it: `ActionMatches`,
 * `@Request` and `@Resource` attributes of role assignments, GUID and text comparisons with `ForAnyOfAnyValues` and
 * `ForAnyOfAllValues`, `AND`, `OR`, `!` and parentheses (learn.microsoft.com, Azure role assignment condition format).
 * @throws Refusal when it cannot be read, naming the place
 */
export function parseCondition(text: string): Expression {
  const tokens = tokenize(text);
  let next = 0;
  const peek = (): Token | undefined => tokens[next];
  const is = (...values: string[]): boolean => {
    const token = peek();
    return token !== undefined && token.kind !== "text" && values.includes(token.value.toUpperCase());
  };
  const take = (): Token => {
    const token = tokens[next];
    if (token === undefined) throw unreadable(text, "it ends too early");
    next += 1;
    return token;
  };
  const expect = (value: string): void => {
    const token = take();
    if (token.value !== value) throw unreadable(text, `'${value}' is expected before '${token.value}'`);
  };

  const disjunction = (): Expression => {
    const parts = [conjunction()];
    while (is("OR", "||")) {
      take();
      parts.push(conjunction());
    }
    return (context) => parts.some((part) => part(context));
  };
  const conjunction = (): Expression => {
    const parts = [negation()];
    while (is("AND", "&&")) {
      take();
      parts.push(negation());
    }
    return (context) => parts.every((part) => part(context));
  };
  const negation = (): Expression => {
    if (is("!", "NOT")) {
      take();
      const inner = negation();
      return (context) => !inner(context);
    }
    if (is("(")) {
      take();
      const inner = disjunction();
      expect(")");
      return inner;
    }
    return comparison();
  };
  const comparison = (): Expression => {
    const token = take();
    if (token.kind === "word" && token.value === "ActionMatches") {
      const [pattern = ""] = values();
      return (context) => context.action.toLowerCase() === pattern.toLowerCase();
    }
    if (token.kind !== "attribute") throw unreadable(text, `'${token.value}' is not known here`);
    const operator = take().value;
    const wanted = values();
    return compare(token, operator, wanted, text);
  };
  const values = (): readonly string[] => {
    if (!is("{")) return [take().value];
    take();
    const found = [take().value];
    while (is(",")) {
      take();
      found.push(take().value);
    }
    expect("}");
    return found;
  };

  const expression = disjunction();
  const rest = peek();
  if (rest !== undefined) throw unreadable(text, `'${rest.value}' is not expected`);
  return expression;
}

/** Comparisons of one value with a list: which texts count as equal, and whether none may be. */
const operators: ReadonlyMap<string, { readonly ignoreCase: boolean; readonly negated: boolean }> = new Map([
  ["GuidEquals", { ignoreCase: true, negated: false }],
  ["GuidNotEquals", { ignoreCase: true, negated: true }],
  ["StringEquals", { ignoreCase: false, negated: false }],
  ["StringNotEquals", { ignoreCase: false, negated: true }],
  ["StringEqualsIgnoreCase", { ignoreCase: true, negated: false }],
  ["StringNotEqualsIgnoreCase", { ignoreCase: true, negated: true }],
]);

function compare(attribute: Token, name: string, wanted: readonly string[], text: string): Expression {
  const [, quantifier, plain = ""] = /^(?:(\w+):)?(\w+)$/.exec(name) ?? [];
  const operator = operators.get(plain);
  const quantified =
    quantifier === undefined || quantifier === `ForAnyOf${operator?.negated === true ? "All" : "Any"}Values`;
  if (operator === undefined || !quantified)
    throw unreadable(text, `the operator '${name}' is not implemented`);
  if (!isAttribute(attribute.value))
    throw unreadable(text, `the attribute '${attribute.value}' is not implemented`);
  const key = attribute.value;
  const fold = (value: string): string => (operator.ignoreCase ? value.toLowerCase() : value);
  return (context) => {
    const value = (attribute.source === "Request" ? context.request : context.resource)[key];
    return value !== undefined && wanted.some((one) => fold(one) === fold(value)) !== operator.negated;
  };
}

function isAttribute(name: string): name is keyof ConditionAttributes {
  return ["RoleDefinitionId", "PrincipalId", "PrincipalType"].includes(name);
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const start = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw unreadable(text, `at '${text.slice(start, start + 20).trim()}'`);
    const [, mark, quoted, source, attribute, word] = match;
    if (mark !== undefined) tokens.push({ kind: "mark", value: mark, source: "" });
    else if (quoted !== undefined) tokens.push({ kind: "text", value: quoted, source: "" });
    else if (attribute !== undefined)
      tokens.push({ kind: "attribute", value: attribute, source: source ?? "" });
    else if (word !== undefined) tokens.push({ kind: "word", value: word, source: "" });
  }
  return tokens;
}

function unreadable(text: string, why: string): Refusal {
  return new Refusal({
    kind: "badRequest",
    code: "InvalidCondition",
    message: `The condition of the role assignment cannot be read: ${why}.`,
    why: `condition ${text}`,
  });
}
