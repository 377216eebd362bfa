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

# as_root COMMAND...: as root, whoever we are.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo -- "$@"
  else
    die "this needs root, and there is no sudo: run as root once: $*"
  fi
}
