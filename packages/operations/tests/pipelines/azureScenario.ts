import assert from "node:assert/strict";
import { join } from "node:path";
import { seed } from "entra-sandbox";
import { AzureDevOpsStandIn } from "./azureDevOpsStandIn";
import { runAzureJob, type AzureJobRun } from "./azureJob";
import { readAzurePipeline } from "./azurePipeline";
import type { PipelineIdentity, PipelineSandbox } from "./pipelineSandbox";
import type { TokenSubject } from "./tokenIssuer";

/** What a job in Azure Pipelines is started with. */
export interface AzureStart {
  readonly pipeline: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly stage: string;
  /** Job or deployment. */
  readonly job: string;
  /** The identity of the service connection that the job names. */
  readonly identity: PipelineIdentity;
}

/** How the tokens of a service connection with the Entra issuer name it. */
export function connectionSubject(name: string): TokenSubject {
  return {
    issuer: `https://login.microsoftonline.com/${seed.tenantId}/v2.0`,
    subject: `/eid1/c/pub/t/q0xwk2xvQEGGsDBDZGPDAQ/a/mRnEmTKqW0SeR8VdFJP8tw/sc/00000000-0000-0000-0000-00000000c0de/${name}`,
  };
}

/** Starts a job on a sandbox as an agent would. */
export async function startOnAzure(sandbox: PipelineSandbox, start: AzureStart): Promise<AzureJobRun> {
  const { pipeline, parameters = {}, identity } = start;
  const { stages } = await readAzurePipeline(pipeline, parameters);
  const job = stages
    .find(({ stage }) => stage === start.stage)
    ?.jobs.find((one) => (one.job ?? one.deployment) === start.job);
  assert.ok(job, `${pipeline} has no job ${start.job} in the stage ${start.stage}`);
  const [connection] =
    /dicom-service-client-[a-z]+/.exec(JSON.stringify(job)) ?? assert.fail("no connection");
  const subject = connectionSubject(connection);
  const { SYSTEM_ACCESSTOKEN: accessToken = "", ...oidc } =
    sandbox.services.issuer.forAzurePipelines(subject);
  const { json } = await sandbox.services.tenant.control("POST", "assertion", { ...subject, audience: "" });
  const { assertion } = json as { readonly assertion: string };
  return runAzureJob(job, {
    folder: sandbox.folder,
    env: await sandbox.machine(identity, { ARM_OIDC_TOKEN: assertion }),
    variables: {
      "Agent.OS": "Linux",
      "Pipeline.Workspace": join(sandbox.folder, ".."),
      PULUMI_HOME: join(sandbox.folder, "..", "pulumi"),
      "System.AccessToken": accessToken,
      "System.CollectionUri": sandbox.azureCollection,
      "System.TeamProject": AzureDevOpsStandIn.project,
      "System.TeamProjectId": "project-id",
      "System.PullRequest.PullRequestId": "7",
      "Build.Repository.ID": "repository-id",
      AZURE_SUBSCRIPTION_ID: seed.subscriptionId,
      PULUMI_BACKEND_URL: sandbox.backend,
      PULUMI_CONFIG_PASSPHRASE: sandbox.passphrase,
    },
    connection: (name) => {
      assert.equal(name, connection);
      return {
        ...oidc,
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection-id",
        AZURESUBSCRIPTION_CLIENT_ID: identity.clientId,
        AZURESUBSCRIPTION_TENANT_ID: seed.tenantId,
      };
    },
  });
}
