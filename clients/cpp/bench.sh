#!/usr/bin/env bash
# Prints the figures of bench/bench.cc against the server at the address; test.sh builds it.
set -euo pipefail
exec "$(dirname "$0")/build/bench" "$1"
