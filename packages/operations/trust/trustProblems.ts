import {
  exchangeAudience,
  exchangeAudiences,
  isClaimLike,
  outsideFacts,
  parseClaimsMatching,
} from "dicom-service-client/model";
import type { Federation } from "../project/configuredFederation";
import { isGithubIssuer, isImmutable } from "./githubSubject";

/** Something about a trust that is right today and will not be, or was never right. */
export interface TrustProblem {
  /** The audit's rule for it. */
  readonly rule:
    | "federated-subject-recyclable"
    | "federated-subject-wildcard"
    | "federated-claims-broad"
    | "federated-issuer-retiring"
    | "federated-audience-of-other-cloud";
  /** What is wrong, in one sentence. */
  readonly detail: string;
  /** What to do about it, in one sentence. */
  readonly cure: string;
}

/** Source: https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity */
const retiringIssuer = /^https:\/\/vstoken\.dev\.azure\.com(\/|$)/i;

/**
 * What is to be said about a trust, whatever declares it.
 *
 * Sources: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity,
 * https://learn.microsoft.com/entra/workload-id/workload-identities-federated-credential-mutable-subjects,
 * https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 *
 * @param loginUrl base address of the cloud's token endpoint; undefined when the cloud is not known
 */
export function trustProblems(
  { issuer, subject, claimsMatchingExpression, audiences }: Omit<Federation, "name">,
  loginUrl: string | undefined,
): readonly TrustProblem[] {
  return [
    ...(claimsMatchingExpression !== ""
      ? broad(issuer, claimsMatchingExpression)
      : subject.includes("*")
        ? [wildcard(subject)]
        : recyclable(issuer, subject)),
    ...(retiringIssuer.test(issuer) ? [retiring(issuer)] : []),
    ...(loginUrl === undefined
      ? []
      : audiences.flatMap((one) => otherCloud(one, exchangeAudience(loginUrl)))),
  ];
}

function wildcard(subject: string): TrustProblem {
  return {
    rule: "federated-subject-wildcard",
    detail: `The * in the subject ${JSON.stringify(subject)} is compared literally, so no job's token matches it.`,
    cure: "Write out each subject, or use a flexible federated credential (claimsMatchingExpression).",
  };
}

/** Claims that say by an id, which nobody can take over, whose jobs are meant. */
const idsOfOneProject = ["repository_id", "project_id"];

/** The first two parts of a subject, such as `repo:contoso/pacs`, say whose it is. */
const owningPart = /^[^:]*:[^:]*/;

function broad(issuer: string, expression: string): readonly TrustProblem[] {
  const conditions = parseClaimsMatching(expression) ?? [];
  const names = (...claims: readonly string[]): boolean =>
    conditions.some(({ claim }) => claims.includes(claim));
  const patterns = conditions.flatMap(({ claim, operator, comparand }) =>
    claim === "sub" && operator === "matches" ? [comparand] : [],
  );
  const ownerIn = (pattern: string): string => owningPart.exec(pattern)?.[0] ?? pattern;
  const reaching = patterns.find((pattern) => /[*?]/.test(ownerIn(pattern)));
  if (reaching !== undefined && !names(...idsOfOneProject)) {
    return [
      {
        rule: "federated-claims-broad",
        detail: `The pattern ${JSON.stringify(reaching)} of the subject reaches other repositories or organizations, and nothing but it says which is meant.`,
        cure: "Write out whose jobs are meant, up to the second colon, and compare claims['repository_id'] as well where the issuer has it.",
      },
    ];
  }
  const withPulls = patterns.find((pattern) =>
    isClaimLike(pattern, `${ownerIn(pattern).replaceAll(/[*?]/g, "a")}:pull_request`),
  );
  return withPulls === undefined || !isGithubIssuer(issuer) || names("job_workflow_ref")
    ? []
    : [
        {
          rule: "federated-claims-broad",
          detail: `The pattern ${JSON.stringify(withPulls)} of the subject matches the jobs of pull requests, whose code nobody has reviewed.`,
          cure: "Match an environment or refs/heads/ only.",
        },
      ];
}

function recyclable(issuer: string, subject: string): readonly TrustProblem[] {
  if (!isGithubIssuer(issuer) || isImmutable(subject)) return [];
  return [
    {
      rule: "federated-subject-recyclable",
      detail: `The subject ${JSON.stringify(subject)} identifies owner and repository by name only: anyone who takes over the name is trusted, and tokens of a repository with immutable subjects are refused.`,
      cure: "Include both ids, repo:<owner>@<id>/<repository>@<id>:…, as `gh api repos/<owner>/<repository>/actions/oidc/customization/sub` shows them.",
    },
  ];
}

function retiring(issuer: string): TrustProblem {
  return {
    rule: "federated-issuer-retiring",
    detail: `The issuer ${issuer} of Azure DevOps retires on ${outsideFacts.azureDevOpsIssuerEndsOn.value}; tokens of new service connections have a different issuer.`,
    cure: "Convert the service connection to the Entra issuer, and trust the issuer and subject that it then shows.",
  };
}

/** An audience that is nobody's usual one was chosen on purpose. */
function otherCloud(audience: string, expected: string): readonly TrustProblem[] {
  if (audience === expected || !exchangeAudiences.includes(audience)) return [];
  return [
    {
      rule: "federated-audience-of-other-cloud",
      detail: `The audience ${audience} belongs to another cloud; tokens for this one have ${expected}.`,
      cure: `Write the audience ${expected}, or leave it out.`,
    },
  ];
}
