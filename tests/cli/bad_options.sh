#!/usr/bin/env bash
# What is wrong in the commands' own inputs: bad_options.sh BERING FOLDER, FOLDER with the scenarios of tests/cli.
#
# Beside tests/scenario/bad_values.sh, which has the options that all commands share: ids, answers, kinds of charts, windows,
# pictures, files in place of databases, and standard streams that are closed or full. Each is told with what was
# expected and ends with its status; nothing is printed, and nothing written: the folder, and the database `all.db` in it,
# which holds a run, a study, a sweep and an appraisal, stay as they were to the byte.
set -u
bering=$(realpath "$1")
scenarios=$(realpath "$2")
export LC_ALL=C
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-options-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" "$scratch/bin"
ln -s "$bering" "$scratch/bin/bering"
PATH=$scratch/bin:$PATH
cd "$scratch/work" || exit 1
cp -R "$scenarios"/. .
{
  bering run pays --days 1 --replications 1 --detail full --db all.db      # run 1, experiment 1
  bering capacity pays --theory --db all.db                               # experiment 2
  bering sweep pays --days 1 --vary seed=1,2 --replications 1 --db all.db # runs 2 and 3, experiment 3
  bering appraise pays --samples 32 --capacity 30 --days 1 --replications 1 --db all.db # experiment 4, of run 1
  bering run line --days 1 --detail summary --db line.db
} >/dev/null || exit 1
printf 'text, and no database at all\n' >text.db
: >empty.db
: >old.svg
mkdir folder.svg

cases=0
failures=0
fail() {
  failures=$((failures + 1))
  printf 'FAILED: bering %s\n' "$1"
  [ $# -eq 1 ] || printf '%s\n' "${@:2}"
}
# A command that would write may have opened the database before it refused; SQLite counts that in the file.
snapshot() { find . -type f -exec cksum {} + | sort; }
snapshot >"$scratch/before"
bering runs --db all.db --format csv >"$scratch/runs"

# refuses STATUS MESSAGE COMMAND: the first line that is said, `bering COMMAND: ` left out.
refuses() {
  local status told
  cases=$((cases + 1))
  eval "bering $3" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
  status=$?
  told=$(head -n 1 "$scratch/stderr")
  told=${told#bering "${3%% *}": }
  [ "$status" = "$1" ] || fail "$3" "  status $status, expected $1"
  [ "$told" = "$2" ] || fail "$3" "  told     $told" "  expected $2"
  [ -s "$scratch/stdout" ] && fail "$3" "  printed $(head -n 1 "$scratch/stdout")"
  snapshot >"$scratch/after"
  cmp -s "$scratch/before" "$scratch/after" && return
  if [ "$(grep -v ' ./all.db$' "$scratch/before")" != "$(grep -v ' ./all.db$' "$scratch/after")" ] ||
    ! bering runs --db all.db --format csv | cmp -s - "$scratch/runs"; then
    fail "$3" "$(diff "$scratch/before" "$scratch/after")"
  fi
  mv "$scratch/after" "$scratch/before"
}

# ---- ids, answers, windows, pictures

while IFS='|' read -r status command message; do
  [ -n "$command" ] && refuses "$status" "$message" "$command"
done <<'END'
2|appraise|needs SCENARIO…
2|appraise ''|an empty word, expected SCENARIO…
2|appraise pays --samples 33|--samples 33 is no power of two, expected 32, 64, … 65536
2|appraise pays --samples 16|--samples takes a whole number from 32 to 65536, not '16'
2|appraise pays --samples 131072|--samples takes a whole number from 32 to 65536, not '131072'
2|appraise pays --capacity 0|--capacity takes a number from 0.01 to 100000 or practical|saturated, not '0'
2|appraise pays --capacity theoretical|--capacity takes a number from 0.01 to 100000 or practical|saturated, not 'theoretical'
2|appraise pays --capacity nan|--capacity takes a number from 0.01 to 100000 or practical|saturated, not 'nan'
2|appraise pays --capacity 30,5|--capacity takes a number from 0.01 to 100000 or practical|saturated, not '30,5'
2|appraise pays --viewpoint me|--viewpoint takes project|manager|operator, not 'me'
2|appraise pays --detail full|unknown option --detail
2|appraise pays --variant ''|--variant is empty, expected NAME
2|appraise pays --days 0 --seed x|--days takes a number from 0.001 to 36500, not '0'
1|appraise pays --variant nope --db all.db|--variant:0:0: variant 'nope' is not declared in variants.csv
1|appraise pays bore --variant nope --db all.db|no scenario has a variant 'nope', expected a row of some variants.csv
1|appraise pays nowhere --db all.db|nowhere:0:0: no such folder, expected a folder of CSV files
1|appraise line --db all.db|line:0:0: there is no economics.csv: capital, opening and prices are needed to say whether it pays
1|appraise pays --schedule nowhere.csv --db all.db|nowhere.csv:0:0: no such file, expected a schedule
1|appraise pays --set repeat=once --db all.db|pays:0:0: the schedule runs once: what a year earns is found from one that repeats (repeat = daily)
1|appraise pays --set flows.teu_per_day=0 --db all.db|pays:0:0: no containers are offered: teu_per_day of every flow is 0
1|appraise pays --set 'economics[capex_usd].value=-5' --db all.db|--set:0:0: economics[capex_usd].value=-5: capex_usd -5 is out of range, expected a number from 0 to 1000000000000000 or a law of such
1|appraise pays --set 'economics[capex_usd].value=uniform(1)' --db all.db|--set:0:0: economics[capex_usd].value=uniform(1): capex_usd: uniform has 1 parameter; expected uniform(a,b)
1|appraise pays --set 'economics[capex_usd].value=5 %' --db all.db|--set:0:0: economics[capex_usd].value=5 %: capex_usd: '5 %' is not a finite number, expected one such as 12 or 0.5
1|appraise pays --set economics.value=5 --db all.db|--set:0:0: economics.value=5: not a key of economics.csv, expected economics[KEY].value
1|appraise pays --set 'economics[viewpoint].value=me' --db all.db|--set:0:0: economics[viewpoint].value=me: viewpoint 'me' is not known, expected project, manager or operator
2|sweep pays|nothing to vary, expected --vary or --variants
2|sweep pays --vary seed=1:3 --sample 0|--sample takes a whole number from 1 to 1000000, not '0'
2|sweep pays --vary seed=1:3 --sample 4 --db all.db|a sample of 4 points, and there are only 3 to take it from, expected fewer, or no --sample at all
2|sweep pays --vary seed=1:3:0 --db all.db|--vary seed=1:3:0: the STEP is 0 and never comes to TO, expected one above 0
2|sweep pays --vary seed=1:3:-1 --db all.db|--vary seed=1:3:-1: the STEP leads away from TO, expected one above 0: the range runs upwards
2|sweep pays --vary 'seed=*1:2' --db all.db|seed: a range of factors needs a STEP, as in *1:2:0.25
2|sweep pays --vary train_types.max_speed_kmh=0.5:0.8 --db all.db|train_types.max_speed_kmh: a range of less than 1 needs a STEP, as in 0.5:0.8:0.075
2|sweep pays --vary seed=1:1000001 --db all.db|1000001 points, expected at most 1000000 runs in all
2|sweep pays --vary variant=dear --variants --db all.db|the variants are varied already, expected --variants or variant=…
2|sweep pays --variant dear --variants --db all.db|--variant and the variants varied, expected one or the other
2|sweep pays --vary seed=1,2 --against 3 --db all.db|--against 3, and there are 2 points, expected one of them
2|sweep pays --vary seed=1,2 --experiment 3 --db all.db|--experiment without --resume, expected both or neither
1|sweep pays --vary seed=1:2:0.5 --db all.db|--vary:0:0: seed=1.5: seed '1.5' is not a whole number, expected a whole number from 0 to 9007199254740992
1|sweep pays --vary train_types.max_speed_kmh=900:1100:50 --db all.db|--vary:0:0: train_types.max_speed_kmh=1050: max_speed_kmh 1050 is out of range, expected 1 to 1000
1|sweep pays --vary variant=dear,nope --db all.db|--variant:0:0: variant 'nope' is not declared in variants.csv (with variant=nope)
1|sweep pays --vary options=terminal+nope,terminal --db all.db|--vary:0:0: options=terminal+nope: option 'nope' is not declared in options.csv
1|sweep pays --vary 'train_types.running_factor=uniform(1,2),uniform(3' --db all.db|--vary:0:0: train_types.running_factor=uniform(3: running_factor: no ')' at the end; expected uniform(a,b)
1|sweep pays --vary dispatch=fcfs,lifo --db all.db|--vary:0:0: dispatch=lifo: dispatch 'lifo' is not known, expected fcfs, priority or fleet
1|sweep pays --vary 'schedule[EAST].first_departure=06:00,25:99' --db all.db|--vary:0:0: schedule[EAST].first_departure=25:99: first_departure '25:99' is not a time, expected HH:MM or HH:MM:SS from 00:00 to 24:00
1|sweep line --variants --db all.db|line:0:0: no variants to vary, expected some in variants.csv of the scenario
1|sweep pays --vary seed=1,2 --resume --experiment 2 --db all.db|all.db: experiment 2 is no sweep but a capacity
1|sweep pays --vary seed=1,2 --resume --experiment 99 --db all.db|all.db: there is no experiment 99
1|sweep pays --vary seed=1,2,3 --resume --days 1 --replications 1 --db all.db|all.db: experiment 3 cannot be gone on with: it has 2 points, and those asked for are 3
1|sweep pays --vary seed=1,2 --resume --db none.db|none.db: no such database; `bering run` makes one
2|capacity pays --delay median|--delay takes mean|p90, not 'median'
2|capacity pays --precision 1% --theory|--precision takes a number from 0.05 to 50, not '1%'
2|capacity pays --viewpoint operator|unknown option --viewpoint
1|capacity pays --with nope --theory --db all.db|--with:0:0: option 'nope' is not declared in options.csv
1|capacity pays --set schedule.trains_per_day=0 --theory --db all.db|--set:0:0: schedule.trains_per_day=0: trains_per_day 0 is out of range, expected 0.01 to 10000
2|plot revenu --db all.db|unknown chart 'revenu'; did you mean 'revenue'?
2|plot Revenue --db all.db|unknown chart 'Revenue'; did you mean 'revenue'?
2|plot pie --db all.db|unknown chart 'pie'; `bering plot --list` lists the kinds
2|plot revenue waiting --db all.db|'waiting' is one word too many
2|plot revenue --format csv --db all.db|--format takes text|json, not 'csv'
2|plot traingraph --run 1 --from 12:00 --to 11:00 --db all.db|--to must be after --from, by a minute or more, unlike '11:00' after '12:00'; hours over 24 mean later days
2|plot traingraph --run 1 --from -0 --db all.db|--from takes HH:MM, D HH:MM or hours, not '-0'; `bering help plot` says more
2|plot traingraph --run 1 --from 12.5.2030 --db all.db|--from takes HH:MM, D HH:MM or hours, not '12.5.2030'; `bering help plot` says more
1|plot traingraph --run 1 --from '99 12:00' --db all.db|run 1 ends after 72.0 hours, before --from
1|plot traingraph --run 1 --to 00:00 --db all.db|the chart would show less than a minute: --to must be after --from
1|plot traingraph --db line.db|run 1 keeps no calls of its trains (detail summary); a train graph needs them: run it again with --detail calls
1|plot stairway --run 2 --db all.db|run 2 does not keep who held which block (detail calls); a stairway needs it: run it again with --detail blocks
1|plot transit --run 2 --db all.db|run 2 keeps no containers (detail calls), only how long they took in the mean, the middle and 95 % of cases (table flow_use): run it again with --detail containers
1|plot tornado --db all.db|experiment 4: nothing is uncertain: every key of economics.csv is a number, not a law such as uniform(0.8,1.2)
1|plot delay --db all.db|all.db has no delays at different demands; `bering capacity SCENARIO --db all.db` makes them
1|plot capacity --experiment 1 --db all.db|experiment 1 has no answers of a capacity study: it was no `bering capacity`, or simulated nothing
1|plot capacity --variant nope --db all.db|experiment 2 has no answers of a capacity study of variant 'nope'
1|plot occupation --variant nope --db all.db|all.db has no compressed timetable; `bering capacity SCENARIO --db all.db` makes them
1|plot earnings --experiment 99 --db all.db|all.db: experiment 99 has no complete runs that earn or spend
1|plot earnings --experiment 3 --variant nope --db all.db|all.db: experiment 3 has no complete runs of variant 'nope' that earn or spend
1|plot cash --experiment 99 --db all.db|all.db: experiment 99 has no appraisal
1|plot cash --variant nope --db all.db|all.db: the last appraisal has no variant or scenario 'nope'
1|plot tornado --experiment 1 --db all.db|all.db: experiment 1 has no appraisal
1|plot waiting --db line.db|run 1 has no containers to wait: its scenario has no flows.csv
1|plot transit --db line.db|run 1 has no containers: its scenario has no flows.csv
1|plot earnings --db line.db|line.db has no experiment that earns at different numbers of trains a day; `bering sweep SCENARIO --vary 'schedule.trains_per_day=*0.5,*1,*1.5,*2' --db line.db` makes one
1|plot cash --db line.db|line.db has no appraisal; `bering appraise` makes one
1|plot capacity --db line.db|line.db has no answers of a capacity study; `bering capacity SCENARIO --db line.db` makes them
2|plot revenue --run 1 --db all.db -o picture|the output must end in .svg, .png or .pdf, unlike 'picture'; `bering help plot` says more
2|plot revenue --run 1 --db all.db -o -|the output must end in .svg, .png or .pdf, unlike '-'; `bering help plot` says more
2|plot revenue --run 1 --db all.db -o folder.svg/|the output must end in .svg, .png or .pdf, unlike 'folder.svg/'; `bering help plot` says more
1|plot revenue --run 1 --db all.db -o folder.svg|folder.svg cannot be written: it is there and no file
1|plot revenue --run 1 --db all.db -o nowhere/x.svg|nowhere/x.svg cannot be written: its folder is not there; make it, or name another
1|plot revenue --run 1 --db all.db -o text.db/x.svg|text.db/x.svg cannot be written: Not a directory
1|audit --run 99 --db all.db|there is no run 99 in all.db; `bering runs --db all.db` lists them
2|audit --run 1.5 --db all.db|--run takes a whole number from 1 to 9223372036854775807, not '1.5'
2|audit --format xml --db all.db|--format takes text|json|csv, not 'xml'
1|rerun 99 --db all.db|all.db: run 99 cannot be made again: there is no such run
2|rerun 1 --format csv --db all.db|--format takes text|json, not 'csv'
2|rerun one --db all.db|'one' is not the number of a run; `bering runs` lists them
1|runs --delete 99 --db all.db|all.db: there is no run 99
2|runs --delete 1 --delete x --db all.db|--delete takes a whole number from 1 to 9223372036854775807, not 'x'
2|runs --run 1 --db all.db|unknown option --run
END

# ---- every kind of chart: a run, an experiment, a window it does not have, options it does not take

for kind in $(bering plot --list | cut -d ' ' -f 1); do
  told=" says nothing about a chart of $kind; \`bering help plot\` says more"
  case $kind in
  traingraph | stairway | occupation | revenue | waiting | transit)
    refuses 1 "all.db has no run 99; \`bering runs --db all.db\` lists them" "plot $kind --run 99 --db all.db"
    ;;
  *) refuses 2 "--run$told" "plot $kind --run 1 --db all.db" ;;
  esac
  case $kind in
  traingraph | stairway | revenue | waiting | transit)
    refuses 2 "--experiment$told" "plot $kind --experiment 1 --db all.db"
    refuses 2 "--variant$told" "plot $kind --variant v --db all.db"
    ;;
  capacity) refuses 1 "all.db has no experiment 99" "plot $kind --experiment 99 --db all.db" ;;
  esac
  case $kind in
  traingraph | stairway) ;;
  *)
    refuses 2 "--from$told" "plot $kind --from 0 --db all.db"
    refuses 2 "--to$told" "plot $kind --to 9 --db all.db"
    ;;
  esac
done

# A picture would take the place of what it is drawn from.
cp all.db all.svg
snapshot >"$scratch/before"
for kind in $(bering plot --list | cut -d ' ' -f 1); do
  refuses 2 "the picture 'all.svg' would take the place of the database; name another file with --output" "plot $kind --db all.svg -o all.svg"
  mv all.svg $kind.svg # where a picture goes that is not told where
  snapshot >"$scratch/before"
  refuses 2 "the picture '$kind.svg' would take the place of the database; name another file with --output" "plot $kind --db $kind.svg"
  mv $kind.svg all.svg
  snapshot >"$scratch/before"
done
refuses 2 "the picture './all.svg' would take the place of the database; name another file with --output" "plot revenue --db all.svg -o ./all.svg"
rm all.svg
snapshot >"$scratch/before"

# ---- no databases

for command in runs audit 'rerun 1' 'runs --delete 1' $(bering plot --list | cut -d ' ' -f 1) \
  'run pays' 'sweep pays --vary seed=1,2' 'capacity pays --theory' 'appraise pays --samples 32'; do
  case $command in
  *' '* | runs | audit) ;;
  *) command="plot $command" ;;
  esac
  refuses 1 "pays: a folder, not a database" "$command --db pays"
  refuses 1 "text.db: not a database" "$command --db text.db"
  refuses 1 "/dev/null: not a file" "$command --db /dev/null"
  refuses 1 "text.db/x.db: cannot be opened: Not a directory" "$command --db text.db/x.db"
  case $command in
  run\ * | sweep* | capacity* | appraise*)
    refuses 1 "nowhere/x.db: cannot be made: its folder is not there; make it, or name another" "$command --db nowhere/x.db"
    ;;
  *)
    refuses 1 "none.db: no such database; \`bering run\` makes one" "$command --db none.db"
    refuses 1 "empty.db: empty, not a database of Bering's" "$command --db empty.db"
    ;;
  esac
done

# ---- whatever was typed, it is told on one line, and does nothing to a terminal

typed=$(printf '\033[31mred\nline\177')
long=$(head -c 100000 /dev/zero | tr '\0' x)
for word in "$typed" "$long"; do
  for command in '"$word"' '"-$word"' 'run "$word"' 'run "--$word"' 'run pays --seed "$word"' 'run pays --set "$word=1" --db none.db' \
    'run pays --set "seed=$word" --db none.db' 'run pays --with "$word" --db none.db' 'run pays --variant "$word" --db none.db' \
    'run pays --schedule "$word" --db none.db' 'run pays --db "nowhere/$word"' 'check pays "$word"' 'sweep pays --vary "seed=$word:3"' \
    'appraise pays bore --variant "$word" --db none.db' 'plot "$word"' 'plot revenue -o "$word"' 'plot traingraph --from "$word"' \
    'plot revenue --db "$word"' 'plot cash --variant "$word" --db all.db' 'rerun "$word"' 'audit --db "$word"' 'runs --db "$word"'; do
    cases=$((cases + 1))
    eval "bering $command" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
    [ $status -eq 1 ] || [ $status -eq 2 ] || fail "$command" "  status $status"
    [ "$(grep -vc '^`bering help' "$scratch/stderr")" = 1 ] || fail "$command" "  not one line: $(head -c 500 "$scratch/stderr")"
    grep -q '[[:cntrl:]]' "$scratch/stderr" && fail "$command" "  a control character"
    [ -s "$scratch/stdout" ] && fail "$command" "  printed $(head -c 500 "$scratch/stdout")"
  done
done
snapshot >"$scratch/after"
cmp -s "$scratch/before" "$scratch/after" || fail "…" "$(diff "$scratch/before" "$scratch/after")"

# ---- standard streams

# streams STATUS WORDS REDIRECTION: what each command then does.
streams() {
  local command status
  for command in 'check pays' 'run pays --days 1 --replications 1 --db new.db' 'capacity pays --theory --db new.db' \
    'sweep pays --days 1 --replications 1 --vary seed=1,2 --db new.db' 'appraise pays --capacity 30 --samples 32 --days 1 --db new.db' \
    'plot revenue --run 1 --db all.db -o new.svg' 'plot --list' 'audit --run 1 --db all.db' 'rerun 1 --db all.db' 'runs --db all.db' \
    'runs --db new.db --delete 1' help 'help run' '--version'; do
    cases=$((cases + 1))
    : >"$scratch/stderr"
    eval "bering $command $3"
    status=$?
    [ "$status" = "$1" ] || fail "$command $3" "  status $status, expected $1"
    [ "$(<"$scratch/stderr")" = "$2" ] || fail "$command $3" "  told $(<"$scratch/stderr")"
  done
  # What was to be written is written all the same, and whole.
  [ "$(bering runs --db new.db --format csv | cut -d , -f 12 | sort -u | tr '\n' ' ')" = "complete status " ] ||
    fail "runs --db new.db after $3" "$(bering runs --db new.db 2>&1)"
  bering audit --db new.db >/dev/null || fail "audit --db new.db after $3"
  head -c 5 new.svg | grep -q '<?xml' && tail -c 20 new.svg | grep -q '</svg>' || fail "plot after $3" "$(head -n 2 new.svg)"
  rm -f new.db new.svg
  snapshot >"$scratch/after"
  cmp -s "$scratch/before" "$scratch/after" || fail "with $3" "$(diff "$scratch/before" "$scratch/after")"
}
full='bering: the output could not be written'
[ -c /dev/full ] && streams 1 "$full" "</dev/null >/dev/full 2>\"$scratch/stderr\""
streams 1 "$full" "</dev/null >&- 2>\"$scratch/stderr\""
streams 0 '' '<&- >/dev/null 2>&-'
streams 1 '' '<&- >&- 2>&-'

echo "$cases cases, $failures failures"
[ $failures -eq 0 ]
