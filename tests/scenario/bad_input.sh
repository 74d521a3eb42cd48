#!/usr/bin/env bash
# Input that is wrong, through the command line: bad_input.sh BERING
#
# Each case changes one thing in a small good scenario. `check`, `run`, `capacity`, `sweep` and `appraise` must then say
# exactly what is expected here, with file, line and cell, end with status 1, and leave the folder as it was: no database,
# no chart. What is wrong in the other tables is in bad_tables.sh.
set -u
. "$(dirname "$0")/refusals.sh"

# A –20 km– M –30 km– B, as tests/scenario/folder.h has it.
good() {
  begin
  printf 'key,value,unit\nname,Small,\nschedule,day.csv,\n' >s/scenario.csv
  printf 'station,name,kind\nA,,terminal\nM,Middle,siding\nB,,terminal\n' >s/stations.csv
  printf 'station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nB,yard,4,1500\n' >s/tracks.csv
  printf 'section,from,to,length_km,purge_s\nA-M,A,M,20,\nM-B,M,B,30,\n' >s/sections.csv
  printf 'train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2\nF,1000,4000,80,5000,300,0.3\n' >s/train_types.csv
  printf 'service,train_type,origin,destination,interval_min\neast,F,A,B,120\nwest,F,B,A,120\n' >s/day.csv
}

accept "the good scenario" ':'
accept "a byte-order mark" 'for f in s/*.csv; do { printf "\xef\xbb\xbf"; cat "$f"; } >x; mv x "$f"; done'
accept "CRLF" 'sed -i "s/\$/\r/" s/*.csv'
accept "no newline at the end" 'for f in s/*.csv; do printf %s "$(cat "$f")" >x; mv x "$f"; done'
accept "comments, empty lines, columns in another order" 'printf "# hello, \"you\n\nkind,station\nterminal,A\n\n# x\nsiding,M\nterminal,B\n" >s/stations.csv'

# ---- files

refuse "no folder" 'rm -r s' 's:0:0: no such folder, expected a folder of CSV files'
refuse "a file in place of the folder" 'rm -r s; echo >s' 's:0:0: a file, expected a folder of CSV files'
refuse "a missing file" 'rm s/tracks.csv' 's/tracks.csv:0:0: no such file, expected one in every scenario'
refuse "a missing scenario.csv" 'rm s/scenario.csv' 's/scenario.csv:0:0: no such file, expected one in every scenario'
refuse "a missing schedule" 'rm s/day.csv' 's/scenario.csv:3:2: no such schedule: s/day.csv'
refuse "a folder in place of a file" 'rm s/tracks.csv; mkdir s/tracks.csv' 's/tracks.csv:0:0: a folder, expected a CSV file'
refuse "a folder in place of the schedule" 'rm s/day.csv; mkdir s/day.csv' 's/day.csv:0:0: a folder, expected a CSV file'
refuse "a pipe in place of a file" 'rm s/tracks.csv; mkfifo s/tracks.csv' 's/tracks.csv:0:0: not a regular file, expected a CSV file'
refuse "a device in place of the schedule" 'replace scenario day.csv /dev/zero' '/dev/zero:0:0: not a regular file, expected a CSV file'
refuse "a link to itself" 'ln -sf tracks.csv s/tracks.csv' 's/tracks.csv:0:0: cannot be read: a link that leads to itself'
refuse "an empty file" ': >s/tracks.csv' 's/tracks.csv:1:0: an empty file, expected a row that names the columns'
refuse "no rows" 'printf "station,track\n" >s/tracks.csv' 's/tracks.csv:1:0: no rows, expected at least one station'
refuse "a file of 100 MB" 'truncate -s 100M s/tracks.csv' 's/tracks.csv:0:0: larger than 64 MiB, expected at most 67108864 bytes'
refuse "a schedule of 100 GB" 'truncate -s 100G s/day.csv' 's/day.csv:0:0: larger than 64 MiB, expected at most 67108864 bytes'
if [ ${#unprivileged[@]} -gt 0 ]; then
  as=("${unprivileged[@]}")
  refuse "no permission to read a file" 'chmod 0 s/tracks.csv' 's/tracks.csv:0:0: no permission to read it'
  refuse "no permission to read the schedule" 'chmod 0 s/day.csv' 's/day.csv:0:0: no permission to read it'
  refuse "no permission to enter the folder" 'chmod 0 s' "$(printf 's/%s.csv:0:0: no permission to read it\n' alignment economics \
    flows hazards options possessions running_times scenario sections stations terminals tracks train_types variants)"
  as=()
fi

# ---- bytes

refuse "an open quote" 'replace stations Middle "\"Middle"' 's/stations.csv:3:2: the quote that opens here is never closed, expected a closing quote'
refuse "a quote in a cell" 'replace stations Middle "Mid\"dle"' 's/stations.csv:3:2: a quote inside a cell without quotes, expected the whole cell in quotes and the quote doubled'
refuse "text after a quote" 'replace stations Middle "\"Mid\"dle"' 's/stations.csv:3:2: text after the closing quote, expected a comma or the end of the line'
refuse "a NUL byte" 'printf "station,kind\nA,termi\0nal\nM,siding\nB,terminal\n" >s/stations.csv' 's/stations.csv:2:2: a NUL byte, expected text'
refuse "Latin-1" 'replace stations Middle "M\xfcnchen"' 's/stations.csv:3:2: byte 0xFC is not UTF-8, expected UTF-8 text'
refuse "half a character" 'replace stations Middle "M\xe2\x82"' 's/stations.csv:3:2: byte 0xE2 is not UTF-8, expected UTF-8 text'
refuse "UTF-16" 'printf "\xff\xfes\0t\0\n\0" >s/stations.csv' 's/stations.csv:1:1: byte 0xFF is not UTF-8, expected UTF-8 text'
refuse "old Mac line ends" 'printf "station,track\rA,yard\r" >s/tracks.csv' 's/tracks.csv:1:2: a carriage return without a newline, expected lines that end with LF or CRLF'
refuse "semicolons" 'tr , ";" <s/tracks.csv >x; mv x s/tracks.csv' "s/tracks.csv:1:1: separated by ';', expected commas"
refuse "tabs" 'tr , "\t" <s/tracks.csv >x; mv x s/tracks.csv' 's/tracks.csv:1:1: separated by tabs, expected commas'
refuse "a picture" 'head -c 3000 "$bering" >s/tracks.csv' 's/tracks.csv:1:1: a NUL byte, expected text'

# ---- rows and columns

refuse "a missing column" 'cut -d, -f1,2 s/stations.csv >x; mv x s/stations.csv' "s/stations.csv:1:0: column 'kind' is missing, expected terminal, siding, junction or portal"
refuse "an unknown column" 'replace sections purge_s purge_sec' "s/sections.csv:1:5: unknown column 'purge_sec', did you mean 'purge_s'?"
refuse "a column twice" 'replace sections purge_s to' "s/sections.csv:1:5: column 'to' a second time, expected it once"
refuse "a column without a name" 'replace sections ,purge_s ,' 's/sections.csv:1:5: a column without a name, expected the name of a column'
refuse "too few cells" 'replace tracks M,loop,2,1200 M,loop,2' 's/tracks.csv:3:3: 3 cells, expected 4 as in the header'
refuse "too many cells" 'replace tracks M,loop,2,1200 M,loop,2,1200,x' 's/tracks.csv:3:5: 5 cells, expected 4 as in the header'
refuse "an unknown key" 'replace scenario name nmae' "s/scenario.csv:2:1: unknown key 'nmae', did you mean 'name'?"
refuse "a key twice" 'replace scenario schedule name' "$(printf '%s\n' "s/scenario.csv:0:0: no schedule, expected the key 'schedule' or --schedule" "s/scenario.csv:3:1: key 'name' a second time, first in line 2")"

# ---- cells

refuse "a missing value" 'replace sections M,B,30 M,B,' 's/sections.csv:3:4: length_km is empty, expected 0.01 to 5000'
refuse "a missing identifier" 'replace stations B,,terminal ,,terminal' 's/stations.csv:4:1: station is empty, expected 1 to 63 characters of A-Z a-z 0-9 _ . -'
refuse "a duplicate station" 'echo M,again,siding >>s/stations.csv' "s/stations.csv:5:1: station 'M' a second time, first in line 3"
refuse "a duplicate section" 'echo A-M,A,M,21, >>s/sections.csv' "s/sections.csv:4:1: section 'A-M' a second time, first in line 2"
refuse "a duplicate service" 'echo east,F,A,B,60 >>s/day.csv' "s/day.csv:4:1: service 'east' a second time, first in s/day.csv:2"
refuse "a dangling station" 'replace sections M,B,30 M,C,30' "s/sections.csv:3:3: to 'C' is not declared in stations.csv"
refuse "a dangling train type" 'replace day east,F east,G' "s/day.csv:2:2: train_type 'G' is not declared in train_types.csv"
refuse "a dangling option" 'sed -i "1s/\$/,option/; 2,\$s/\$/,/; 3s/\$/hill/" s/stations.csv' "s/stations.csv:3:4: option 'hill' is not declared in options.csv"
refuse "a decimal comma in quotes" "replace sections 30 '\"30,5\"'" "s/sections.csv:3:4: length_km '30,5' has a decimal comma: write 30.5"
refuse "a decimal comma" 'replace sections M,B,30, M,B,30,5,' 's/sections.csv:3:4: 6 cells, expected 5; length_km has a decimal comma: write 30.5'
refuse "a negative number" 'replace sections M,B,30 M,B,-30' 's/sections.csv:3:4: length_km -30 is out of range, expected 0.01 to 5000'
refuse "a number out of range" 'replace train_types 80, 2000,' 's/train_types.csv:2:4: max_speed_kmh 2000 is out of range, expected 1 to 1000'
refuse "not a number" 'replace sections M,B,30 M,B,nan' "s/sections.csv:3:4: length_km 'nan' is not a number, expected 0.01 to 5000"
refuse "infinity" 'replace sections M,B,30 M,B,inf' "s/sections.csv:3:4: length_km 'inf' is not a number, expected 0.01 to 5000"
refuse "a number too large" 'replace sections M,B,30 M,B,1e400' "s/sections.csv:3:4: length_km '1e400' is out of range, expected 0.01 to 5000"
refuse "half a train" 'replace tracks loop,2 loop,2.5' "s/tracks.csv:3:3: count '2.5' is not a whole number, expected a whole number from 1 to 1000 or *"
refuse "no word that is known" 'replace stations siding sidng' "s/stations.csv:3:3: kind 'sidng' is not known, expected terminal, siding, junction or portal"
refuse "no identifier" 'replace day east ea/st' "s/day.csv:2:1: service 'ea/st' is not an identifier, expected 1 to 63 characters of A-Z a-z 0-9 _ . -"
refuse "metres for kilometres" 'replace sections M,B,30 M,B,120000' 's/sections.csv:3:4: length_km 120000 is out of range, expected 0.01 to 5000'
refuse "kilograms for tonnes" 'replace train_types ,4000, ,4000000,' 's/train_types.csv:2:3: mass_t 4000000 is out of range, expected 1 to 500000'
refuse "hours for days" 'echo horizon_days,24,hours >>s/scenario.csv' "s/scenario.csv:4:3: unit 'hours' of horizon_days, expected days"
refuse "a date that is none" 'echo start_date,2023-02-29, >>s/scenario.csv' "s/scenario.csv:4:2: start_date '2023-02-29' is not a date, expected a date YYYY-MM-DD from 1900-01-01 to 2199-12-31"
refuse "a law that is none" "sed -i '1s/\$/,entry_delay_s/; 2,\$s/\$/,\"uniform(9,1)\"/' s/day.csv" "$(printf '%s\n' 's/day.csv:2:6: entry_delay_s: uniform has a=9, b=1; expected a <= b' 's/day.csv:3:6: entry_delay_s: uniform has a=9, b=1; expected a <= b')"

# ---- the line and its trains

refuse "a disconnected network" 'printf "section,from,to,length_km\nA-M,A,M,20\n" >s/sections.csv' "$(printf '%s\n' "s/day.csv:2:4: no route from 'A' to 'B': no sections connect them" "s/day.csv:3:4: no route from 'B' to 'A': no sections connect them" "s/stations.csv:4:1: warning: no train can come to station 'B', expected a section in sections.csv that leads there")"
refuse "a section from a station to itself" 'replace sections M,B,30 M,M,30' "s/sections.csv:3:3: section 'M-B' begins and ends at 'M', expected two stations"
refuse "a station without tracks" 'sed -i /loop/d s/tracks.csv' "s/stations.csv:3:1: station 'M' has no tracks, expected at least one in tracks.csv"
refuse "no way from origin to destination" 'replace day east,F,A,B east,F,A,A' "s/day.csv:2:4: 'east' calls at 'A' twice, expected a route that visits no station twice"
refuse "a station twice" 'printf "train,train_type,station,arrival,departure\nT,F,A,,01:00\nT,F,M,02:00,03:00\nT,F,A,05:00,\n" >s/day.csv' "s/day.csv:4:3: 'T' calls at 'A' twice, expected a route that visits no station twice"
refuse "a train with one call" 'printf "train,train_type,station,arrival,departure\nT,F,A,,01:00\n" >s/day.csv' "s/day.csv:2:0: train 'T' has one row, expected at least its origin and its destination"
refuse "a train too long for every track" 'replace train_types F,1000 F,1600' "$(printf '%s\n' "s/day.csv:2:4: train type 'F' is 1600 m long, the longest track of 'B' only 1500 m" "s/day.csv:3:3: train type 'F' is 1600 m long, the longest track of 'B' only 1500 m")"
refuse "a train of another gauge" 'sed -i "1s/\$/,gauge_mm/; 2,\$s/\$/,1520/" s/sections.csv; sed -i "1s/\$/,gauge_mm/; 2s/\$/,1435/" s/train_types.csv' "$(printf '%s\n' "s/day.csv:2:4: no route for train type 'F' from 'A' to 'B': section 'A-M' has a gauge of 1520 mm, the train 1435 mm" "s/day.csv:3:4: no route for train type 'F' from 'B' to 'A': section 'M-B' has a gauge of 1520 mm, the train 1435 mm")"
asked=(check run capacity sweep) # this shows when trains are planned; `appraise` has more to say, see bad_tables.sh
refuse "a train that stalls" 'sed -i 1s/\$/,davis_a_n/\;2s/\$/,400000/ s/train_types.csv' "$(printf '%s\n' "s/day.csv:2:2: train type F cannot run east: it stalls 0.5 km after A (more tractive effort, less mass or a gentler gradient is needed)" "s/day.csv:3:2: train type F cannot run west: it stalls 0.8 km after B (more tractive effort, less mass or a gentler gradient is needed)")"
asked=("${all[@]}")
refuse "times out of order" 'printf "train,train_type,station,arrival,departure\nT,F,A,,03:00\nT,F,M,02:00,02:30\nT,F,B,05:00,\n" >s/day.csv' "$(printf '%s\n' "s/day.csv:3:4: arrival 02:00 is before the time before it, expected 03:00:00 or later" "s/day.csv:3:5: departure 02:30 is before the time before it, expected 03:00:00 or later")"
refuse "a departure before the arrival" 'printf "train,train_type,station,arrival,departure\nT,F,A,,01:00\nT,F,M,03:00,02:30\nT,F,B,05:00,\n" >s/day.csv' "s/day.csv:3:5: departure 02:30 is before the time before it, expected 03:00:00 or later"
refuse "a time that is none" 'printf "train,train_type,station,arrival,departure\nT,F,A,,1:99\nT,F,B,05:00,\n" >s/day.csv' "s/day.csv:2:5: departure '1:99' is not a time, expected HH:MM or HH:MM:SS from 00:00 to 8760:00"
refuse "a possession without end" 'printf "section,from,to\nA-M,00:00,24:00\n" >s/possessions.csv' "$(printf '%s\n' "s/possessions.csv:2:1: section 'A-M' is never open forward for more than 0.0 min, train type 'F' needs 15.0 min" "s/possessions.csv:2:1: section 'A-M' is never open backward for more than 0.0 min, train type 'F' needs 15.0 min")"
refuse "an alignment beyond the section" 'printf "section,from_km,to_km\nA-M,0,21\n" >s/alignment.csv' "s/alignment.csv:2:3: to_km 21 is beyond the end of section 'A-M', expected at most 20"
asked=(check run sweep appraise) # `capacity` asks about the line alone
refuse "containers that nobody carries" 'printf "flow,origin,destination,teu_per_day\nf,A,B,10\n" >s/flows.csv' "s/flows.csv:2:1: no trains carry flow 'f' from 'A' to 'B': from 'A' to 'B' there are only trains without room for containers ('east'), expected capacity_teu > 0 for train type 'F'"
asked=("${all[@]}")
refuse "more trains than can be simulated" 'echo horizon_days,36500, >>s/scenario.csv; replace day 120 0.1' "s/day.csv:2:1: 'east' makes 525600000 trains in 36500 days, 1051200000 with all others, expected at most 100000000 in a run"
refuse "money that is out of range" 'printf "key,value\ndiscount_rate,8\n" >s/economics.csv' "s/economics.csv:2:2: discount_rate 8 is out of range, expected a number from 0 to 1 or a law of such"

finish
