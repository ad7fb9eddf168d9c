/**
 * Whose tokens are made: of jobs on GitHub that name their repository with ids (immutable subjects) or by names alone, and of service
 * connections of Azure DevOps with the issuer of Entra or the former one.
 */
export const workloads = ["github", "github-names", "azure-devops", "azure-devops-former"] as const;
export type Workload = (typeof workloads)[number];

/** The clouds, whose tokens differ in their audience. */
export const workloadClouds = ["public", "usgovernment", "china"] as const;
export type WorkloadCloud = (typeof workloadClouds)[number];

/** Where a workload runs. */
export interface WorkloadPlace {
  /** `owner/repository` on GitHub. */
  readonly repository: string;
  readonly ownerId: string;
  readonly repositoryId: string;
  /** Environment of the job; "" of a job without one. */
  readonly environment: string;
  /** Ref that a job without environment runs on; `pull_request` of one that a pull request has started. */
  readonly ref: string;
  /** Organization, project and name of the service connection, and their ids where tokens have ids. */
  readonly organization: string;
  readonly organizationId: string;
  readonly project: string;
  readonly connection: string;
  readonly connectionId: string;
}

/** What a token says. */
export interface WorkloadClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Claims beside the registered ones. */
  readonly more: Readonly<Record<string, string>>;
}

/** Sources: learn.microsoft.com, workload identity federation (national clouds); Azure SDK, TokenExchange scopes. */
export const exchangeAudiences: Readonly<Record<WorkloadCloud, string>> = {
  public: "api://AzureADTokenExchange",
  usgovernment: "api://AzureADTokenExchangeUSGov",
  china: "api://AzureADTokenExchangeChina",
};

/** Application id of Azure DevOps. Source: learn.microsoft.com, Azure DevOps service principals. */
const azureDevOps = "499b84ac-1321-427f-aa17-267ca6975798";

/**
 * What the token of a workload says.
 *
 * @param tenantId the tenant that the service connection is for
 */
export function workloadClaims(
  workload: Workload,
  place: WorkloadPlace,
  cloud: WorkloadCloud,
  tenantId: string,
): WorkloadClaims {
  const audience = exchangeAudiences[cloud];
  switch (workload) {
    case "github":
    case "github-names":
      return { ...githubClaims(place, workload === "github"), audience };
    case "azure-devops":
      return { ...azureDevOpsClaims(tenantId, place), audience };
    case "azure-devops-former":
      return {
        issuer: `https://vstoken.dev.azure.com/${place.organizationId}`,
        subject: `sc://${place.organization}/${place.project}/${place.connection}`,
        audience,
        more: {},
      };
  }
}

/**
 * What the token of a service connection says. Source: learn.microsoft.com, Azure DevOps workload identity issuer; seen in service
 * connections.
 */
export function azureDevOpsClaims(
  tenantId: string,
  { organizationId, connectionId }: Pick<WorkloadPlace, "organizationId" | "connectionId">,
): Omit<WorkloadClaims, "audience"> {
  return {
    issuer: entraIssuer("https://login.microsoftonline.com", tenantId),
    subject: `/eid1/c/pub/t/${shortGuid(tenantId)}/a/${shortGuid(azureDevOps)}/sc/${organizationId}/${connectionId}`,
    more: {},
  };
}

/** Who issues the tokens of managed identities, and in the public cloud those of service connections. */
export function entraIssuer(loginUrl: string, tenantId: string): string {
  return `${loginUrl}/${tenantId}/v2.0`;
}

/** Source: docs.github.com/actions/reference/security/oidc */
function githubClaims(place: WorkloadPlace, hasIds: boolean): Omit<WorkloadClaims, "audience"> {
  const { repository, ownerId, repositoryId, environment, ref } = place;
  const [owner = "", name = ""] = repository.split("/");
  const prefix = hasIds ? `repo:${owner}@${ownerId}/${name}@${repositoryId}` : `repo:${repository}`;
  const isPullRequest = ref === "pull_request";
  const fullRef = isPullRequest ? "refs/pull/7/merge" : ref;
  const where =
    environment !== ""
      ? `environment:${environment.replaceAll(":", "%3A")}`
      : isPullRequest
        ? "pull_request"
        : `ref:${ref}`;
  return {
    issuer: "https://token.actions.githubusercontent.com",
    subject: `${prefix}:${where}`,
    more: {
      repository,
      repository_id: repositoryId,
      repository_owner: owner,
      repository_owner_id: ownerId,
      ref: fullRef,
      job_workflow_ref: `${repository}/.github/workflows/deploy.yml@${fullRef}`,
      event_name: isPullRequest ? "pull_request" : "push",
      ...(environment === "" ? {} : { environment }),
    },
  };
}

/** A GUID as Entra writes it into subjects: its bytes, the first three groups from the last to the first, in base64url. */
function shortGuid(guid: string): string {
  const [one = "", two = "", three = "", ...rest] = guid.split("-");
  const reversed = [one, two, three].map((group) => (group.match(/../g) ?? []).reverse().join(""));
  return Buffer.from([...reversed, ...rest].join(""), "hex").toString("base64url");
}
