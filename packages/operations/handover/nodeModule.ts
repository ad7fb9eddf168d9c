import type { ConsumerCredential, ConsumerSettings } from "./consumerSettings";
import { heading } from "./secretReading";

/** A module with a DICOMweb client that signs in by itself, and a search and a retrieval when it is run. */
export function nodeModule(settings: ConsumerSettings): string {
  const { tenantId, clientId, authority, isKnownAuthority, scope, dicomwebUrl, credential } = settings;
  const text = (value: string): string => JSON.stringify(value);
  const imports = {
    vault: "ClientSecretCredential, DefaultAzureCredential",
    output: "ClientSecretCredential",
    federated: "WorkloadIdentityCredential",
    certificate: "ClientCertificateCredential",
    identity: "ManagedIdentityCredential",
  }[credential.kind];
  return [
    ...heading(settings, "DICOMweb in Node.js").map((line) => `// ${line}`),
    "// npm install @azure/identity dicomweb-client xhr2",
    `import { ${imports} } from "@azure/identity";`,
    'import dicomweb from "dicomweb-client";',
    'import XMLHttpRequest from "xhr2";',
    "",
    ...(credential.kind === "identity" ? [] : [`const tenantId = ${text(tenantId)};`]),
    `const clientId = ${text(clientId)};`,
    `const scope = ${text(scope)};`,
    `const dicomwebUrl = ${text(dicomwebUrl)};`,
    ...(credential.kind === "vault"
      ? [
          `const vaultUrl = ${text(credential.vaultUrl)};`,
          `const secretName = ${text(credential.secretName)};`,
        ]
      : []),
    ...(credential.kind === "identity"
      ? []
      : [
          `const options = { authorityHost: ${text(authority)}${isKnownAuthority ? "" : ", disableInstanceDiscovery: true"} };`,
        ]),
    "",
    "// dicomweb-client is made for browsers.",
    "globalThis.XMLHttpRequest ??= XMLHttpRequest;",
    "",
    ...credentialLines(credential),
    "",
    "/** Make a new one for each piece of work: a token lives for an hour, and @azure/identity keeps it as long. */",
    "export async function dicomwebClient(credential) {",
    "  const { token } = await credential.getToken(scope);",
    "  const headers = { Authorization: `Bearer ${token}` };",
    "  return new dicomweb.api.DICOMwebClient({ url: dicomwebUrl, headers });",
    "}",
    "",
    "if (import.meta.filename === process.argv[1]) {",
    "  const client = await dicomwebClient(await clientCredential());",
    "  for (const study of await client.searchForStudies({ queryParams: { limit: 1 } })) {",
    '    const [studyInstanceUID] = study["0020000D"].Value;',
    "    const instances = await client.retrieveStudy({ studyInstanceUID });",
    "    console.log(`study ${studyInstanceUID}: ${instances.length} instances`);",
    "  }",
    "}",
    "",
  ].join("\n");
}

function credentialLines(credential: ConsumerCredential): readonly string[] {
  switch (credential.kind) {
    case "vault":
      return [
        "/** Reads the newest secret with the identity that this runs as, which needs Key Vault Secrets User; once in every overlap. */",
        "export async function clientCredential() {",
        `  const { token } = await new DefaultAzureCredential(options).getToken(${JSON.stringify(credential.vaultScope)});`,
        "  const answer = await fetch(`${vaultUrl}/secrets/${secretName}?api-version=7.4`, {",
        "    headers: { Authorization: `Bearer ${token}` },",
        "  });",
        "  if (!answer.ok) throw new Error(`The key vault answers ${answer.status}.`);",
        "  const { value } = await answer.json();",
        "  return new ClientSecretCredential(tenantId, clientId, value, options);",
        "}",
      ];
    case "output":
      return [
        `/** Whoever may read the stack prints the secret: ${credential.command} */`,
        "export async function clientCredential() {",
        "  return new ClientSecretCredential(tenantId, clientId, process.env.AZURE_CLIENT_SECRET, options);",
        "}",
      ];
    case "federated":
      return [
        "/** The token is in the file that AZURE_FEDERATED_TOKEN_FILE names. */",
        "export async function clientCredential() {",
        "  return new WorkloadIdentityCredential({ tenantId, clientId, ...options });",
        "}",
      ];
    case "certificate":
      return [
        "/** A PEM file with the certificate and its private key. */",
        "export async function clientCredential() {",
        "  return new ClientCertificateCredential(tenantId, clientId, process.env.AZURE_CLIENT_CERTIFICATE_PATH, options);",
        "}",
      ];
    case "identity":
      return [
        "/** Works where the managed identity is. */",
        "export async function clientCredential() {",
        "  return new ManagedIdentityCredential({ clientId });",
        "}",
      ];
  }
}
