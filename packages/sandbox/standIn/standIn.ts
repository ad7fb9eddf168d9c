import { azureadPlugin } from "./azuread/azureadPlugin";
import { azureNativePlugin } from "./azureNative/azureNativePlugin";
import { HttpClient } from "./http/httpClient";
import { sleep as realSleep, type Sleep } from "./http/sleep";
import { servePlugin } from "./server/serve";
import type { Environment } from "./signIn/providerSettings";

/** The provider plugins that there is a stand-in for. */
export type ProviderName = "azuread" | "azure-native";

/** A provider plugin of ours, served in this process in place of the real one. */
export interface StandIn {
  readonly provider: ProviderName;
  /** For PULUMI_DEBUG_PROVIDERS, as `<provider>:<port>`; on 127.0.0.1. */
  readonly port: number;
  /** Aborts what is under way; resolves once the port and all connections are closed. Idempotent. */
  stop(): Promise<void>;
}

export interface StandInOptions {
  /** Whether to poll as often and as slowly as the real plugin does after changes. Default: no. */
  readonly fixedWaits?: boolean;
  /** How retries and polling wait. Default: really. */
  readonly sleep?: Sleep;
}

/**
 * Serves the stand-in for a provider plugin. It talks HTTP to the tenant that the environment names, as
 * the real plugin would, and keeps no state of its own. It serves any number of commands, one after
 * another or at once.
 *
 * @param environment the variables the real plugin would read: ARM_METADATA_HOSTNAME (on this machine),
 *   ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET or ARM_USE_OIDC with ARM_OIDC_TOKEN,
 *   ARM_SUBSCRIPTION_ID, SSL_CERT_FILE; the provider's configuration in a program goes first
 * @throws when SSL_CERT_FILE cannot be read
 */
export async function startStandIn(
  provider: ProviderName,
  environment: Environment,
  options: StandInOptions = {},
): Promise<StandIn> {
  const { fixedWaits = false, sleep = realSleep } = options;
  const client = new HttpClient(environment["SSL_CERT_FILE"]);
  const served =
    provider === "azuread"
      ? await servePlugin(azureadPlugin({ client, environment, pace: { sleep, fixedWaits } }))
      : await servePlugin(azureNativePlugin({ client, environment, sleep }));
  return {
    provider,
    port: served.port,
    stop: async () => {
      await served.stop();
      client.close();
    },
  };
}
