#!/bin/sh
# The results hash of a set of runs (print_hashes.c) is the same for 1, 2 and 8 jobs, with the mathematics of an older
# processor, and whoever compiles: the build at hand, the same compiler without optimisation, clang with it; with
# BERING_TEST_LONG=1 more of both.
#
#   same_hash.sh PRINT_HASHES PROJECT BUILD COMPILER…
#
# BUILD/compile_commands.json says how the project is compiled; everything but warnings and optimisation is taken from
# there. Compilers that are not there are left out, and that is said.
set -u
reference=$(realpath "$1")
project=$(realpath "$2")
build=$(realpath "$3")
shift 3
own_compiler="$*"
LC_ALL=C
export LC_ALL

scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-hash-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failures=0

# Definitions, language and floating-point flags of the project, one a line.
flags_of_the_project() {
    command=$(sed -n 's/^ *"command": "\(.*\)",$/\1/p' "$build/compile_commands.json" | grep 'engine/law\.c$' | head -n 1 |
        sed 's/\\"/"/g')
    eval "set -- $command"
    for word; do
        case $word in
        -D* | -std=* | -ffp-* | -pthread) printf '%s\n' "$word" ;;
        esac
    done
}
flags_of_the_project >"$scratch/flags"
if ! grep -q '^-DBERING_VERSION=' "$scratch/flags"; then
    echo "$build/compile_commands.json does not say how src/engine/law.c is compiled"
    exit 1
fi

# Compiles everything below the program into $scratch/NAME: NAME COMPILER…
compile() {
    program=$scratch/$1
    shift
    {
        echo '-w'
        echo "-I$project/include"
        echo "-I$project/src"
        cat "$scratch/flags"
        pkg-config --cflags gsl sqlite3 | tr ' ' '\n'
        find "$project/src" -name '*.c' ! -path '*/cli/*' ! -path '*/chart/*' ! -path '*/audit/*'
        echo "$project/tests/house/print_hashes.c"
        pkg-config --libs gsl sqlite3 | tr ' ' '\n'
        printf '%s\n' -lcsv -lpthread -lm
    } | sed '/^$/d; s/[\\"'"'"' ]/\\&/g' >"$scratch/response"
    "$@" -o "$program" "@$scratch/response"
}

# Runs PROGRAM with so many JOBS and compares: what it is called, PROGRAM, JOBS.
compare() {
    rm -f "$scratch/runs.db"
    if ! "$2" "$project" "$scratch/runs.db" "$3" >"$scratch/hashes"; then
        echo "$1: failed"
        failures=$((failures + 1))
    elif [ ! -e "$scratch/expected" ]; then
        mv "$scratch/hashes" "$scratch/expected"
        echo "$1: $(wc -l <"$scratch/expected") runs"
    elif diff "$scratch/expected" "$scratch/hashes" >"$scratch/difference"; then
        echo "$1: the same"
    else
        echo "$1: different"
        cat "$scratch/difference"
        failures=$((failures + 1))
    fi
}

# Another build: COMPILER…
compare_build() {
    if ! command -v "$1" >/dev/null; then
        echo "$*: not there, left out"
    elif compile other "$@"; then
        compare "$*" "$scratch/other" 2
    else
        echo "$*: does not compile"
        failures=$((failures + 1))
    fi
}

compare "this build, 1 job" "$reference" 1
[ -e "$scratch/expected" ] || exit 1
# A timetable may well be run alike by different policies; otherwise they are different runs.
distinct=$(sed 's/.*: //' "$scratch/expected" | sort -u | wc -l)
if [ $((distinct * 4)) -lt $(($(wc -l <"$scratch/expected") * 3)) ]; then
    echo "only $distinct hashes are different: most were meant to be"
    failures=$((failures + 1))
fi
compare "this build, 2 jobs" "$reference" 2
compare "this build, 8 jobs" "$reference" 8
# As on an older processor: glibc then takes other versions of exp, log and pow. Elsewhere this changes nothing.
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable
export GLIBC_TUNABLES
compare "this build, an older processor's mathematics" "$reference" 2
unset GLIBC_TUNABLES
# shellcheck disable=SC2086 # a compiler may come with words of its own
compare_build $own_compiler -O0
compare_build clang -O2
if [ -n "${BERING_TEST_LONG:-}" ]; then
    # shellcheck disable=SC2086
    compare_build $own_compiler -O2
    # shellcheck disable=SC2086
    compare_build $own_compiler -O3 -march=native
    compare_build clang -O0
    compare_build clang -O3 -march=native
fi
[ $failures -eq 0 ]
