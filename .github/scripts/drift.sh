#!/usr/bin/env bash
# Asks what differs between the state of a stack and its cloud: drift.sh <folder>. Reads STACK. Into the folder:
# verdict (none, drift or failed) and drift.txt. Ends with 1 when it could not be found out.
set -euo pipefail
. "$(dirname "$0")/summary.sh"
folder=$1
mkdir -p "$folder"
status=0
pulumi refresh --stack "$STACK" --preview-only --expect-no-changes --diff --suppress-outputs --non-interactive \
  --color never >"$folder/drift.txt" 2>&1 || status=$?
# 7 is the CLI's own code for changes where none were expected (pulumi v3.259.0, cmdutil.ExitNoChanges).
case $status in
  0) verdict=none ;;
  7) verdict=drift ;;
  *) verdict=failed ;;
esac
printf '%s\n' "$verdict" >"$folder/verdict"
cat "$folder/drift.txt"
summary_text "Drift of $STACK: $verdict" "$folder/drift.txt" open
[ "$verdict" != failed ]
