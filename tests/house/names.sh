#!/usr/bin/env bash
# Names that other programs would take for orders come through databases and charts untouched: names.sh BERING LOOK_UP
#
# Stations, trains, variants, the scenario, its folder, its schedule, the database and the pictures have names with spaces,
# quotes, semicolons, percent signs, dollars, backticks, backslashes, markup and line breaks. Whatever carried one of them
# out would leave a file that nobody asked for.
set -u
bering=$(realpath "$1")
look_up=$(realpath "$2")
export LC_ALL=C
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-names-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failures=0
fail() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$@"
}
mkdir "$scratch/work"
cd "$scratch/work" || exit 1

folder='a b;c%d$e`touch hacked`'"'"'g"h\i$(touch hacked)😀<&>'
schedule='d y;$(touch hacked)`.csv'
database='d b;$(touch hacked)`touch hacked`"'"'"'😀%s.db'
title='Li"ne; `touch hacked` <&> %d $(touch hacked) '"'"'😀 {/Bold x}^2_3 @~ \n ]]>'
first='A "q" '"'"'p'"'"'; DROP TABLE runs; --'
second='`touch hacked` $(touch hacked) 100 % $HOME'
third='<script>&amp;]]></script> {/Bold x}^2 \n \\'
fourth='😀 Ünï %s%n @{~|&'
train='Fast "$x" <&> `touch hacked`'
variant='V "<&>" `touch hacked` %s; --'
cell() { printf '"%s"' "${1//\"/\"\"}"; }

mkdir "$folder"
{
  printf 'station,name,kind\n'
  printf 'A,%s,terminal\nM,%s,siding\nN,%s,siding\nO,"two\nlines\tand a tab",siding\nB,%s,terminal\n' \
    "$(cell "$first")" "$(cell "$second")" "$(cell "$third")" "$(cell "$fourth")"
} >"$folder/stations.csv"
printf 'station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nN,loop,2,1200\nO,loop,2,1200\nB,yard,4,1500\n' >"$folder/tracks.csv"
printf 'section,from,to,length_km\nA-M,A,M,20\nM-N,M,N,30\nN-O,N,O,25\nO-B,O,B,25\n' >"$folder/sections.csv"
printf 'train_type,name,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2\nF,%s,1000,4000,80,5000,300,0.3\n' \
  "$(cell "$train")" >"$folder/train_types.csv"
printf 'service,train_type,origin,destination,interval_min\neast,F,A,B,180\nwest,F,B,A,180\n' >"$folder/$schedule"
printf 'key,value\nname,%s\nschedule,%s\n' "$(cell "$title")" "$(cell "$schedule")" >"$folder/scenario.csv"
printf 'variant,name,settings\nv,%s,seed=2\nw,W,seed=3\n' "$(cell "$variant")" >"$folder/variants.csv"

# ---- into the database and out of it

"$bering" run "$folder" --variant v --detail blocks --db "$database" >summary || fail "run"
"$bering" capacity "$folder" --set horizon_days=2 --precision 20 --db "$database" >capacity || fail "capacity"
"$bering" audit --db "$database" --run 1 >audit || fail "audit: $(cat audit)"
"$bering" rerun 1 --db "$database" >rerun || fail "rerun: $(cat rerun)"
grep -qF -- "$title" summary || fail "the summary has another title"

found() { # found WHAT SQL TEXT
  [ "$("$look_up" "$database" "$2")" = "$3" ] || fail "$1 in the database: $("$look_up" "$database" "$2")"
}
found scenario "SELECT scenario FROM runs WHERE run_id = 1" "$title"
found "the setting" "SELECT value FROM settings WHERE run_id = 1 AND key = 'name'" "$title"
found schedule "SELECT schedule FROM runs WHERE run_id = 1" "$folder/$schedule"
found "a file kept" "SELECT content FROM inputs WHERE path LIKE '%/stations.csv'" "$(cat "$folder/stations.csv")"
found "the view" "SELECT scenario FROM v_runs WHERE run_id = 1" "$title"
[ "$("$look_up" "$database" "PRAGMA integrity_check")" = ok ] || fail "the database is damaged"

# ---- into the charts: XML that is well-formed, with the names in it

# Texts of a picture, one a line, as they are to be read.
texts() { sed -n 's|^.*<text>\(.*\)</text>.*$|\1|p' "$1" | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'; }

for kind in traingraph stairway delay capacity occupation; do
  picture="$kind;\$(touch hacked)\`touch hacked\`\"'%s 😀.svg"
  "$bering" plot $kind --db "$database" -o "$picture" >told || fail "plot $kind"
  [ "$(cat told)" = "$picture" ] || fail "plot $kind tells another name: $(cat told)"
  [ -s "$picture" ] || fail "plot $kind draws nothing"
  texts "$picture" >$kind.texts
  grep -qF -- "${title:0:40}" $kind.texts || fail "$kind has another title: $(head -n 1 $kind.texts)"
  # Outside of tags there is no < and no & but that of an entity, and no ]]>.
  tr '\n' ' ' <"$picture" | sed 's/<[^<>]*>/\n/g; s/&\(lt\|gt\|amp\|quot\|apos\|#[0-9]*\);//g' | grep '[<>&]' &&
    fail "$kind is no XML"
  if command -v xmllint >/dev/null; then xmllint --noout "$picture" || fail "$kind is no XML"; fi
done
for name in "$first" "$second" "$third" "$fourth" "two lines and a tab"; do # long ones are cut short
  for kind in traingraph stairway; do
    grep -qF -- "${name:0:12}" $kind.texts || fail "$kind does not have $name"
  done
done
"$bering" plot traingraph --db "$database" --run 1 -o 'x;`touch hacked`.png' >/dev/null || fail "png"
"$bering" plot traingraph --db "$database" --run 1 -o 'x;$(touch hacked).pdf' >/dev/null || fail "pdf"

[ -z "$(find "$scratch" /tmp -maxdepth 2 -name hacked 2>/dev/null)" ] || fail "something was executed"
echo "$failures failures"
[ $failures -eq 0 ]
