import type { HttpClient } from "../http/httpClient";
import type { Sleep } from "../http/sleep";
import { TokenCache } from "../signIn/accessTokens";
import type { CloudMetadata } from "../signIn/cloudMetadata";
import type { Credential } from "../signIn/credential";
import { ArmClient } from "./armClient";

/** What one operation has. */
export interface ArmCall {
  readonly timeoutMinutes: number;
  readonly signal: AbortSignal;
}

/** A configured azure-native provider. Nothing is signed in before the first request that needs it. */
export class AzureNativeSession {
  private readonly tokensByResource = new Map<string, TokenCache>();

  constructor(
    private readonly options: {
      readonly client: HttpClient;
      readonly cloud: CloudMetadata;
      readonly tenantId: string;
      readonly clientId: string;
      readonly subscriptionId: string;
      readonly credential: Credential;
      readonly sleep: Sleep;
    },
  ) {}

  get subscriptionId(): string {
    return this.options.subscriptionId;
  }

  get tenantId(): string {
    return this.options.tenantId;
  }

  get clientId(): string {
    return this.options.clientId;
  }

  get cloud(): CloudMetadata {
    return this.options.cloud;
  }

  /** Requests to Azure Resource Manager. */
  resourceManager(operation: ArmCall): ArmClient {
    const { resourceManager, resourceManagerAudience } = this.options.cloud;
    return this.service(resourceManager, resourceManagerAudience, operation);
  }

  /** Requests to another service of the cloud. */
  service(base: string, resource: string, operation: ArmCall): ArmClient {
    const { client, sleep } = this.options;
    const deadline = Date.now() + operation.timeoutMinutes * 60_000;
    return new ArmClient(
      { client, base, tokens: this.tokens(resource), sleep },
      { deadline, signal: operation.signal },
    );
  }

  /** Tokens for one resource, shared by all operations. */
  tokens(resource: string): TokenCache {
    const known = this.tokensByResource.get(resource);
    if (known !== undefined) return known;
    const { client, cloud, tenantId, clientId, credential, sleep } = this.options;
    const authority = `${cloud.loginEndpoint.replace(/\/+$/, "")}/${tenantId}`;
    const tokens = new TokenCache(client, { authority, clientId, credential, resource, sleep });
    this.tokensByResource.set(resource, tokens);
    return tokens;
  }
}
