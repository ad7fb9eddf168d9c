import { quote } from "./argumentTypes";
import { outsideFacts } from "./outsideFacts";

/*
 * Claims matching of flexible federated credentials, a preview of Entra. Sources:
 * https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials and, for what GitLab's
 * tokens need,
 * https://learn.microsoft.com/entra/workload-id/workload-identities-federated-credential-mutable-subjects
 */

/** One condition of an expression: `claims['<claim>'] <operator> '<comparand>'`. */
export interface ClaimCondition {
  readonly claim: string;
  readonly operator: string;
  readonly comparand: string;
}

/** What Entra lets be compared in the tokens of an issuer. */
interface ClaimRules {
  readonly issuers: readonly { readonly value: string }[];
  /** Claims with their operators, as in `sub (eq, matches), repository_id (eq)`. */
  readonly claims: string;
  /** Claims without which an expression is refused, as in `sub, repository_id or repository_owner_id`. */
  readonly required: string;
  readonly example: string;
}

const rules: readonly ClaimRules[] = [
  {
    issuers: [outsideFacts.githubIssuer],
    claims: outsideFacts.githubMatchedClaims.value,
    required: outsideFacts.githubRequiredClaims.value,
    example:
      "claims['sub'] matches 'repo:contoso@123456/pacs@456789:ref:refs/heads/*' and claims['repository_id'] eq '456789'",
  },
  {
    issuers: [
      outsideFacts.gitlabIssuer,
      outsideFacts.gitlabIssuersUnderCom,
      outsideFacts.gitlabIssuersUnderCa,
    ],
    claims: outsideFacts.gitlabMatchedClaims.value,
    required: outsideFacts.gitlabRequiredClaims.value,
    example:
      "claims['sub'] matches 'project_path:contoso/pacs:ref_type:branch:ref:*' and claims['project_id'] eq '22'",
  },
  {
    issuers: [outsideFacts.terraformCloudIssuer, outsideFacts.terraformCloudEuropeIssuer],
    claims: outsideFacts.terraformCloudMatchedClaims.value,
    required: outsideFacts.terraformCloudRequiredClaims.value,
    example: "claims['sub'] matches 'organization:contoso:project:imaging:workspace:pacs:run_phase:*'",
  },
];

/** An expression that Entra takes for GitHub's tokens. */
export const claimsMatchingExample = rules[0]?.example ?? "";

/** The conditions of an expression; undefined when it does not follow the language. */
export function parseClaimsMatching(expression: string): readonly ClaimCondition[] | undefined {
  const conditions: ClaimCondition[] = [];
  const condition = /claims\['([^']+)'\] (\S+) '([^']+)'(?: and (?=.)|$)/y;
  while (condition.lastIndex < expression.length) {
    const [, claim = "", operator = "", comparand = ""] = condition.exec(expression) ?? [];
    if (claim === "") return undefined;
    conditions.push({ claim, operator, comparand });
  }
  return conditions.length === 0 ? undefined : conditions;
}

/** What is wrong with an expression for the tokens of an issuer, each with what to write instead. */
export function claimsMatchingProblems(issuer: string, expression: string): readonly string[] {
  const rule = rules.find(({ issuers }) => issuers.some(({ value }) => isClaimLike(value, issuer)));
  if (!rule) {
    const known = rules.flatMap(({ issuers }) => issuers.map(({ value }) => value));
    return [
      `cannot be given for the issuer ${quote(issuer)}: Entra matches claims of ${known.join(", ")} alone; give a subject`,
    ];
  }
  const conditions = parseClaimsMatching(expression);
  if (!conditions) {
    return [
      `is not an expression: write claims['<claim>'] eq '<value>' or claims['<claim>'] matches '<pattern>', joined by " and ", with single spaces and without further quotes, as in ${rule.example}`,
    ];
  }
  const operators = new Map(
    [...rule.claims.matchAll(/(\w+) \(([\w, ]+)\)/g)].map(([, claim = "", list = ""]) => [
      claim,
      list.split(", "),
    ]),
  );
  const missing = rule.required
    .split(", ")
    .filter((any) => !conditions.some(({ claim }) => any.split(" or ").includes(claim)));
  return [
    ...conditions
      .filter(({ claim, operator }) => operators.get(claim)?.includes(operator) !== true)
      .map(
        ({ claim, operator }) =>
          `compares claims['${claim}'] by ${operator}; of this issuer, Entra compares ${rule.claims}`,
      ),
    ...missing.map((any) => `must compare ${any} as well, as in ${rule.example}`),
  ];
}

/** Whether the claims of a token fulfil an expression; never when it is none. */
export function matchesClaims(expression: string, claims: Readonly<Record<string, unknown>>): boolean {
  return parseClaimsMatching(expression)?.every((condition) => fulfils(condition, claims)) ?? false;
}

/** Whether the claims of a token fulfil one condition. */
export function fulfils(
  { claim, operator, comparand }: ClaimCondition,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  const value = claims[claim];
  if (typeof value !== "string") return false;
  return operator === "eq" ? value === comparand : operator === "matches" && isClaimLike(comparand, value);
}

/** Whether a value fulfils a pattern, in which `*` stands for any characters and `?` for one. */
export function isClaimLike(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(value);
}
