#!/usr/bin/env bash
# Cuts one picture out with Pixian and curl.
set -euo pipefail
source "$(dirname "$0")/job.sh"

readonly MOST_PIXELS=25000000 # the API shrinks what is larger, by default

# How many pixels a BMP, GIF, JPEG or PNG file has; nothing if that cannot be told.
pixels() {
  od -An -v -tu1 -w1 "$1" | awk -v type="$(media_type "$1")" '
    function big(at) { return b[at] * 256 + b[at + 1] }
    function little(at) { return b[at + 1] * 256 + b[at] }
    function tell(product) { print product; exit }
    BEGIN { marker = 2 }
    { b[NR - 1] = $1 + 0 }
    type == "image/png" && NR == 24 { tell((big(16) * 65536 + big(18)) * (big(20) * 65536 + big(22))) }
    type == "image/gif" && NR == 10 { tell(little(6) * little(8)) }
    type == "image/bmp" && NR == 26 { tell((little(20) * 65536 + little(18)) * (little(24) * 65536 + little(22))) }
    type == "image/jpeg" && NR == marker + 9 {
      kind = b[marker + 1]
      if (kind == 255) marker++
      else if (kind >= 192 && kind <= 207 && kind != 196 && kind != 200 && kind != 204) tell(big(marker + 5) * big(marker + 7))
      else marker += 2 + big(marker + 2)
    }
  ' || true # od is not read to the end
}

input=$MATTEPROOF_INPUT
[[ $input != *$'\n'* ]] || unable "several pictures"

mapfile -t fields < <(jq --raw-output 'to_entries[] | "\(.key)=\(.value)"' <<<"${MATTEPROOF_PARAMETERS:-"{}"}")
form=()
for field in "${fields[@]}"; do form+=(--form-string "$field"); done

if is_url "$input"; then
  form+=(--form-string "image.url=$input")
else
  limit=$(jq ".max_pixels // $MOST_PIXELS" <<<"${MATTEPROOF_PARAMETERS:-"{}"}")
  size=$(pixels "$input")
  [[ -n $size ]] || unable "files of this type"
  ((size <= limit)) || unable "pictures that need to be shrunk"
  type=$(media_type "$input")
  form+=(--form "image=@\"$input\";type=$type;filename=picture.${type#image/}")
fi

answered --user "$MATTEPROOF_API_ID:$MATTEPROOF_API_SECRET" "${form[@]}" "$MATTEPROOF_BASE_URL/api/v2/remove-background"
succeeded || fail "$(reason)"
is_picture || fail "the answer is no whole picture: $type"
save
