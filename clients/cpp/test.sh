#!/usr/bin/env bash
# Builds the library with everything around it, and runs its tests against the server at $TAGVISOR_ADDRESS.
# Exits with 77 where something that it needs from outside is missing.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "cpp: left out: $1"
  exit 77
}

: "${TAGVISOR_ADDRESS:?names no server}"
for tool in cmake c++ protoc grpc_cpp_plugin; do
  command -v "$tool" >/dev/null || missing "no $tool"
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake -S . -B build -DCMAKE_COMPILE_WARNING_AS_ERROR=ON >"$log" 2>&1; then
  grep -qE "Could NOT find (gRPC|Protobuf|GTest)|gRPCConfig.cmake" "$log" && missing "no development files of gRPC, Protobuf and GoogleTest"
  cat "$log"
  exit 1
fi
cmake --build build --parallel 2 >"$log" 2>&1 || { cat "$log" && exit 1; }
if command -v clang-format >/dev/null; then
  clang-format --dry-run --Werror bench/*.cc examples/*.cc include/tagvisor/*.h src/*.cc src/*.h tests/*.cc
fi
ctest --test-dir build --output-on-failure >"$log" 2>&1 || { cat "$log" && exit 1; }
echo "cpp: ok"
