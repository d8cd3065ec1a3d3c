#!/usr/bin/env bash
# Every C source is formatted as .clang-format says. Usage: clang-format.sh SOURCE BUILD TOOL
set -euo pipefail
source=$1 tool=$3
if [ ! -x "$tool" ]; then
    echo "skipped: no clang-format"
    exit 77
fi
cd "$source"
git ls-files -z '*.c' '*.h' '*.hip' | xargs -0 "$tool" --dry-run --Werror
