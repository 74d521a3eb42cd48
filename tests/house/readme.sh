#!/bin/sh
# Runs what the pages show, in a copy of the project, and compares: the ```console blocks of README.md and docs/*.md with
# what the commands print, the ```csv FILE blocks of a page as a scenario, the ```sql blocks as queries that answer,
# the tests they name, docs/ranges.md with the ranges in the source, the chart of README.md with the default run, the packages of README.md
# with those that run.sh installs.
#
#   readme.sh PROGRAM RANGES PROJECT [--update]
#
# RANGES prints the table of ranges. In a console block "$ " begins a command; below it stands what it prints. One line
# "…" in that stands for any number of lines. Times of day, durations, fingerprints and folders are masked. --update
# writes the pages anew (of the lines around a "…" as many as there were): look at the difference before keeping it.
set -u
program=$(realpath "$1")
ranges=$(realpath "$2")
project=$(realpath "$3")
update=${4:-}
LC_ALL=C.UTF-8
export LC_ALL
unset NO_COLOR

scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-readme-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failures=0
fail() {
    echo "$*"
    failures=$((failures + 1))
}

# A copy that is already built, as run.sh sees it, on a machine where nothing can be installed.
work=$scratch/bering
mkdir -p "$work/build/meson-info" "$work/out" "$scratch/bin"
for part in README.md run.sh test.sh scripts data schedules docs; do cp -R "$project/$part" "$work/"; done
ln -s "$program" "$work/build/bering"
printf '{"source": "%s"}\n' "$work" >"$work/build/meson-info/meson-info.json"
printf '{"name": "buildtype", "value": "release"}\n' >"$work/build/meson-info/intro-buildoptions.json"
for name in ninja meson apt-get sudo; do
    printf '#!/bin/sh\n[ "%s" = meson ] && echo 1.99.0\ncase %s in ninja|meson) ;; *) exit 1 ;; esac\n' $name $name >"$scratch/bin/$name"
    chmod +x "$scratch/bin/$name"
done
# A compiler that takes everything, and reads it (who does not may break the pipe it is asked through).
printf '#!/bin/sh\ncat >/dev/null\n' >"$scratch/bin/cc"
chmod +x "$scratch/bin/cc"
PATH=$scratch/bin:$PATH
unset CC
if ! command -v gnuplot >/dev/null; then
    echo "gnuplot is not there: nothing is compared"
    exit 77
fi

mask() {
    sed -e 's/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9:]\{8\}Z/<time>/g' -e 's/[0-9a-f]\{64\}/<sha256>/g' \
        -e "s,$scratch,<scratch>,g" -e 's/[0-9.]* s of computing/<s> of computing/'
}

# $1 as printed, $2 as written: prints $1 with as much left out as $2 leaves out.
shorten() {
    awk -v written="$2" '
        BEGIN {
            while ((getline line < written) > 0) {
                if (line == "…") gap = count + 1; else if (gap) after++
                count++
            }
        }
        { printed[NR] = $0 }
        END {
            if (!gap || NR <= gap - 1 + after) { for (i = 1; i <= NR; i++) print printed[i]; exit }
            for (i = 1; i < gap; i++) print printed[i]
            print "…"
            for (i = NR - after + 1; i <= NR; i++) print printed[i]
        }' "$1"
}

# Runs the command in $scratch/command and prints what should stand below it, given what stands there ($scratch/written).
run_command() {
    (cd "$work" && eval "$(cat "$scratch/command")") >"$scratch/printed" 2>&1 </dev/null
    status=$?
    [ $status -eq 0 ] || printf '[exit %d]\n' $status >>"$scratch/printed"
    shorten "$scratch/printed" "$scratch/written" >"$scratch/shortened"
    mask <"$scratch/shortened" >"$scratch/a"
    mask <"$scratch/written" >"$scratch/b"
    if cmp -s "$scratch/a" "$scratch/b"; then cat "$scratch/written"; else cat "$scratch/shortened"; fi
}

# The page $1 as it should be, on standard output; runs its commands in $work.
page_anew() {
    if ! grep -q '^```console$' "$1"; then
        cat "$1"
        return
    fi
    rm -rf "$scratch/parts"
    mkdir "$scratch/parts"
    # NNN.text: as it is; NNN.command, NNN.written: a command and what stands below it
    awk -v folder="$scratch/parts" '
        function part(kind) { return sprintf("%s/%03d.%s", folder, number, kind) }
        function begin() { number++; printf "" > part("text") }
        BEGIN { begin() }
        inside && (/^\$ / || $0 == "```") {
            if ($0 == "```") inside = 0
            begin()
            print > part("text")
            if (inside) { print substr($0, 3) > part("command"); printf "" > part("written") }
            more = inside && /\\$/
            next
        }
        inside && more { print > part("command"); print > part("text"); more = /\\$/; next }
        inside { print > part("written"); next }
        { print > part("text") }
        $0 == "```console" { inside = 1 }' "$1"
    for text in "$scratch/parts"/*.text; do
        cat "$text"
        part=${text%.text}
        if [ -e "$part.command" ]; then
            cp "$part.command" "$scratch/command"
            cp "$part.written" "$scratch/written"
            run_command
        fi
    done
}

# Compares file $1 of the project with $2, as it should be.
compare() {
    cmp -s "$project/$1" "$2" && return
    if [ "$update" = --update ]; then
        cp "$2" "$project/$1"
        echo "$1: written anew"
    else
        diff -u "$project/$1" "$2"
        fail "$1: differs"
    fi
}

for page in README.md docs/formats.md docs/model.md docs/library.md docs/validation.md; do
    [ -e "$project/$page" ] || continue
    # a page's own scenario: its blocks ```csv FILE
    awk -v folder="$work" '
        /^```csv ./ { file = folder "/" $2; next }
        /^```/ { if (file != "") close(file); file = "" }
        file != "" {
            if (!(file in made)) { path = file; sub(/\/[^\/]*$/, "", path); system("mkdir -p \"" path "\""); made[file] = 1 }
            print > file
        }' "$project/$page"
    page_anew "$project/$page" >"$scratch/page"
    compare "$page" "$scratch/page"
done

if [ -e "$project/docs/ranges.md" ]; then
    {
        sed '/^## /,$d' "$project/docs/ranges.md"
        "$ranges" | awk '
            NR == 1 { next }
            {
                split($0, cell, /,"|",/)
                split(cell[1], head, ",")
                if (head[1] != table) {
                    if (table != "") print ""
                    table = head[1]
                    printf "## %s\n\n| column | holds | empty means |\n|---|---|---|\n", table
                }
                name = head[3] == "yes" ? "**" head[2] "**" : head[2]
                gsub(/\|/, "\\|", cell[2])
                printf "| %s | %s | %s |\n", name, cell[2], cell[3] != "" ? "`" cell[3] "`" : "–"
            }'
    } >"$scratch/ranges.md"
    compare docs/ranges.md "$scratch/ranges.md"
fi

# The charts: the same words and numbers in them.
words() { sed -n 's/.*<text[^>]*>//p' "$1" | sed 's/<[^>]*>/ /g'; }
compare_chart() {
    words "$project/docs/$1" >"$scratch/words_there" 2>/dev/null
    words "$scratch/$1" >"$scratch/words_now"
    [ -s "$scratch/words_now" ] || fail "no words in $1"
    cmp -s "$scratch/words_there" "$scratch/words_now" && return
    if [ "$update" = --update ]; then
        cp "$scratch/$1" "$project/docs/$1"
        echo "docs/$1: drawn anew"
    else
        diff "$scratch/words_there" "$scratch/words_now"
        fail "docs/$1: another chart than scripts/readme_chart.sh draws"
    fi
}
if "$project/scripts/readme_chart.sh" "$program" "$scratch"; then
    compare_chart traingraph.svg
    compare_chart cash.svg
else
    fail "scripts/readme_chart.sh failed"
fi

# The packages for Debian: those of scripts/setup.sh, but for what --coverage needs.
sed -n '/^    apt-get install/,/[^\\]$/p' "$project/README.md" | tr -d '\\' | tr -s ' ' '\n' | sed '/^$/d;/^apt-get$/d;/^install$/d' |
    sort >"$scratch/packages_there"
awk -F'|' 'NF == 6 && $1 !~ /--coverage/ && $2 ~ /have|compiles|pkg-config|dejavu/ { print $3 }' "$project/scripts/setup.sh" | tr ' ' '\n' | sort >"$scratch/packages"
cmp -s "$scratch/packages" "$scratch/packages_there" ||
    fail "README.md names other packages than scripts/setup.sh: $(diff "$scratch/packages" "$scratch/packages_there")"

# The queries have to be understood and to answer with a row; tests named as ⟨program: case, case⟩ have to be there.
if command -v python3 >/dev/null; then
    python3 - "$project" "$work/out/bering.db" <<'PYTHON' || failures=$((failures + 1))
import pathlib, re, sqlite3, sys

project = pathlib.Path(sys.argv[1])
database = sqlite3.connect(sys.argv[2])
problems = []
pages = {page.name: page.read_text(encoding="utf-8") for page in sorted((project / "docs").glob("*.md"))}
for query in re.findall(r"^```sql\n(.*?)^```", pages["formats.md"], re.S | re.M):
    try:
        if not database.execute(query).fetchall():
            problems.append(f"formats.md: no row\n{query}")
    except sqlite3.Error as error:
        problems.append(f"formats.md: {error}\n{query}")

sources = {path.stem: path.read_text(encoding="utf-8") for path in project.glob("tests/*/*.c")}
golden = {path.stem for path in project.glob("tests/cli/golden/*.txt")}
for name, text in pages.items():
    if name == "validation.md":
        texts = [part for part in re.split(r"^## ", text, flags=re.M)]
    else:
        texts = [text]
    for part in texts:
        default = re.search(r"`build/tests/\w+/(\w+)_test`\n", part.split("\n", 1)[0] + "\n")
        for group in re.findall(r"⟨(.*?)⟩", part, re.S):
            for named in " ".join(group.split()).split("; "):
                program, colon, cases = named.partition(": ")
                if not colon and default:
                    program, cases = default.group(1), named
                source = sources.get(program + "_test")
                if program == "golden":
                    missing = [case for case in cases.split(", ") if case not in golden]
                elif source is None:
                    missing = [program]
                else:
                    missing = [case for case in cases.split(", ") if case and f"START_TEST({case})" not in source
                               and f'"{case}' not in source]
                problems += [f"{name}: no test ⟨{program}: {case}⟩" for case in missing]
print("\n".join(problems))
sys.exit(len(problems) > 0)
PYTHON
fi
[ $failures -eq 0 ]
