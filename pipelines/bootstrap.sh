#!/usr/bin/env bash
# Creates an identity for pipelines, without any secret: an application with a service principal, a federated credential for one
# place that it may be used from, and exactly the rights that `ops rights` derives from the configuration of the stacks.
#
#   pipelines/bootstrap.sh --name "DICOM clients deploy dev" --for deploy --stack dev \
#     --issuer https://token.actions.githubusercontent.com --subject repo:contoso/imaging:environment:dev
#   pipelines/bootstrap.sh --name "DICOM clients watch" --for drift --stack dev --stack test --stack prod \
#     --issuer https://token.actions.githubusercontent.com --subject repo:contoso/imaging:environment:watch
#
# You must be signed in with `az login` as a Privileged Role Administrator, with the right to assign roles where the stacks have
# theirs, and the stacks must exist (`pulumi stack init`), since their configuration decides the rights. Run it again after a
# change of the configuration or a failure: what is there is kept. With --show nothing is changed, and the grants are printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2
  exit "$1"
}

name='' purpose='' issuer='' subject='' show='' stacks=()
while [ $# -gt 0 ]; do
  case $1 in
    --show) show=yes; shift; continue ;;
    --help) usage 0 ;;
    --name | --for | --stack | --issuer | --subject) [ $# -gt 1 ] || usage 1 ;;
    *) echo "Unknown option: $1" >&2; usage 1 ;;
  esac
  case $1 in
    --name) name=$2 ;;
    --for) purpose=$2 ;;
    --stack) stacks+=("$2") ;;
    --issuer) issuer=$2 ;;
    --subject) subject=$2 ;;
  esac
  shift 2
done
case $purpose in deploy | drift) ;; *) echo "--for is deploy or drift." >&2; usage 1 ;; esac
if [ ${#stacks[@]} -eq 0 ] || [ -z "$name$show" ]; then usage 1; fi

if [ -n "$show" ]; then
  for stack in "${stacks[@]}"; do npm run -s ops -- rights --stack "$stack" --for "$purpose" --format commands; done
  exit
fi
if [ -z "$name" ] || [ -z "$issuer" ] || [ -z "$subject" ]; then usage 1; fi

client=$(az ad app list --display-name "$name" --query "[?displayName=='$name'].appId | [0]" --output tsv)
if [ -z "$client" ]; then
  client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  echo "Created the application $client." >&2
fi
principal=$(az ad sp list --filter "appId eq '$client'" --query "[0].id" --output tsv)
if [ -z "$principal" ]; then
  principal=$(az ad sp create --id "$client" --query id --output tsv)
  echo "Created the service principal $principal." >&2
fi

# One credential for each place. Its name follows from the place.
credential=$(printf '%s' "$subject" | tr -c 'A-Za-z0-9-' '-' | cut -c 1-120)
known=$(az ad app federated-credential list --id "$client" --query "[?subject=='$subject'].name | [0]" --output tsv)
if [ -z "$known" ]; then
  parameters=$(node -p 'const [name, issuer, subject] = process.argv.slice(1);
    JSON.stringify({ name, issuer, subject, audiences: ["api://AzureADTokenExchange"] })' "$credential" "$issuer" "$subject")
  az ad app federated-credential create --id "$client" --parameters "$parameters" --output none
  echo "Trusts $subject of $issuer." >&2
fi

for stack in "${stacks[@]}"; do
  npm run -s ops -- rights --stack "$stack" --for "$purpose" --format commands | PRINCIPAL=$principal sh
  echo "Has its rights for the stack $stack." >&2
done

echo "AZURE_CLIENT_ID=$client"
echo "AZURE_TENANT_ID=$(az account show --query tenantId --output tsv)"
[ "$purpose" = drift ] || echo "deployingIdentity=$principal"
