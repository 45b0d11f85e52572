#!/usr/bin/env bash
# Runs the example against a server: move_tags.sh ADDRESS
set -euo pipefail
cd "$(dirname "$0")"
mvn -q -B -ntp process-test-classes >&2
exec java -cp "target/test-classes:target/classes:$(cat target/classpath)" io.tagvisor.examples.MoveTags "$@"
