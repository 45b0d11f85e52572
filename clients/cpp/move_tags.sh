#!/usr/bin/env bash
# Runs the example against the server at the address; test.sh builds it.
set -euo pipefail
exec "$(dirname "$0")/build/move_tags" "$1"
