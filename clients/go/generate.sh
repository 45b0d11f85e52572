#!/usr/bin/env bash
# Generates gen/ from the protos, with the plugins that go.mod pins. With --check it says what is stale instead.
# (uapi/ comes from server/abi: `npm run generate` at the root writes all of it but uapi.go.)
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "generate.sh: $1" >&2
  exit 77
}

command -v go >/dev/null || missing "no go; install Go 1.24 or newer"
buf=../../node_modules/.bin/buf
[ -x "$buf" ] || buf=$(command -v buf) || missing "no buf; npm ci at the root of the repository installs it"
go build -p 1 -o .bin/ tool || missing "no protoc-gen-go and protoc-gen-go-grpc"
export PATH=$PWD/.bin:$PATH
if [ "${1:-}" != --check ]; then
  exec "$buf" generate
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$buf" generate --output "$fresh"
if ! diff -r "$fresh/gen" gen >/dev/null; then
  echo "clients/go/gen is not what proto/ gives; run clients/go/generate.sh" >&2
  exit 1
fi
