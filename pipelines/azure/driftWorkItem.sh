#!/usr/bin/env bash
# Keeps one work item of Azure Boards for a stack: opened or updated while it drifts, closed when it is clean.
#
#   driftWorkItem.sh <stack> <verdict> <report>
#
# The work item is found by its tag `stack:<stack>`. Needs AZURE_DEVOPS_EXT_PAT, which may be $(System.AccessToken), and the right
# "Edit work items in this node" for the build service. WORK_ITEM_TYPE and WORK_ITEM_CLOSED are those of the project's process:
# Issue and Done (the default) in Basic, Task and Closed in Agile.
set -euo pipefail
stack=$1 verdict=$2 report=$3

place=(--organization "$SYSTEM_COLLECTIONURI")
tag=stack:$stack type=${WORK_ITEM_TYPE:-Issue} closed=${WORK_ITEM_CLOSED:-Done}
id=$(az boards query "${place[@]}" --project "$SYSTEM_TEAMPROJECT" --output json --wiql "SELECT [System.Id] FROM WorkItems
  WHERE [System.TeamProject] = @project AND [System.Tags] CONTAINS '$tag' AND [System.State] <> '$closed'
  ORDER BY [System.Id]" | node -p 'JSON.parse(require("node:fs").readFileSync(0, "utf8"))[0]?.id ?? ""')
case $verdict in
  clean)
    [ -z "$id" ] || az boards work-item update "${place[@]}" --id "$id" --state "$closed" \
      --discussion "Looked again: nothing differs any more." --output none
    exit
    ;;
  rotation) title="Stack $stack: a rotation is due" ;;
  drift) title="Stack $stack: drift" ;;
  *) echo "usage: driftWorkItem.sh <stack> clean|rotation|drift <report>" >&2; exit 1 ;;
esac
# The description is HTML. Of the report only what is in it as text is shown, which nothing can be smuggled through.
description="<pre>$(node -p 'require("node:fs").readFileSync(process.argv[1], "utf8").replace(/&/g, "&amp;").replace(/</g, "&lt;")' "$report")</pre>"
if [ -n "$id" ]; then
  az boards work-item update "${place[@]}" --id "$id" --title "$title" --description "$description" --output none
else
  az boards work-item create "${place[@]}" --project "$SYSTEM_TEAMPROJECT" --type "$type" --title "$title" \
    --description "$description" --fields "System.Tags=$tag" --output none
fi
