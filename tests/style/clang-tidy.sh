#!/usr/bin/env bash
# No finding of the checks in .clang-tidy. A file that has passed is not read again until it, a header or the
# configuration changes. Usage: clang-tidy.sh SOURCE BUILD TOOL
set -euo pipefail
source=$1 build=$2 tool=$3
if [ ! -x "$tool" ]; then
    echo "skipped: no clang-tidy"
    exit 77
fi
cd "$source"
stamps=$build/tests/clang-tidy
mkdir -p "$stamps"
headers=$(git ls-files -z '*.h' '*.def' .clang-tidy | xargs -0 cat | sha256sum | cut -c1-16)

# Instruction bodies are compiled once a SIMD level; one level is enough to read them.
lint() {
    local file=$1 key
    key=$stamps/$(printf '%s %s' "$headers" "$(sha256sum "$file")" | sha256sum | cut -c1-32)
    [ -e "$key" ] && return 0
    if "$tool" -p "$build" --quiet "$file" 2>/dev/null; then
        touch "$key"
    else
        return 1
    fi
}
export -f lint
export stamps headers tool build
git ls-files -z '*.c' | grep -zv '^emulator/exec/' | xargs -0 -P "$(nproc)" -I{} bash -c 'lint "$1"' _ {}
