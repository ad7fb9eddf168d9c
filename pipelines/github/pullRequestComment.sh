#!/usr/bin/env bash
# Puts a comment on a pull request, in the place of the one that it wrote before: pullRequestComment.sh <number> <file>
# The file's first line is what the comment is found by. Needs GH_TOKEN with pull-requests: write, and GITHUB_REPOSITORY.
set -euo pipefail
number=$1 file=$2

comments=repos/$GITHUB_REPOSITORY/issues/$number/comments
id=$(gh api --paginate --slurp "$comments" | node -p '
  const marker = require("node:fs").readFileSync(process.argv[1], "utf8").split("\n", 1)[0];
  const comments = JSON.parse(require("node:fs").readFileSync(0, "utf8")).flat();
  comments.find(({ body, user }) => user.type === "Bot" && body.startsWith(marker))?.id ?? ""' "$file")
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file"
else
  gh api --silent --method POST "$comments" --field "body=@$file"
fi
