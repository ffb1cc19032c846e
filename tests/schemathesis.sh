#!/usr/bin/env bash
# Runs schemathesis from the OpenAPI document against a sandbox, over loopback. It takes some minutes.
#
#   tests/schemathesis.sh [EXAMPLES [OPTIONS]]     examples an operation, 25 unless given; options of schemathesis
#
# GANGPLANK names a binary that is built already; SCHEMATHESIS_VENV a Python environment to use or make.
set -euo pipefail
cd "$(dirname "$0")/.."
examples="${1:-25}"
shift || true
venv="${SCHEMATHESIS_VENV:-target/schemathesis}"
scratch="$(mktemp -d)"
server=""
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$scratch"
}
trap finish EXIT

if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet "schemathesis>=4.3,<5"
fi
if [ -z "${GANGPLANK:-}" ]; then
  cargo build --package gangplank
  GANGPLANK=target/debug/gangplank
fi

"$GANGPLANK" sandbox --listen 127.0.0.1:0 --world crates/sandbox/tests/conformance/world.yaml \
  >"$scratch/out" 2>&1 &
server=$!
for _ in $(seq 100); do
  base="$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$scratch/out" | head -n 1 || true)"
  [ -n "$base" ] && break
  sleep 0.1
done
[ -n "$base" ] || { cat "$scratch/out" >&2; exit 1; }

token="$(curl --silent --show-error --fail "$base/oauth/token" --data grant_type=client_credentials \
  --data client_id=demo --data client_secret=demo-secret |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')"

root="$PWD"
venv="$(cd "$venv" && pwd)"
cd "$scratch"   # it keeps what it found in the working directory
"$venv/bin/schemathesis" --config-file "$root/tests/schemathesis.toml" run "$base/_sandbox/openapi.json" \
  --url "$base" --header "Authorization: Bearer $token" --header "X-Cyclr-Account: acme-001" \
  --max-examples "$examples" --seed 1 --no-color "$@"
