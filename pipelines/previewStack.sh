#!/usr/bin/env bash
# Previews an update of a stack for a review: previewStack.sh <stack> <folder for comment.md>
# Also when the preview fails there is a comment to post, which says why.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source pipelines/ciOutput.sh
stack=$1 reports=$2

status=0
pipelines/asIdentity.sh npm run -s pipeline -- preview --stack "$stack" --reports "$reports" || status=$?
[ ! -f "$reports/comment.md" ] || summarize "$reports/comment.md"
exit "$status"
