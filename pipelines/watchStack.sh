#!/usr/bin/env bash
# Looks for drift of a stack: watchStack.sh <stack> <folder for the reports>
# Publishes `verdict` (clean, rotation or drift) and `rotation` (true when one is due). Fails only when it could not look.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source pipelines/ciOutput.sh
stack=$1 reports=$2

status=0
verdict=$(pipelines/asIdentity.sh npm run -s pipeline -- drift --stack "$stack" --reports "$reports") || status=$?
case $status in
  0 | 7) ;; # 7: something differs, which is what the verdict says
  *) exit "$status" ;;
esac
publish verdict "$verdict"
publish rotation "$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).rotationDue' "$reports/drift.json")"
summarize "$reports/report.md"
[ "$verdict" = clean ] || warn "Stack $stack: $verdict"
