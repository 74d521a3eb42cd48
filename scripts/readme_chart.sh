#!/bin/sh
# Draws the charts of README.md: docs/traingraph.svg, the first measured day of the default run, and docs/cash.svg, the
# money of the tunnel as proposed.
#
#   scripts/readme_chart.sh [PROGRAM [FOLDER]]     build/bering and docs by default
set -eu
cd "$(dirname "$0")/.."
program=${1:-build/bering}
folder=${2:-docs}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-chart-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$program" run data/tunnel-2025 --db "$scratch/chart.db" >/dev/null
"$program" plot traingraph --db "$scratch/chart.db" -o "$folder/traingraph.svg" >/dev/null
"$program" appraise data/tunnel-2025 --variant as_proposed --db "$scratch/chart.db" >/dev/null
"$program" plot cash --db "$scratch/chart.db" -o "$folder/cash.svg" >/dev/null
