#!/usr/bin/env bash
# Builds the fuzzers with clang, in build-fuzz, and gives each so many minutes of processor time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'END'
Usage: scripts/fuzz.sh [--minutes N] [TARGET]…

Builds the libFuzzer targets of tests/fuzz with clang and the address and undefined-behaviour sanitizers, in build-fuzz,
and gives each TARGET (all: csv_table, law, scenario, schedule) N minutes of processor time (15). What they learn is kept
in build-fuzz/corpus, what breaks in build-fuzz/found: add such a file to tests/fuzz/corpus/TARGET once it is mended.
A line for each says how often it ran, how much it covered, and what was found. The exit status is 1 if anything was.
END
}

minutes=15
targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --minutes)
      minutes=$2
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[ ${#targets[@]} -gt 0 ] || targets=(csv_table law scenario schedule)

folder=build-fuzz
programs=(tests/fuzz/dictionary)
for target in "${targets[@]}"; do programs+=("tests/fuzz/${target}_fuzzer"); done
[ -e $folder/build.ninja ] ||
  CC=clang meson setup $folder -Dfuzzers=true --buildtype=debugoptimized -Db_lundef=false >/dev/null
ninja -C $folder "${programs[@]}" >$folder/build.log 2>&1 || {
  cat $folder/build.log >&2
  exit 1
}
mkdir -p $folder/found
$folder/tests/fuzz/dictionary | sort -u >$folder/dictionary.txt

longest() {
  case $1 in
    law) echo 400 ;;
    csv_table) echo 2000 ;;
    *) echo 6000 ;;
  esac
}

# Runs target $1 for a slice of time; prints the seconds of processor time it took, and leaves its log.
slice() {
  local TIMEFORMAT='%U %S' spent
  spent=$({ time "$folder/tests/fuzz/$1_fuzzer" -max_total_time=120 -max_len="$(longest "$1")" -rss_limit_mb=2048 \
    -timeout=30 -dict=$folder/dictionary.txt -artifact_prefix="$folder/found/$1-" -print_final_stats=1 \
    "$folder/corpus/$1" "tests/fuzz/corpus/$1" >"$folder/$1.log" 2>&1 || true; } 2>&1)
  awk '{ printf "%d\n", $1 + $2 + 0.5 }' <<<"$spent"
}

found=0
for target in "${targets[@]}"; do
  mkdir -p "$folder/corpus/$target"
  seconds=0
  runs=0
  while [ $seconds -lt $((minutes * 60)) ]; do
    seconds=$((seconds + $(slice "$target") + 1))
    runs=$((runs + $(awk '/stat::number_of_executed_units/ { n = $2 } END { print n + 0 }' "$folder/$target.log")))
    if ls "$folder"/found/"$target"-* >/dev/null 2>&1; then
      found=1
      break
    fi
  done
  printf '%-10s  %10d runs in %d s of processor time, %s; found: %s\n' "$target" "$runs" "$seconds" \
    "$(grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$folder/$target.log" | tail -n 1)" \
    "$(find "$folder/found" -name "$target-*" | wc -l)"
done
exit $found
