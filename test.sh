#!/usr/bin/env bash
# Installs what is missing, builds Bering and runs its tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

usage() {
  cat <<'END'
Usage: ./test.sh [--long] [--sanitize] [MESON-TEST-ARGUMENT]…

Installs what is missing (with apt, on Debian and its kin), builds Bering and runs all its tests.
  --long      random tests ten times as long
  --sanitize  a second build, in build-sanitize, with the address and undefined-behaviour sanitizers
Whatever else is given goes to `meson test`: a test's name, `--suite engine`, `--verbose`.
The last line counts the tests; the exit status is 0 only if all of them passed.
END
}

folder=build
buildtype=release
options=()
multiplier=1
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

install_missing
build "$folder" "$buildtype" ${options[@]+"${options[@]}"}

say "Running the tests in $folder${BERING_TEST_LONG:+, the random ones ten times as long}"
export ASAN_OPTIONS=${ASAN_OPTIONS:-halt_on_error=1:detect_leaks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}
log=$folder/meson-logs/testlog.json
rm -f "$log"
status=0
meson test -C "$folder" --no-rebuild --print-errorlogs --timeout-multiplier "$multiplier" \
  ${arguments[@]+"${arguments[@]}"} </dev/null || status=$?
if [ ! -s "$log" ]; then
  note "meson ran no test."
  exit 1
fi
count_tests "$log"
exit "$status"
