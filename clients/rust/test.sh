#!/usr/bin/env bash
# Checks the crate, and runs its tests against the server at $TAGVISOR_ADDRESS.
# Exits with 77 where something that it needs from outside is missing.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "rust: left out: $1"
  exit 77
}

: "${TAGVISOR_ADDRESS:?names no server}"
command -v cargo >/dev/null || missing "no cargo"
cargo fmt --version >/dev/null 2>&1 || missing "no rustfmt"
cargo clippy --version >/dev/null 2>&1 || missing "no clippy"
if ! log=$(cargo fetch --quiet --locked 2>&1); then
  case $log in
    *"lock file"*) echo "$log" && exit 1 ;;
    *) missing "no crates: $(tail -n 1 <<<"$log")" ;;
  esac
fi

cargo fmt --check
cargo clippy --quiet --locked --all-targets -- -D warnings
cargo clippy --quiet --locked --all-targets --features tls -- -D warnings
cargo test --quiet --locked --lib
cargo test --quiet --locked --features tls
echo "rust: ok"
