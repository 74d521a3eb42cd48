#!/usr/bin/env bash
# Looks Bering over with every tool there is: two compilers, sanitizers, valgrind, static analysis, coverage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'END'
Usage: scripts/tools.sh [TOOL]…

Looks Bering over with every TOOL (all of them if none is named), one line of verdict each:
  warnings    gcc and clang with -Wall -Wextra -Wpedantic -Wconversion -Wshadow: no warning
  sanitize    all tests under the address and undefined-behaviour sanitizers
  threads     the tests that run jobs side by side under the thread sanitizer
  valgrind    some tests and a run under valgrind
  tidy        clang-tidy, bugprone-* and clang-analyzer-* (.clang-tidy says which are left out, and why)
  cppcheck    cppcheck
  coverage    branches and lines of src/ that the tests reach, by room (./test.sh --coverage)
What they say lies in build-tools/TOOL.log. The exit status is 1 if any of them found anything, or fewer branches are reached
than test.sh asks for. A tool that is not installed is named and passed over.
END
}

logs=build-tools
export CK_TIMEOUT_MULTIPLIER=10
mkdir -p $logs
failed=0
verdict() { printf '%-10s %s\n' "$1" "$2"; }
trouble() {
  verdict "$1" "$2"
  failed=1
}
have() {
  command -v "$1" >/dev/null 2>&1 && return
  verdict "$2" "not done: $1 is not installed"
  return 1
}

# set_up FOLDER COMPILER [MESON-OPTION]…
set_up() {
  local folder=$1 compiler=$2
  shift 2
  [ -e "$folder/build.ninja" ] || CC=$compiler meson setup "$folder" "$@" >/dev/null
}

warnings() {
  local compiler
  for compiler in gcc clang; do
    have $compiler warnings || continue
    rm -rf "$logs/$compiler"
    set_up "$logs/$compiler" $compiler --buildtype=release
    ninja -C "$logs/$compiler" >"$logs/warnings-$compiler.log" 2>&1 || trouble warnings "$compiler: the build fails"
    local count
    count=$(grep -c 'warning:' "$logs/warnings-$compiler.log" || true)
    if [ "$count" = 0 ]; then verdict warnings "$compiler: none"; else trouble warnings "$compiler: $count"; fi
  done
}

# run_tests FOLDER TOOL [MESON-TEST-ARGUMENT]…: builds $programs, or everything
programs=()
run_tests() {
  local folder=$1 tool=$2
  shift 2
  ninja -C "$folder" ${programs[@]+"${programs[@]}"} >"$logs/$tool.log" 2>&1 || { trouble "$tool" "the build fails"; return; }
  if meson test -C "$folder" --no-rebuild --print-errorlogs "$@" >>"$logs/$tool.log" 2>&1 </dev/null; then
    verdict "$tool" "$(awk '/^Ok:/ { print $2 }' "$logs/$tool.log") tests passed"
  else
    trouble "$tool" "$(awk '/^(Fail|Timeout):/ { n += $2 } END { print n + 0 }' "$logs/$tool.log") tests failed: $logs/$tool.log"
  fi
}

sanitize() {
  export ASAN_OPTIONS=halt_on_error=1:detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  set_up build-sanitize gcc --buildtype=debugoptimized -Db_sanitize=address,undefined
  run_tests build-sanitize sanitize --timeout-multiplier 10
}

threads() {
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
  set_up $logs/threads gcc --buildtype=debugoptimized -Db_sanitize=thread
  local tests=(replications sweep_run library capacity_answers rerun)
  programs=("${tests[@]/#/tests/study/}")
  programs=("${programs[@]/%/_test}")
  run_tests $logs/threads threads --timeout-multiplier 10 "${tests[@]}"
  programs=()
}

valgrind_() {
  have valgrind valgrind || return 0
  set_up $logs/valgrind gcc --buildtype=debugoptimized
  local tests=(scenario/diagnostics scenario/csv_table scenario/flows scenario/economics engine/law results/store results/database
    freight/freight chart/chart_text)
  local checker=(valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect)
  programs=("${tests[@]/#/tests/}")
  programs=(bering "${programs[@]/%/_test}")
  CK_FORK=no run_tests $logs/valgrind valgrind --timeout-multiplier 20 --wrapper="${checker[*]}" "${tests[@]##*/}"
  programs=()
  local scratch command bad=0 count=0
  scratch=$(mktemp -d)
  for command in "run data/tunnel-2025 --days 1 --detail full --db $scratch/run.db" "audit --db $scratch/run.db" \
    "rerun 1 --db $scratch/run.db" "run data/corridor-2007 --days 3 --db $scratch/run.db" "check data/corridor-2007" \
    "sweep data/tunnel-2025 --days 1 --vary seed=1,2 --db $scratch/sweep.db" \
    "capacity data/validation/ofotbanen --theory --db $scratch/run.db" "runs --delete 1 --db $scratch/run.db"; do
    count=$((count + 1))
    # shellcheck disable=SC2086
    "${checker[@]}" $logs/valgrind/bering $command >>$logs/valgrind.log 2>&1 || { bad=$((bad + 1)); echo "=== bering $command" >>$logs/valgrind.log; }
  done
  rm -rf "$scratch"
  if [ $bad = 0 ]; then verdict valgrind "$count commands clean"; else trouble valgrind "$bad of $count commands: $logs/valgrind.log"; fi
}

tidy() {
  have clang-tidy tidy || return 0
  set_up $logs/clang clang --buildtype=release
  find src -name '*.c' -print0 | xargs -0 -n 1 -P 2 clang-tidy --quiet -p $logs/clang >$logs/tidy.log 2>/dev/null || true
  local count
  count=$(grep -E 'warning:|error:' $logs/tidy.log | sort -u | wc -l)
  if [ "$count" = 0 ]; then verdict tidy "nothing"; else trouble tidy "$count findings: $logs/tidy.log"; fi
}

cppcheck_() {
  have cppcheck cppcheck || return 0
  cppcheck --quiet --enable=warning,performance,portability --std=c11 --inline-suppr -Isrc -Iinclude \
    --suppress=missingIncludeSystem --suppressions-list=.cppcheck-suppressions -D_POSIX_C_SOURCE=200809L '-DBERING_VERSION="0"' src 2>$logs/cppcheck.log >/dev/null || true
  local count
  count=$(grep -cE ': (error|warning|performance|portability):' $logs/cppcheck.log || true)
  if [ "$count" = 0 ]; then verdict cppcheck "nothing"; else trouble cppcheck "$count findings: $logs/cppcheck.log"; fi
}

coverage() {
  have gcovr coverage || return 0
  ./test.sh --coverage >$logs/coverage.log 2>&1 || trouble coverage "tests fail, or too few branches are reached: $logs/coverage.log"
  grep -E '^  [a-z]+ +[0-9]+ of|passed' $logs/coverage.log || true
}

tools=()
for argument in "$@"; do
  case $argument in
    -h | --help)
      usage
      exit 0
      ;;
    *) tools+=("$argument") ;;
  esac
done
[ ${#tools[@]} -gt 0 ] || tools=(warnings sanitize threads valgrind tidy cppcheck coverage)
for tool in "${tools[@]}"; do
  case $tool in
    warnings | sanitize | threads | tidy | coverage) $tool ;;
    valgrind | cppcheck) "${tool}_" ;;
    *)
      echo "unknown tool '$tool'" >&2
      exit 2
      ;;
  esac
done
exit $failed
