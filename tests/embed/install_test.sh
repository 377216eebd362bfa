#!/usr/bin/env bash
# install_test.sh BUILD CMAKE: installs libdeputy of the build folder into a temporary prefix, moves that prefix, builds
# examples/embed from it with find_package and with pkg-config, runs the programs, and looks at what the library exports.
set -euo pipefail

build="$1" cmake="$2"
source="$(cd "$(dirname "$0")/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

flags=()
[ -z "${SANITIZE:-}" ] || flags=("-fsanitize=$SANITIZE")

"$cmake" --install "$build" --prefix "$work/first" --component libdeputy > "$work/install.log" || { cat "$work/install.log"; fail "install"; }
mv "$work/first" "$work/prefix"  # nothing in it may remember where it was installed
pc="$(find "$work/prefix" -name deputy.pc)"
lib="$(dirname "$(dirname "$pc")")"
so="$lib/libdeputy.so"

# expect PROGRAM: allows from the trusted network, and explains the denial of the other address.
expect() {
  local out
  out="$("$@")" || fail "$* exits with $?"
  [ "$(head -n 2 <<< "$out")" = $'192.0.2.7: Allow\n10.0.0.4: Deny' ] || fail "$*: $out"
  grep -qF 'resource does not allow' <<< "$out" || fail "$*: names no layer: $out"
  grep -qF 'aws:SourceIp 10.0.0.4 is not in 192.0.2.0/24' <<< "$out" || fail "$*: names no value: $out"
  grep -qF '"user" statement 1 (line 1, column 40) Allow applies' <<< "$out" || fail "$*: names no statement: $out"
}

# find_package
"$cmake" -S "$source/examples/embed" -B "$work/examples" -DCMAKE_PREFIX_PATH="$work/prefix" \
  -DCMAKE_C_FLAGS="${flags[*]}" -DCMAKE_CXX_FLAGS="${flags[*]}" > "$work/log" 2>&1 || { cat "$work/log"; fail "find_package"; }
"$cmake" --build "$work/examples" > "$work/log" 2>&1 || { cat "$work/log"; fail "build by find_package"; }
for program in guide guide_c guide_static; do expect "$work/examples/$program"; done
if ldd "$work/examples/guide_static" | grep -q libdeputy; then fail "guide_static needs libdeputy.so"; fi

# pkg-config, warnings as errors, the oldest standards that are promised
if command -v pkg-config > /dev/null; then
  export PKG_CONFIG_PATH="$(dirname "$pc")"
  strict=(-Wall -Wextra -Wpedantic -Werror)
  # shellcheck disable=SC2046  # a flag a word
  "$CXX" -std=c++17 "${strict[@]}" "${flags[@]}" "$source/examples/embed/guide.cpp" -o "$work/cpp" \
    $(pkg-config --cflags --libs deputy) || fail "C++17 by pkg-config"
  "$CC" -std=c99 "${strict[@]}" "${flags[@]}" "$source/examples/embed/guide.c" -o "$work/c" \
    $(pkg-config --cflags --libs deputy) || fail "C99 by pkg-config"
  for program in cpp c; do expect env LD_LIBRARY_PATH="$lib" "$work/$program"; done
  version="$(pkg-config --modversion deputy)"
  grep -q "VERSION $version " "$source/CMakeLists.txt" || fail "pkg-config says version $version"
else
  echo "no pkg-config here: that half is left out"
fi

# What the shared library is called, needs and shows
readelf -d "$so" | grep -q 'SONAME.*\[libdeputy\.so\.1\]' || fail "SONAME"
if [ -z "${SANITIZE:-}" ]; then
  needed="$(readelf -d "$so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sed 's/\.so.*//' | sort | tr '\n' ' ')"
  for name in $needed; do
    case "$name" in libstdc++ | libgcc_s | libc | libm | ld-linux*) ;; *) fail "libdeputy.so needs $name" ;; esac
  done
fi
foreign="$(nm -D --defined-only -C "$so" | awk '{$1 = $2 = ""; print}' | sed 's/^ *//; s/@.*//' |
  grep -vE '^(deputy_[a-z_]+|deputy::v1::.*|DEPUTY_1)$' || true)"
[ -z "$foreign" ] || fail "libdeputy.so exports $foreign"
declared="$(grep -oE 'DEPUTY_API [a-z_0-9 ]+\*? ?(deputy_[a-z_]+)\(' "$source/include/deputy/deputy.h" |
  grep -oE 'deputy_[a-z_]+\(' | tr -d '(' | sort -u)"
exported="$(nm -D --defined-only "$so" | sed -n 's/.* T \(deputy_[a-z_]*\).*/\1/p' | sort -u)"
[ "$declared" = "$exported" ] || fail "declared and exported differ: $(diff <(echo "$declared") <(echo "$exported") || true)"
if grep -rqE '(simdjson|boost|fmt)' "$work/prefix/include"; then fail "a header names a library of ours"; fi
echo "installed, found, built, run"
