#!/usr/bin/env bash
# Installs what is missing, builds Bering and runs its tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

usage() {
  cat <<'END'
Usage: ./test.sh [--long] [--sanitize | --coverage] [MESON-TEST-ARGUMENT]…

Installs what is missing (with apt, on Debian and its kin), builds Bering and runs all its tests.
  --long      random tests ten times as long
  --sanitize  a second build, in build-sanitize, with the address and undefined-behaviour sanitizers
  --coverage  a build that counts, in build-coverage, and what branches and lines of src/ the tests reach, by room. Without
              arguments all tests but those of the suite `slow`, which do what others do a thousand times, or build the
              library again; fewer than 90 % of the branches are then a failure
Whatever else is given goes to `meson test`: a test's name, `--suite engine`, `--verbose`.
The last line counts the tests; the exit status is 0 only if all of them passed.
END
}

folder=build
buildtype=release
options=()
multiplier=1
coverage=
least_branches=90 # per cent
arguments=()
for argument in "$@"; do
  case $argument in
    --long)
      export BERING_TEST_LONG=1
      multiplier=$((multiplier * 10))
      ;;
    --sanitize)
      folder=build-sanitize
      buildtype=debugoptimized
      options=('-Db_sanitize=address,undefined')
      multiplier=$((multiplier * 4))
      ;;
    --coverage)
      coverage=yes
      folder=build-coverage
      buildtype=debug # no optimisation: branches are those that are written
      options=('-Db_coverage=true')
      multiplier=$((multiplier * 10))
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) arguments+=("$argument") ;;
  esac
done

# Sums the counts of the Check reports in meson's log; a test without such a report, and one that ended badly
# without naming a failure (a crash, a timeout), counts as one.
count_tests() {
  awk '
    {
      line = $0; reports = bad = 0
      while (match(line, /Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+/)) {
        split(substr(line, RSTART, RLENGTH), count, /[^0-9]+/)
        line = substr(line, RSTART + RLENGTH)
        reports++
        bad += count[3] + count[4]
        passed += count[2] - count[3] - count[4]
      }
      good = /"result": "(OK|EXPECTEDFAIL)"/
      skipped = /"result": "SKIP"/
      if (good && !reports) passed++
      if (!good && !skipped && !bad) bad = 1
      failed += bad
    }
    END { printf "%d passed, %d failed\n", passed, failed }' "$1"
}

# branch_table FOLDER: what gcovr says of each file (FOLDER/coverage.csv), summed by room. False below $least_branches.
branch_table() {
  gcovr --root . --filter src/ --exclude-branches-by-pattern '^\s*assert\(' --csv "$1/coverage.csv" "$1" 2>"$1/gcovr.log" || {
    note "gcovr failed: $1/gcovr.log"
    return 1
  }
  say "Branches and lines of src/ that ${coverage_of} reach."
  say "Not counted are the branches of lines with an assert: it says what cannot be. By file: $1/coverage.csv"
  awk -F, -v least="$least_branches" 'NR > 1 {
      split($1, part, "/"); room = part[2]
      lines[room] += $2; reached[room] += $3; branches[room] += $5; taken[room] += $6
      lines["all"] += $2; reached["all"] += $3; branches["all"] += $5; taken["all"] += $6
    }
    function row(name) {
      printf "  %-12s%6d of %6d branches %5.1f %%%8d of %6d lines %5.1f %%\n", name, taken[name], branches[name],
        100 * taken[name] / (branches[name] ? branches[name] : 1), reached[name], lines[name], 100 * reached[name] / lines[name]
    }
    END {
      count = split("engine railway dispatch freight scenario simulation results audit study chart cli all", rooms, " ")
      for (i = 1; i <= count; i++) if (lines[rooms[i]]) row(rooms[i])
      exit 100 * taken["all"] < least * branches["all"]
    }' "$1/coverage.csv"
}

install_missing
build "$folder" "$buildtype" ${options[@]+"${options[@]}"}

say "Running the tests in $folder${BERING_TEST_LONG:+, the random ones ten times as long}"
export ASAN_OPTIONS=${ASAN_OPTIONS:-halt_on_error=1:detect_leaks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}
if [ -n "$coverage" ]; then
  find "$folder" -name '*.gcda' -delete # of other builds and runs
  export GCOV_ERROR_FILE=/dev/null      # a test may run Bering as one who may not write there
  coverage_of="these tests"
  if [ ${#arguments[@]} -eq 0 ]; then
    arguments=(--no-suite slow)
    coverage=all
    coverage_of="the tests without the suite slow"
  fi
fi
log=$folder/meson-logs/testlog.json
rm -f "$log"
status=0
meson test -C "$folder" --no-rebuild --print-errorlogs --timeout-multiplier "$multiplier" \
  ${arguments[@]+"${arguments[@]}"} </dev/null || status=$?
if [ ! -s "$log" ]; then
  note "meson ran no test."
  exit 1
fi
if [ -n "$coverage" ]; then
  enough=0
  branch_table "$folder" || enough=1
  if [ "$coverage" = all ]; then status=$((status | enough)); fi
fi
count_tests "$log"
exit "$status"
