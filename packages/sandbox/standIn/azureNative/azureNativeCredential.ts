import { readFileSync } from "node:fs";
import { clientSecret, federatedToken, requestedToken, type Credential } from "../signIn/credential";
import type { ProviderSettings } from "../signIn/providerSettings";

/** What identifies the deploying identity, and where it deploys. */
export interface AzureNativeIdentity {
  readonly tenantId: string;
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly credential: Credential;
}

/**
 * Chooses how to sign in, in the real plugin's order (pulumi-azure-native, auth_azidentity.go): client
 * certificate, client secret, OIDC; those that need more than HTTP to the tenant are refused.
 */
export function azureNativeIdentity(settings: ProviderSettings): AzureNativeIdentity {
  const tenantId = settings.text("tenantId", "ARM_TENANT_ID");
  const clientId = settings.text("clientId", "ARM_CLIENT_ID");
  const subscriptionId = settings.text("subscriptionId", "ARM_SUBSCRIPTION_ID");
  const complete = (way: string, credential: Credential): AzureNativeIdentity => {
    const needed: [string, string][] = [
      ["Subscription ID", subscriptionId],
      ["Tenant ID", tenantId],
      ["Client ID", clientId],
    ];
    for (const [what, value] of needed) {
      if (value === "") throw new Error(`A ${what} must be configured when authenticating ${way}.`);
    }
    return { tenantId, clientId, subscriptionId, credential };
  };

  if (settings.text("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH") !== "") {
    throw new Error(
      "the stand-in for azure-native does not sign in with a client certificate; install the real plugin",
    );
  }
  const secret = settings.text("clientSecret", "ARM_CLIENT_SECRET");
  if (secret !== "") return complete("as a Service Principal using a Client Secret", clientSecret(secret));
  if (settings.flag("useOidc", "ARM_USE_OIDC")) {
    const token = settings.text("oidcToken", "ARM_OIDC_TOKEN");
    if (token !== "") return complete("with OIDC", federatedToken(token));
    const file = settings.text("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH");
    if (file !== "") return complete("with OIDC", federatedToken(readFileSync(file, "utf8").trim()));
    const requestUrl = settings.text("oidcRequestUrl", "ACTIONS_ID_TOKEN_REQUEST_URL");
    const requestToken = settings.text("oidcRequestToken", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    if (requestUrl !== "" && requestToken !== "") {
      return complete("with OIDC", requestedToken(requestUrl, requestToken));
    }
    throw new Error(
      "A OIDC token or request URL and token must be configured when authenticating with OIDC.",
    );
  }
  throw new Error(
    "no way to sign in is configured: neither a client secret (clientSecret or ARM_CLIENT_SECRET) nor OIDC " +
      "(useOidc or ARM_USE_OIDC with oidcToken or ARM_OIDC_TOKEN); the stand-in for azure-native does not " +
      "sign in with a managed identity or the Azure CLI",
  );
}
