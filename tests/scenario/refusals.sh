# What bad_input.sh and bad_tables.sh have in common; the first argument of both is the program.
#
# good, which each of them has, makes a good scenario `s` in the folder $scratch/place and goes there.
bering=$(realpath "$1")
export LC_ALL=C
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-input-XXXXXX")
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
cases=0
failures=0

# A new folder, empty.
begin() {
  chmod -R u+rwx "$scratch/place" 2>/dev/null
  rm -rf "$scratch/place"
  mkdir -p "$scratch/place/s"
  cd "$scratch/place" || exit 1
}

# Everything in the folder: names, kinds, sizes, contents of what can be read.
snapshot() { find . -printf '%p %y %s %m\n' | sort; find . -type f -size -1M -readable -exec cksum {} + | sort; }

fail() {
  failures=$((failures + 1))
  printf '%s\n' "FAILED: $what, $1" "$2"
}

# try COMMAND…: it must fail with $expected on standard error, and print nothing; `check` may print what it understood.
try() {
  local status
  "${as[@]}" "$bering" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
  status=$?
  [ $status -eq 1 ] || fail "bering $*: status" "$status"
  [ "$(<"$scratch/stderr")" = "$expected" ] ||
    fail "bering $*: message" "$(diff <(printf '%s\n' "$expected") "$scratch/stderr")"
  [ "$1" != check ] && [ -s "$scratch/stdout" ] && fail "bering $*: printed" "$(head -n 3 "$scratch/stdout")"
}

# refuse WHAT EDIT EXPECTED: EDIT is run in the folder of the good scenario `s`; EXPECTED are the lines to be told.
as=()
all=(check run capacity sweep appraise) # the commands that read a scenario
asked=("${all[@]}")
refuse() {
  what=$1 expected=$3
  cases=$((cases + 1))
  good
  eval "$2"
  snapshot >"$scratch/before"
  for command in "${asked[@]}"; do
    case $command in
    check) try check s ;;
    run) try run s --db out.db ;;
    capacity) try capacity s --db out.db --theory ;;
    sweep) try sweep s --vary seed=1,2 --db out.db ;;
    appraise) try appraise s --samples 32 --db out.db ;;
    esac
  done
  snapshot >"$scratch/after"
  cmp -s "$scratch/before" "$scratch/after" || fail "something was written" "$(diff "$scratch/before" "$scratch/after")"
}

# accept WHAT EDIT: the edit does no harm.
accept() {
  what=$1
  cases=$((cases + 1))
  good
  eval "$2"
  "$bering" run s --db out.db >/dev/null 2>"$scratch/stderr" || fail "refused" "$(cat "$scratch/stderr")"
  [ -s "$scratch/stderr" ] && fail "a message" "$(cat "$scratch/stderr")"
  "$bering" audit --db out.db >/dev/null || fail "audit" ""
}

replace() { sed -i "s|$2|$3|" "s/$1.csv"; } # replace TABLE OLD NEW

# How to be somebody without rights: nothing where that cannot be.
if [ "$(id -u)" != 0 ]; then
  unprivileged=(env)
elif command -v setpriv >/dev/null && chmod 755 "$scratch" && setpriv --reuid 65534 --clear-groups "$bering" --version >/dev/null 2>&1; then
  # With another user's rights a build that counts its branches cannot keep the counts with the others.
  mkdir -m 777 "$scratch/counts"
  unprivileged=(env GCOV_PREFIX="$scratch/counts" setpriv --reuid 65534 --clear-groups)
else
  unprivileged=()
  echo "skipped: no permission (root may read everything, and there is no setpriv)"
fi

finish() {
  echo "$cases cases, $failures failures"
  [ $failures -eq 0 ]
}
