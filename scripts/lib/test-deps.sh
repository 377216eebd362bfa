# provide_python, provide_node: what the end-to-end tests run on. Sourced by scripts/install-deps.
#
# .tools/bin/python has pytest, boto3 and a reader of QR codes: the system's python3 if it has them in usable versions, else
# a virtual environment with the pinned versions of tests/e2e/requirements.txt. Node and the AWS SDK for JavaScript are optional:
# without them those tests say that they are skipped, and why.

pip_install() {  # pip_install VENV ARGUMENT...
  local venv="$1"
  shift
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-cache-dir --progress-bar off "$@"
}

make_venv() {  # make_venv DIRECTORY
  rm -rf "$1"
  python3 -c 'import ensurepip, venv' 2> /dev/null || apt_install python3-venv || return 1
  python3 -m venv "$1" 2> /dev/null || { apt_install python3-venv && python3 -m venv "$1"; }
}

write_python() {  # write_python INTERPRETER: .tools/bin/python
  mkdir -p "$TOOLS/bin"
  printf '#!/bin/sh\n# Written by scripts/install-deps.\nexec '\''%s'\'' "$@"\n' "$1" > "$TOOLS/bin/python.new"
  chmod +x "$TOOLS/bin/python.new"
  mv "$TOOLS/bin/python.new" "$TOOLS/bin/python"
}

provide_python() {
  local venv="$TOOLS/python" pins="$ROOT/tests/e2e/requirements.txt"
  apt_install python3:python3 || die "cannot install python3"
  if python3 "$ROOT/scripts/lib/has_test_modules.py" all 2> /dev/null; then
    write_python "$(command -v python3)"
    return
  fi
  if [ -x "$venv/bin/python" ] && cmp -s "$pins" "$venv/requirements.txt"; then
    write_python "$venv/bin/python"
    return
  fi
  if make_venv "$venv" && step "installing pytest, boto3 and readers of QR codes and metrics into .tools/python" pip_install "$venv" -r "$pins"
  then
    cp "$pins" "$venv/requirements.txt"
    write_python "$venv/bin/python"
  elif python3 "$ROOT/scripts/lib/has_test_modules.py" 2> /dev/null; then
    warn "PyPI did not give them: the system's pytest and boto3 will do, and what needs more will be skipped"
    write_python "$(command -v python3)"
  else
    die "PyPI did not give pytest and boto3"
  fi
}

provide_node() {
  local js="$ROOT/tests/e2e/js"
  if ! apt_install "${NODE_PACKAGES[@]}"; then
    warn "no Node: the tests of the AWS SDK for JavaScript and of oidc-provider will be skipped"
    return 0
  fi
  if ! cmp -s "$js/package-lock.json" "$js/node_modules/.installed-lock.json"; then
    if step "installing the AWS SDK for JavaScript and oidc-provider into tests/e2e/js/node_modules" npm_install "$js"; then
      cp "$js/package-lock.json" "$js/node_modules/.installed-lock.json"
    else
      rm -rf "$js/node_modules"
      warn "npm did not give the AWS SDK for JavaScript and oidc-provider: their tests will be skipped"
    fi
  fi
}

# What is locked says which Node it needs: an older one gets none of it.
npm_install() { (cd "$1" && npm ci --loglevel=http --engine-strict --ignore-scripts --no-audit --no-fund); }
