#!/bin/sh
# What is published of real lines, beside what Bering makes of them: the table in docs/validation.md, on standard output.
#
#   published.sh PROGRAM        some six seconds of computing
#
# The scenarios are those of data/validation; where each of their numbers comes from stands in them, and the published
# figures, with their sources, in docs/facts.md. Nothing was fitted: what is not published was assumed before any run.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/.."
LC_ALL=C.UTF-8
export LC_ALL
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-published-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# answers SCENARIO [OPTION]…: "variant,answer,fleet,trains_per_day,half_width", one an answer
answers() {
    folder=$1
    shift
    "$program" capacity "data/validation/$folder" --precision 2 --jobs 1 --format csv --db "$scratch/a.db" "$@" >"$scratch/csv"
}

# row VARIANT TEXT PUBLISHED FORMULA [SHARE]: FORMULA a number, or a fleet written f1, f2 …; all figures times SHARE
row() {
    awk -F, -v variant="$1" -v text="$2" -v published="$3" -v formula="$4" -v share="${5:-1}" '
        function figure(value, half_width) {
            if (value == "") return "–"
            if (half_width == "") return sprintf("%.1f", value * share)
            return sprintf("%.1f ± %.1f", value * share, half_width * share)
        }
        $1 == variant && $2 == "theoretical" && "f" $3 == formula { by_formula = figure($4) }
        $1 == variant && $2 == "saturated" { saturated = figure($4, $5) }
        $1 == variant && $2 == "practical" { practical = $5 == "" && $4 != "" ? "≥ " figure($4) : figure($4, $5) }
        END {
            if (by_formula == "") by_formula = sprintf("%.1f", formula)
            printf "| %s | %s | %s | %s | %s |\n", text, published, by_formula, saturated, practical
        }' "$scratch/csv"
}

echo "| trains a day, both ways | published | formula | saturated | practical |"
echo "|---|---|---|---|---|"
answers channel_2008
for headway in 5 6 7; do
    # F4 with a cycle of two hours, of which 2 × (30 + 4) min are no headways
    turn=$(awk -v h=$headway 'BEGIN { print 24 * (1 + 26 / h) }')
    row headway_$headway "V4 Channel Tunnel 2008, one bore, headway $headway min" "122 (96 to 140)" "$turn"
done
answers cascade
for purge in 20 30; do row purge_$purge "V6 Cascade, the tunnel alone, fans $purge min" "limit 28, practical 22" f1; done
answers severomuysky
for crossing in 150 240; do
    row crossing_$crossing "V7 Severomuysky, crossing $crossing s" "practical 32" f1
done
answers severomuysky_two_bores
row "" "V8 Severomuysky, two bores, × 0.9" "68" f1 0.9
answers aar_single_track
row "" "V12 single track, CTC, one kind of train" "48" f1
answers aar_single_track --schedule data/validation/aar_single_track/mixed.csv
row "" "V12 the same, three kinds of trains" "30" f1
