#!/usr/bin/env bash
# Values of the command line that are wrong: bad_values.sh BERING FOLDER, FOLDER with the scenarios of tests/cli.
#
# Each line below is a command, the status it ends with and what it says first on standard error: 2 where the command
# line itself is wrong, 1 where what it names is. Nothing may be printed on standard output, and nothing written: the folder
# and the database in it, which holds two runs, stay as they were.
set -u
bering=$(realpath "$1")
scenarios=$(realpath "$2")
export LC_ALL=C
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bering-values-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" "$scratch/bin"
ln -s "$bering" "$scratch/bin/bering"
PATH=$scratch/bin:$PATH
cd "$scratch/work" || exit 1
cp -R "$scenarios"/. .
bering run line --days 1 >/dev/null 2>&1
bering run line --days 1 --detail summary >/dev/null 2>&1

# SQLite counts openings in the file of a database: it is its runs that must be the same.
snapshot() {
  find . -type f ! -name bering.db -exec cksum {} + | sort
  find . -name 'bering.db*' -printf '%p %s\n'
  bering runs --format csv
}
snapshot >"$scratch/before"

cases=0
failures=0
while IFS='|' read -r status command message; do
  [ -n "$command" ] || continue
  cases=$((cases + 1))
  eval "bering $command" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
  got=$?
  told=$(head -n 1 "$scratch/stderr")
  snapshot >"$scratch/after"
  if [ "$got" != "$status" ] || [ "$told" != "$message" ] || [ -s "$scratch/stdout" ] ||
    ! cmp -s "$scratch/before" "$scratch/after"; then
    failures=$((failures + 1))
    printf 'FAILED: bering %s\n  status %s, expected %s\n  told     %s\n  expected %s\n' "$command" "$got" "$status" "$told" "$message"
    diff "$scratch/before" "$scratch/after"
    head -n 3 "$scratch/stdout"
  fi
done <<'END'
2|check|bering check: needs SCENARIO
2|check line --days -1|bering check: --days takes a number from 0.001 to 36500, not '-1'
2|check line --db x.db|bering check: unknown option --db
2|check line --jobs 2|bering check: unknown option --jobs
2|check line --format yaml|bering check: --format takes text|json|csv, not 'yaml'
2|check ''|bering check: an empty word, expected SCENARIO
2|run line --days -1|bering run: --days takes a number from 0.001 to 36500, not '-1'
2|run line --days nan|bering run: --days takes a number from 0.001 to 36500, not 'nan'
2|run line --days 1e-9|bering run: --days takes a number from 0.001 to 36500, not '1e-9'
2|run line --days inf|bering run: --days takes a number from 0.001 to 36500, not 'inf'
2|run line --days 1,5|bering run: --days takes a number from 0.001 to 36500, not '1,5'
2|run line --days ''|bering run: --days takes a number from 0.001 to 36500, not ''
2|run line --jobs 257|bering run: --jobs takes a whole number from 1 to 256, not '257'
2|run line --jobs 1.5|bering run: --jobs takes a whole number from 1 to 256, not '1.5'
2|run line --jobs -1|bering run: --jobs takes a whole number from 1 to 256, not '-1'
2|run line --replications 1e7|bering run: --replications takes a whole number from 1 to 1000000, not '1e7'
2|run line --replications 2.5|bering run: --replications takes a whole number from 1 to 1000000, not '2.5'
2|run line --seed -1|bering run: --seed takes a whole number from 0 to 9007199254740992, not '-1'
2|run line --seed 1.5|bering run: --seed takes a whole number from 0 to 9007199254740992, not '1.5'
2|run line --seed 99999999999999999999|bering run: --seed takes a whole number from 0 to 9007199254740992, not '99999999999999999999'
2|run line --warmup 99999|bering run: --warmup takes a number from 0 to 36500 or auto, not '99999'
2|run line --warmup never|bering run: --warmup takes a number from 0 to 36500 or auto, not 'never'
2|run line --detail ''|bering run: --detail takes summary|trains|calls|blocks|containers|full, not ''
1|run line --variant nope|--variant:0:0: variant 'nope' is not declared in variants.csv
2|run line --variant ''|bering run: --variant is empty, expected NAME
1|run line --with nope|--with:0:0: option 'nope' is not declared in options.csv
2|run line --with ''|bering run: --with is empty, expected OPTION
1|run line --set 'nonsense=1'|--set:0:0: nonsense=1: unknown key 'nonsense', expected a key of scenario.csv, options, TABLE.COLUMN or TABLE[ID].COLUMN
2|run line --set '=1'|bering run: --set takes KEY=VALUE, not '=1'
2|run line --set '='|bering run: --set takes KEY=VALUE, not '='
1|run line --set 'seed=abc'|--set:0:0: seed=abc: seed 'abc' is not a number, expected a whole number from 0 to 9007199254740992
1|run line --set 'horizon_days=1e400'|--set:0:0: horizon_days=1e400: horizon_days '1e400' is out of range, expected 0.001 to 36500
1|run line --set 'horizon_days=-1'|--set:0:0: horizon_days=-1: horizon_days -1 is out of range, expected 0.001 to 36500
1|run line --set 'dispatch=lifo'|--set:0:0: dispatch=lifo: dispatch 'lifo' is not known, expected fcfs, priority or fleet
1|run line --set 'start_date=1899-12-31'|--set:0:0: start_date=1899-12-31: start_date '1899-12-31' is not a date, expected a date YYYY-MM-DD from 1900-01-01 to 2199-12-31
1|run line --set 'sections[].speed_kmh=3'|--set:0:0: sections[].speed_kmh=3: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN
1|run line --set 'sections[W-S1.speed_kmh=3'|--set:0:0: sections[W-S1.speed_kmh=3: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN
1|run line --set 'sections[*].speed_kmh=3'|--set:0:0: sections[*].speed_kmh=3: sections has no row '*'
1|run line --set 'sections[W-S1].speed=3'|--set:0:0: sections[W-S1].speed=3: sections has no column 'speed', did you mean 'speed_kmh'?
1|run line --set 'sections[W-S1].speed_kmh=fast'|--set:0:0: sections[W-S1].speed_kmh=fast: speed_kmh 'fast' is not a number, expected 1 to 1000
1|run line --set 'sections.speed_kmh=*nan'|--set:0:0: sections.speed_kmh=*nan: 'nan' is not a number, expected a factor such as *0.8
1|run line --set 'sections.speed_kmh=*1e308'|--set:0:0: sections.speed_kmh=*1e308: speed_kmh 'inf' is not a number, expected 1 to 1000
1|run line --set 'sections.speed_kmh=*-1'|--set:0:0: sections.speed_kmh=*-1: speed_kmh -80 is out of range, expected 1 to 1000
1|run line --set 'sections.speed_kmh=*'|--set:0:0: sections.speed_kmh=*: '' is not a number, expected a factor such as *0.8
1|run line --set 'trains.count=3'|--set:0:0: trains.count=3: unknown table 'trains', did you mean 'tracks'?
1|run line --set 'scenario.seed=3'|--set:0:0: scenario.seed=3: the keys of scenario.csv stand alone, expected 'seed'
1|run line --set 'schedule.service=x'|--set:0:0: schedule.service=x: service 'x' a second time, first in line/trains.csv:2
1|run line --set 'train_types.running_factor=normal(0,1)'|--set:0:0: train_types.running_factor=normal(0,1): running_factor: unknown law 'normal'; expected a number, constant, exponential, lognormal, triangular, uniform or empirical
1|run line --set 'train_types.running_factor=uniform(1'|--set:0:0: train_types.running_factor=uniform(1: running_factor: no ')' at the end; expected uniform(a,b)
1|run line --set 'train_types.running_factor=exponential(-1)'|--set:0:0: train_types.running_factor=exponential(-1): running_factor: exponential has mean -1; expected 0 or more
1|run line --set 'train_types.running_factor=triangular(3,2,1)'|--set:0:0: train_types.running_factor=triangular(3,2,1): running_factor: triangular has a=3, m=2, b=1; expected a <= m <= b
1|run line --set 'train_types.running_factor=empirical()'|--set:0:0: train_types.running_factor=empirical(): running_factor: empirical has no values; expected empirical(x1;x2;...)
1|run line --set 'train_types.running_factor=lognormal(0,1e9)'|--set:0:0: train_types.running_factor=lognormal(0,1e9): running_factor: lognormal has parameters too large for its values to be numbers
1|run line --set 'economics[discount_rate].value=8'|--set:0:0: economics[discount_rate].value=8: discount_rate 8 is out of range, expected a number from 0 to 1 or a law of such
1|run line --set 'economics[discount_rate].value=-0.1'|--set:0:0: economics[discount_rate].value=-0.1: discount_rate -0.1 is out of range, expected a number from 0 to 1 or a law of such
1|run line --set 'economics[rate].value=0.1'|--set:0:0: economics[rate].value=0.1: unknown key 'rate', expected a key of economics.csv
1|run line --set 'options=a'|--set:0:0: options=a: option 'a' is not declared in options.csv
1|run line --set '$(touch hacked)=1'|--set:0:0: $(touch hacked)=1: unknown key '$(touch hacked)', expected a key of scenario.csv, options, TABLE.COLUMN or TABLE[ID].COLUMN
1|run line --set '`touch hacked`=1'|--set:0:0: `touch hacked`=1: unknown key '`touch hacked`', expected a key of scenario.csv, options, TABLE.COLUMN or TABLE[ID].COLUMN
1|run line --set "seed='; DROP TABLE runs; --"|--set:0:0: seed='; DROP TABLE runs; --: seed ''; DROP TABLE runs; --' is not a number, expected a whole number from 0 to 9007199254740992
1|run line --db .|bering run: .: a folder, not a database
1|run line --db nowhere/x.db|bering run: nowhere/x.db: cannot be made: its folder is not there; make it, or name another
1|run line --db line/scenario.csv|bering run: line/scenario.csv: not a database
1|run line --schedule line|line:0:0: a folder, expected a CSV file
1|run line --schedule line/stations.csv|line/stations.csv:0:0: read already, expected a schedule that is named once
1|run line --schedule ../../../../etc/passwd|../../../../etc/passwd:1:0: neither column 'train' nor 'service', expected a timetable or a table of services
1|run nowhere|nowhere:0:0: no such folder, expected a folder of CSV files
1|run line/scenario.csv|line/scenario.csv:0:0: a file, expected a folder of CSV files
2|plot|bering plot: which chart? `bering plot --list` lists the kinds
2|plot nonsense|bering plot: unknown chart 'nonsense'; `bering plot --list` lists the kinds
2|plot ''|bering plot: an empty word, expected KIND
1|plot traingraph --run 999|bering plot: bering.db has no run 999; `bering runs --db bering.db` lists them
2|plot traingraph --run 0|bering plot: --run takes a whole number from 1 to 9223372036854775807, not '0'
2|plot traingraph --run -1|bering plot: --run takes a whole number from 1 to 9223372036854775807, not '-1'
2|plot traingraph --run x|bering plot: --run takes a whole number from 1 to 9223372036854775807, not 'x'
2|plot traingraph --run 99999999999999999999|bering plot: --run takes a whole number from 1 to 9223372036854775807, not '99999999999999999999'
2|plot traingraph --from 99:99|bering plot: --from takes HH:MM, D HH:MM or hours, not '99:99'; `bering help plot` says more
1|plot traingraph --from 25|bering plot: run 2 keeps no calls of its trains (detail summary); a train graph needs them: run it again with --detail calls
2|plot traingraph --from -1|bering plot: --from takes HH:MM, D HH:MM or hours, not '-1'; `bering help plot` says more
2|plot traingraph --from '0 12:00'|bering plot: --from takes HH:MM, D HH:MM or hours, not '0 12:00'; `bering help plot` says more
2|plot traingraph --from '999999999999 12:00'|bering plot: --from takes HH:MM, D HH:MM or hours, not '999999999999 12:00'; `bering help plot` says more
2|plot traingraph --from 1e30|bering plot: --from takes HH:MM, D HH:MM or hours, not '1e30'; `bering help plot` says more
2|plot traingraph --from nan|bering plot: --from takes HH:MM, D HH:MM or hours, not 'nan'; `bering help plot` says more
2|plot traingraph --from ''|bering plot: --from is empty, expected T
1|plot traingraph --from 500:00 --to 501:00 -o x.svg|bering plot: run 2 keeps no calls of its trains (detail summary); a train graph needs them: run it again with --detail calls
2|plot traingraph --from 12:00 --to 12:00|bering plot: --to must be after --from, by a minute or more, unlike '12:00' after '12:00'; hours over 24 mean later days
1|plot traingraph --to 00:00|bering plot: run 2 keeps no calls of its trains (detail summary); a train graph needs them: run it again with --detail calls
1|plot traingraph --run 2|bering plot: run 2 keeps no calls of its trains (detail summary); a train graph needs them: run it again with --detail calls
2|plot traingraph --experiment 1|bering plot: --experiment says nothing about a chart of traingraph; `bering help plot` says more
1|plot stairway|bering plot: run 2 does not keep who held which block (detail summary); a stairway needs it: run it again with --detail blocks
1|plot capacity|bering plot: bering.db has no answers of a capacity study; `bering capacity SCENARIO --db bering.db` makes them
2|plot capacity --run 1|bering plot: --run says nothing about a chart of capacity; `bering help plot` says more
1|plot capacity --variant x|bering plot: bering.db has no answers of a capacity study; `bering capacity SCENARIO --db bering.db` makes them
1|plot delay --experiment 7|bering plot: bering.db has no delays at different demands; `bering capacity SCENARIO --db bering.db` makes them
2|plot delay --from 12:00|bering plot: --from says nothing about a chart of delay; `bering help plot` says more
2|plot occupation --run 1 --experiment 1|bering plot: --experiment beside --run says nothing about a chart of occupation; `bering help plot` says more
1|plot traingraph -o nowhere/x.svg|bering plot: run 2 keeps no calls of its trains (detail summary); a train graph needs them: run it again with --detail calls
2|plot traingraph -o .svg|bering plot: the output must end in .svg, .png or .pdf, unlike '.svg'; `bering help plot` says more
2|plot traingraph -o x.gif|bering plot: the output must end in .svg, .png or .pdf, unlike 'x.gif'; `bering help plot` says more
2|plot traingraph -o ''|bering plot: --output is empty, expected FILE
1|plot traingraph --db none.db|bering plot: none.db: no such database; `bering run` makes one
1|plot traingraph --db line/scenario.csv|bering plot: line/scenario.csv: not a database
1|plot traingraph --db line|bering plot: line: a folder, not a database
1|audit --run 999|bering audit: there is no run 999 in bering.db; `bering runs --db bering.db` lists them
2|audit --run -5|bering audit: --run takes a whole number from 1 to 9223372036854775807, not '-5'
2|audit --run x|bering audit: --run takes a whole number from 1 to 9223372036854775807, not 'x'
1|audit --db none.db|bering audit: none.db: no such database; `bering run` makes one
1|audit --db line|bering audit: line: a folder, not a database
2|audit extra|bering audit: 'extra' is one word too many
2|rerun|bering rerun: needs RUN_ID
2|rerun x|bering rerun: 'x' is not the number of a run; `bering runs` lists them
2|rerun 0|bering rerun: '0' is not the number of a run; `bering runs` lists them
1|rerun 999|bering rerun: bering.db: run 999 cannot be made again: there is no such run
2|rerun -1|bering rerun: unknown option -1
2|rerun 1.5|bering rerun: '1.5' is not the number of a run; `bering runs` lists them
2|rerun 1 2|bering rerun: '2' is one word too many
2|rerun 99999999999999999999|bering rerun: '99999999999999999999' is not the number of a run; `bering runs` lists them
2|rerun ''|bering rerun: an empty word, expected RUN_ID
1|rerun 1 --db none.db|bering rerun: none.db: no such database; `bering run` makes one
1|rerun 1 --db line/scenario.csv|bering rerun: line/scenario.csv: not a database
2|runs extra|bering runs: 'extra' is one word too many
1|runs --delete 999|bering runs: bering.db: there is no run 999
2|runs --delete 0|bering runs: --delete takes a whole number from 1 to 9223372036854775807, not '0'
2|runs --delete x|bering runs: --delete takes a whole number from 1 to 9223372036854775807, not 'x'
2|runs --delete -3|bering runs: --delete takes a whole number from 1 to 9223372036854775807, not '-3'
1|runs --db none.db|bering runs: none.db: no such database; `bering run` makes one
1|runs --db line|bering runs: line: a folder, not a database
2|capacity|bering capacity: needs SCENARIO
2|capacity line --precision 0 --db c.db|bering capacity: --precision takes a number from 0.05 to 50, not '0'
2|capacity line --precision nan --db c.db|bering capacity: --precision takes a number from 0.05 to 50, not 'nan'
2|capacity line --precision 99 --db c.db|bering capacity: --precision takes a number from 0.05 to 50, not '99'
2|capacity line --delay p50 --db c.db|bering capacity: --delay takes mean|p90, not 'p50'
1|capacity line --set delay_limit_min=-1 --db c.db|--set:0:0: delay_limit_min=-1: delay_limit_min -1 is out of range, expected 0 to 100000
1|capacity line --variant x --db c.db|--variant:0:0: variant 'x' is not declared in variants.csv
1|capacity nowhere --db c.db|nowhere:0:0: no such folder, expected a folder of CSV files
1|capacity line --db line|bering capacity: line: a folder, not a database
2|capacity line --theory --format xml|bering capacity: --format takes text|json|csv, not 'xml'
2|sweep line --vary a=1:0 --db c.db|bering sweep: --vary a=1:0: the range runs backwards, expected FROM:TO with FROM at most TO
1|sweep line --vary a=1,2 --db c.db|--vary:0:0: a=1: unknown key 'a', expected a key of scenario.csv, options, TABLE.COLUMN or TABLE[ID].COLUMN
2|sweep line --vary seed=1:2:x --db c.db|bering sweep: --vary seed=1:2:x: '1:2:x' is no range of numbers, expected FROM:TO or FROM:TO:STEP
2|sweep line --vary seed=1:1e18:1 --db c.db|bering sweep: 9007199254740992 points, expected at most 1000000 runs in all
2|sweep line --vary seed=nan:1 --db c.db|bering sweep: --vary seed=nan:1: 'nan:1' is no range of numbers, expected FROM:TO or FROM:TO:STEP
2|sweep line --vary seed=1:inf --db c.db|bering sweep: --vary seed=1:inf: '1:inf' is no range of numbers, expected FROM:TO or FROM:TO:STEP
2|sweep line --vary seed=2:1 --db c.db|bering sweep: --vary seed=2:1: the range runs backwards, expected FROM:TO with FROM at most TO
2|sweep line --vary 'seed=,,' --db c.db|bering sweep: --vary seed=,,: no values, expected some, as in seed=VALUE,VALUE
2|sweep line --vary seed --db c.db|bering sweep: --vary takes KEY=VALUES, not 'seed'
2|sweep line --vary seed=1,1 --db c.db|bering sweep: --vary seed=1,1: '1' is listed twice, expected each value once
2|sweep line --vary seed=1,2 --vary seed=3,4 --db c.db|bering sweep: --vary seed=3,4: seed is varied already, expected each key once
2|sweep line --vary seed=1,2 --against 0 --db c.db|bering sweep: --against takes a whole number from 1 to 1000000, not '0'
1|sweep line --vary seed=1,x --db c.db|--vary:0:0: seed=x: seed 'x' is not a number, expected a whole number from 0 to 9007199254740992
2|sweep line --vary seed=1,2 --sample 3 --jobs 0 --db c.db|bering sweep: --jobs takes a whole number from 1 to 256, not '0'
2|sweep line --vary 'sections.speed_kmh=50:60' --sample 1e9 --db c.db|bering sweep: --sample takes a whole number from 1 to 1000000, not '1e9'
2|sweep line --vary seed=1,2 --resume --experiment x|bering sweep: --experiment takes a whole number from 1 to 9223372036854775807, not 'x'
1|sweep line --vary seed=1,2 --resume --experiment 99|bering sweep: bering.db: there is no experiment 99
1|run line --set 'economics.discount_rate=0.1'|--set:0:0: economics.discount_rate=0.1: not a key of economics.csv, expected economics[KEY].value
END

echo "$cases cases, $failures failures"
[ $failures -eq 0 ]
