#!/usr/bin/env bash
# One comment on a pull request, edited in place: comment.sh <file>. The file's first line is the mark by which the
# comment is found again; where there is no file, nothing was compared, and the comment says so. Reads PULL_REQUEST,
# GITHUB_REPOSITORY, GH_TOKEN, and RUN, the address of the run.
set -euo pipefail
file=$1
marker="<!-- cmbcluster-preview -->"
if [ ! -s "$file" ]; then
  file=$(mktemp)
  trap 'rm -f "$file"' EXIT
  printf '%s\n\nThe comparison failed before it told anything: what this change does is not known. %s says why.\n' \
    "$marker" "${RUN:-The run}" >"$file"
fi
mark=$(head -n 1 "$file")
[ "$mark" = "$marker" ] || {
  echo "::error::$file does not begin with the mark of the preview's comment"
  exit 1
}

# Anyone may write the mark into a comment; only what the workflow wrote itself is edited.
mine=$(
  gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments?per_page=100" |
    jq -r --arg mark "$mark" \
      '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith($mark))) | .id'
)
first=${mine%%$'\n'*}
if [ -n "$first" ]; then
  request=(--method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$first")
else
  request=(--method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments")
fi
jq -Rs '{body: .}' "$file" | gh api "${request[@]}" --input - --jq .html_url
