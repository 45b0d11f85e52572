#!/usr/bin/env bash
# Makes .venv with the package, and what tests and generators need, unless it is there already.
# Exits with 77 where something that it needs from outside is missing, and says what.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "$1"
  exit 77
}

stamp=.venv/pyproject.toml
if cmp -s pyproject.toml "$stamp"; then exit 0; fi
python=${PYTHON:-python3}
"$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || missing "no Python 3.10 or newer with venv"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$python" -m venv --clear .venv >"$log" 2>&1 || missing "no venv: $(tail -n 1 "$log")"
if ! .venv/bin/pip install --disable-pip-version-check -q -e '.[dev,generate]' >"$log" 2>&1; then
  if grep -q "Retrying (Retry(" "$log"; then missing "no package index"; fi
  cat "$log"
  exit 1
fi
cp pyproject.toml "$stamp"
