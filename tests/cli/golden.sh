#!/bin/sh
# Runs the commands of each golden/*.txt in a fresh folder and compares what they print with what is written there.
#
#   golden.sh PROGRAM FOLDER [--update] [NAME]…     FOLDER is tests/cli; NAME a file of golden/ without .txt
#
# A line that begins with "$ " is a command of the shell; `bering` is PROGRAM, and the scenarios of FOLDER/scenarios lie
# in the current folder. Below it stand its standard output, its standard error with "2> " before each line, and
# "[exit N]" if N is not 0. Times of day, fingerprints and paths of the scratch folder are masked. --update writes the
# files anew: look at the difference before keeping it.
set -u
program=$(realpath "$1")
folder=$(realpath "$2")
shift 2
update=no
if [ "${1:-}" = --update ]; then
    update=yes
    shift
fi
LC_ALL=C
export LC_ALL
unset NO_COLOR

scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-golden-XXXXXX")
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/bering"
PATH=$scratch/bin:$PATH

mask() {
    sed -e 's/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9:]\{8\}Z/<time>/g' -e 's/[0-9a-f]\{64\}/<sha256>/g' \
        -e "s,$scratch,<scratch>,g"
}

# What the commands of file $1 print, in the current folder.
transcript() {
    grep '^\$ ' "$1" | while IFS= read -r line; do
        printf '%s\n' "$line"
        (eval "${line#??}") >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
        status=$?
        mask <"$scratch/stdout"
        mask <"$scratch/stderr" | sed 's/^/2> /'
        [ $status -eq 0 ] || printf '[exit %d]\n' $status
    done
}

failures=0
for file in "$folder"/golden/*.txt; do
    name=$(basename "$file" .txt)
    case " $* " in
    "  " | *" $name "*) ;;
    *) continue ;;
    esac
    rm -rf "$scratch/work"
    mkdir "$scratch/work"
    cp -R "$folder"/scenarios/. "$scratch/work"
    (cd "$scratch/work" && transcript "$file") >"$scratch/transcript"
    if [ $update = yes ]; then
        cp "$scratch/transcript" "$file"
    elif ! diff -u "$file" "$scratch/transcript"; then
        echo "$name: differs"
        failures=$((failures + 1))
    fi
done
[ $failures -eq 0 ]
