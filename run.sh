#!/usr/bin/env bash
# Installs what is missing, builds Bering, runs the default scenario and draws its train graph.
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

Installs what is missing (with apt, on Debian and its kin), builds Bering, runs $scenario, adds the run to $database
and draws its train graph. Options go to \`bering run\`; see \`build/bering help run\`.
END
    exit 0
    ;;
esac

install_missing
build build release
mkdir -p out

say "Running $scenario"
say
build/bering run "$scenario" "$@" --db "$database"
say
say "Drawing the train graph"
for chart in out/traingraph.svg out/traingraph.png; do
  build/bering plot traingraph --db "$database" -o "$chart"
done

cat <<END

Where things lie
  $database          the results; every run is added, none is overwritten
  out/traingraph.svg     the train graph of this run; out/traingraph.png is the same picture
  build/bering           the program
  $scenario/      what was simulated: plain CSV files, every number with its source

What to try next
  Change one number in a CSV file of $scenario and type ./run.sh again.
  build/bering runs --db $database     lists the runs, to compare them
  build/bering help                        says what else it can do
END
