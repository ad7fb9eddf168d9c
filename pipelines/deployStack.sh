#!/usr/bin/env bash
# Deploys a stack and proves that its clients work: deployStack.sh <stack> [--rotation-only]
#
# --rotation-only limits the update to what a rotation changes: the secrets, and the key vault's copy of the current one. Drift
# and configuration that is not deployed yet stay as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=$1

options=()
case ${2:-} in
  "")
    if [ -f policy/PulumiPolicy.yaml ]; then
      options+=(--policy-pack policy)
      [ ! -f policy-config.json ] || options+=(--policy-pack-config policy-config.json)
    fi
    ;;
  --rotation-only)
    while read -r target; do options+=(--target "$target"); done < <(npm run -s pipeline -- rotation-targets)
    [ ${#options[@]} -gt 0 ] || { echo "The targets of a rotation are not known." >&2; exit 1; }
    ;;
  *) echo "usage: pipelines/deployStack.sh <stack> [--rotation-only]" >&2; exit 1 ;;
esac

# The outputs are suppressed: what need not be in a log is not in it, even masked.
pipelines/asIdentity.sh pulumi up --yes --diff --non-interactive --suppress-outputs --stack "$stack" "${options[@]}"
code=0
pipelines/asIdentity.sh npm run -s ops -- verify --wait --stack "$stack" || code=$?
# 7: nothing failed, but a client has only credentials that a pipeline cannot try, such as a certificate whose key its consumer has.
[ "$code" -eq 7 ] || exit "$code"
