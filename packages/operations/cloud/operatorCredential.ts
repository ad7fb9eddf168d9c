import { readFile } from "node:fs/promises";
import {
  ClientAssertionCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
} from "@azure/identity";
import { exchangeAudience } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { CloudEndpoints } from "./cloudEndpoints";
import type { HttpTransport } from "./httpTransport";
import { githubToken } from "./oidcToken";

/**
 * Who operates: the identity that the providers would use, when the `ARM_*` variables describe one (client secret, or a token of
 * another issuer), and otherwise what the default chain of the Azure SDK finds (environment, workload or managed identity, Azure
 * CLI …).
 */
export function operatorCredential(
  env: NodeJS.ProcessEnv,
  tenant: string | undefined,
  endpoints: CloudEndpoints,
  transport: HttpTransport,
): TokenCredential {
  const tenantId = tenant ?? (env["ARM_TENANT_ID"] || env["AZURE_TENANT_ID"] || undefined);
  const { authorities } = transport;
  const options = {
    authorityHost: endpoints.login,
    // What a metadata host has described is not among the authorities that Microsoft's discovery knows.
    disableInstanceDiscovery: endpoints.isCustom,
    retryOptions: { maxRetries: 2 },
    ...(authorities === undefined ? {} : { tlsOptions: { ca: authorities.join("\n") } }),
  };
  const clientId = env["ARM_CLIENT_ID"];
  if (clientId && tenantId !== undefined) {
    if (isTrue(env["ARM_USE_OIDC"])) {
      return new ClientAssertionCredential(
        tenantId,
        clientId,
        federatedToken(env, endpoints.login, transport),
        options,
      );
    }
    const secret = env["ARM_CLIENT_SECRET"];
    if (secret) return new ClientSecretCredential(tenantId, clientId, secret, options);
  }
  return new DefaultAzureCredential({ ...options, ...(tenantId === undefined ? {} : { tenantId }) });
}

/** The token by which a pipeline proves who it is, as the providers find it. */
function federatedToken(
  env: NodeJS.ProcessEnv,
  login: string,
  transport: HttpTransport,
): () => Promise<string> {
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => env[name]).find((value) => value !== undefined && value !== "");
  return async () => {
    const token = first("ARM_OIDC_TOKEN");
    if (token !== undefined) return token;
    const file = first("ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE");
    if (file !== undefined) return (await readFile(file, "utf8")).trim();
    const requestUrl = first("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL");
    const requestToken = first("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    if (requestUrl === undefined || requestToken === undefined) {
      throw new OperationError("ARM_USE_OIDC is set, but there is no token to sign in with.", {
        cure: "Set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH, or run in a pipeline that may request a token (`id-token: write`).",
      });
    }
    const answer = await githubToken(requestUrl, requestToken, exchangeAudience(login), transport);
    if ("status" in answer) {
      throw new OperationError("The pipeline provides no token to sign in with.", {
        cause: `It answered the request for one with ${answer.status}.`,
        cure: "Give the job the permission `id-token: write`.",
      });
    }
    return answer.token;
  };
}

function isTrue(value: string | undefined): boolean {
  return /^(1|t|true)$/i.test(value ?? "");
}
