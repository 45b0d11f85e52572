#!/usr/bin/env bash
# Installs the package into .venv, checks it, and runs its tests against the server at $TAGVISOR_ADDRESS.
# Exits with 77 where something that it needs from outside is missing.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "python: left out: $1"
  exit 77
}

: "${TAGVISOR_ADDRESS:?names no server}"
python=${PYTHON:-python3}
"$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || missing "no Python 3.10 or newer with venv"

stamp=.venv/pyproject.toml
if ! cmp -s pyproject.toml "$stamp"; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  "$python" -m venv --clear .venv >"$log" 2>&1 || missing "no venv: $(tail -n 1 "$log")"
  if ! .venv/bin/pip install --disable-pip-version-check -q -e '.[dev,generate]' >"$log" 2>&1; then
    if grep -q "Retrying (Retry(" "$log"; then missing "no package index"; fi
    cat "$log"
    exit 1
  fi
  cp pyproject.toml "$stamp"
fi

.venv/bin/ruff format --quiet --check
.venv/bin/ruff check --quiet
.venv/bin/mypy --no-error-summary
./generate.sh --check
.venv/bin/pytest "$@"
