#!/usr/bin/env bash
# Installs the YAML language server that the editor's test speaks to, as pinned beside this script; no script of a package is run.
set -euo pipefail
cd "$(dirname "$0")"
server=node_modules/yaml-language-server/bin/yaml-language-server
if ! command -v npm >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
fi
if [ ! -x "$server" ] || [ package-lock.json -nt node_modules ]; then
  npm ci --ignore-scripts --no-audit --no-fund --silent
  touch node_modules
fi
[ -x "$server" ] || { echo "$server is missing" >&2; exit 1; }
