#!/bin/sh
# Draws docs/traingraph.svg, the chart of README.md: the first measured day of the default run.
#
#   scripts/readme_chart.sh [PROGRAM [FILE]]     build/bering and docs/traingraph.svg by default
set -eu
cd "$(dirname "$0")/.."
program=${1:-build/bering}
chart=${2:-docs/traingraph.svg}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-chart-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$program" run data/tunnel-2025 --db "$scratch/chart.db" >/dev/null
"$program" plot traingraph --db "$scratch/chart.db" -o "$chart" >/dev/null
