#!/usr/bin/env bash
# What a pull request changes, offline: difference.sh <folder>. Into the folder: difference.md, the comment to be.
# Ends with 1 when a stack cannot be planned any more or exceeds its budget.
set -euo pipefail
. "$(dirname "$0")/summary.sh"
folder=$1
mkdir -p "$folder"

# The checkout is the merge: its first parent is the branch that would receive it, as it is now.
base=$(git rev-parse --verify --quiet 'HEAD^1') || {
  echo "::error::there is no commit before HEAD to compare with: check out with fetch-depth: 2"
  exit 1
}

status=0
npm run --silent preview -- --against "$base" --markdown >"$folder/difference.md" 2>"$folder/errors.txt" || status=$?
cat "$folder/errors.txt" >&2
if [ -s "$folder/difference.md" ]; then
  cat "$folder/difference.md" >>"$GITHUB_STEP_SUMMARY"
else
  # Nothing to compare: that is told, in the comment too, where an older one would otherwise stand as true.
  printf '<!-- cmbcluster-preview -->\n\nThe preview failed; the log of this run says why.\n' >"$folder/difference.md"
  summary_text "The preview failed" "$folder/errors.txt" open
fi

plan=0
npm run --silent preview -- --color=never >"$folder/preview.txt" 2>&1 || plan=$?
summary_text "Preview of every stack with this change" "$folder/preview.txt"

[ "$status" -eq 0 ] && [ "$plan" -eq 0 ]
