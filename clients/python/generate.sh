#!/usr/bin/env bash
# Generates what is derived: gen/ from the protos, sync/ from aio/. With --check it says what is stale instead.
# (uapi.py comes from server/abi: `npm run generate` at the root writes it.)
set -euo pipefail
cd "$(dirname "$0")"

log=$(./venv.sh) || { status=$? && echo "generate.sh: $log" >&2 && exit "$status"; }
exec .venv/bin/python tools/generate.py "$@"
