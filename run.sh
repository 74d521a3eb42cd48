#!/usr/bin/env bash
# Installs what is missing, builds Bering, and answers for the default scenario: how many trains a day, and does it pay?
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

scenario=data/tunnel-2025
database=out/bering.db

case ${1-} in
  -h | --help)
    cat <<END
Usage: ./run.sh [OPTION-OF-BERING-RUN]…

Installs what is missing (with apt, on Debian and its kin), builds Bering, runs $scenario, finds out how many trains a
day it can carry and whether it pays, and draws the charts. All results are added to $database. Options go to
\`bering run\`; see \`build/bering help run\`.
END
    exit 0
    ;;
esac

draw() {
  local chart
  for chart in "$@"; do build/bering plot "$chart" --db "$database" -o "out/$chart.svg"; done
}

install_missing
build build release
mkdir -p out

say "Running $scenario"
say
build/bering run "$scenario" "$@" --db "$database"
say
say "Drawing it"
draw traingraph revenue waiting transit
build/bering plot traingraph --db "$database" -o out/traingraph.png
say
say "How many trains a day?"
say
build/bering capacity "$scenario" --variant as_proposed --db "$database"
say
say "Does it pay?"
say
build/bering appraise "$scenario" --variant as_proposed --db "$database"
say
say "Drawing"
draw delay cash tornado

cat <<END

Where things lie
  $database          the results; every run is added, none is overwritten
  out/traingraph.svg     the train graph; also as out/traingraph.png
  out/delay.svg          delay against demand, and what limits it
  out/revenue.svg        what is earned and spent day by day
  out/waiting.svg        TEU waiting in the yards; out/transit.svg how long they take
  out/cash.svg           all money from the first spending on, with the spread of 4,096 cases
  out/tornado.svg        what each assumption does to the project's value
  build/bering           the program
  $scenario/      what was simulated: plain CSV files, every number with its source

What to try next
  Change one number in a CSV file of $scenario and type ./run.sh again.
  build/bering runs --db $database     lists the runs, to compare them
  docs/formats.md, "From the figures to the rows", "From the answers to the rows"
                                           each figure again, from its rows, by one query
  build/bering help                        says what else it can do
END
