#!/usr/bin/env bash
# Prints the figures of bench/bench.py against the server at the address; test.sh makes .venv.
set -euo pipefail
cd "$(dirname "$0")"
exec .venv/bin/python bench/bench.py "$1"
