#!/usr/bin/env bash
# Fuzzes each target of crates/manifest/fuzz for some seconds (first argument, 5 when not given) from its seeds, with
# libFuzzer and the stable compiler. Takes other names of targets after it. `cargo fuzz run -s none TARGET`, in
# crates/manifest with RUSTC_BOOTSTRAP=1, does the same for whoever has cargo-fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-5}"
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(parser roster expression address lower)
if ! command -v c++ >/dev/null; then
  echo "skipped: libFuzzer needs a C++ compiler (\`c++\`); nothing was fuzzed" >&2
  # In CI, what was not done must not look as if it had been.
  case "${CI:-}" in true | 1) exit 1 ;; *) exit 0 ;; esac
fi
# What cargo-fuzz passes when no sanitizer is asked for: the compiler counts edges and compares.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=4"
export CARGO_TARGET_DIR="$PWD/target/fuzz" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1
# The versions are those of the workspace; libFuzzer's comes on top.
cp Cargo.lock crates/manifest/fuzz/Cargo.lock
host="$(rustc -vV | sed -n "s/^host: //p")"
# With a target named, build scripts are spared these flags.
cargo build --quiet --release --target "$host" --manifest-path crates/manifest/fuzz/Cargo.toml --bins
for target in "${targets[@]}"; do
  work="target/fuzz/corpus/$target"
  mkdir -p "$work" "target/fuzz/artifacts/$target"
  # Whatever once made it crash is run first, and must not any more.
  for found in crates/manifest/fuzz/regressions/"$target"/*; do
    [ -e "$found" ] && "target/fuzz/$host/release/$target" -timeout=20 -rss_limit_mb=1024 "$found" 2>/dev/null
  done
  seeds=("crates/manifest/fuzz/seeds/$target")
  case "$target" in parser | lower) seeds+=(manifests tests/corpus) ;; esac
  [ -d "${seeds[0]}" ] || seeds=("${seeds[@]:1}")
  "target/fuzz/$host/release/$target" "$work" "${seeds[@]}" -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=1024 -max_len=4096 -print_final_stats=1 -verbosity=0 -artifact_prefix="target/fuzz/artifacts/$target/" \
    2>&1 | grep -E 'stat::(number_of_executed_units|peak_rss)|ERROR|panicked|SUMMARY' | sed "s/^/$target: /" \
    || { echo "$target: see target/fuzz/artifacts/$target" >&2; exit 1; }
done
