#!/usr/bin/env bash
# Runs a command as the pipeline's identity, by workload identity federation: no secret is stored anywhere.
#
#   pipelines/asIdentity.sh pulumi preview --stack dev
#
# Needs AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID, and a job that may ask for a token:
#   GitHub Actions   permissions: id-token: write
#   Azure Pipelines  SYSTEM_ACCESSTOKEN: $(System.AccessToken), inside an AzureCLI task, which names the service connection
#
# The Azure providers and the operations read ARM_*, the state backend azblob:// and the secrets provider azurekeyvault:// read
# AZURE_*. A token lives for minutes, so the file that holds it is written anew while the command runs.
#
# With PULUMI_CLOUD_ORGANIZATION, GitHub Actions also exchanges a token for one of Pulumi Cloud.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: pipelines/asIdentity.sh <command> [argument ...]" >&2; exit 1; }

# Values of an Azure DevOps service connection, as the AzureCLI task tells them.
: "${AZURE_CLIENT_ID:=${AZURESUBSCRIPTION_CLIENT_ID:-}}" "${AZURE_TENANT_ID:=${AZURESUBSCRIPTION_TENANT_ID:-}}"
missing=()
for name in AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_SUBSCRIPTION_ID; do
  [ -n "${!name:-}" ] || missing+=("$name")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "Not set: ${missing[*]}. docs/operate/pipelines.md says where they belong." >&2
  exit 1
fi

# Prints a token for an audience.
token() {
  local audience=$1 field url bearer request=()
  if [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
    field=value bearer=$ACTIONS_ID_TOKEN_REQUEST_TOKEN
    url="$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$audience"
  elif [ -n "${SYSTEM_OIDCREQUESTURI:-}" ]; then
    field=oidcToken bearer=${SYSTEM_ACCESSTOKEN:?must be in the env of the step, as \$(System.AccessToken)}
    url="$SYSTEM_OIDCREQUESTURI?api-version=7.1&serviceConnectionId=${AZURESUBSCRIPTION_SERVICE_CONNECTION_ID:?is told by an AzureCLI task only}"
    request=(--request POST --header "Content-Type: application/json" --data "")
  else
    echo "This job may not ask for a token: give it the permission id-token: write." >&2
    return 1
  fi
  # The bearer token goes in by standard input: other processes can read a command line.
  curl --silent --show-error --fail --retry 3 "${request[@]}" --config - "$url" \
    <<<"header = \"Authorization: Bearer $bearer\"" |
    node -e 'process.stdout.write(JSON.parse(require("node:fs").readFileSync(0, "utf8"))[process.argv[1]])' "$field"
}

folder=$(mktemp -d)
renewal=
# shellcheck disable=SC2329 # the trap calls it
finish() {
  [ -z "$renewal" ] || kill "$renewal" || true
  rm -rf "$folder"
} 2>/dev/null # bash itself complains there when the process has ended in the meantime
trap finish EXIT

umask 077
renew() {
  token "api://AzureADTokenExchange" >"$folder/next"
  mv "$folder/next" "$folder/token"
}
renew
mkfifo "$folder/never"
{
  # Waits without a process of its own, which could be left behind: nobody ever writes there.
  exec 3<>"$folder/never"
  while :; do read -r -t 120 -u 3 || renew || true; done
} >/dev/null 2>&1 &
renewal=$!

export AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_FEDERATED_TOKEN_FILE="$folder/token"
export ARM_USE_OIDC=true ARM_CLIENT_ID=$AZURE_CLIENT_ID ARM_TENANT_ID=$AZURE_TENANT_ID
export ARM_SUBSCRIPTION_ID=$AZURE_SUBSCRIPTION_ID
if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
  # On GitHub both providers ask for tokens themselves. In Azure Pipelines azuread does, azure-native reads the file.
  export ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID=$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID
  export ARM_OIDC_TOKEN_FILE_PATH="$folder/token"
elif [ -n "${PULUMI_CLOUD_ORGANIZATION:-}" ]; then
  token "urn:pulumi:org:$PULUMI_CLOUD_ORGANIZATION" >"$folder/pulumi"
  pulumi login --non-interactive --oidc-org "$PULUMI_CLOUD_ORGANIZATION" --oidc-token "file://$folder/pulumi"
fi

"$@"
