/** Trust in tokens of another issuer, such as a pipeline's or a Kubernetes cluster's: the client needs no secret then. */
export interface FederatedCredential {
  /** Name of the credential, unique in the client: 3 to 120 letters, digits, `-` and `_`. Example: `github-dev`. */
  name: string;
  /**
   * Name that the credential had before. It is needed when a credential is renamed: Entra cannot rename one, and allows its issuer
   * and subject only once, so the old one must be known to be deleted before the new one is created. Default none.
   */
  formerName?: string;
  /** Issuer of the tokens, an https address. Example: `https://token.actions.githubusercontent.com`. */
  issuer: string;
  /** Subject of the tokens, compared exactly. Example: `repo:contoso@123456/pacs@456789:environment:dev`. */
  subject: string;
  /**
   * Audience of the tokens. Default: that of the cloud, by `api.loginUrl`, which is `api://AzureADTokenExchange` in the public cloud,
   * `api://AzureADTokenExchangeUSGov` and `api://AzureADTokenExchangeChina` in others.
   */
  audience?: string;
  /** What it is for. */
  description?: string;
}

/**
 * How many federated credentials an application may have. Source:
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export const maximumFederatedCredentials = 20;
