import { bridgedResource, type BridgedResource } from "../bridge/bridgedResource";
import { packageSchema } from "../bridge/packageSchema";
import type { HttpClient } from "../http/httpClient";
import type { Pace } from "../http/pollUntil";
import type { Plugin } from "../server/plugin";
import { TokenCache } from "../signIn/accessTokens";
import { readCloudMetadata } from "../signIn/cloudMetadata";
import { ProviderSettings, type Environment } from "../signIn/providerSettings";
import { appRoleAssignment } from "./appRoleAssignment";
import { application } from "./application";
import { applicationCertificate } from "./applicationCertificate";
import { ApplicationLocks } from "./applicationLocks";
import { applicationPassword } from "./applicationPassword";
import { azureadIdentity } from "./azureadCredential";
import type { AzureadContext } from "./azureadContext";
import { openAzureadContext, type AzureadSession } from "./azureadSession";
import {
  applicationFederatedIdentityCredential,
  applicationFlexibleFederatedIdentityCredential,
} from "./federatedCredentials";
import { azureadClientConfigLookup } from "./getClientConfig";
import { servicePrincipalLookup } from "./getServicePrincipal";
import { servicePrincipalsLookup } from "./getServicePrincipals";
import { servicePrincipal } from "./servicePrincipal";
import { servicePrincipalDelegatedPermissionGrant } from "./servicePrincipalDelegatedPermissionGrant";

const name = "azuread";
/** The version of the real plugin whose behaviour this is. */
const version = "6.9.1";

const resources: readonly BridgedResource<AzureadContext>[] = [
  appRoleAssignment,
  application,
  applicationCertificate,
  applicationFederatedIdentityCredential,
  applicationFlexibleFederatedIdentityCredential,
  applicationPassword,
  servicePrincipal,
  servicePrincipalDelegatedPermissionGrant,
];

const functions = [azureadClientConfigLookup, servicePrincipalLookup, servicePrincipalsLookup];

/** The stand-in for pulumi-azuread. */
export function azureadPlugin(options: {
  readonly client: HttpClient;
  readonly environment: Environment;
  readonly pace: Pace;
}): Plugin<AzureadSession> {
  const { client, environment, pace } = options;
  const locks = new ApplicationLocks();
  return {
    name,
    version,
    checkConfiguration(variables) {
      azureadIdentity(new ProviderSettings(variables, environment));
    },
    async configure(variables, signal) {
      const settings = new ProviderSettings(variables, environment);
      const { tenantId, clientId, credential } = azureadIdentity(settings);
      const host = settings.text("metadataHost", "ARM_METADATA_HOSTNAME");
      const { loginEndpoint, microsoftGraph } = await readCloudMetadata(client, host, name, signal);
      const tokens = new TokenCache(client, {
        authority: `${loginEndpoint}/${tenantId}`,
        clientId,
        credential,
        resource: microsoftGraph,
        sleep: pace.sleep,
      });
      const claims = await tokens.claims(signal);
      if (claims.objectId === "") {
        throw new Error(
          "the access token has no object id (oid), which the azuread provider cannot do without",
        );
      }
      return { client, graphBase: microsoftGraph, tokens, claims, tenantId, clientId, locks, pace };
    },
    resources: new Map(
      resources.map((resource) => [
        resource.token,
        bridgedResource<AzureadSession, AzureadContext>({ name, version }, resource, openAzureadContext),
      ]),
    ),
    functions,
    schema: () =>
      packageSchema(
        name,
        version,
        new Map(resources.map(({ token, schema }) => [token, { inputs: schema, outputs: schema }])),
        functions,
      ),
  };
}
