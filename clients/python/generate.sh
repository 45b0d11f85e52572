#!/usr/bin/env bash
# Generates what is derived: gen/ from the protos, sync/ from aio/. With --check it says what is stale instead.
# (uapi.py comes from server/abi: `npm run generate` at the root writes it.)
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:-}
if [ -z "$python" ]; then
  if [ -x .venv/bin/python ]; then python=.venv/bin/python; else python=python3; fi
fi
if ! command -v "$python" >/dev/null; then
  echo "generate.sh: no $python; install Python 3.10 or newer" >&2
  exit 77
fi
exec "$python" tools/generate.py "$@"
