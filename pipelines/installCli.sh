#!/usr/bin/env bash
# Gets the Pulumi CLI of the version in .pulumi.version and puts it on the PATH of the steps that follow.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(dirname "$(npm run -s toolchain -- --pinned)")
if [ -n "${GITHUB_PATH:-}" ]; then
  echo "$folder" >>"$GITHUB_PATH"
elif [ -n "${TF_BUILD:-}" ]; then
  echo "##vso[task.prependpath]$folder"
else
  echo "$folder"
fi
