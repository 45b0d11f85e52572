#!/usr/bin/env bash
# Measures what the layer costs against a server, as one line of JSON: bench.sh ADDRESS
set -euo pipefail
cd "$(dirname "$0")"
exec go run ./bench "$@"
