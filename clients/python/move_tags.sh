#!/usr/bin/env bash
# Runs the example against the server at the address; test.sh makes .venv.
set -euo pipefail
cd "$(dirname "$0")"
exec .venv/bin/python examples/move_tags.py "$1"
