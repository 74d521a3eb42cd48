#!/usr/bin/env bash
# Wrong cells in every table of a scenario, through the command line: bad_tables.sh BERING
#
# As bad_input.sh, with a scenario that has all tables: each case changes one thing, every command that reads scenarios must
# say so, with file, line and cell, and write nothing.
set -u
. "$(dirname "$0")/refusals.sh"

# A –20 km– M –30 km– B with containers both ways, terminals, money, options and variants.
good() {
  begin
  printf 'key,value,unit\nname,Small,\nschedule,day.csv,\nhorizon_days,3,days\n' >s/scenario.csv
  printf 'station,name,kind\nA,,terminal\nM,Middle,siding\nB,,terminal\n' >s/stations.csv
  printf 'station,track,count,length_m,option\nA,yard,*,,\nM,loop,2,1200,\nB,yard,4,1500,\nM,third,1,1200,siding\n' >s/tracks.csv
  printf 'section,from,to,length_km,purge_s,option\nA-M,A,M,20,,\nM-B,M,B,30,,\n' >s/sections.csv
  printf 'train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\nF,1000,4000,80,5000,300,0.3,100\n' >s/train_types.csv
  printf 'service,train_type,origin,destination,interval_min,stops\neast,F,A,B,120,M:60\nwest,F,B,A,120,M:60\n' >s/day.csv
  printf 'flow,origin,destination,teu_per_day,arrivals,batch_teu,tariff_usd_per_teu,due_h,seasonality,share_40ft\ngo,A,B,100,,,500,48,,0.5\nback,B,A,90,batch,40,450,,,\n' >s/flows.csv
  printf 'station,cranes,lift_s,lift_cv,yard_teu,shifts,closing_min\nA,20,60,0.2,2000,,\nB,20,60,,2000,06:00-22:00,\n' >s/terminals.csv
  printf 'key,value,unit,source\ncapex_usd,1e9,USD,\ndiscount_rate,0.05,1/a,\nconstruction_profile,0.5;0.5,,\n' >s/economics.csv
  printf 'option,name,capex_usd,requires\nsiding,A third track,1e7,\nyard,A yard,2e7,siding\n' >s/options.csv
  printf 'variant,name,options,settings\nbase,As it is,,\nbig,With all,siding;yard,seed=3;sections.length_km=*1.1\n' >s/variants.csv
  printf 'section,from_km,to_km,gradient_permille\nA-M,0,5,5\nM-B,10,20,-5\n' >s/alignment.csv
  printf 'section,train_type,direction,run_s,start_s\nM-B,*,forward,1800,60\nM-B,F,backward,1900,60\n' >s/running_times.csv
  printf 'section,weekday,from,to\nA-M,sun,02:00,04:00\n' >s/possessions.csv
  printf 'hazard,kind,place,rate_per_year,duration_h,effect\nquake,earthquake,*,1,10,close\n' >s/hazards.csv
}

accept "the good scenario" ':'
accept "a byte-order mark" 'for f in s/*.csv; do { printf "\xef\xbb\xbf"; cat "$f"; } >x; mv x "$f"; done'
accept "CRLF" 'sed -i "s/\$/\r/" s/*.csv'
accept "no newline at the end" 'for f in s/*.csv; do printf %s "$(cat "$f")" >x; mv x "$f"; done'

# ---- every file, as a whole

asked=(run)
for file in scenario stations tracks sections train_types alignment running_times possessions options variants terminals flows \
  economics hazards day; do
  refuse "$file.csv: a folder" "rm s/$file.csv; mkdir s/$file.csv" "s/$file.csv:0:0: a folder, expected a CSV file"
  refuse "$file.csv: empty" ": >s/$file.csv" "s/$file.csv:1:0: an empty file, expected a row that names the columns"
  refuse "$file.csv: 100 MB" "truncate -s 100M s/$file.csv" "s/$file.csv:0:0: larger than 64 MiB, expected at most 67108864 bytes"
  refuse "$file.csv: a NUL byte" "printf 'a\\0' >s/$file.csv" "s/$file.csv:1:1: a NUL byte, expected text"
  refuse "$file.csv: Latin-1" "printf '\\xfc' >s/$file.csv" "s/$file.csv:1:1: byte 0xFC is not UTF-8, expected UTF-8 text"
  refuse "$file.csv: an open quote" "printf '\"a' >s/$file.csv" \
    "s/$file.csv:1:1: the quote that opens here is never closed, expected a closing quote"
  refuse "$file.csv: semicolons" "tr ',;' ';,' <s/$file.csv >x; mv x s/$file.csv" "s/$file.csv:1:1: separated by ';', expected commas"
  if [ ${#unprivileged[@]} -gt 0 ]; then
    as=("${unprivileged[@]}")
    refuse "$file.csv: no permission" "chmod 0 s/$file.csv" "s/$file.csv:0:0: no permission to read it"
    as=()
  fi
done
asked=("${all[@]}")

# ---- flows.csv

refuse "a flow to a station that is none" 'replace flows go,A,B go,A,Q' "s/flows.csv:2:3: destination 'Q' is not declared in stations.csv"
refuse "a flow to its origin" 'replace flows go,A,B go,A,A' "s/flows.csv:2:3: destination 'A' is the origin, expected another station"
refuse "a flow twice" 'echo go,A,B,1,,,,,, >>s/flows.csv' "s/flows.csv:4:1: flow 'go' a second time, first in line 2"
refuse "fewer than no containers" 'replace flows ,100, ,-100,' 's/flows.csv:2:4: teu_per_day -100 is out of range, expected 0 to 10000000'
refuse "a decimal comma in quotes" 'replace flows ,100, ",\"100,5\","' "s/flows.csv:2:4: teu_per_day '100,5' has a decimal comma: write 100.5"
refuse "a decimal comma" 'replace flows B,100, "B,100,5,"' 's/flows.csv:2:4: 11 cells, expected 10; teu_per_day has a decimal comma: write 100.5'
refuse "containers that are no number" 'replace flows ,100, ,NaN,' "s/flows.csv:2:4: teu_per_day 'NaN' is not a number, expected 0 to 10000000"
refuse "containers without a number" 'replace flows ,100, ,,' 's/flows.csv:2:4: teu_per_day is empty, expected 0 to 10000000'
refuse "containers a year for containers a day" 'replace flows ,100, ,36500000,' 's/flows.csv:2:4: teu_per_day 36500000 is out of range, expected 0 to 10000000'
refuse "arrivals that are none" 'replace flows batch,40 weekly,40' "s/flows.csv:3:5: arrivals 'weekly' is not known, expected poisson, regular or batch"
refuse "a batch without a size" 'replace flows batch,40 batch,' 's/flows.csv:3:6: batch_teu is empty, expected the size of a batch where arrivals is batch'
refuse "a tariff below 0" 'replace flows ,500, ,-5,' 's/flows.csv:2:7: tariff_usd_per_teu -5 is out of range, expected 0 to 10000000'
refuse "a time that is due in days" 'replace flows ,48, ",2 d,"' "s/flows.csv:2:8: due_h '2 d' is not a number, expected 0 to 100000"
refuse "a share in percent" 'replace flows 0.5$ 50' 's/flows.csv:2:10: share_40ft 50 is out of range, expected 0 to 1'
refuse "a share with a percent sign" 'replace flows 0.5$ 50%' "s/flows.csv:2:10: share_40ft '50%' is not a number, expected 0 to 1"
refuse "three seasons" 'replace flows 48,, "48,1;1;1,"' 's/flows.csv:2:9: seasonality has 3 factors, expected 12 joined by ;, January first'
refuse "seasons that double a year" 'replace flows 48,, "48,2;2;2;2;2;2;2;2;2;2;2;2,"' 's/flows.csv:2:9: the factors of seasonality have a mean of 2, expected 1'
refuse "a season below 0" 'replace flows 48,, "48,-1;3;1;1;1;1;1;1;1;1;1;1,"' "s/flows.csv:2:9: factor '-1' of seasonality is not one, expected 0 to 12"
refuse "seasons with decimal commas" 'replace flows 48,, "48,\"0,9;1,1;1;1;1;1;1;1;1;1;1;1\","' "s/flows.csv:2:9: factor '0,9' of seasonality is not one, expected 0 to 12"
refuse "a column of flows that is none" 'replace flows teu_per_day teu_a_day' "$(printf '%s\n' "s/flows.csv:1:0: column 'teu_per_day' is missing, expected 0 to 10000000" "s/flows.csv:1:4: unknown column 'teu_a_day', did you mean 'teu_per_day'?")"
refuse "a column of flows too few" 'cut -d, -f1,2,4- s/flows.csv >x; mv x s/flows.csv' "s/flows.csv:1:0: column 'destination' is missing, expected a row of stations"
refuse "a flow with a blank in its name" 'replace flows ^go "go west"' "s/flows.csv:2:1: flow 'go west' is not an identifier, expected 1 to 63 characters of A-Z a-z 0-9 _ . -"

# ---- terminals.csv

refuse "a terminal at a station that is none" 'replace terminals ^A Z' "s/terminals.csv:2:1: station 'Z' is not declared in stations.csv"
refuse "a terminal twice" 'echo A,1,1,,,, >>s/terminals.csv' "s/terminals.csv:4:1: station 'A' a second time, first in line 2"
refuse "fewer than no cranes" 'replace terminals A,20 A,-1' 's/terminals.csv:2:2: cranes -1 is out of range, expected a whole number from 0 to 10000'
refuse "half a crane" 'replace terminals A,20 A,2.5' "s/terminals.csv:2:2: cranes '2.5' is not a whole number, expected a whole number from 0 to 10000"
asked=(check run sweep appraise) # `capacity` asks about the line alone
refuse "no crane for a flow" 'replace terminals A,20 A,0' "s/terminals.csv:2:2: capacity zero: 'A' has no cranes for flow 'go', expected at least 1, or an empty cell for no limit"
refuse "no room in the yard" 'replace terminals ,2000,, ,0,,' "s/terminals.csv:2:5: capacity zero: the yard of 'A' has room for 0 TEU, flow 'go' has containers of 2, expected at least 2, or an empty cell for no limit"
asked=("${all[@]}")
refuse "a lift in a column of minutes" 'replace terminals lift_s lift_min' "s/terminals.csv:1:3: unknown column 'lift_min', did you mean 'lift_s'?"
refuse "a lift longer than a day" 'replace terminals ,60,0.2 ,90000,0.2' 's/terminals.csv:2:3: lift_s 90000 is out of range, expected 0 to 86400'
refuse "a spread in percent" 'replace terminals ,0.2, ",20 %,"' "s/terminals.csv:2:4: lift_cv '20 %' is not a number, expected 0 to 10"
refuse "a closing before 0" 'replace terminals ,,$ ,,-4' 's/terminals.csv:2:7: closing_min -4 is out of range, expected 0 to 100000'
refuse "a shift past midnight by hours above 24" 'replace terminals 06:00-22:00 06:00-26:00' "s/terminals.csv:3:6: shift '06:00-26:00' is not one, expected HH:MM-HH:MM from 00:00 to 24:00"
refuse "a shift without minutes" 'replace terminals 06:00-22:00 6-22' "s/terminals.csv:3:6: shift '6-22' is not one, expected HH:MM-HH:MM from 00:00 to 24:00"
refuse "shifts that overlap" 'replace terminals 06:00-22:00 "06:00-14:00;13:00-22:00"' 's/terminals.csv:3:6: shifts overlap: the one before 13:00 lasts longer, expected it to end there at the latest'
refuse "shifts with a comma" 'replace terminals 06:00-22:00 "\"06:00-14:00,14:00-22:00\""' "s/terminals.csv:3:6: shift '06:00-14:00,14:00-22:00' is not one, expected HH:MM-HH:MM from 00:00 to 24:00"
refuse "seven shifts" 'replace terminals 06:00-22:00 "06:00-07:00;08:00-09:00;10:00-11:00;12:00-13:00;14:00-15:00;16:00-17:00;18:00-19:00"' 's/terminals.csv:3:6: more than 6 shifts, expected 6 at most'
refuse "a change of gauge that is none" 'sed -i "1s/\$/,gauge_change/; 2s/\$/,lift/; 3s/\$/,/" s/terminals.csv' "s/terminals.csv:2:8: gauge_change 'lift' is not known, expected transship or bogie"

# ---- economics.csv

refuse "a key that is none" 'replace economics capex_usd capital' "s/economics.csv:2:1: unknown key 'capital', expected viewpoint, currency, discounting, first_year, construction_profile, interest_during_construction, capex_overrun, opening_delay_years, tariff_factor, demand_factor, exchange_rate_usd, capex_usd, opex_fixed_usd_per_year, growth_per_year, ramp_up_years, construction_years, discount_rate, life_years, track_access_usd_per_train_km, energy_usd_per_kwh, lift_usd, yard_usd_per_teu_day, renewals_share, renewals_every_years, residual_share, sea_tariff_usd_per_teu, rail_tariff_usd_per_teu_km, value_of_time_usd_per_teu_day or days_saved"
refuse "half a key" 'replace economics capex_usd capex' "s/economics.csv:2:1: unknown key 'capex', did you mean 'capex_usd'?"
refuse "a key twice" 'echo capex_usd,3,USD, >>s/economics.csv' "s/economics.csv:5:1: key 'capex_usd' a second time, first in line 2"
refuse "a decimal comma in quotes" 'replace economics 0.05 "\"0,05\""' "s/economics.csv:3:2: discount_rate '0,05' has a decimal comma: write 0.05"
refuse "a decimal comma" 'replace economics 0.05 0,05' 's/economics.csv:3:2: 5 cells, expected 4; value has a decimal comma: write 0.05'
refuse "percent for a fraction" 'replace economics 0.05 5' 's/economics.csv:3:2: discount_rate 5 is out of range, expected a number from 0 to 1 or a law of such'
refuse "a percent sign" 'replace economics 0.05 "5 %"' "s/economics.csv:3:2: discount_rate: '5 %' is not a finite number, expected one such as 12 or 0.5"
refuse "percent as the unit" 'replace economics 1/a %' "s/economics.csv:3:3: unit '%' of discount_rate, expected a fraction, 0.05 for 5 %"
refuse "euros for dollars" 'replace economics USD EUR' "s/economics.csv:2:3: unit 'EUR' of capex_usd, expected USD"
refuse "billions for dollars" 'replace economics 1e9,USD "1,USD bn"' "s/economics.csv:2:3: unit 'USD bn' of capex_usd, expected USD"
refuse "months for years" 'echo life_years,360,months, >>s/economics.csv' "s/economics.csv:5:3: unit 'months' of life_years, expected years"
refuse "not a number" 'replace economics 1e9 nan' "s/economics.csv:2:2: capex_usd: unknown law 'nan'; expected a number, constant, exponential, lognormal, triangular, uniform or empirical"
refuse "infinity" 'replace economics 1e9 inf' "s/economics.csv:2:2: capex_usd: unknown law 'inf'; expected a number, constant, exponential, lognormal, triangular, uniform or empirical"
refuse "a number too large" 'replace economics 1e9 1e400' "s/economics.csv:2:2: capex_usd: '1e400' is not a finite number, expected one such as 12 or 0.5"
refuse "a capital below 0" 'replace economics 1e9 -1e9' 's/economics.csv:2:2: capex_usd -1e9 is out of range, expected a number from 0 to 1000000000000000 or a law of such'
refuse "a law that is none" 'replace economics 0.05 "\"normal(0.05,0.01)\""' "s/economics.csv:3:2: discount_rate: unknown law 'normal'; expected a number, constant, exponential, lognormal, triangular, uniform or empirical"
refuse "a law beyond its range" 'replace economics 0.05 "\"uniform(-1,2)\""' 's/economics.csv:3:2: discount_rate uniform(-1,2) is out of range, expected a number from 0 to 1 or a law of such'
refuse "a law with too few values" 'replace economics 0.05 "uniform(0.01;0.02)"' 's/economics.csv:3:2: discount_rate: uniform has 1 parameter; expected uniform(a,b)'
refuse "a law that is not closed" 'replace economics 0.05 "\"uniform(0.01,0.02\""' "s/economics.csv:3:2: discount_rate: no ')' at the end; expected uniform(a,b)"
refuse "a law whose mode lies outside" 'replace economics 0.05 "\"triangular(0.1,0.05,0.2)\""' 's/economics.csv:3:2: discount_rate: triangular has a=0.1, m=0.05, b=0.2; expected a <= m <= b'
refuse "a life that may be none" 'echo "life_years,exponential(30),a," >>s/economics.csv' 's/economics.csv:5:2: life_years exponential(30) is out of range, expected a number from 1 to 400 or a law of such'
refuse "shares of less than 1" 'replace economics "0.5;0.5" "0.5;0.4"' "s/economics.csv:4:2: construction_profile '0.5;0.4' sums to 0.9, expected 1"
refuse "shares below 0" 'replace economics "0.5;0.5" "1.5;-0.5"' "s/economics.csv:4:2: construction_profile '1.5;-0.5', share 1 is no number from 0 to 1, expected shares joined by ;"
refuse "shares with decimal commas" 'replace economics "0.5;0.5" "\"0,5;0,5\""' "s/economics.csv:4:2: construction_profile '0,5;0,5', share 1 is no number from 0 to 1, expected shares joined by ;"
refuse "a viewpoint that is none" 'echo viewpoint,all,, >>s/economics.csv' "s/economics.csv:5:2: viewpoint 'all' is not known, expected project, manager or operator"
refuse "a currency that is not taken" 'echo currency,eur,, >>s/economics.csv' "s/economics.csv:5:2: currency 'eur' is not known, expected usd"
refuse "half a year" 'echo first_year,2030.5,, >>s/economics.csv' "s/economics.csv:5:2: first_year '2030.5' is not a whole number, expected a whole number from 1800 to 2300"
refuse "true for yes" 'echo interest_during_construction,true,, >>s/economics.csv' "s/economics.csv:5:2: interest_during_construction 'true' is not known, expected no or yes"
refuse "no column of values" 'cut -d, -f1,3 s/economics.csv >x; mv x s/economics.csv' "s/economics.csv:1:0: column 'value' is missing, expected text"

# ---- options.csv

refuse "an option twice" 'echo siding,x,1, >>s/options.csv' "s/options.csv:4:1: option 'siding' a second time, first in line 2"
refuse "an option that requires one that is none" 'replace options ,siding$ ,nothing' "s/options.csv:3:4: option 'nothing' is not declared in options.csv"
refuse "a price below 0" 'replace options 1e7 -1e7' 's/options.csv:2:3: capex_usd -1e7 is out of range, expected 0 to 1000000000000000'
refuse "a price with a decimal comma" 'replace options 1e7 "\"1,5e7\""' "s/options.csv:2:3: capex_usd '1,5e7' has a decimal comma: write 1.5e7"
refuse "a price in words" 'replace options 1e7 "10 m USD"' "s/options.csv:2:3: capex_usd '10 m USD' is not a number, expected 0 to 1000000000000000"
refuse "a price that is no number" 'replace options 1e7 nan' "s/options.csv:2:3: capex_usd 'nan' is not a number, expected 0 to 1000000000000000"
refuse "an option that begins with !" 'replace options ^siding !siding' "$(printf '%s\n' "s/options.csv:2:1: option '!siding' is not an identifier, expected 1 to 63 characters of A-Z a-z 0-9 _ . -" "s/options.csv:3:4: option 'siding' is not declared in options.csv" "s/tracks.csv:5:5: option 'siding' is not declared in options.csv" "s/variants.csv:3:3: option 'siding' is not declared in options.csv")"

# ---- variants.csv

refuse "a variant twice" 'echo base,x,, >>s/variants.csv' "s/variants.csv:4:1: variant 'base' a second time, first in line 2"
refuse "a variant with a slash" 'replace variants ^big b/g' "s/variants.csv:3:1: variant 'b/g' is not an identifier, expected 1 to 63 characters of A-Z a-z 0-9 _ . -"
refuse "a variant with an option that is none" 'replace variants "siding;yard" "siding;yards"' "s/variants.csv:3:3: option 'yards' is not declared in options.csv, did you mean 'yard'?"
refuse "a variant with a key that is none" 'replace variants seed=3 sed=3' "s/variants.csv:3:4: sed=3: unknown key 'sed', did you mean 'seed'?"
refuse "a variant with a value that is none" 'replace variants seed=3 seed=x' "s/variants.csv:3:4: seed=x: seed 'x' is not a number, expected a whole number from 0 to 9007199254740992"
refuse "a variant with a row that is none" 'replace variants sections.length_km "sections[Q].length_km"' "s/variants.csv:3:4: sections[Q].length_km=*1.1: sections has no row 'Q'"
refuse "a variant with a table that is none" 'replace variants sections.length_km section.length_km' "s/variants.csv:3:4: section.length_km=*1.1: unknown table 'section', did you mean 'sections'?"
refuse "a variant with a factor beyond the range" 'replace variants "\*1.1" "*1000"' "$(printf '%s\n' 's/variants.csv:3:4: sections.length_km=*1000: length_km 20000 is out of range, expected 0.01 to 5000' 's/variants.csv:3:4: sections.length_km=*1000: length_km 30000 is out of range, expected 0.01 to 5000')"
refuse "a variant with a decimal comma" 'replace variants "\*1.1" "*1,1"' 's/variants.csv:3:5: 5 cells, expected 4 as in the header'
refuse "a variant with a setting without a value" 'replace variants "seed=3;" "seed;"' "s/variants.csv:3:4: 'seed' has no key and value, expected KEY=VALUE"
refuse "a variant with a setting without a key" 'replace variants "seed=3;" "=3;"' "s/variants.csv:3:4: '=3' has no key and value, expected KEY=VALUE"

# ---- alignment.csv

refuse "a gradient of a section that is none" 'replace alignment A-M,0 A-Q,0' "s/alignment.csv:2:1: section 'A-Q' is not declared in sections.csv, did you mean 'A-M'?"
refuse "a part that ends before it begins" 'replace alignment A-M,0,5 A-M,5,0' 's/alignment.csv:2:3: to_km 0 is not after from_km 5, expected more than 5'
refuse "a part before the section" 'replace alignment A-M,0 A-M,-1' 's/alignment.csv:2:2: from_km -1 is out of range, expected 0 to 5000'
refuse "parts that overlap" 'echo A-M,4,6,1 >>s/alignment.csv' 's/alignment.csv:4:2: from_km 4 overlaps line 2, which ends at km 5, expected that or more'
refuse "metres for kilometres" 'replace alignment A-M,0,5 A-M,0,5000' "s/alignment.csv:2:3: to_km 5000 is beyond the end of section 'A-M', expected at most 20"
refuse "a part without a beginning" 'replace alignment A-M,0,5 A-M,,5' 's/alignment.csv:2:2: from_km is empty, expected 0 to 5000'
refuse "a place that is no number" 'replace alignment A-M,0,5 A-M,nan,5' "s/alignment.csv:2:2: from_km 'nan' is not a number, expected 0 to 5000"
refuse "a gradient with a decimal comma" 'replace alignment 0,5,5 "0,5,\"5,5\""' "s/alignment.csv:2:4: gradient_permille '5,5' has a decimal comma: write 5.5"
refuse "a gradient too steep" 'replace alignment 0,5,5 0,5,500' 's/alignment.csv:2:4: gradient_permille 500 is out of range, expected -200 to 200'
refuse "true for yes in a tunnel" 'sed -i "1s/\$/,tunnel/; 2s/\$/,true/; 3s/\$/,/" s/alignment.csv' "s/alignment.csv:2:5: tunnel 'true' is not known, expected no or yes"

# ---- running_times.csv

refuse "a time of a section that is none" 'replace running_times M-B,F M-Q,F' "s/running_times.csv:3:1: section 'M-Q' is not declared in sections.csv, did you mean 'M-B'?"
refuse "a time of a train that is none" 'replace running_times M-B,F M-B,G' "s/running_times.csv:3:2: train_type 'G' is not declared in train_types.csv"
refuse "a time twice" 'echo M-B,F,backward,1900,60 >>s/running_times.csv' 's/running_times.csv:4:1: the same section, train_type and direction a second time, first in line 3'
refuse "a direction that is none" 'replace running_times ,backward ,west' "s/running_times.csv:3:3: direction 'west' is not known, expected forward, backward or both"
refuse "no time" 'replace running_times 1800 0' 's/running_times.csv:2:4: run_s 0 is out of range, expected 1 to 1000000'
refuse "a time below 0" 'replace running_times 1800 -1800' 's/running_times.csv:2:4: run_s -1800 is out of range, expected 1 to 1000000'
refuse "a time with a decimal comma" 'replace running_times 1800 "\"1800,5\""' "s/running_times.csv:2:4: run_s '1800,5' has a decimal comma: write 1800.5"
refuse "minutes and seconds" 'replace running_times 1800 30:00' "s/running_times.csv:2:4: run_s '30:00' is not a number, expected 1 to 1000000"
refuse "a time that is empty" 'replace running_times 1800 ""' 's/running_times.csv:2:4: run_s is empty, expected 1 to 1000000'
refuse "a time that is no number" 'replace running_times 1800 nan' "s/running_times.csv:2:4: run_s 'nan' is not a number, expected 1 to 1000000"
refuse "a time of weeks" 'replace running_times 1800 2e6' 's/running_times.csv:2:4: run_s 2e6 is out of range, expected 1 to 1000000'

# ---- possessions.csv

refuse "a possession of a section that is none" 'replace possessions A-M A-Q' "s/possessions.csv:2:1: section 'A-Q' is not declared in sections.csv, did you mean 'A-M'?"
refuse "a weekday that is none" 'replace possessions sun sonntag' "s/possessions.csv:2:2: weekday 'sonntag' is not known, expected daily, or days of mon;tue;wed;thu;fri;sat;sun"
refuse "a window that is none" 'replace possessions 04:00 02:00' 's/possessions.csv:2:4: from and to are both 02:00, expected a window (a whole day is 00:00 to 24:00)'
refuse "an hour that is none" 'replace possessions 04:00 26:00' "s/possessions.csv:2:4: to '26:00' is out of range, expected HH:MM or HH:MM:SS from 00:00 to 24:00"
refuse "an hour with a decimal point" 'replace possessions 04:00 4.5' "s/possessions.csv:2:4: to '4.5' is not a time, expected HH:MM or HH:MM:SS from 00:00 to 24:00"
refuse "a second track of one" 'sed -i "1s/\$/,line_track/; 2s/\$/,2/" s/possessions.csv' "s/possessions.csv:2:5: line_track 2 of section 'A-M', which has one track, expected 1"

# ---- hazards.csv

refuse "a hazard twice" 'echo quake,fire,*,1,1,close >>s/hazards.csv' "s/hazards.csv:3:1: hazard 'quake' a second time, first in line 2"
refuse "an effect that is none" 'replace hazards close explode' "s/hazards.csv:2:6: effect 'explode' is not known, expected close, speed, length, fail_train or purge"
refuse "a hazard fewer than never" 'replace hazards ",1,10" ",-1,10"' 's/hazards.csv:2:4: rate_per_year -1 is out of range, expected 0 to 1000000'
refuse "a hazard with a decimal comma" 'replace hazards ",1,10" ",\"1,5\",10"' "s/hazards.csv:2:4: rate_per_year '1,5' has a decimal comma: write 1.5"
refuse "a hazard that is no number" 'replace hazards ",1,10" ",1,nan"' "s/hazards.csv:2:5: duration_h 'nan' is not a number, expected 0 to 1000000"
refuse "a hazard with a law that is cut off" "replace hazards effect duration_law; replace hazards close 'uniform(2'" "s/hazards.csv:2:6: duration_law: no ')' at the end; expected uniform(a,b)"
refuse "a hazard with a law that is none" "replace hazards effect duration_law; replace hazards close 'foo(2)'" "s/hazards.csv:2:6: duration_law: unknown law 'foo'; expected a number, constant, exponential, lognormal, triangular, uniform or empirical"
refuse "a hazard that lasts less than no time" "replace hazards effect duration_law; replace hazards close -1" 's/hazards.csv:2:6: duration_law -1 is out of range, expected a number from 0 to 1000000 or a law of such'
refuse "a hazard of no kind" 'replace hazards earthquake ""' 's/hazards.csv:2:2: kind is empty, expected text'
refuse "a column of hazards that is none" 'replace hazards effect effects' "s/hazards.csv:1:6: unknown column 'effects', did you mean 'effect'?"

# ---- train_types.csv, tracks.csv, schedules

refuse "a train type twice" 'tail -n 1 s/train_types.csv >x; cat x >>s/train_types.csv' "s/train_types.csv:3:1: train_type 'F' a second time, first in line 2"
refuse "a train without a mass" 'replace train_types ,4000, ,,' "s/train_types.csv:2:3: mass_t is empty, but train type 'F' has no fixed running time on section 'A-M' forward"
refuse "an empty train that is heavier than a full one" 'sed -i "1s/\$/,empty_mass_t/; 2s/\$/,5000/" s/train_types.csv' 's/train_types.csv:2:9: empty_mass_t 5000 is more than mass_t 4000 of the full train, expected at most that'
refuse "a factor below 0" 'sed -i "1s/\$/,running_factor/; 2s/\$/,-1/" s/train_types.csv' 's/train_types.csv:2:9: running_factor -1 is out of range, expected a number from 0 to 1000 or a law of such'
refuse "a track twice" 'echo M,loop,1,3, >>s/tracks.csv' "s/tracks.csv:6:2: track 'loop' of 'M' a second time, first in line 3"
refuse "any number of tracks in a siding" 'replace tracks M,loop,2 "M,loop,*"' "s/tracks.csv:3:3: count '*' at 'M', which is no terminal, expected a whole number from 1 to 1000"
refuse "trains that begin where there is no terminal" 'replace stations A,,terminal A,,siding; replace tracks "yard,\*" yard,9' "$(printf '%s\n' "s/day.csv:2:3: origin 'A' is no terminal, expected a station of kind terminal" "s/day.csv:3:4: destination 'A' is no terminal, expected a station of kind terminal")"
refuse "a stop that is none" 'replace day M:60$ Q:60' "$(printf '%s\n' "s/day.csv:2:6: stop 'Q' is not declared in stations.csv" "s/day.csv:3:6: stop 'Q' is not declared in stations.csv")"
refuse "a stop without a time" 'replace day M:60$ M' "$(printf '%s\n' "s/day.csv:2:6: stop 'M' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 1000000" "s/day.csv:3:6: stop 'M' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 1000000")"
refuse "a stop twice" 'replace day M:60$ "M:60;M:30"' "$(printf '%s\n' "s/day.csv:2:6: 'east' calls at 'M' twice, expected a route that visits no station twice" "s/day.csv:3:6: 'west' calls at 'M' twice, expected a route that visits no station twice")"
refuse "an interval and trains a day" 'sed -i "1s/\$/,trains_per_day/; 2,\$s/\$/,5/" s/day.csv' "$(printf '%s\n' 's/day.csv:2:7: both interval_min and trains_per_day, expected one of them' 's/day.csv:3:7: both interval_min and trains_per_day, expected one of them')"
refuse "neither an interval nor trains a day" 'replace day ,120, ,,' "$(printf '%s\n' "s/day.csv:2:0: service 'east' has neither interval_min nor trains_per_day, expected one of them" "s/day.csv:3:0: service 'west' has neither interval_min nor trains_per_day, expected one of them")"
refuse "a return of a service that is none" 'sed -i "1s/\$/,return_of/; 2s/\$/,north/; 3s/\$/,/" s/day.csv' "$(printf '%s\n' 's/day.csv:2:5: warning: interval_min has no effect with return_of' "s/day.csv:2:7: return_of 'north' is not declared in the schedules")"
refuse "trains and services in one schedule" 'printf "service,train,train_type\n" >s/day.csv' "s/day.csv:1:0: both columns 'train' and 'service', expected one of them"
refuse "a schedule without rows" 'head -n 1 s/day.csv >x; mv x s/day.csv' 's/day.csv:1:0: no rows, expected at least one service'
refuse "rows of a train that are apart" 'printf "train,train_type,station,arrival,departure\nT,F,A,,01:00\nU,F,A,,02:00\nT,F,B,05:00,\nU,F,B,06:00,\n" >s/day.csv' "$(printf '%s\n' 's/day.csv:4:1: the rows of T stand together, expected this one after line 2' 's/day.csv:5:1: the rows of U stand together, expected this one after line 3')"
refuse "a train without a departure" 'printf "train,train_type,station,arrival,departure\nT,F,A,,\nT,F,B,,\n" >s/day.csv' "s/day.csv:2:5: departure is empty, expected the time train 'T' is to leave"
refuse "a train on a track that is none" 'printf "train,train_type,station,arrival,departure,track\nT,F,A,,01:00,yard\nT,F,B,05:00,,five\n" >s/day.csv' "s/day.csv:3:6: track 'five' is not declared for 'B' in tracks.csv"

# ---- only seen when trains are planned

refuse "a train that stalls" 'sed -i "1s/\$/,davis_a_n/; 2s/\$/,400000/" s/train_types.csv' "$(printf '%s\n' 's/day.csv:2:2: train type F cannot run east: it stalls 0.5 km after A (more tractive effort, less mass or a gentler gradient is needed)' 's/day.csv:3:2: train type F cannot run west: it stalls 30.6 km after B (more tractive effort, less mass or a gentler gradient is needed)')"

finish
