import { outsideFacts } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { ConsumerSettings } from "./consumerSettings";
import { heading, secretCommand } from "./secretReading";

/** A script that signs in, searches for a study and retrieves it. */
export function curlScript(settings: ConsumerSettings): string {
  return [
    "#!/bin/sh",
    ...heading(settings, "search and retrieve with curl and jq").map((line) => `# ${line}`),
    "set -eu",
    ...tokenLines(settings),
    "",
    "# Tokens go by standard input, too.",
    "bearer() { printf 'Authorization: Bearer %s' \"$TOKEN\"; }",
    "",
    "# Search (QIDO-RS).",
    `DICOMWEB_URL=${settings.dicomwebUrl}`,
    'STUDY=$(bearer | curl --silent --show-error --fail-with-body --header @- --header "Accept: application/dicom+json" \\',
    '  "$DICOMWEB_URL/studies?limit=1" | jq --raw-output \'.[0]."0020000D".Value[0]\')',
    'echo "study $STUDY"',
    "",
    "# Retrieve (WADO-RS).",
    "bearer | curl --silent --show-error --fail-with-body --header @- \\",
    "  --header 'Accept: multipart/related; type=\"application/dicom\"; transfer-syntax=*' \\",
    '  --output study.multipart "$DICOMWEB_URL/studies/$STUDY"',
    "",
  ].join("\n");
}

/**
 * Lines of a shell script that put a token into `TOKEN`.
 *
 * @throws OperationError when the client has no secret and is no managed identity
 */
export function tokenLines({
  client,
  tokenUrl,
  clientId,
  scope,
  credential,
}: ConsumerSettings): readonly string[] {
  if (credential.kind === "identity") return identityTokenLines(clientId, scope);
  const command = secretCommand(credential);
  if (command === undefined) {
    throw new OperationError(
      `The client ${client} has no secret, and a shell script cannot sign in otherwise.`,
      {
        cure: "Choose another consumer, such as --for python: its library knows certificates and federated tokens.",
      },
    );
  }
  return [
    "",
    "# The newest secret, unless it is given. It is passed on by standard input, so that no list of processes shows it.",
    `CLIENT_SECRET=\${CLIENT_SECRET:-$(${command})}`,
    `TOKEN=$(printf %s "$CLIENT_SECRET" | curl --silent --show-error --fail-with-body ${tokenUrl} \\`,
    "  --data-urlencode grant_type=client_credentials \\",
    `  --data-urlencode client_id=${clientId} \\`,
    `  --data-urlencode scope=${scope} \\`,
    "  --data-urlencode client_secret@- | jq --raw-output .access_token)",
  ];
}

/**
 * A managed identity's token: from the place's own endpoint, as in App Service and Container Apps, else from the virtual machine's.
 * Sources: https://learn.microsoft.com/azure/app-service/overview-managed-identity and
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
function identityTokenLines(clientId: string, scope: string): readonly string[] {
  const query = `resource=${encodeURIComponent(scope.replace(/\/\.default$/, ""))}&client_id=${clientId}`;
  return [
    "",
    "# Azure hands out the token where the managed identity is.",
    'if [ -n "${IDENTITY_ENDPOINT:-}" ]; then',
    "  TOKEN=$(printf 'X-IDENTITY-HEADER: %s' \"$IDENTITY_HEADER\" | curl --silent --show-error --fail-with-body --header @- \\",
    `    "$IDENTITY_ENDPOINT?api-version=2019-08-01&${query}" | jq --raw-output .access_token)`,
    "else",
    '  TOKEN=$(curl --silent --show-error --fail-with-body --noproxy "*" --header "Metadata: true" \\',
    `    "${outsideFacts.machineIdentityEndpoint.value}?api-version=2018-02-01&${query}" | jq --raw-output .access_token)`,
    "fi",
  ];
}
