#!/bin/sh
# The prices in the news side by side: the block in docs/comparison.md, on standard output.
#
#   comparison.sh PROGRAM        a minute of computing
#
# A bare tunnel at the price of 2025, the same at InterBering's and at that of 2007, and the corridor of 2007 with its
# tunnel in it. Where each number comes from stands in data/tunnel-2025 and data/corridor-2007.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/.."
LC_ALL=C.UTF-8
export LC_ALL
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-comparison-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$program" appraise data/tunnel-2025 data/corridor-2007 --variant as_proposed --variant interbering_price \
    --variant tunnel_2007 --variant single_track --db "$scratch/comparison.db" |
    sed -n '/^Does it pay/,/^in plain words/p'
