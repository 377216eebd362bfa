# What the project's scripts share: where the project is, how to talk to people, how to ask for a processor.
# Sourced, never run. Callers have `set -euo pipefail`.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
TOOLS="$ROOT/.tools"
BUILD="$ROOT/build"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' BLUE=$'\e[34m' PLAIN=$'\e[0m'
else
  BOLD='' DIM='' RED='' GREEN='' YELLOW='' BLUE='' PLAIN=''
fi

say()  { printf '%s\n' "${DIM}--${PLAIN} $*"; }
warn() { printf '%s\n' "${YELLOW}--${PLAIN} $*" >&2; }
die()  { printf '%s\n' "${RED}error:${PLAIN} $*" >&2; exit 1; }

jobs() { printf '%s' "${JOBS:-$(nproc)}"; }

# ask_for_root WHY: who must give a password gives it now, before a step would hide the question.
ask_for_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo > /dev/null || die "$1 needs root, and there is no sudo: run it as root once"
  sudo -v || die "$1 needs root"
}

# as_root COMMAND...: as root, whoever we are.
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -- "$@"; fi; }

# step WHAT COMMAND...: for what takes its time and says too much. People read WHAT, then, every second on a terminal and
# every 15 in a log, how long it has been and its last line; all of it is in STEP_LOG, and its end shown if it fails.
step() {
  local what="$1" log status=0 begun=$SECONDS watcher
  shift
  log="$BUILD/logs/$(printf '%.60s' "${what//[^A-Za-z0-9]/-}").log"
  STEP_LOG="$log"
  mkdir -p "$BUILD/logs"
  say "$what"
  : > "$log"
  watch_step "$log" "$begun" & watcher=$!
  ("$@") > "$log" 2>&1 || status=$?
  kill "$watcher" 2> /dev/null || true
  wait "$watcher" 2> /dev/null || true
  [ -z "$BOLD" ] || printf '\r\e[K'
  if [ "$status" -ne 0 ]; then
    if grep -q '^FAILED: ' "$log"; then sed -n '/^FAILED: /,$p' "$log" | head -n 200; else tail -n 40 "$log"; fi >&2
    warn "failed with status $status after $((SECONDS - begun)) s; all it said: ${log#"$ROOT"/}"
  elif [ $((SECONDS - begun)) -ge 5 ]; then
    say "${DIM}$((SECONDS - begun)) s${PLAIN}"
  fi
  return "$status"
}

# What step shows meanwhile. It ends with the script, however that ends, and keeps no pipe of the script's open.
watch_step() {
  local seconds line next=1
  [ -n "$BOLD" ] || next=15
  while sleep 1 > /dev/null 2>&1 && kill -0 $$ 2> /dev/null; do
    seconds=$((SECONDS - $2))
    [ "$seconds" -ge "$next" ] || continue
    [ -n "$BOLD" ] || next=$((seconds + 15))
    line="$(tail -c 400 "$1" | tr '\r' '\n' | tr -d '\000-\011\013-\037\177' | grep . | tail -n 1 || true)"
    if [ -n "$BOLD" ]; then printf '\r\e[K'; fi
    printf '   %s' "${DIM}${seconds} s: ${line:0:90}${PLAIN}"
    [ -n "$BOLD" ] || printf '\n'
  done
}
