# The words that scripts/demo is written in: show a command, run it, check its answer. Sourced, after common.sh.

ANSWER=''   # what the last command printed
WHO=nobody  # whose credentials the shell has
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
  unset $(compgen -v DEPUTY_ | grep -vx DEPUTY || true)
  export PATH="$TOOLS/bin:$PATH"
  mkdir -p "$FOLDER/aws" "$FOLDER/work/build/release"
  ln -s "$(realpath "$DEPUTY")" "$FOLDER/work/build/release/deputy"  # where the guide looks for it
  cd "$FOLDER/work"
  free_port
}

finish() {
  local status=$?
  if [ -n "${DEPUTY_DATA:-}" ]; then
    "$DEPUTY" stop > /dev/null 2>&1 || true
    if [ "$status" -ne 0 ] && [ -s "$DEPUTY_DATA/server.log" ]; then
      warn "the server's last words:"
      tail -n 5 "$DEPUTY_DATA/server.log" >&2
    fi
  fi
  if [ -n "${KEEP:-}" ]; then say "kept: $FOLDER"; else rm -rf "$FOLDER"; fi
  exit "$status"
}

answers_at() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Deputy's own port if it is free, else some other: the server that the guide starts listens there.
free_port() {
  local port=4566
  while answers_at "$port"; do port=$((20000 + RANDOM % 20000)); done
  [ "$port" = 4566 ] || export DEPUTY_LISTEN="127.0.0.1:$port"
}

# section N: the text of the fenced bash blocks below the N-th heading of the guide, each ended by a line
# with \001. What must be refused is not among them: the demo has its own, and looks at the words.
section() {
  awk -v wanted="$1" '
    /^## / { ++heading }
    /^```/ { if (inside) { if (inside == 1 && wanted == heading) print "\001"; inside = 0 } else { inside = ($0 == "```bash") ? 1 : 2 } next }
    inside == 1 && wanted == heading
  ' "$GUIDE"
}

file() {  # file NAME TEXT
  note "$1:"
  printf '%s\n' "$2" | tee "$1" | sed 's/^/     /'
}

# as PROFILE: the shell becomes somebody else, as the guide does it.
as() { run "eval \"\$(deputy env $1)\""; }

show() {  # show COMMANDS: as they would be typed
  printf '\n%s\n' "${BLUE}[$WHO]${PLAIN} \$ ${BOLD}$(sed '2,$s/^/   /' <<< "$1")${PLAIN}"
}

# ask COMMANDS: runs them in this shell, leaves ANSWER, and in FAILED whether one of them failed.
ask() {
  FAILED=0
  show "$1"
  set +e
  trap 'FAILED=1' ERR
  eval "$1" > "$FOLDER/answer" 2>&1 < /dev/null
  trap : ERR
  set -e
  ANSWER="$(cat "$FOLDER/answer")"
  WHO="$(sed -n 's/^eval "$(deputy env \([^)]*\))"$/\1/p' <<< "$1" | tail -n 1 | grep . || printf '%s' "$WHO")"
  [ -z "$ANSWER" ] || printf '%s\n' "$ANSWER" | sed '/./,$!d' | sed 's/^/   /'
}

run() {
  ask "$1"
  if [ "$FAILED" -ne 0 ]; then bad "this should have worked"; exit 1; fi
}

# run_section N: the blocks of one section of the guide, as they are printed.
run_section() {
  local line block=''
  while IFS= read -r line; do
    if [ "$line" = $'\001' ]; then run "${block%$'\n'}"; block=''; else block+="$line"$'\n'; fi
  done <<< "$(section "$1")"
}

# refused CODE SENTENCE COMMAND: the command fails, the CLI names CODE, and the message is SENTENCE and nothing more.
refused() {
  local code="$1" sentence="$2" message
  ask "$3"
  if [ "$FAILED" -eq 0 ]; then bad "this command should have been refused"; return; fi
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

closing() {
  printf '\n'
  if [ "$PROBLEMS" -gt 0 ]; then die "$PROBLEMS answers were not as AWS gives them"; fi
  printf '%s\n' "${GREEN}${BOLD}The guide works, and fails where it must.${PLAIN}"
}
