import type { ConsumerSettings } from "./consumerSettings";
import { heading, secretCommand } from "./secretReading";

/** A program that signs in and searches for a study. */
export function dotnetProgram(settings: ConsumerSettings): string {
  const { authority, isKnownAuthority, scope, dicomwebUrl, credential } = settings;
  const text = (value: string): string => JSON.stringify(value);
  const isVault = credential.kind === "vault";
  const isIdentity = credential.kind === "identity";
  return [
    ...heading(settings, "search in .NET").map((line) => `// ${line}`),
    `// dotnet add package Azure.Identity${isVault ? ", dotnet add package Azure.Security.KeyVault.Secrets" : ""}`,
    "using System.Net.Http.Headers;",
    "using Azure.Core;",
    "using Azure.Identity;",
    ...(isVault ? ["using Azure.Security.KeyVault.Secrets;"] : []),
    "",
    ...(isIdentity ? [] : [`var authority = new Uri(${text(authority)});`]),
    ...credentialLines(settings, secretCommand(credential)),
    "",
    "// The credential keeps the token until it ends: make one, and use it for every request.",
    `AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([${text(scope)}]), default);`,
    "",
    "using var http = new HttpClient();",
    'http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);',
    'http.DefaultRequestHeaders.Accept.ParseAdd("application/dicom+json");',
    `Console.WriteLine(await http.GetStringAsync(${text(`${dicomwebUrl}/studies?limit=1`)}));`,
    ...(isKnownAuthority || isIdentity
      ? []
      : ["// The authority is not one of Microsoft's, so it is trusted without being looked up."]),
    "",
  ].join("\n");
}

function credentialLines(
  { tenantId, clientId, isKnownAuthority, credential }: ConsumerSettings,
  command: string | undefined,
): readonly string[] {
  const text = (value: string): string => JSON.stringify(value);
  const ids = `${text(tenantId)}, ${text(clientId)}`;
  const options = (type: string): string =>
    `new ${type} { AuthorityHost = authority${isKnownAuthority ? "" : ", DisableInstanceDiscovery = true"} }`;
  switch (credential.kind) {
    case "vault":
      return [
        "// Reads the newest secret with the identity that this runs as, which needs Key Vault Secrets User; do it once in every overlap.",
        `var reader = new DefaultAzureCredential(${options("DefaultAzureCredentialOptions")});`,
        `var vault = new SecretClient(new Uri(${text(credential.vaultUrl)}), reader${isKnownAuthority ? "" : ", new SecretClientOptions { DisableChallengeResourceVerification = true }"});`,
        `KeyVaultSecret secret = await vault.GetSecretAsync(${text(credential.secretName)});`,
        `var credential = new ClientSecretCredential(${ids}, secret.Value, ${options("ClientSecretCredentialOptions")});`,
      ];
    case "output":
      return [
        `// Whoever may read the stack prints it: ${command ?? ""}`,
        'string secret = Environment.GetEnvironmentVariable("AZURE_CLIENT_SECRET")!;',
        `var credential = new ClientSecretCredential(${ids}, secret, ${options("ClientSecretCredentialOptions")});`,
      ];
    case "federated":
      return [
        "// The token is in the file that AZURE_FEDERATED_TOKEN_FILE names.",
        `var credential = new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { TenantId = ${text(tenantId)}, ClientId = ${text(clientId)}, AuthorityHost = authority${isKnownAuthority ? "" : ", DisableInstanceDiscovery = true"} });`,
      ];
    case "certificate":
      return [
        "// A PEM file with the certificate and its private key.",
        'string path = Environment.GetEnvironmentVariable("AZURE_CLIENT_CERTIFICATE_PATH")!;',
        `var credential = new ClientCertificateCredential(${ids}, path, ${options("ClientCertificateCredentialOptions")});`,
      ];
    case "identity":
      return [
        "// Works where the managed identity is.",
        `var credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(${text(clientId)}));`,
      ];
  }
}
