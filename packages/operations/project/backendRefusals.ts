/** Something that the Pulumi CLI says, explained. */
export interface KnownRefusal {
  /** What its words are recognised by. */
  readonly said: RegExp;
  /** What it means. */
  readonly message: string;
  /** What the user can do about it. */
  readonly cure: string;
}

/**
 * What the CLI says when it cannot read a state backend or use the key of a stack's secrets: in Go's words, or with the error codes of Azure Blob Storage
 * (learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes). The first that fits counts: a sign-in that failed
 * tells of hosts that could not be reached, too.
 */
export const backendRefusals: readonly KnownRefusal[] = [
  {
    said: /Options\.AccountName is required/,
    message: "The backend's URL names no storage account.",
    cure: "Write azblob://<container>?storage_account=<account>, or set AZURE_STORAGE_ACCOUNT.",
  },
  {
    said: /ERROR CODE: (AuthenticationFailed|InvalidAuthenticationInfo|NoAuthenticationInformation)|DefaultAzureCredential/,
    message: "Signing in to Azure failed, for the backend or for the key of the stack's secrets.",
    cure:
      "Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE or AZURE_CLIENT_SECRET: " +
      "neither of them reads ARM_*. If AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN is set, it takes precedence and may be out of date.",
  },
  {
    said: /\/keys\/\S+\s.*RESPONSE 403/s,
    message: "The key vault does not allow you to use the key that encrypts the stack's secrets.",
    cure:
      "Have the Azure role Key Vault Crypto User assigned on the key, and wait a few minutes for it to take effect. " +
      "If it is assigned, check the network rules of the key vault.",
  },
  {
    said: /ERROR CODE: (ContainerNotFound|ContainerBeingDeleted)/,
    message: "The backend's container does not exist.",
    cure:
      "Check the container and the account in PULUMI_BACKEND_URL. To create a container, use " +
      "`az storage container create --name '<container>' --account-name '<account>' --auth-mode login`.",
  },
  {
    said: /ERROR CODE: Authorization/,
    message: "You are not allowed to read the backend's container.",
    cure:
      "Have the Azure role Storage Blob Data Contributor assigned on the container, and wait a few minutes for it to take effect. " +
      "If it is assigned, check the network rules of the storage account.",
  },
  {
    said: /unable to open .*(no such file or directory|cannot find)/s,
    message: "The backend's folder does not exist.",
    cure: "Check PULUMI_BACKEND_URL; a file:// backend needs a folder that exists.",
  },
  {
    said: /dial tcp|no such host|connection refused|connection reset|i\/o timeout|failed to verify certificate/,
    message: "The backend cannot be reached.",
    cure: "Check PULUMI_BACKEND_URL and `pulumi whoami --verbose`, DNS, HTTPS_PROXY and SSL_CERT_FILE.",
  },
];

/** Masks the signature of a shared access signature, which Go writes with the address that it could not reach. */
export function withoutSignatures(text: string): string {
  return text.replace(/([?&]sig=)[^&"\s]+/g, "$1[secret]");
}
