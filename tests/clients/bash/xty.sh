#!/usr/bin/env bash
# Cuts one picture out with XTY and curl.
set -euo pipefail
source "$(dirname "$0")/job.sh"

readonly MOST_BYTES=10000000 # the documents advise against larger files

# Fetches the result, which may take a moment to appear. Whoever hosts it is not shown the key.
fetched() {
  local pause
  for pause in 1 2 ''; do
    if send "$1" && succeeded && is_picture; then return; fi
    [[ -z $pause ]] || sleep "$pause"
  done
  return 1
}

input=$MATTEPROOF_INPUT
parameters=${MATTEPROOF_PARAMETERS:-"{}"}
[[ $input != *$'\n'* ]] || unable "several pictures"
[[ $(jq 'del(.text) | length' <<<"$parameters") == 0 ]] || unable "other parameters than text"

if is_url "$input"; then
  printf '%s' "$input" >"$work/url"
else
  kind=$(media_type "$input")
  [[ -n $kind ]] || unable "files that are no pictures"
  (($(stat --format=%s "$input") <= MOST_BYTES)) || unable "files of more than 10 MB"
  { printf 'data:%s;base64,' "$kind" && base64 --wrap=0 "$input"; } >"$work/url"
fi
jq --compact-output --rawfile url "$work/url" '
  {model: "remove-bg", messages: [{role: "user", content: [
    (select(has("text")) | {type: "text", text}),
    {type: "image_url", image_url: {$url}}
  ]}]}
' <<<"$parameters" >"$work/request"

answered --header "Authorization: Bearer $MATTEPROOF_API_KEY" --header "Content-Type: application/json" \
  --data-binary "@$work/request" "$MATTEPROOF_BASE_URL/v1/chat/completions"
succeeded || fail "$(reason)"
url=$(jq --exit-status --raw-output '.choices[0].message.content | strings' "$work/body" 2>/dev/null) ||
  fail "the answer is no completion. $(reason)"
is_url "$url" || fail "the completion has no URL: $url"
fetched "$url" || fail "the result could not be fetched: $(reason)"
save
