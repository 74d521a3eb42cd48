#!/usr/bin/env bash
# Names that other programs would take for orders come through databases, charts, JSON and CSV untouched: names.sh BERING
# LOOK_UP CELLS
#
# Stations, trains, goods, options, variants, the scenario, its folder, its schedule, the database and the pictures have names
# with spaces, quotes, semicolons, percent signs, dollars, backticks, backslashes, markup and line breaks. Whatever carried
# one of them out would leave a file that nobody asked for.
set -u
bering=$(realpath "$1")
look_up=$(realpath "$2")
cells=$(realpath "$3")
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
goods='G "<&>" $(touch hacked) %d, '"'"'; --'
built='O "<&>" `touch hacked` %s; --'
source='S "<&>" $(touch hacked) %n; --'
cell() { printf '"%s"' "${1//\"/\"\"}"; }

mkdir "$folder"
{
  printf 'station,name,kind\n'
  printf 'A,%s,terminal\nM,%s,siding\nN,%s,siding\nO,"two\nlines\tand a tab",siding\nB,%s,terminal\n' \
    "$(cell "$first")" "$(cell "$second")" "$(cell "$third")" "$(cell "$fourth")"
} >"$folder/stations.csv"
printf 'station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nN,loop,2,1200\nO,loop,2,1200\nB,yard,4,1500\n' >"$folder/tracks.csv"
printf 'section,from,to,length_km\nA-M,A,M,20\nM-N,M,N,30\nN-O,N,O,25\nO-B,O,B,25\n' >"$folder/sections.csv"
printf 'train_type,name,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\nF,%s,1000,4000,80,5000,300,0.3,100\n' \
  "$(cell "$train")" >"$folder/train_types.csv"
printf 'service,train_type,origin,destination,interval_min\neast,F,A,B,180\nwest,F,B,A,180\n' >"$folder/$schedule"
printf 'key,value\nname,%s\nschedule,%s\n' "$(cell "$title")" "$(cell "$schedule")" >"$folder/scenario.csv"
printf 'variant,name,options,settings\nv,%s,o,seed=2\nw,W,,seed=3\n' "$(cell "$variant")" >"$folder/variants.csv"
printf 'option,name,capex_usd\no,%s,1e6\n' "$(cell "$built")" >"$folder/options.csv"
printf 'flow,origin,destination,commodity,teu_per_day,tariff_usd_per_teu,due_h\ngo,A,B,%s,200,500,20\nback,B,A,,150,450,\n' \
  "$(cell "$goods")" >"$folder/flows.csv"
printf 'station,cranes,lift_s,yard_teu\nA,20,60,3000\nB,20,60,3000\n' >"$folder/terminals.csv"
printf 'key,value,unit,source\ncapex_usd,1e8,USD,%s\ncapex_overrun,"lognormal(0.1,0.2)",,\n' "$(cell "$source")" >"$folder/economics.csv"

# ---- into the database and out of it

"$bering" run "$folder" --variant v --days 2 --detail full --db "$database" >summary || fail "run"
"$bering" capacity "$folder" --set horizon_days=2 --precision 20 --db "$database" >capacity || fail "capacity"
"$bering" audit --db "$database" --run 1 >audit || fail "audit: $(cat audit)"
"$bering" rerun 1 --db "$database" >rerun || fail "rerun: $(cat rerun)"
"$bering" sweep "$folder" --vary 'schedule.interval_min=180,240' --days 2 --db "$database" >sweep || fail "sweep"
"$bering" appraise "$folder" --days 2 --samples 32 --capacity 20 --db "$database" >appraisal || fail "appraise"
for text in summary capacity sweep appraisal; do
  grep -qF -- "$title" $text || fail "$text has another title"
done

found() { # found WHAT SQL TEXT
  [ "$("$look_up" "$database" "$2")" = "$3" ] || fail "$1 in the database: $("$look_up" "$database" "$2")"
}
found scenario "SELECT scenario FROM runs WHERE run_id = 1" "$title"
found "the setting" "SELECT value FROM settings WHERE run_id = 1 AND key = 'name'" "$title"
found schedule "SELECT schedule FROM runs WHERE run_id = 1" "$folder/$schedule"
found "a file kept" "SELECT content FROM inputs WHERE path LIKE '%/stations.csv'" "$(cat "$folder/stations.csv")"
found goods "SELECT content FROM inputs WHERE path LIKE '%/flows.csv'" "$(cat "$folder/flows.csv")"
found "what was varied" "SELECT scenario FROM runs WHERE point = 2" "$title"
found "what was appraised" "SELECT scenario FROM appraisals" "$title"
found "the view" "SELECT scenario FROM v_runs WHERE run_id = 1" "$title"
[ "$("$look_up" "$database" "PRAGMA integrity_check")" = ok ] || fail "the database is damaged"

# ---- into the charts: XML that is well-formed, with the names in it

# Texts of a picture, one a line, as they are to be read.
texts() { sed -n 's|^.*<text>\(.*\)</text>.*$|\1|p' "$1" | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'; }

for kind in $("$bering" plot --list | cut -d ' ' -f 1); do
  picture="$kind;\$(touch hacked)\`touch hacked\`\"'%s 😀.svg"
  case $kind in traingraph | stairway | revenue | waiting | transit) run=(--run 1) ;; *) run=() ;; esac
  "$bering" plot $kind --db "$database" "${run[@]}" -o "$picture" >told || fail "plot $kind"
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

# ---- into JSON and CSV

printed() { # printed NAME COMMAND…: as JSON and as CSV, both whole
  local name=$1
  shift
  "$bering" "$@" --format json >"$name.json" || fail "$* as JSON"
  [ "$("$look_up" :memory: 'SELECT json_valid(?1)' "$name.json")" = 1 ] || fail "$name.json is no JSON"
  case $name in rerun | plot) return ;; esac
  "$bering" "$@" --format csv >"$name.csv" || fail "$* as CSV"
  "$cells" "$name.csv" >/dev/null || fail "$name.csv is no CSV"
}
json() { # json NAME PATH TEXT
  local found
  found=$("$look_up" :memory: "SELECT json_extract(?1, '$2')" "$1.json")
  [ "$found" = "$3" ] || fail "$1.json, $2: $found"
}
csv() { # csv NAME COLUMN TEXT: in the first row
  local found
  found=$("$cells" "$1.csv" "$2" | head -n 1)
  [ "$found" = "$3" ] || fail "$1.csv, $2: $found"
}
printed check check "$folder"
printed run run "$folder" --days 1 --db "$database"
printed capacity capacity "$folder" --theory --db "$database"
printed appraise appraise "$folder" --days 2 --samples 32 --capacity 20 --db "$database"
printed sweep sweep "$folder" --days 1 --vary variant=v,w --db "$database"
printed runs runs --db "$database"
printed audit audit --run 1 --db "$database"
printed rerun rerun 1 --db "$database"
printed plot plot revenue --run 1 --db "$database" -o "$picture"
json check '$.scenario' "$title"
json check '$.schedule' "$folder/$schedule"
json check '$.flows[0].commodity' "$goods"
json capacity '$.scenario' "$title"
for name in run sweep runs audit rerun appraise; do json $name '$.database' "$database"; done
json appraise '$.appraisals[0].scenario' "$title"
json runs '$.runs[0].scenario' "$title"
json runs '$.runs[0].schedule' "$folder/$schedule"
json plot '$.file' "$picture"
csv appraise scenario "$title"
csv runs scenario "$title"
csv runs schedule "$folder/$schedule"
"$bering" check "$folder" --set "name=$title" --with 'O "<&>" `touch hacked` %s' --format json >wrong.json 2>/dev/null && fail "an option by its name"
json wrong '$.errors[0].message' "option 'O \"<&>\" \`touch hacked\` %s' is not declared in options.csv"

[ -z "$(find "$scratch" /tmp -maxdepth 2 -name hacked 2>/dev/null)" ] || fail "something was executed"
echo "$failures failures"
[ $failures -eq 0 ]
