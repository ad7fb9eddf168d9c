#!/usr/bin/env bash
# Warns of credentials that end soon, and of updates that are overdue: warnOfEnds.sh <stack> <days>
# It works from configuration, state and schedule alone, and fails only when it could not look.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source pipelines/ciOutput.sh
stack=$1 days=$2

table=$(mktemp)
trap 'rm -f "$table" "$table.md"' EXIT
status=0
pipelines/asIdentity.sh npm run -s ops -- status --stack "$stack" --warn "$days" >"$table" || status=$?
cat "$table"
case $status in
  0) ;;
  7) warn "Stack $stack: a credential ends within $days days, or an update is overdue. The table in the log says which." ;;
  *) exit "$status" ;;
esac
