#!/bin/sh
# Runs an example on a scenario, with a database in a folder that is removed afterwards; it must succeed, and say
# something.
#
#   run_example.sh PROGRAM SCENARIO
set -eu
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-example-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$1" "$2" "$scratch/example.db" >"$scratch/printed"
cat "$scratch/printed"
test -s "$scratch/printed"
