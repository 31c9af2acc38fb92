#!/usr/bin/env bash
# Plans one stack against its cloud, for a pull request. Reads STACK and REACHES_CLUSTER.
#
# A runner that reaches the stack's Kubernetes API judges the plan as a deployment would. One that does not reach it
# cannot ask what is in the cluster: it compares with the state of the last run instead, in the cloud too, and what
# was changed by hand since then is not seen.
set -euo pipefail
. "$(dirname "$0")/summary.sh"
log=$(mktemp)
status=0
if [ "$REACHES_CLUSTER" = true ]; then
  npm run --silent up -- "$STACK" --check >"$log" 2>&1 || status=$?
  title="Plan of $STACK, by its cloud and its cluster"
else
  pulumi preview --stack "$STACK" --refresh=false --diff --suppress-outputs --non-interactive --color never \
    >"$log" 2>&1 || status=$?
  title="Plan of $STACK, by the state of its last run"
fi
cat "$log"
[ "$status" -eq 0 ] || title="$title: it failed"
summary_text "$title" "$log" open
rm -f "$log"
exit "$status"
