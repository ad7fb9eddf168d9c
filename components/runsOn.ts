import { z } from "zod";
import { guid, httpsUrl, text } from "./argumentTypes";
import type { FederatedCredential, RunsOn } from "./clientArgs";
import { withoutTrailingSlash } from "./dicomApi";
import { outsideFacts } from "./outsideFacts";

const gitlabUrl = outsideFacts.gitlabIssuer.value;
const terraformCloudUrl = outsideFacts.terraformCloudIssuer.value;

const managedIdentity = z.strictObject({
  tenantId: guid("a tenant id").meta({
    description: "Tenant of the identity, which must be the client's.",
  }),
  principalId: guid("an object id").meta({
    description:
      'Object id of the service principal of a user-assigned identity. `az identity show --query "{tenantId: tenantId, principalId: principalId, clientId: clientId}"` shows all three.',
  }),
  clientId: guid("a client id").exactOptional().meta({
    description:
      "Client id of the identity, with which consumers ask for its tokens. Only with `application: none`.",
    absent: "consumers sign in with the client id of the application",
  }),
});

const aks = z.strictObject({
  issuer: httpsUrl().meta({
    description: "OIDC issuer of the cluster, as `az aks show --query oidcIssuerProfile.issuerUrl` shows it.",
  }),
  namespace: text(63).meta({ description: "Namespace of the service account." }),
  serviceAccount: text(253).meta({ description: "Name of the service account that the pods have." }),
});

const githubActions = z
  .strictObject({
    repository: z
      .string()
      .regex(/^[A-Za-z0-9-]+@\d+\/[\w.-]+@\d+$/, {
        error:
          "a repository is written with its ids, as in contoso@123456/pacs@456789; this shows it: gh api repos/<owner>/<repository> --jq '\"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)\"'",
      })
      .meta({
        description:
          "Repository with the ids of its owner and of itself, which nobody can take over. Repositories that send names alone need federatedCredentials.",
        examples: ["contoso@123456/pacs@456789"],
      }),
    environment: text(255).exactOptional().meta({ description: "Environment of the job." }),
    branch: text(255)
      .exactOptional()
      .meta({ description: "Instead of an environment: branch of a job without environment." }),
  })
  .superRefine(({ environment, branch }, context) => {
    if ((environment === undefined) === (branch === undefined)) {
      context.addIssue({ code: "custom", message: "needs either environment or branch" });
    }
  });

const azureDevOps = z.strictObject({
  issuer: httpsUrl().meta({ description: "Issuer, as the service connection shows it." }),
  subject: text(600).meta({ description: "Subject identifier, as the service connection shows it." }),
});

const gitlab = z.strictObject({
  project: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)+$/, { error: "a project is written with its groups, as in contoso/pacs" })
    .meta({ description: "Project with its groups.", examples: ["contoso/pacs"] }),
  branch: text(255).meta({ description: "Branch that the job runs on." }),
  url: httpsUrl().exactOptional().meta({
    description: "Address of the GitLab instance.",
    default: gitlabUrl,
  }),
});

const terraformCloud = z.strictObject({
  organization: text(90).meta({ description: "Name of the organization." }),
  project: text(90).meta({ description: "Name of the project." }),
  workspace: text(90).meta({ description: "Name of the workspace." }),
  url: httpsUrl().exactOptional().meta({
    description: "Address of Terraform Enterprise.",
    default: terraformCloudUrl,
  }),
});

const spiffe = z.strictObject({
  issuer: httpsUrl().meta({
    description: "Address of SPIRE's OIDC discovery provider, which Entra must be able to reach.",
  }),
  id: z
    .string()
    .regex(/^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/, {
      error: "a SPIFFE id has a trust domain and a path, as in spiffe://hospital.example/imaging/gateway",
    })
    .meta({
      description: "SPIFFE id of the workload: trust domain and path.",
      examples: ["spiffe://hospital.example/imaging/gateway"],
    }),
});

const runsOn = z
  .strictObject({
    managedIdentity: managedIdentity
      .meta({ id: "ManagedIdentityPlace", description: "A user-assigned managed identity in Azure." })
      .exactOptional()
      .meta({
        description: "On a resource of Azure that has a user-assigned managed identity.",
        source:
          "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity",
      }),
    aks: aks
      .meta({ id: "AksPlace", description: "A service account of a Kubernetes cluster." })
      .exactOptional()
      .meta({
        description: "In Azure Kubernetes Service, or another cluster whose issuer Entra can reach.",
        source: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
      }),
    githubActions: githubActions
      .meta({ id: "GithubActionsPlace", description: "Jobs of a repository on GitHub." })
      .exactOptional()
      .meta({
        description: "In GitHub Actions.",
        source: "https://docs.github.com/actions/reference/security/oidc",
      }),
    azureDevOps: azureDevOps
      .meta({ id: "AzureDevOpsPlace", description: "A service connection of Azure DevOps." })
      .exactOptional()
      .meta({
        description: "In Azure Pipelines, through a service connection.",
        source: "https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity",
      }),
    gitlab: gitlab
      .meta({ id: "GitlabPlace", description: "Jobs of a branch on GitLab." })
      .exactOptional()
      .meta({
        description:
          "In GitLab CI. The job asks for a token with the cloud's audience, by `aud` under `id_tokens`.",
        source: "https://docs.gitlab.com/ci/cloud_services/azure/",
      }),
    terraformCloud: terraformCloud
      .meta({ id: "TerraformCloudPlace", description: "Runs of a workspace in HCP Terraform." })
      .exactOptional()
      .meta({
        description: "In HCP Terraform or Terraform Enterprise, when it plans and when it applies.",
        source:
          "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/azure-configuration",
      }),
    spiffe: spiffe
      .meta({ id: "SpiffePlace", description: "A workload with a SPIFFE id." })
      .exactOptional()
      .meta({
        description: "On premises, with an identity from SPIFFE.",
        source: "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md",
      }),
  })
  .superRefine((places, context) => {
    if (Object.keys(places).length === 0) {
      context.addIssue({ code: "custom", message: "names no place; name one, such as aks or githubActions" });
    }
  })
  .meta({
    id: "RunsOn",
    description:
      "Where the consumer of a client runs. The federated credentials follow from it; their names begin with `runs-on-`.",
  });

/** The argument about the place. */
export const runsOnFields = {
  runsOn: runsOn.exactOptional().meta({
    description:
      "Where the consumer runs, for the federated credentials that fit: the client needs no secret then. One place or several.",
    examples: [{ githubActions: { repository: "contoso@123456/pacs@456789", environment: "dev" } }],
    source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  }),
};

type Trust = Pick<FederatedCredential, "name" | "issuer" | "subject">;
type Rule = (places: RunsOn, loginUrl: string) => readonly Trust[] | undefined;

/** What tokens of each place say. The sources stand beside the arguments. */
const rules: readonly Rule[] = [
  ({ managedIdentity }, loginUrl) =>
    managedIdentity && [
      {
        name: "runs-on-managed-identity",
        issuer: `${loginUrl}/${managedIdentity.tenantId.toLowerCase()}/v2.0`,
        subject: managedIdentity.principalId.toLowerCase(),
      },
    ],
  ({ aks }) =>
    aks && [
      {
        name: "runs-on-aks",
        issuer: aks.issuer,
        subject: `system:serviceaccount:${aks.namespace}:${aks.serviceAccount}`,
      },
    ],
  ({ githubActions }) =>
    githubActions && [
      {
        name: "runs-on-github-actions",
        issuer: outsideFacts.githubIssuer.value,
        subject: [
          `repo:${githubActions.repository}`,
          githubActions.environment === undefined
            ? `ref:refs/heads/${githubActions.branch ?? ""}`
            : `environment:${githubActions.environment}`,
        ].join(":"),
      },
    ],
  ({ azureDevOps }) => azureDevOps && [{ name: "runs-on-azure-devops", ...azureDevOps }],
  ({ gitlab }) =>
    gitlab && [
      {
        name: "runs-on-gitlab",
        issuer: withoutTrailingSlash(gitlab.url ?? gitlabUrl),
        subject: `project_path:${gitlab.project}:ref_type:branch:ref:${gitlab.branch}`,
      },
    ],
  ({ terraformCloud }) =>
    terraformCloud &&
    ["plan", "apply"].map((phase) => ({
      name: `runs-on-terraform-${phase}`,
      issuer: withoutTrailingSlash(terraformCloud.url ?? terraformCloudUrl),
      subject: [
        `organization:${terraformCloud.organization}`,
        `project:${terraformCloud.project}`,
        `workspace:${terraformCloud.workspace}`,
        `run_phase:${phase}`,
      ].join(":"),
    })),
  ({ spiffe }) => spiffe && [{ name: "runs-on-spiffe", issuer: spiffe.issuer, subject: spiffe.id }],
];

/**
 * The federated credentials that follow from where a client runs.
 *
 * @param loginUrl base address of the cloud's token endpoint, which issues the tokens of managed identities
 */
export function federationOf(places: RunsOn, loginUrl: string): readonly FederatedCredential[] {
  return rules.flatMap((rule) => rule(places, loginUrl) ?? []);
}
