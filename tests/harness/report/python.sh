#!/bin/sh
# Runs a Python program, or skips where there is no Python. Usage: python.sh PROGRAM ARGUMENTS...
if ! command -v python3 >/dev/null; then
    echo "skipped: no python3"
    exit 77
fi
exec python3 "$@"
