#!/usr/bin/env bash
# Makes the samples in this folder anew, all from one result file. Usage: reports/regenerate.sh [RESULTS.json]
# Without a result file it runs SAMPLE's cases on the emulator first (some five minutes).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
program=${W4BENCH:-$root/build/bin/w4bench}
folder=$root/reports
SAMPLE=(--suite pr)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=${1:-}
if [ -z "$results" ]; then
    "$program" run --device emulator "${SAMPLE[@]}" --out "$work" >/dev/null
    results=$work/results.json
fi
"$program" report "$results" --out "$work" >/dev/null
for kind in md html json; do
    cp "$work/report.$kind" "$folder/sample-report.$kind"
done
cp "$work/junit.xml" "$folder/sample-junit.xml"
"$program" report "$results" --format table >"$folder/sample-table.txt"
"$program" compare "$results" --kernels baseline,tuned --format markdown >"$folder/sample-compare.md"

# A sweep has a run of its own, by the fast model of issue slots: a minute.
(cd "$work" && "$program" sweep --device emulator --timing-model issue --suite pr --model qwen3-4b --m 8,64,512 \
    --filter '*/sym/*' --workgroups 2 --out sweep >/dev/null)
cp "$work/sweep/sweep.md" "$folder/sample-sweep.md"
