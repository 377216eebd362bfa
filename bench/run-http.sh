#!/usr/bin/env bash
# bench/run-http.sh [ROUNDS]: the static answer of the HTTP room beside nginx's, in turns, in one run, on this machine:
# two threads here, two workers there, 64 keep-alive connections. Prints medians, and the ratio of CPU time per request.
#   COUNT=200000 CONNECTIONS=64 BUILD=build/release bench/run-http.sh 5
set -euo pipefail
cd "$(dirname "$0")/.."
ROUNDS="${1:-5}"; COUNT="${COUNT:-200000}"; CONNECTIONS="${CONNECTIONS:-64}"; BUILD="${BUILD:-build/release}"
if ! command -v nginx >/dev/null; then
  echo "run-http.sh: nginx is not installed, so there is nothing to compare with"
  exit 0
fi
T="$(mktemp -d)"; trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$T"' EXIT

"$BUILD/bench/http_static" 0 2 > "$T/static" & STATIC=$!
for _ in $(seq 100); do [ -s "$T/static" ] && break; sleep 0.05; done
STATIC_PORT="$(cat "$T/static")"

NGINX_PORT=$((STATIC_PORT > 60000 ? STATIC_PORT - 1 : STATIC_PORT + 1))
cat > "$T/nginx.conf" <<CONF
daemon off; worker_processes 2; pid $T/nginx.pid; error_log $T/nginx.log crit;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000;
  server { listen 127.0.0.1:$NGINX_PORT; location / { default_type text/plain; return 200 "hello\n"; } } }
CONF
nginx -c "$T/nginx.conf" -p "$T" 2>/dev/null &
for _ in $(seq 100); do [ -s "$T/nginx.pid" ] && break; sleep 0.05; done
sleep 0.3
NGINX="$(pgrep -P "$(cat "$T/nginx.pid")" | paste -sd,)"

GET=$'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: deputy_load\r\nAccept: */*\r\n\r\n'
printf '%d\n%s' "${#GET}" "$GET" > "$T/get"
one() { # NAME PORT PIDS
  "$BUILD/bench/deputy_load" --port "$2" --requests "$T/get" --connections "$CONNECTIONS" --count "$COUNT" --expect 200 \
    --server-pid "$3" --json | sed "s/{/{\"name\":\"$1\",/" >> "$T/results"
}
for _ in $(seq "$ROUNDS"); do
  one nginx "$NGINX_PORT" "$NGINX"
  one static "$STATIC_PORT" "$STATIC"
done
python3 bench/summarize.py "$T/results"
