#!/usr/bin/env bash
# Generates src/gen/ from the protos, without protoc. With --check it says what is stale instead.
# (src/uapi.rs comes from server/abi: `npm run generate` at the root writes it.)
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "generate.sh: $1" >&2
  exit 77
}

command -v cargo >/dev/null || missing "no cargo; install Rust 1.88 or newer"
if ! log=$(cargo fetch --quiet --locked --manifest-path generate/Cargo.toml 2>&1); then
  case $log in
    *"lock file"*) echo "$log" >&2 && exit 1 ;;
    *) missing "no crates: $(tail -n 1 <<<"$log")" ;;
  esac
fi
target=src/gen
if [ "${1:-}" = --check ]; then
  target=$(mktemp -d)
  trap 'rm -rf "$target"' EXIT
fi
mkdir -p "$target"
CARGO_TARGET_DIR=$PWD/target cargo run --quiet --locked --manifest-path generate/Cargo.toml -- ../../proto "$target"
if [ "$target" != src/gen ] && ! diff -r "$target" src/gen >/dev/null; then
  echo "clients/rust/src/gen is not what proto/ gives; run clients/rust/generate.sh" >&2
  exit 1
fi
