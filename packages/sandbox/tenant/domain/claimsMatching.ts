import * as s from "../core/bodySchema";
import { badRequest } from "./directoryRefusals";

/** Whose tokens a flexible federated credential matches, instead of a subject. Graph has it in beta alone. */
export const claimsMatchingSchema = s.object({ value: s.text, languageVersion: s.nullableInteger }, [
  "value",
  "languageVersion",
]);

export type ClaimsMatchingExpression = s.BodyValue<typeof claimsMatchingSchema>;

type Operators = readonly ("eq" | "matches")[];

interface IssuerRules {
  readonly issuer: RegExp;
  readonly claims: Readonly<Record<string, Operators>>;
  /** Of each of these, an expression names at least one. */
  readonly required: readonly (readonly string[])[];
}

const wild: Operators = ["eq", "matches"];
const exact: Operators = ["eq"];

/**
 * Sources: learn.microsoft.com, flexible federated identity credentials; what GitLab needs by the strictest of its pages. No other issuer
 * is taken.
 */
const rules: readonly IssuerRules[] = [
  {
    issuer: /^https:\/\/token\.actions\.githubusercontent\.com$/,
    claims: { sub: wild, job_workflow_ref: wild, repository_id: exact, repository_owner_id: exact },
    required: [["sub"], ["repository_id", "repository_owner_id"]],
  },
  {
    issuer: /^https:\/\/gitlab\.(com|.+\.com|.+\.ca)$/,
    claims: { sub: wild, project_id: exact, namespace_id: exact, user_id: exact },
    required: [["sub"], ["project_id"]],
  },
  {
    issuer: /^https:\/\/app\.(eu\.)?terraform\.io$/,
    claims: { sub: wild },
    required: [["sub"]],
  },
];

interface Condition {
  readonly claim: string;
  readonly operator: "eq" | "matches";
  readonly comparand: string;
}

function read(value: string): readonly Condition[] | undefined {
  const part = "claims\\['(\\w+)'\\] (eq|matches) '([^']+)'";
  if (!new RegExp(`^${part}( and ${part})*$`).test(value)) return undefined;
  return [...value.matchAll(new RegExp(part, "g"))].map(([, claim = "", operator, comparand = ""]) => ({
    claim,
    operator: operator === "matches" ? "matches" : "eq",
    comparand,
  }));
}

/** @throws Refusal of an expression that is none, or that says too little or too much for the issuer. Text: git-bug/git-bug#1584 */
export function checkExpression(issuer: string, { value }: ClaimsMatchingExpression): void {
  const rule = rules.find((one) => one.issuer.test(issuer));
  const conditions = read(value);
  const isAllowed =
    rule !== undefined &&
    conditions?.every(
      ({ claim, operator }) =>
        Object.hasOwn(rule.claims, claim) && rule.claims[claim]?.includes(operator) === true,
    ) === true &&
    rule.required.every((any) => conditions.some(({ claim }) => any.includes(claim)));
  if (isAllowed) return;
  throw badRequest(
    "The FederatedIdentityCredential.ClaimsMatchingExpression.Value is invalid. Rule exception: Expression configured for issuer " +
      `'${issuer}' either lacks all required claims or contains unallowed claims. ` +
      `paramName: FederatedIdentityCredential.ClaimsMatchingExpression.Value, paramValue: ${value}, ` +
      "objectType: Microsoft.Online.DirectoryServices.Application",
    "InvalidFederatedIdentityCredentialValue",
  );
}

/** Whether the claims of a token fulfil an expression. */
export function isFulfilled(
  { value }: ClaimsMatchingExpression,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  return (
    read(value)?.every(({ claim, operator, comparand }) => {
      const said = claims[claim];
      return typeof said === "string" && (operator === "eq" ? said === comparand : isLike(said, comparand));
    }) === true
  );
}

/** `*` is many characters, `?` one. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}*?]/g, "\\$&")
    .replaceAll("\\*", ".*")
    .replaceAll("\\?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
