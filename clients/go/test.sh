#!/usr/bin/env bash
# Checks the module, and runs its tests against the server at $TAGVISOR_ADDRESS.
# Exits with 77 where something that it needs from outside is missing.
set -euo pipefail
cd "$(dirname "$0")"

staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
export GOFLAGS="${GOFLAGS:-} -p=1"

missing() {
  echo "go: left out: $1"
  exit 77
}

: "${TAGVISOR_ADDRESS:?names no server}"
command -v go >/dev/null || missing "no go"
log=$(go mod download 2>&1) || missing "no modules: $(tail -n 1 <<<"$log")"

unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
  printf 'gofmt would change:\n%s\n' "$unformatted"
  exit 1
fi
go vet ./...
if go run "$staticcheck" -version >/dev/null 2>&1; then
  go run "$staticcheck" ./...
else
  echo "go: no staticcheck to be had, so it did not look"
fi
./generate.sh --check || [ $? = 77 ]
go test -count=1 ./... | grep -v 'no test files'
echo "go: ok"
