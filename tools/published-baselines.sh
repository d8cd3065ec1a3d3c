#!/bin/sh
# Makes baselines/gfx1151-published.json from the CSV files in data/. Run from the root of the source tree:
#   tools/published-baselines.sh > baselines/gfx1151-published.json
# Order matters: the first entry that fits a case is shown, so the kernel-specific rows come first.
set -eu
cat <<'EOF'
{
  "schema": 1,
  "label": "measured by others on real hardware",
  "device": "gfx1151 (Radeon 8060S)",
  "sources": {
    "pr879": "ROCm/vllm pull request 879, before/after table (Triton prefill kernel, fp16, G = 128, symmetric)",
    "pr879-reference": "ROCm/vllm pull request 879, regression references (5 % tolerance)",
    "upstream-golden": "ROCm/vllm tests/kernels/quantization/golden/hybrid_w4a16_gfx1151.json, commit 5c622c3f"
  },
  "entries": [
EOF
{
    awk -F, 'NR > 1 {print "baseline", $1, $2, $3, 128, "fp16", 0, $6, "triton-before", "pr879"
                     print "tuned", $1, $2, $3, 128, "fp16", 0, $8, "triton-after", "pr879"}' data/pr879_before_after.csv
    awk -F, 'NR > 1 {print "tuned", $1, $3, $2, $4, "fp16", $5, $6, "triton-after", "pr879-reference"}' \
        data/pr879_regression_reference.csv
    awk -F, 'NR > 1 {print "-", $8, $4, $3, $5, $6, $7, $10, $9, "upstream-golden"}' data/upstream_w4a16_gfx1151.csv
} | tr -d '\r' | awk '{
    kernel = $1 == "-" ? "" : $1
    printf "%s    {\"m\": %d, \"n\": %d, \"k\": %d, \"group_size\": %d, \"dtype\": \"%s\", \"zero_point\": %s, ", sep, \
        $2, $3, $4, $5, $6, $7 + 0 ? "true" : "false"
    printf "\"tflops\": %s, \"kernel\": \"%s\", \"variant\": \"%s\", \"source\": \"%s\"}", $8, kernel, $9, $10
    sep = ",\n"
}'
printf '\n  ]\n}\n'
