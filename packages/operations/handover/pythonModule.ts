import type { ConsumerCredential, ConsumerSettings } from "./consumerSettings";
import { heading } from "./secretReading";

/** A module with a DICOMweb client that signs in by itself, and a search and a retrieval when it is run. */
export function pythonModule(settings: ConsumerSettings): string {
  const { tenantId, clientId, authority, isKnownAuthority, scope, dicomwebUrl, credential } = settings;
  const text = (value: string): string => JSON.stringify(value);
  const custom = isKnownAuthority ? "" : ", disable_instance_discovery=True";
  const arguments_ = `authority=AUTHORITY${custom}`;
  const isIdentity = credential.kind === "identity";
  const imports = {
    vault: "ClientSecretCredential, DefaultAzureCredential",
    output: "ClientSecretCredential",
    federated: "WorkloadIdentityCredential",
    certificate: "CertificateCredential",
    identity: "ManagedIdentityCredential",
  }[credential.kind];
  return [
    ...heading(settings, "DICOMweb in Python").map((line) => `# ${line}`),
    "# pip install azure-identity dicomweb-client",
    ...(credential.kind === "output" || credential.kind === "certificate" ? ["import os", ""] : []),
    "import requests",
    `from azure.identity import ${imports}`,
    "from dicomweb_client.api import DICOMwebClient",
    "",
    ...(isIdentity ? [] : [`TENANT_ID = ${text(tenantId)}`]),
    `CLIENT_ID = ${text(clientId)}`,
    ...(isIdentity ? [] : [`AUTHORITY = ${text(authority)}`]),
    `SCOPE = ${text(scope)}`,
    `DICOMWEB_URL = ${text(dicomwebUrl)}`,
    ...(credential.kind === "vault"
      ? [`VAULT_URL = ${text(credential.vaultUrl)}`, `SECRET_NAME = ${text(credential.secretName)}`]
      : []),
    "",
    "",
    "def credential():",
    ...credentialLines(credential, arguments_).map((line) => `    ${line}`),
    "",
    "",
    "class BearerAuth(requests.auth.AuthBase):",
    '    """Puts a token into each request; azure-identity keeps it until it ends."""',
    "",
    "    def __init__(self):",
    "        self.credential = credential()",
    "",
    "    def __call__(self, request):",
    '        request.headers["Authorization"] = f"Bearer {self.credential.get_token(SCOPE).token}"',
    "        return request",
    "",
    "",
    "def dicomweb() -> DICOMwebClient:",
    '    """Make a new one at least once in every overlap, so that a new secret is read."""',
    "    session = requests.Session()",
    "    session.auth = BearerAuth()",
    "    return DICOMwebClient(DICOMWEB_URL, session=session)",
    "",
    "",
    'if __name__ == "__main__":',
    "    client = dicomweb()",
    "    for study in client.search_for_studies(limit=1):",
    '        uid = study["0020000D"]["Value"][0]',
    '        print(f"study {uid}: {len(client.retrieve_study(uid))} instances")',
    "",
  ].join("\n");
}

function credentialLines(credential: ConsumerCredential, arguments_: string): readonly string[] {
  switch (credential.kind) {
    case "vault":
      return [
        '"""Reads the newest secret with the identity that this runs as, which needs Key Vault Secrets User."""',
        `reader = DefaultAzureCredential(${arguments_})`,
        `token = reader.get_token(${JSON.stringify(credential.vaultScope)}).token`,
        "answer = requests.get(",
        '    f"{VAULT_URL}/secrets/{SECRET_NAME}?api-version=7.4",',
        '    headers={"Authorization": f"Bearer {token}"},',
        "    timeout=30,",
        ")",
        "answer.raise_for_status()",
        `return ClientSecretCredential(TENANT_ID, CLIENT_ID, answer.json()["value"], ${arguments_})`,
      ];
    case "output":
      return [
        `# Whoever may read the stack prints it: ${credential.command}`,
        'secret = os.environ["AZURE_CLIENT_SECRET"]',
        `return ClientSecretCredential(TENANT_ID, CLIENT_ID, secret, ${arguments_})`,
      ];
    case "federated":
      return [
        "# The token is in the file that AZURE_FEDERATED_TOKEN_FILE names.",
        `return WorkloadIdentityCredential(tenant_id=TENANT_ID, client_id=CLIENT_ID, ${arguments_})`,
      ];
    case "certificate":
      return [
        "# A PEM file with the certificate and its private key.",
        'path = os.environ["AZURE_CLIENT_CERTIFICATE_PATH"]',
        `return CertificateCredential(TENANT_ID, CLIENT_ID, path, ${arguments_})`,
      ];
    case "identity":
      return [
        "# Works where the managed identity is.",
        "return ManagedIdentityCredential(client_id=CLIENT_ID)",
      ];
  }
}
