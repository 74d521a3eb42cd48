#!/bin/sh
# Every line that scripts/published.sh prints stands in docs/validation.md as it is.
#
#   published.sh PROGRAM PROJECT
set -u
printed=$(mktemp "${TMPDIR:-/tmp}/bering-published-XXXXXX")
trap 'rm -f "$printed"' EXIT
sh "$2/scripts/published.sh" "$1" >"$printed" || exit 1
[ "$(wc -l <"$printed")" -ge 12 ] || { echo "fewer lines than there are lines of railway" && exit 1; }
failures=0
while IFS= read -r line; do
    grep -qxF -e "$line" "$2/docs/validation.md" && continue
    echo "docs/validation.md lacks: $line"
    failures=$((failures + 1))
done <"$printed"
[ $failures -eq 0 ]
