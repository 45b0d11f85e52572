#!/usr/bin/env bash
# Generates src/gen/ from the protos, without protoc. With --check it says what is stale instead.
# (src/uapi.rs comes from server/abi: `npm run generate` at the root writes it.)
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v cargo >/dev/null; then
  echo "generate.sh: no cargo; install Rust 1.88 or newer" >&2
  exit 77
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
