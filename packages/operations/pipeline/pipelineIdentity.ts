import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpTransport } from "../cloud/httpTransport";
import { azurePipelinesToken, githubToken, type OidcAnswer, type OidcTransport } from "../cloud/oidcToken";
import { sendWithRetry } from "../cloud/retry";
import { claimsOfToken } from "../cloud/tokenClaims";
import type { Console } from "../console/console";
import { OperationError } from "../operationError";
import { publicExchangeAudience } from "dicom-service-client/model";
import { pipelineSystem, type PipelineSystem } from "./pipelineSystem";

/** What a job's identity is found by. */
export interface PipelineJob {
  readonly env: NodeJS.ProcessEnv;
  readonly console: Console;
  /** Audience of the tokens that Entra exchanges in the cloud of the stack. */
  readonly audience: string;
  /** Logs in to Pulumi Cloud: an organization, and a file with a token for it. */
  readonly logIn: (organization: string, tokenFile: string) => Promise<void>;
}

/** A token lives for minutes, so the file that holds it is written anew while work is under way. */
const renewalMilliseconds = 120_000;

/**
 * Does something as the identity of a pipeline, by workload identity federation: no secret is stored anywhere. On a terminal it is done
 * as whoever is signed in.
 *
 * The Azure providers and the operations read `ARM_*`, the state backend `azblob://` and the secrets provider `azurekeyvault://` read
 * `AZURE_*`. With `PULUMI_CLOUD_ORGANIZATION`, GitHub Actions exchanges a token for one of Pulumi Cloud, too.
 *
 * @param use gets the environment that is signed in
 * @throws OperationError when the job has no identity, or is given no token
 */
export async function asPipelineIdentity<T>(
  job: PipelineJob,
  use: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const { env, console, audience } = job;
  const system = pipelineSystem(env);
  if (system === "terminal") return use(env);
  const identity = identityOf(env);
  const transport = new HttpTransport(env, console.signal);
  const folder = await mkdtemp(join(tmpdir(), "pipeline-identity-"));
  const file = join(folder, "token");
  const renew = async (): Promise<string> => {
    const token = await requestToken(system, env, audience, transport, console);
    await writeFile(`${file}.next`, token, { mode: 0o600 });
    await rename(`${file}.next`, file);
    return token;
  };
  let renewal: NodeJS.Timeout | undefined;
  try {
    await console.say(trustText(identity.clientId, await renew()));
    // A renewal that fails leaves the token that is there; the next one may succeed.
    renewal = setInterval(() => void renew().catch(() => undefined), renewalMilliseconds).unref();
    const organization = env["PULUMI_CLOUD_ORGANIZATION"];
    if (system === "github" && organization) {
      const tokenFile = join(folder, "pulumi");
      const wanted = `urn:pulumi:org:${organization}`;
      await writeFile(tokenFile, await requestToken(system, env, wanted, transport, console), {
        mode: 0o600,
      });
      await job.logIn(organization, tokenFile);
    }
    return await use({ ...env, ...signedIn(job, system, identity, file) });
  } finally {
    clearInterval(renewal);
    transport.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface JobIdentity {
  readonly clientId: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** The identity that variables name, or else that of the service connection, as the AzureCLI task tells it. */
function identityOf(env: NodeJS.ProcessEnv): JobIdentity {
  const values = {
    AZURE_CLIENT_ID: env["AZURE_CLIENT_ID"] || env["AZURESUBSCRIPTION_CLIENT_ID"] || "",
    AZURE_TENANT_ID: env["AZURE_TENANT_ID"] || env["AZURESUBSCRIPTION_TENANT_ID"] || "",
    AZURE_SUBSCRIPTION_ID: env["AZURE_SUBSCRIPTION_ID"] || "",
  };
  const missing = Object.entries(values).flatMap(([name, value]) => (value === "" ? [name] : []));
  if (missing.length > 0) {
    throw new OperationError(`Not set: ${missing.join(", ")}.`, {
      cure: "Set them as variables of the repository or of its environments, or of the variable group; docs/operate/pipelines.md says which belongs where.",
    });
  }
  return {
    clientId: values.AZURE_CLIENT_ID,
    tenantId: values.AZURE_TENANT_ID,
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
  };
}

function signedIn(
  { env, audience }: PipelineJob,
  system: PipelineSystem,
  { clientId, tenantId, subscriptionId }: JobIdentity,
  file: string,
): NodeJS.ProcessEnv {
  // On GitHub both providers ask for tokens themselves, for the public cloud's audience. In Azure Pipelines azuread does, and
  // azure-native reads the file.
  const providersAsk = system === "github" && audience === publicExchangeAudience;
  return {
    AZURE_CLIENT_ID: clientId,
    AZURE_TENANT_ID: tenantId,
    AZURE_FEDERATED_TOKEN_FILE: file,
    ARM_USE_OIDC: "true",
    ARM_CLIENT_ID: clientId,
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ...(providersAsk ? {} : { ARM_OIDC_TOKEN_FILE_PATH: file }),
    ...(system === "azure"
      ? { ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] }
      : {}),
  };
}

/** @throws OperationError when the job may not ask for a token, or gets none */
async function requestToken(
  system: PipelineSystem,
  env: NodeJS.ProcessEnv,
  audience: string,
  transport: HttpTransport,
  console: Console,
): Promise<string> {
  const patient: OidcTransport = {
    send: (request) => sendWithRetry(() => transport.send(request), console),
  };
  const { url, answer, cure } =
    system === "github" ? await askGithub(env, audience, patient) : await askAzurePipelines(env, patient);
  if ("token" in answer) return answer.token;
  throw new OperationError("The pipeline provides this job with no token to sign in with.", {
    cause: `Asked for one, ${new URL(url).host} answered ${answer.status}.`,
    cure,
  });
}

/** What came of asking for a token. */
interface AskedToken {
  readonly url: string;
  readonly answer: OidcAnswer;
  /** What to do when there is none. */
  readonly cure: string;
}

async function askGithub(
  env: NodeJS.ProcessEnv,
  audience: string,
  transport: OidcTransport,
): Promise<AskedToken> {
  const url = env["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const bearer = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (!url || !bearer) throw notAllowed("Give it the permission `id-token: write`.");
  return {
    url,
    answer: await githubToken(url, bearer, audience, transport),
    cure: "Give the job the permission `id-token: write`.",
  };
}

async function askAzurePipelines(env: NodeJS.ProcessEnv, transport: OidcTransport): Promise<AskedToken> {
  const url = env["SYSTEM_OIDCREQUESTURI"];
  const connection = env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"];
  const bearer = env["SYSTEM_ACCESSTOKEN"];
  if (!url || !connection || !bearer) {
    throw notAllowed(
      "Run the step in an AzureCLI task, which names the service connection, with SYSTEM_ACCESSTOKEN: $(System.AccessToken) in its env.",
    );
  }
  return {
    url,
    answer: await azurePipelinesToken(url, bearer, connection, transport),
    cure: "Use a service connection with workload identity federation, and let the pipeline use it.",
  };
}

function notAllowed(cure: string): OperationError {
  return new OperationError("This job is not allowed to request a token.", { cure });
}

/** Whom Entra has to trust, which is what a refused sign-in (AADSTS700213) is about. No part of it is a secret. */
function trustText(clientId: string, token: string): string {
  const claims = claimsOfToken(token);
  const of = (claim: string): string => {
    const value = claims[claim];
    return JSON.stringify(typeof value === "string" && value !== "" ? value : "unknown");
  };
  return `Signs in to the application ${clientId} with a token of the issuer ${of("iss")} for the subject ${of("sub")} and the audience ${of("aud")}.`;
}
