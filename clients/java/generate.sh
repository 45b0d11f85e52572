#!/usr/bin/env bash
# Generates target/generated-sources from the protos, with the protoc and the plugin that Maven fetches.
# Nothing of it is in the repository, so --check can only say whether the protos still give code.
# (src/main/java/io/tagvisor/uapi comes from server/abi: `npm run generate` at the root writes it.)
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v mvn >/dev/null; then
  echo "generate.sh: no mvn; install Maven 3.8 or newer" >&2
  exit 77
fi
case ${1:-} in
  --check | "") exec mvn -q -B -ntp generate-sources ;;
  *) echo "usage: generate.sh [--check]" >&2 && exit 2 ;;
esac
