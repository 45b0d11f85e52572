#!/usr/bin/env bash
# Checks the package, and runs its tests against the server at $TAGVISOR_ADDRESS.
# Exits with 77 where something that it needs from outside is missing.
set -euo pipefail
cd "$(dirname "$0")"

: "${TAGVISOR_ADDRESS:?names no server}"
log=$(./venv.sh) || {
  status=$?
  [ "$status" != 77 ] || log="left out: $log"
  echo "python: $log"
  exit "$status"
}

.venv/bin/ruff format --quiet --check
.venv/bin/ruff check --quiet
.venv/bin/mypy --no-error-summary
./generate.sh --check
.venv/bin/pytest "$@"
