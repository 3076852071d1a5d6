#!/usr/bin/env bash
# Cuts a picture out with XTY, and forgets to say that it sends JSON.
set -euo pipefail
source "$(dirname "$0")/job.sh"

input=$MATTEPROOF_INPUT
if is_url "$input"; then
  printf '%s' "$input" >"$work/url"
else
  { printf 'data:%s;base64,' "$(media_type "$input")" && base64 --wrap=0 "$input"; } >"$work/url"
fi
jq --rawfile url "$work/url" '
  {model: "remove-bg", messages: [{role: "user", content: [
    {type: "text", text: (.text // "a person")}, {type: "image_url", image_url: {$url}}
  ]}]}
' <<<"${MATTEPROOF_PARAMETERS:-"{}"}" >"$work/request"

send --header "Authorization: Bearer $MATTEPROOF_API_KEY" -d "@$work/request" "$MATTEPROOF_BASE_URL/v1/chat/completions"
url=$(jq --exit-status --raw-output '.choices[0].message.content // empty' "$work/body") || fail "$(reason)"
send "$url"
succeeded && is_picture || fail "$(reason)"
save
