#!/usr/bin/env bash
# One issue for the drift of a stack: drift-issue.sh <folder of drift.sh>. Opened when there is drift, edited in place
# while it stays, closed when it is over; when nobody knows, it is left as it is. Reads STACK, GITHUB_REPOSITORY,
# GITHUB_SERVER_URL, GITHUB_RUN_ID, GH_TOKEN.
set -euo pipefail
folder=$1
verdict=$(cat "$folder/verdict")
run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
mark="<!-- cmbcluster-drift $STACK -->"
issues="repos/$GITHUB_REPOSITORY/issues"

number=$(
  gh api --paginate "$issues?state=open&creator=github-actions%5Bbot%5D&per_page=100" |
    jq -r --arg mark "$mark" '.[] | select(.pull_request == null and ((.body // "") | startswith($mark))) | .number'
)
number=${number%%$'\n'*}

case $verdict in
  drift)
    body=$(mktemp)
    {
      printf '%s\n\nWhat is in the cloud differs from what the last run of `%s` left there ([run](%s)).\n' \
        "$mark" "$STACK" "$run"
      printf 'Either it is meant: take it over into the stack file; or `npm run up -- %s` sets it back.\n\n<pre>\n' "$STACK"
      # An issue takes 65,536 characters; escaping makes some of them five.
      head -c 12000 "$folder/drift.txt" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
      printf '\n</pre>\n'
    } >"$body"
    if [ -n "$number" ]; then
      jq -Rs '{body: .}' "$body" | gh api --method PATCH "$issues/$number" --input - --jq .html_url
    else
      jq -Rs --arg title "Drift: $STACK" '{title: $title, body: .}' "$body" |
        gh api --method POST "$issues" --input - --jq .html_url
    fi
    rm -f "$body"
    ;;
  none)
    if [ -n "$number" ]; then
      jq -n --arg body "No drift any more ([run]($run))." '{body: $body}' |
        gh api --method POST "$issues/$number/comments" --input - --jq .html_url
      jq -n '{state: "closed"}' | gh api --method PATCH "$issues/$number" --input - --jq .html_url
    fi
    ;;
  *) echo "::warning::whether $STACK drifted could not be found out; an open issue stays as it is" ;;
esac
