# provide_aws_cli: puts an `aws` into .tools/bin that speaks to AWS_ENDPOINT_URL. Sourced by scripts/install-deps.
#
# In this order: the `aws` on the PATH, if it goes where AWS_ENDPOINT_URL points (asked, not guessed from its version);
# a pinned one from PyPI in .tools/awscli; Debian's, which is too old to know the variable, behind scripts/lib/aws-wrapper.
# The file .tools/bin/aws is always a two-line script, so that nothing else on the PATH is shadowed by accident.

AWSCLI_VERSION=1.45.11

# honours_endpoint AWS: does this CLI call the address in AWS_ENDPOINT_URL? Nothing leaves the machine: the proxy that
# any other address would need is a closed port.
honours_endpoint() {
  python3 "$ROOT/scripts/lib/probe_aws_cli.py" "$1"
}

write_aws() {  # write_aws LINE: .tools/bin/aws
  mkdir -p "$TOOLS/bin"
  printf '#!/bin/sh\n# Written by scripts/install-deps.\n%s\n' "$1" > "$TOOLS/bin/aws.new"
  chmod +x "$TOOLS/bin/aws.new"
  mv "$TOOLS/bin/aws.new" "$TOOLS/bin/aws"
}

# The first `aws` on the PATH that is not ours.
system_aws() {
  local directory
  local IFS=:
  for directory in $PATH; do
    [ "$directory" != "$TOOLS/bin" ] || continue
    if [ -x "$directory/aws" ]; then
      printf '%s/aws' "$directory"
      return 0
    fi
  done
  return 1
}

pinned_aws() {
  local venv="$TOOLS/awscli"
  if [ ! -x "$venv/bin/aws" ] || [ "$(cat "$venv/version" 2> /dev/null)" != "$AWSCLI_VERSION" ]; then
    make_venv "$venv" || return 1
    step "installing awscli $AWSCLI_VERSION into .tools/awscli" pip_install "$venv" "awscli==$AWSCLI_VERSION" || return 1
    printf '%s' "$AWSCLI_VERSION" > "$venv/version"
  fi
  honours_endpoint "$venv/bin/aws"
}

provide_aws_cli() {
  local found
  apt_install python3:python3 || die "cannot install python3"
  if found="$(system_aws)" && honours_endpoint "$found"; then
    write_aws "exec '$found' \"\$@\""
  elif pinned_aws; then
    write_aws "exec '$TOOLS/awscli/bin/aws' \"\$@\""
  elif apt_install awscli && found="$(system_aws)"; then
    warn "using $found behind a wrapper that adds --endpoint-url"
    write_aws "exec '$ROOT/scripts/lib/aws-wrapper' '$found' \"\$@\""
    honours_endpoint "$TOOLS/bin/aws" || die "$found cannot be pointed at Deputy even with --endpoint-url"
  else
    die "no AWS CLI: none on the PATH knows AWS_ENDPOINT_URL, PyPI did not give awscli $AWSCLI_VERSION, Debian gave none"
  fi
}
