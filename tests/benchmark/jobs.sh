#!/bin/sh
# How much faster two jobs are than one: replications of the default line with trains at random, median of five each,
# the two taken in turns. Seconds of the clock: on a machine with less than two idle processors the ratio says nothing.
#
#   jobs.sh PROGRAM PROJECT
set -eu
program=$(realpath "$1")
cd "$2"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-jobs-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

run() { # the milliseconds that $1 jobs take
    rm -f "$scratch"/jobs.db*
    from=$(date +%s%N)
    "$program" run data/tunnel-2025 --schedule schedules/tunnel-2025-services.csv --days 60 --replications 200 \
        --detail summary --jobs "$1" --db "$scratch/jobs.db" >/dev/null
    echo $((($(date +%s%N) - from) / 1000000))
}

for _ in 1 2 3 4 5; do
    run 1 >>"$scratch/one"
    run 2 >>"$scratch/two"
done
one=$(sort -n "$scratch/one" | sed -n 3p)
two=$(sort -n "$scratch/two" | sed -n 3p)
echo "$one $two" | awk '{ printf "200 replications: %d ms with one job, %d ms with two: %.2f times as fast (aim 1.85)\n", $1, $2, $1 / $2 }'
