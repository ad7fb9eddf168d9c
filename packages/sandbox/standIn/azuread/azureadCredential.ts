import {
  clientSecret,
  federatedToken,
  pipelineToken,
  requestedToken,
  type Credential,
} from "../signIn/credential";
import type { ProviderSettings } from "../signIn/providerSettings";

/** What identifies the deploying identity. */
export interface AzureadIdentity {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: Credential;
}

function missing(reason: string): Error {
  return new Error(
    "failed to load application credentials:\n" +
      `Details: ${reason}\n\n` +
      "\tPlease make sure you have configured a client secret or an OIDC token.\n" +
      "\tSee https://www.pulumi.com/registry/packages/azuread/installation-configuration/ for more information.",
  );
}

/**
 * Chooses how to sign in, in the real plugin's order: certificate, client secret, OIDC token, Azure Pipelines,
 * GitHub, managed identity, Azure CLI. The first that is configured is taken; those that need more than
 * HTTP to the tenant are refused. As with the real plugin 6.9.1, settings that name files are not understood
 * (pulumi/pulumi-azuread, issue 2430).
 */
export function azureadIdentity(settings: ProviderSettings): AzureadIdentity {
  const tenantId = settings.text("tenantId", "ARM_TENANT_ID");
  const clientId = settings.text("clientId", "ARM_CLIENT_ID");
  const secret = settings.text("clientSecret", "ARM_CLIENT_SECRET");
  const requestToken = settings.text(
    "oidcRequestToken",
    "ARM_OIDC_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_ACCESSTOKEN",
  );
  const requestUrl = settings.text(
    "oidcRequestUrl",
    "ARM_OIDC_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "SYSTEM_OIDCREQUESTURI",
  );
  const serviceConnection = settings.text(
    "adoPipelineServiceConnectionId",
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
  );
  const token = settings.text("oidcToken", "ARM_OIDC_TOKEN");
  const useOidc =
    settings.flag("useOidc", "ARM_USE_OIDC") ||
    settings.flag("useAksWorkloadIdentity", "ARM_USE_AKS_WORKLOAD_IDENTITY");

  if (clientId === "") throw missing("no client id is configured (clientId or ARM_CLIENT_ID)");
  if (tenantId === "") throw missing("no tenant id is configured (tenantId or ARM_TENANT_ID)");
  if (
    settings.text("clientCertificate", "ARM_CLIENT_CERTIFICATE") !== "" ||
    settings.text("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH") !== ""
  ) {
    throw missing(
      "the stand-in for azuread does not sign in with a client certificate; install the real plugin",
    );
  }
  const identity = { tenantId, clientId };
  if (secret !== "") return { ...identity, credential: clientSecret(secret) };
  if (useOidc && token !== "") return { ...identity, credential: federatedToken(token) };
  if (useOidc && requestToken !== "" && requestUrl !== "") {
    const credential =
      serviceConnection === ""
        ? requestedToken(requestUrl, requestToken)
        : pipelineToken(requestUrl, requestToken, serviceConnection);
    return { ...identity, credential };
  }
  throw missing(
    `nothing to sign in with is configured for the client ${clientId}: neither a client secret ` +
      "(clientSecret or ARM_CLIENT_SECRET) nor, with useOidc or ARM_USE_OIDC, an OIDC token " +
      "(oidcToken or ARM_OIDC_TOKEN) or a way to request one; the stand-in for azuread does not sign in " +
      "with a managed identity or the Azure CLI",
  );
}
