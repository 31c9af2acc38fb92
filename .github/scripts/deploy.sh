#!/usr/bin/env bash
# Deploys one stack through the gate. Reads STACK, and ALLOW: names or URNs whose loss is meant.
set -euo pipefail
. "$(dirname "$0")/summary.sh"
arguments=("$STACK" --yes --json)
read -ra allowed <<<"${ALLOW:-}"
for name in "${allowed[@]+"${allowed[@]}"}"; do arguments+=(--allow "$name"); done

folder=$(mktemp -d)
status=0
npm run --silent up -- "${arguments[@]}" 2>&1 >"$folder/document.json" | tee "$folder/log.txt" || status=$?
result=$(jq -r '.result // empty' "$folder/document.json" 2>/dev/null) || result=""
summary_text "$STACK: ${result:-failed}" "$folder/log.txt" open
rm -rf "$folder"
exit "$status"
