#!/usr/bin/env bash
# Cuts a picture out with Pixian, and lets curl repeat what took too long.
set -euo pipefail

form=()
while read -r field; do form+=(--form-string "$field"); done \
  < <(jq --raw-output 'to_entries[] | "\(.key)=\(.value)"' <<<"${MATTEPROOF_PARAMETERS:-"{}"}")
case $MATTEPROOF_INPUT in
  http*) form+=(--form-string "image.url=$MATTEPROOF_INPUT") ;;
  *) form+=(--form "image=@\"$MATTEPROOF_INPUT\"") ;;
esac

curl --silent --show-error --fail --max-time 60 --retry 3 --output "$MATTEPROOF_OUTPUT" \
  --user "$MATTEPROOF_API_ID:$MATTEPROOF_API_SECRET" "${form[@]}" \
  "$MATTEPROOF_BASE_URL/api/v2/remove-background"
