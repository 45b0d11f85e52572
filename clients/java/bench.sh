#!/usr/bin/env bash
# Measures what the layer costs against a server, as one line of JSON: bench.sh ADDRESS
set -euo pipefail
cd "$(dirname "$0")"
mvn -q -B -ntp process-test-classes >&2
exec java -cp "target/test-classes:target/classes:$(cat target/classpath)" io.tagvisor.bench.Bench "$@"
