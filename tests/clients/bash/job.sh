# What becomes of an answer, and how a run ends. To be sourced; needs curl and jq.

readonly MOST_LIMITED=6 # waits because of 429, 105 seconds in all, before the picture is given up
readonly MOST_FAILED=3  # answers of 500 to 599 after which the picture is given up

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

unable() {
  printf 'cannot do: %s\n' "$*" >&2
  exit 77
}

is_url() { [[ $1 =~ ^https?:// ]]; }

# Sends one request; sets status, type and wait, and leaves the body in $work/body. Fails if no whole answer came.
send() {
  local options=(--silent --show-error --connect-timeout 30 --speed-limit 1 --speed-time 200 --output "$work/body")
  [[ -n ${MATTEPROOF_CA_FILE:-} ]] && options+=(--cacert "$MATTEPROOF_CA_FILE")
  : >"$work/body"
  local said
  said=$(curl "${options[@]}" --write-out '%{http_code}|%{content_type}|%header{retry-after}' "$@") || return
  IFS='|' read -r status type wait <<<"$said"
  [[ $wait =~ ^[0-9]{1,6}$ ]] || wait=0
}

# Sends until the answer is final. What went wrong on the way may have been charged all the same, so it is not repeated.
answered() {
  local limited=0 failed=0 least
  while true; do
    send "$@" || fail "no whole answer"
    if [[ $status == 429 ]] && ((++limited <= MOST_LIMITED)); then
      least=$((5 * limited))
    elif [[ $status == 5?? ]] && ((++failed < MOST_FAILED)); then
      least=1
    else
      return 0
    fi
    sleep "$((wait > least ? wait : least))"
  done
}

# Fails if the last answer was not one of success.
succeeded() { [[ $status == 2?? ]]; }

# Tells what the error in the last answer says, in whatever form it is.
reason() {
  local message
  message=$(jq --raw-output '.error.message? // .error? // empty' "$work/body" 2>/dev/null) || true
  printf 'status %s: %s' "$status" "${message:-$(head --bytes=200 "$work/body" | tr --delete '\0')}"
}

# The bytes of standard input in hexadecimal digits.
hex() { od -An -v -tx1 | tr --delete ' \n'; }

# Fails if the last answer was no whole picture.
is_picture() {
  local kind=${type%%;*}
  local ends
  ends="${kind,,} $(head --bytes=3 "$work/body" | hex) $(tail --bytes=8 "$work/body" | hex)"
  [[ $ends == 'image/png 89504e 49454e44ae426082' || $ends == 'image/jpeg ffd8ff '*ffd9 ]]
}

# Makes the last answer the output, which appears at once and as a whole.
save() {
  mv "$work/body" "$MATTEPROOF_OUTPUT.part"
  mv "$MATTEPROOF_OUTPUT.part" "$MATTEPROOF_OUTPUT"
}

# The media type of a picture; nothing if it is none.
media_type() {
  case $(head --bytes=12 "$1" | hex) in
    89504e47*) echo image/png ;;
    ffd8ff*) echo image/jpeg ;;
    47494638*) echo image/gif ;;
    52494646????????57454250) echo image/webp ;;
    424d*) echo image/bmp ;;
    49492a00* | 4d4d002a*) echo image/tiff ;;
  esac
}
