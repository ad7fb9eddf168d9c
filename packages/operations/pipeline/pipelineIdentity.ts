import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpTransport } from "../cloud/httpTransport";
import { sendWithRetry } from "../cloud/retry";
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

async function requestToken(
  system: PipelineSystem,
  env: NodeJS.ProcessEnv,
  audience: string,
  transport: HttpTransport,
  console: Console,
): Promise<string> {
  const { url, bearer, field, method } =
    system === "github" ? githubRequest(env, audience) : azureRequest(env);
  const answer = await sendWithRetry(
    () =>
      transport.send({
        method,
        url,
        headers: {
          accept: "application/json",
          authorization: `Bearer ${bearer}`,
          ...(method === "POST" ? { "content-type": "application/json", "content-length": "0" } : {}),
        },
      }),
    console.clock,
    (line) => {
      console.note(line);
    },
  );
  const token = answer.status === 200 ? fieldOf(answer.body, field) : undefined;
  if (token === undefined) {
    throw new OperationError("The pipeline provides this job with no token to sign in with.", {
      cause: `Asked for one, ${new URL(url).host} answered ${answer.status}.`,
      cure:
        system === "github"
          ? "Give the job the permission `id-token: write`."
          : "Use a service connection with workload identity federation, and let the pipeline use it.",
    });
  }
  return token;
}

interface TokenRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly bearer: string;
  /** Where the token is in the answer. */
  readonly field: string;
}

/** Source: https://docs.github.com/actions/reference/security/oidc */
function githubRequest(env: NodeJS.ProcessEnv, audience: string): TokenRequest {
  const requestUrl = env["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const bearer = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (!requestUrl || !bearer) {
    throw new OperationError("This job is not allowed to request a token.", {
      cure: "Give it the permission `id-token: write`.",
    });
  }
  const url = new URL(requestUrl);
  url.searchParams.set("audience", audience);
  return { method: "GET", url: url.href, bearer, field: "value" };
}

/** Source: https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create */
function azureRequest(env: NodeJS.ProcessEnv): TokenRequest {
  const requestUri = env["SYSTEM_OIDCREQUESTURI"];
  const connection = env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"];
  const bearer = env["SYSTEM_ACCESSTOKEN"];
  if (!requestUri || !connection || !bearer) {
    throw new OperationError("This job is not allowed to request a token.", {
      cure: "Run the step in an AzureCLI task, which names the service connection, with SYSTEM_ACCESSTOKEN: $(System.AccessToken) in its env.",
    });
  }
  const url = new URL(requestUri);
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set("serviceConnectionId", connection);
  return { method: "POST", url: url.href, bearer, field: "oidcToken" };
}

function fieldOf(body: string, field: string): string | undefined {
  try {
    const value = (JSON.parse(body) as Readonly<Record<string, unknown>>)[field];
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whom Entra has to trust, which is what a refused sign-in (AADSTS700213) is about. No part of it is a secret. */
function trustText(clientId: string, token: string): string {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  const of = (claim: string): string => JSON.stringify(fieldOf(payload, claim) ?? "unknown");
  return `Signs in to the application ${clientId} with a token of the issuer ${of("iss")} for the subject ${of("sub")} and the audience ${of("aud")}.`;
}
