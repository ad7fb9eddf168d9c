#!/usr/bin/env bash
# Puts a comment on a pull request of Azure Repos, in the place of the one that it wrote before: pullRequestComment.sh <id> <file>
# The file's first line is what the comment is found by. Needs AZURE_DEVOPS_EXT_PAT, which may be $(System.AccessToken), and the
# right "Contribute to pull requests" for the build service.
set -euo pipefail
id=$1 file=$2

# invoke <resource> <method> [route parameter ...], the body on stdin if there is one
invoke() {
  local resource=$1 method=$2
  shift 2
  az devops invoke --organization "$SYSTEM_COLLECTIONURI" --area git --resource "$resource" --http-method "$method" \
    --api-version 7.1 --route-parameters "project=$SYSTEM_TEAMPROJECTID" "repositoryId=$BUILD_REPOSITORY_ID" \
    "pullRequestId=$id" "$@" --output json
}

body=$(mktemp)
trap 'rm -f "$body"' EXIT
place=$(invoke pullRequestThreads GET | node -p '
  const marker = require("node:fs").readFileSync(process.argv[1], "utf8").split("\n", 1)[0];
  const { value } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const found = value.find(({ comments }) => comments[0]?.content?.startsWith(marker));
  found === undefined ? "" : found.id + " " + found.comments[0].id' "$file")
if [ -n "$place" ]; then
  read -r thread comment <<<"$place"
  node -p 'JSON.stringify({ content: require("node:fs").readFileSync(process.argv[1], "utf8") })' "$file" >"$body"
  invoke pullRequestThreadComments PATCH "threadId=$thread" "commentId=$comment" --in-file "$body" >/dev/null
else
  # A closed thread does not stand in the way of completing the pull request.
  node -p 'JSON.stringify({ status: "closed", comments: [{ parentCommentId: 0, commentType: "text",
    content: require("node:fs").readFileSync(process.argv[1], "utf8") }] })' "$file" >"$body"
  invoke pullRequestThreads POST --in-file "$body" >/dev/null
fi
