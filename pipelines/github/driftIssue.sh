#!/usr/bin/env bash
# Keeps one issue for a stack: opened or updated while it drifts, closed when it is clean.
#
#   driftIssue.sh <stack> <verdict> <report>
#
# The issue is found by its label `stack:<stack>`. Needs GH_TOKEN with issues: write, and GH_REPO.
set -euo pipefail
stack=$1 verdict=$2 report=$3

label=stack:$stack
number=$(gh issue list --label "$label" --state open --limit 1 --json number |
  node -p 'JSON.parse(require("node:fs").readFileSync(0, "utf8"))[0]?.number ?? ""')
case $verdict in
  clean)
    [ -z "$number" ] || gh issue close "$number" --comment "Looked again: nothing differs any more."
    exit
    ;;
  rotation) title="Stack $stack: a rotation is due" ;;
  drift) title="Stack $stack: drift" ;;
  *) echo "usage: driftIssue.sh <stack> clean|rotation|drift <report>" >&2; exit 1 ;;
esac
if [ -n "$number" ]; then
  gh issue edit "$number" --title "$title" --body-file "$report"
else
  gh label create "$label" --force --description "Drift and rotations of this stack"
  gh issue create --title "$title" --label "$label" --body-file "$report"
fi
