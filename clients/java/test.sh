#!/usr/bin/env bash
# Builds the client, checks its format, and runs its tests against the server at $TAGVISOR_ADDRESS.
# Exits with 77 where something that it needs from outside is missing.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "java: left out: $1"
  exit 77
}

: "${TAGVISOR_ADDRESS:?names no server}"
command -v mvn >/dev/null || missing "no mvn"
command -v javac >/dev/null || missing "no JDK"
version=$(javac -version 2>&1)
version=${version#javac }
[ "${version%%.*}" -ge 17 ] || missing "JDK $version, which is older than 17"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! mvn -q -B -ntp verify >"$log" 2>&1; then
  if grep -qE "Could not transfer artifact|Cannot access [^ ]* .* in offline mode|Unresolveable build extension" "$log"; then
    missing "no Maven repository: $(grep -m 1 -oE "Could not transfer artifact [^ ]*|Cannot access [^ ]*|Unresolveable build extension.*" "$log")"
  fi
  cat "$log"
  exit 1
fi
echo "java: $(cat target/surefire-reports/*.txt | sed -n 's/^Tests run: \([0-9]*\).*/\1/p' | awk "{ n += \$1 } END { print n }") tests pass"
