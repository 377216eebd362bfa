# The words that scripts/demo is written in: show a command, run it, check its answer. Sourced, after common.sh.

ANSWER=''   # what the last command printed
PROBLEMS=0  # how many answers were not as expected

title() { printf '\n%s\n%s\n' "${BOLD}$*${PLAIN}" "${DIM}$(printf '%*s' "${#1}" '' | tr ' ' '-')${PLAIN}"; }
note()  { printf '%s\n' "   ${DIM}$*${PLAIN}"; }
good()  { printf '%s\n' "   ${GREEN}as expected:${PLAIN} $*"; }
bad()   { printf '%s\n' "   ${RED}NOT as expected:${PLAIN} $*"; PROBLEMS=$((PROBLEMS + 1)); }

prepare_folder() {
  FOLDER="$(mktemp -d "${TMPDIR:-/tmp}/deputy-demo.XXXXXX")"
  trap finish EXIT
  # The CLI's own settings of this shell must not reach the demo.
  unset $(compgen -v AWS_ | grep -vx AWS_CA_BUNDLE || true)
  export AWS_CONFIG_FILE="$FOLDER/aws/config" AWS_SHARED_CREDENTIALS_FILE="$FOLDER/aws/credentials"
  export AWS_PAGER='' AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=2
  export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 PYTHONWARNINGS=ignore
  export DEPUTY_DATA="$FOLDER/data" PATH="$TOOLS/bin:$PATH"
  mkdir -p "$FOLDER/aws" "$FOLDER/work"
  cd "$FOLDER/work"
}

finish() {
  local status=$?
  if [ -n "${SERVER_PID:-}" ]; then
    kill "$SERVER_PID" 2> /dev/null || true
    wait "$SERVER_PID" 2> /dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -s "$FOLDER/server.log" ]; then
    warn "the server's last words:"
    tail -n 5 "$FOLDER/server.log" >&2
  fi
  if [ -n "${KEEP:-}" ]; then say "kept: $FOLDER"; else rm -rf "$FOLDER"; fi
  exit "$status"
}

answers_at() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Deputy's own port if it is free, else some other.
start_server() {
  local port tries
  for port in 4566 $((20000 + RANDOM % 20000)) $((20000 + RANDOM % 20000)); do
    if answers_at "$port"; then continue; fi
    "$DEPUTY" serve --listen "127.0.0.1:$port" --data "$DEPUTY_DATA" > "$FOLDER/server.log" 2>&1 &
    SERVER_PID=$!
    for ((tries = 0; tries < 100; ++tries)); do
      if ! kill -0 "$SERVER_PID" 2> /dev/null; then break; fi
      if answers_at "$port"; then
        ENDPOINT="http://127.0.0.1:$port"
        say "deputy serves on $ENDPOINT"
        return
      fi
      sleep 0.05
    done
    kill "$SERVER_PID" 2> /dev/null || true
    wait "$SERVER_PID" 2> /dev/null || true
    SERVER_PID=''
  done
  die "the server did not start"
}

# block TAG N: the N-th fenced block of the guide whose opening line ends with TAG (```bash TAG, ```json TAG).
block() {
  awk -v tag="$1" -v wanted="$2" '
    /^```/ { if (inside) { inside = 0; if (found) exit } else { inside = 1; if ($2 == tag && ++seen == wanted) found = 1 } next }
    inside && found
  ' "$GUIDE" | grep . || die "the guide has no block $2 of '$1'"
}

# file NAME TEXT; write_file NAME: as the guide prints it.
file() {
  note "$1:"
  printf '%s\n' "$2" | tee "$1" | sed 's/^/     /'
}
write_file() { file "$1" "$(block "$1" 1)"; }

# as WHO: an account's profile, the user of account A, or the session made from the role.
as() {
  WHO="$1"
  unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_DEFAULT_REGION
  case "$WHO" in
    account-*) export AWS_PROFILE="$WHO" ;;
    *)
      export AWS_ENDPOINT_URL="$ENDPOINT" AWS_DEFAULT_REGION=us-east-1
      if [ "$WHO" = session ]; then
        export AWS_ACCESS_KEY_ID="$SESSION_ID" AWS_SECRET_ACCESS_KEY="$SESSION_SECRET" AWS_SESSION_TOKEN="$SESSION_TOKEN"
      else
        export AWS_ACCESS_KEY_ID="$USER_KEY_ID" AWS_SECRET_ACCESS_KEY="$USER_KEY_SECRET"
      fi ;;
  esac
}

show() {  # show COMMAND: as it would be typed
  printf '\n%s\n' "${BLUE}[$WHO]${PLAIN} \$ ${BOLD}$(sed '2,$s/^/   /' <<< "$1")${PLAIN}"
}

ask() {  # ask COMMAND: runs it, leaves ANSWER and returns its status
  local status=0
  show "$1"
  ANSWER="$(eval "$1" 2>&1 < /dev/null)" || status=$?
  [ -z "$ANSWER" ] || printf '%s\n' "$ANSWER" | sed '/./,$!d' | sed 's/^/   /'
  return "$status"
}

run() { ask "$1" || { bad "this command should have worked"; exit 1; }; }

# run_block TAG N: each command of a block; a line that ends in a backslash goes on.
run_block() {
  local line command=''
  while IFS= read -r line; do
    command+="$line"
    if [[ "$line" == *\\ ]]; then command+=$'\n'; continue; fi
    run "$command"
    command=''
  done <<< "$(block "$1" "$2")"
}

deputy() {
  WHO=deputy
  local quoted='' word
  for word in "$@"; do if [[ "$word" == *' '* ]]; then quoted+=" \"$word\""; else quoted+=" $word"; fi; done
  show "deputy$quoted"
  "$DEPUTY" "$@" 2>&1 | sed 's/^/   /'
}

# refused CODE SENTENCE COMMAND: the command fails, the CLI names CODE, and the message is SENTENCE and nothing more.
refused() {
  local code="$1" sentence="$2" message
  if ask "$3"; then bad "this command should have been refused"; return; fi
  message="${ANSWER##* operation: }"
  if [[ "$ANSWER" != *"($code)"* ]]; then
    bad "the code should be $code"
  elif [ "$message" = "$sentence" ]; then
    good "refused, in AWS's words"
  else
    bad "AWS says: $sentence"
  fi
}

answer_has() { if [[ "$ANSWER" == *"$1"* ]]; then good "$1"; else bad "$1 is missing"; fi; }

member() { sed -n "s/.*\"$1\": \"\\([^\"]*\\)\".*/\\1/p" <<< "$ANSWER" | head -n 1; }

remember_user_key() {
  USER_KEY_ID="$(member AccessKeyId)" USER_KEY_SECRET="$(member SecretAccessKey)"
  [ -n "$USER_KEY_ID" ] && [ -n "$USER_KEY_SECRET" ] || { bad "an access key should have come"; exit 1; }
}

# The guide's three export lines, with the values of the last answer in place of the dots.
export_session() {
  SESSION_ID="$(member AccessKeyId)" SESSION_SECRET="$(member SecretAccessKey)" SESSION_TOKEN="$(member SessionToken)"
  [[ "$SESSION_ID" == ASIA* ]] && [ -n "$SESSION_TOKEN" ] || { bad "temporary credentials should have come"; exit 1; }
  local line name value
  while IFS= read -r line; do
    name="${line#export }" name="${name%%=*}"
    case "$name" in
      AWS_ACCESS_KEY_ID) value="$SESSION_ID" ;;
      AWS_SECRET_ACCESS_KEY) value="$SESSION_SECRET" ;;
      AWS_SESSION_TOKEN) value="$SESSION_TOKEN" ;;
      *) die "the guide exports $name, which no answer holds" ;;
    esac
    show "export $name=${value:0:16}..."
    export "$name=$value"
  done <<< "$(block export 1)"
  WHO=session
}

closing() {
  printf '\n'
  if [ "$PROBLEMS" -gt 0 ]; then die "$PROBLEMS answers were not as AWS gives them"; fi
  printf '%s\n' "${GREEN}${BOLD}The guide works, and fails where it must.${PLAIN}"
}
