#!/usr/bin/env bash
# Runs the example against a server: move_tags.sh ADDRESS
set -euo pipefail
cd "$(dirname "$0")"
exec go run ./examples/move_tags "$@"
