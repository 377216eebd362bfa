# run_unit, run_e2e: the two runners of tests, as scripts/test and scripts/sanitize call them. Sourced, after common.sh.
# Both leave a JUnit file; a runner that dies without one is counted as a failure by summary.py.

# run_unit PRESET JUNIT [PATTERN]
run_unit() {
  local selection=(--no-tests=error)
  [ -z "${3:-}" ] || selection=(-R "$3")
  local status=0
  step "unit tests ($1)" ctest --preset "$1" -j "$(jobs)" --output-junit "$2" "${selection[@]}" || status=$?
  grep -h -E '^[0-9]+% tests passed' "$STEP_LOG" || true
  return "$status"
}

# run_e2e BINARY JUNIT [PATTERN]: that nothing has such a name is no failure.
run_e2e() {
  local python=python3 status=0
  [ ! -x "$TOOLS/bin/python" ] || python="$TOOLS/bin/python"
  # The command of the tests' choice comes first, so that `aws` is the one that was probed.
  PATH="$TOOLS/bin:$PATH" DEPUTY="$1" "$python" -m pytest tests/e2e -q -ra -p no:cacheprovider --junitxml "$2" \
    ${3:+-k "$3"} || status=$?
  [ "$status" -ne 5 ] || [ -z "${3:-}" ] || status=0
  return "$status"
}
