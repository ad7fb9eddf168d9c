import type { ConsumerSettings } from "./consumerSettings";
import { heading, secretCommand } from "./secretReading";

/** Variables as Azure's client libraries read them, for systemd, Docker and others that take a file of them. */
export function environmentFile(settings: ConsumerSettings): string {
  const { tenantId, clientId, authority, tokenUrl, scope, dicomwebUrl, credential } = settings;
  const command = secretCommand(credential);
  const isIdentity = credential.kind === "identity";
  return [
    ...heading(settings, "environment variables").map((line) => `# ${line}`),
    ...(isIdentity
      ? [
          "# For whatever has the managed identity: its libraries get tokens where they run.",
          `AZURE_CLIENT_ID=${clientId}`,
        ]
      : [
          `AZURE_TENANT_ID=${tenantId}`,
          `AZURE_CLIENT_ID=${clientId}`,
          `AZURE_AUTHORITY_HOST=${authority}`,
          `TOKEN_URL=${tokenUrl}`,
        ]),
    `DICOM_SCOPE=${scope}`,
    `DICOMWEB_URL=${dicomwebUrl}`,
    ...(credential.kind === "vault"
      ? [`VAULT_URL=${credential.vaultUrl}`, `VAULT_SECRET_NAME=${credential.secretName}`]
      : []),
    ...(isIdentity
      ? []
      : command === undefined
        ? [
            credential.kind === "federated"
              ? "# AZURE_FEDERATED_TOKEN_FILE: the file in which the platform puts its token"
              : "# AZURE_CLIENT_CERTIFICATE_PATH: a PEM file with the certificate and its private key",
          ]
        : [
            "# AZURE_CLIENT_SECRET is printed by this; read it again at least once in every overlap:",
            `#   ${command}`,
          ]),
    "",
  ].join("\n");
}
