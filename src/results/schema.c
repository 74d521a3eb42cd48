#include "results/schema.h"

#include <stddef.h>

/* Rows that belong to a run start their key with run_id and lie clustered by it: a run is written by appending, read
 * by one range scan and deleted by another. No index beyond the keys: each would cost more than the row itself. */
static const char *const version_1[] = {
    "CREATE TABLE experiments (\n"
    "  experiment_id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  command TEXT NOT NULL,\n"
    "  arguments TEXT NOT NULL,\n"
    "  created_at TEXT NOT NULL\n"
    ") STRICT",

    "CREATE TABLE inputs (\n"
    "  input_sha256 TEXT NOT NULL,\n"
    "  path TEXT NOT NULL,\n"
    "  content BLOB NOT NULL,\n"
    "  PRIMARY KEY (input_sha256, path)\n"
    ") STRICT",

    "CREATE TABLE runs (\n"
    "  run_id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),\n"
    "  input_sha256 TEXT NOT NULL,\n"
    "  scenario TEXT NOT NULL,\n"
    "  variant TEXT,\n"
    "  schedule TEXT,\n"
    "  dispatch TEXT NOT NULL,\n"
    "  replication INTEGER NOT NULL,\n"
    "  seed INTEGER NOT NULL,\n"
    "  start_date TEXT NOT NULL,\n"
    "  warmup_ms INTEGER NOT NULL,\n"
    "  horizon_ms INTEGER NOT NULL,\n"
    "  detail TEXT NOT NULL,\n"
    "  status TEXT NOT NULL\n"
    "    CHECK (status IN ('running', 'complete', 'deadlocked', 'interrupted', 'failed')),\n"
    "  results_sha256 TEXT,\n"
    "  bering_version TEXT NOT NULL,\n"
    "  created_at TEXT NOT NULL,\n"
    "  wall_s REAL,\n"
    "  events INTEGER,\n"
    "  end_ms INTEGER,\n"
    "  forced_moves INTEGER,\n"
    "  searches INTEGER\n"
    ") STRICT",

    "CREATE INDEX runs_of_experiment ON runs (experiment_id)",

    "CREATE TABLE settings (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  key TEXT NOT NULL,\n"
    "  value TEXT NOT NULL,\n"
    "  PRIMARY KEY (run_id, key)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE section_use (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  section TEXT NOT NULL,\n"
    "  direction TEXT NOT NULL,\n"
    "  trains INTEGER NOT NULL,\n"
    "  busy_ms INTEGER NOT NULL,\n"
    "  wait_ms INTEGER NOT NULL,\n"
    "  utilisation REAL,\n"
    "  line_busy_ms INTEGER NOT NULL, -- of the line track this direction runs on, trains of both directions together\n"
    "  line_utilisation REAL,\n"
    "  PRIMARY KEY (run_id, section, direction)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE station_use (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  station TEXT NOT NULL,\n"
    "  max_occupied INTEGER NOT NULL,\n"
    "  mean_occupied REAL,\n"
    "  wait_ms INTEGER NOT NULL,\n"
    "  PRIMARY KEY (run_id, station)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE flow_use (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  flow TEXT NOT NULL,\n"
    "  teu_offered INTEGER NOT NULL,\n"
    "  teu_delivered INTEGER NOT NULL,\n"
    "  teu_riding INTEGER NOT NULL,\n"
    "  teu_waiting INTEGER NOT NULL,\n"
    "  teu_refused INTEGER NOT NULL,\n"
    "  mean_transit_h REAL,\n"
    "  p95_transit_h REAL,\n"
    "  revenue_cents INTEGER NOT NULL,\n"
    "  PRIMARY KEY (run_id, flow)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE ledger (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  day INTEGER NOT NULL,\n"
    "  account TEXT NOT NULL,\n"
    "  amount_cents INTEGER NOT NULL,\n"
    "  PRIMARY KEY (run_id, day, account)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE disruptions (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  seq INTEGER NOT NULL, -- from 1, in the order of start_ms\n"
    "  hazard TEXT NOT NULL,\n"
    "  place TEXT NOT NULL,\n"
    "  start_ms INTEGER NOT NULL,\n"
    "  end_ms INTEGER,\n"
    "  effect TEXT NOT NULL,\n"
    "  PRIMARY KEY (run_id, seq)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE metrics (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  metric TEXT NOT NULL,\n"
    "  value REAL, -- NULL where there is nothing to measure, such as the mean delay of no trains\n"
    "  unit TEXT NOT NULL,\n"
    "  PRIMARY KEY (run_id, metric)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE estimates (\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  variant TEXT,\n"
    "  metric TEXT NOT NULL,\n"
    "  mean REAL,\n"
    "  half_width REAL,\n"
    "  confidence REAL NOT NULL,\n"
    "  replications INTEGER NOT NULL\n"
    ") STRICT",

    "CREATE UNIQUE INDEX estimates_key ON estimates (experiment_id, coalesce(variant, ''), metric)",

    "CREATE TABLE trains (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  train_id INTEGER NOT NULL,\n"
    "  train TEXT NOT NULL,\n"
    "  service TEXT,\n"
    "  train_type TEXT NOT NULL,\n"
    "  origin TEXT NOT NULL,\n"
    "  destination TEXT NOT NULL,\n"
    "  planned_departure_ms INTEGER,\n"
    "  departure_ms INTEGER,\n"
    "  planned_arrival_ms INTEGER,\n"
    "  arrival_ms INTEGER,\n"
    "  unimpeded_ms INTEGER,\n"
    "  delay_ms INTEGER,\n"
    "  energy_kwh REAL,\n"
    "  teu INTEGER NOT NULL,\n"
    "  status TEXT NOT NULL,\n"
    "  direction TEXT NOT NULL, -- of most of its way\n"
    "  PRIMARY KEY (run_id, train_id)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE calls (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  train_id INTEGER NOT NULL,\n"
    "  seq INTEGER NOT NULL,\n"
    "  station TEXT NOT NULL,\n"
    "  track TEXT,\n"
    "  planned_arrival_ms INTEGER,\n"
    "  arrival_ms INTEGER,\n"
    "  planned_departure_ms INTEGER,\n"
    "  departure_ms INTEGER,\n"
    "  stopped INTEGER NOT NULL,\n"
    "  wait_ms INTEGER NOT NULL,\n"
    "  wait_cause TEXT,\n"
    "  wait_for_train_id INTEGER,\n"
    "  PRIMARY KEY (run_id, train_id, seq)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE occupations (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  train_id INTEGER NOT NULL,\n"
    "  seq INTEGER NOT NULL, -- from 1, in the order the train ran\n"
    "  section TEXT NOT NULL,\n"
    "  line_track INTEGER NOT NULL,\n"
    "  block INTEGER,\n"
    "  direction TEXT NOT NULL,\n"
    "  enter_ms INTEGER NOT NULL,\n"
    "  clear_ms INTEGER,\n"
    "  release_ms INTEGER,\n"
    "  PRIMARY KEY (run_id, train_id, seq)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE containers (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  container_id INTEGER NOT NULL,\n"
    "  flow TEXT NOT NULL,\n"
    "  train_id INTEGER,\n"
    "  teu INTEGER NOT NULL,\n"
    "  arrived_ms INTEGER NOT NULL,\n"
    "  loaded_ms INTEGER,\n"
    "  delivered_ms INTEGER,\n"
    "  revenue_cents INTEGER NOT NULL,\n"
    "  status TEXT NOT NULL,\n"
    "  PRIMARY KEY (run_id, container_id)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE deadlocks ( -- who stood where and waited for whom when a run deadlocked\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  train_id INTEGER NOT NULL,\n"
    "  train TEXT NOT NULL,\n"
    "  station TEXT NOT NULL,\n"
    "  waits_for TEXT,\n"
    "  PRIMARY KEY (run_id, train_id)\n"
    ") STRICT, WITHOUT ROWID",

    NULL,
};

/* The order of overrides matters where they meet in a cell, and one key may come more than once. */
static const char *const version_2[] = {
    "ALTER TABLE settings RENAME TO settings_1",

    "CREATE TABLE settings (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  key TEXT NOT NULL,\n"
    "  value TEXT NOT NULL,\n"
    "  seq INTEGER -- from 1, in the order they were applied; NULL: by a version that did not keep it\n"
    ") STRICT",

    "CREATE UNIQUE INDEX settings_key ON settings (run_id, key, coalesce(seq, 0))",

    "INSERT INTO settings (run_id, key, value) SELECT run_id, key, value FROM settings_1 ORDER BY run_id, key",

    "DROP TABLE settings_1",

    NULL,
};

/* Sweeps: many scenarios, the points, under one experiment. A point counts from 1; NULL is no point of a sweep. */
static const char *const version_3[] = {
    "ALTER TABLE runs ADD COLUMN point INTEGER",

    "DROP INDEX runs_of_experiment",

    "CREATE INDEX runs_of_experiment ON runs (experiment_id, point)",

    "ALTER TABLE estimates ADD COLUMN point INTEGER",

    "DROP INDEX estimates_key",

    "CREATE UNIQUE INDEX estimates_key ON estimates (experiment_id, coalesce(point, 0), coalesce(variant, ''), metric)",

    "CREATE TABLE sweeps ( -- what a sweep must not differ in when it is gone on with\n"
    "  experiment_id INTEGER PRIMARY KEY REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  points INTEGER NOT NULL, -- how many\n"
    "  settings_sha256 TEXT NOT NULL -- of all settings of all points\n"
    ") STRICT",

    "CREATE TABLE points ( -- what a point of a sweep varies\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  point INTEGER NOT NULL,\n"
    "  seq INTEGER NOT NULL, -- from 1, in the order they were asked for\n"
    "  key TEXT NOT NULL,\n"
    "  value TEXT NOT NULL,\n"
    "  PRIMARY KEY (experiment_id, point, seq)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE differences ( -- of a point from another, replication by replication\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  point INTEGER NOT NULL,\n"
    "  against INTEGER NOT NULL, -- that other point\n"
    "  metric TEXT NOT NULL,\n"
    "  mean REAL,\n"
    "  half_width REAL,\n"
    "  confidence REAL NOT NULL,\n"
    "  replications INTEGER NOT NULL, -- complete in both\n"
    "  PRIMARY KEY (experiment_id, point, metric)\n"
    ") STRICT, WITHOUT ROWID",

    NULL,
};

/* Capacity: the four answers, what they were measured at, and the sections of the compressed timetable. `variant` is ''
 * for the scenario as it is. */
static const char *const version_4[] = {
    "CREATE TABLE capacity ( -- one answer of one variant\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  variant TEXT NOT NULL,\n"
    "  answer TEXT NOT NULL, -- theoretical, compressed, saturated, practical\n"
    "  fleet INTEGER, -- theoretical: trains one way before the other has its turn; NULL: any order\n"
    "  input_sha256 TEXT NOT NULL,\n"
    "  trains_per_day REAL,\n"
    "  forward_per_day REAL,\n"
    "  backward_per_day REAL,\n"
    "  teu_per_day REAL,\n"
    "  half_width REAL,\n"
    "  confidence REAL,\n"
    "  replications INTEGER,\n"
    "  days INTEGER,\n"
    "  place TEXT, -- the stretch or section that limits\n"
    "  binds TEXT,\n"
    "  reason TEXT -- why there is no figure\n"
    ") STRICT",

    "CREATE UNIQUE INDEX capacity_key ON capacity (experiment_id, variant, answer, coalesce(fleet, 0))",

    "CREATE TABLE capacity_points ( -- one demand that was simulated\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  variant TEXT NOT NULL,\n"
    "  curve TEXT NOT NULL, -- saturated, practical\n"
    "  seq INTEGER NOT NULL, -- from 1, by offered_per_day\n"
    "  offered_per_day REAL NOT NULL,\n"
    "  trains_per_day REAL, -- carried: saturated, of the whole mix\n"
    "  half_width REAL,\n"
    "  mean_delay_s REAL,\n"
    "  delay_half_width_s REAL,\n"
    "  p90_delay_s REAL,\n"
    "  punctual REAL, -- share of trains\n"
    "  PRIMARY KEY (experiment_id, variant, curve, seq)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE capacity_sections ( -- a section of the compressed timetable\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  variant TEXT NOT NULL,\n"
    "  seq INTEGER NOT NULL, -- from 1, in the order of sections.csv\n"
    "  section TEXT NOT NULL,\n"
    "  line_track INTEGER NOT NULL,\n"
    "  trains INTEGER NOT NULL,\n"
    "  occupied_min REAL NOT NULL,\n"
    "  open_min REAL NOT NULL,\n"
    "  occupancy REAL,\n"
    "  trains_per_day REAL, -- at the recommended ceiling\n"
    "  PRIMARY KEY (experiment_id, variant, seq)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE capacity_fits ( -- delay against demand: D = a_s * exp(b_per_train * trains_per_day)\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  variant TEXT NOT NULL,\n"
    "  limit_s REAL NOT NULL,\n"
    "  measure TEXT NOT NULL, -- mean, p90\n"
    "  outcome TEXT NOT NULL, -- found, never_kept, never_reached\n"
    "  a_s REAL,\n"
    "  b_per_train REAL,\n"
    "  residual REAL, -- standard deviation of ln D about it\n"
    "  PRIMARY KEY (experiment_id, variant)\n"
    ") STRICT, WITHOUT ROWID",

    NULL,
};

/* Containers and money. No version before has written rows of flows, containers or the ledger. */
static const char *const version_5[] = {
    "ALTER TABLE trains ADD COLUMN revenue_cents INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE trains ADD COLUMN cost_cents INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE containers ADD COLUMN penalty_cents INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE containers ADD COLUMN cost_cents INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE containers ADD COLUMN trains INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE containers ADD COLUMN empty INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN containers_offered INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN containers_delivered INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN containers_late INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN teu_late INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN p50_transit_h REAL",

    "ALTER TABLE flow_use ADD COLUMN penalty_cents INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN cost_cents INTEGER NOT NULL DEFAULT 0",

    "ALTER TABLE flow_use ADD COLUMN teu_empties INTEGER NOT NULL DEFAULT 0",

    "CREATE TABLE flow_days ( -- what became of a flow on a day\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  day INTEGER NOT NULL, -- from 1\n"
    "  flow TEXT NOT NULL,\n"
    "  teu_offered INTEGER NOT NULL,\n"
    "  teu_loaded INTEGER NOT NULL, -- onto the first train\n"
    "  teu_delivered INTEGER NOT NULL,\n"
    "  teu_refused INTEGER NOT NULL,\n"
    "  PRIMARY KEY (run_id, day, flow)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE terminal_use (\n"
    "  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,\n"
    "  station TEXT NOT NULL,\n"
    "  lifts INTEGER NOT NULL,\n"
    "  crane_busy_ms INTEGER NOT NULL, -- of all cranes\n"
    "  crane_utilisation REAL, -- NULL where cranes have no limit\n"
    "  teu_refused INTEGER NOT NULL, -- for want of a slot here\n"
    "  teu_left_behind INTEGER NOT NULL, -- for want of a slot where they go\n"
    "  max_teu INTEGER NOT NULL,\n"
    "  mean_teu REAL,\n"
    "  PRIMARY KEY (run_id, station)\n"
    ") STRICT, WITHOUT ROWID",

    NULL,
};

/* Appraisals: what a project is worth, by case, by year, by assumption, by sample. Money in dollars here, REAL: these
 * are estimates, while the ledger counts cents. And of capacity, under which settings it was found. */
static const char *const version_6[] = {
    "ALTER TABLE capacity ADD COLUMN settings_sha256 TEXT", /* NULL: by a version that did not keep it */

    "CREATE TABLE appraisals ( -- one scenario, as one variant\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  seq INTEGER NOT NULL, -- from 1, in the order asked\n"
    "  scenario TEXT NOT NULL,\n"
    "  variant TEXT,\n"
    "  input_sha256 TEXT NOT NULL,\n"
    "  viewpoint TEXT NOT NULL, -- project, manager, operator\n"
    "  price_year INTEGER,\n"
    "  first_year INTEGER NOT NULL, -- of spending\n"
    "  seed INTEGER NOT NULL,\n"
    "  samples INTEGER NOT NULL,\n"
    "  capacity_answer TEXT NOT NULL, -- practical, saturated, given\n"
    "  capacity_trains_per_day REAL NOT NULL, -- of the line, whole mix, both ways\n"
    "  capacity_half_width REAL,\n"
    "  capacity_experiment_id INTEGER, -- NULL: given\n"
    "  traffic_experiment_id INTEGER NOT NULL,\n"
    "  traffic_run_id INTEGER NOT NULL, -- the first of that experiment\n"
    "  used_trains_per_day REAL NOT NULL, -- what was counted with: less where cranes bind\n"
    "  teu_per_train REAL NOT NULL, -- paying, of the whole mix, when the line is full\n"
    "  demand_teu_per_day REAL NOT NULL,\n"
    "  tariff_usd_per_teu REAL NOT NULL, -- less penalties; this and the next five as simulated\n"
    "  running_cost_usd_per_teu REAL NOT NULL, -- train-km and train-hours\n"
    "  energy_kwh_per_teu REAL NOT NULL,\n"
    "  lifts_per_teu REAL NOT NULL,\n"
    "  yard_days_per_teu REAL NOT NULL,\n"
    "  train_km_per_teu REAL NOT NULL,\n"
    "  teu_per_year REAL NOT NULL, -- this and the next eleven: of the case of all means; once grown\n"
    "  capital_usd REAL NOT NULL, -- spent, overrun included\n"
    "  revenue_usd_per_teu REAL NOT NULL,\n"
    "  single_npv_usd REAL NOT NULL,\n"
    "  irr REAL, -- NULL: none, or several\n"
    "  payback_years REAL, -- from the first spending; NULL: never\n"
    "  discounted_payback_years REAL,\n"
    "  break_even_usd_per_teu REAL,\n"
    "  ceiling_usd_per_teu REAL, -- sea tariff and the value of the time saved\n"
    "  rail_usd_per_teu REAL, -- rail tariff over the same way\n"
    "  capital_charge_usd_per_year REAL,\n"
    "  capital_charge_usd_per_teu REAL,\n"
    "  npv_usd REAL NOT NULL, -- mean of all samples\n"
    "  npv_half_width REAL,\n"
    "  npv_p5 REAL, npv_p25 REAL, npv_p50 REAL, npv_p75 REAL, npv_p95 REAL,\n"
    "  probability_pays REAL NOT NULL,\n"
    "  probability_half_width REAL,\n"
    "  probability_under_ceiling REAL, -- the break-even tariff is no higher than the ceiling; NULL: there is none\n"
    "  irr_p5 REAL, irr_p25 REAL, irr_p50 REAL, irr_p75 REAL, irr_p95 REAL,\n"
    "  payback_p5 REAL, payback_p25 REAL, payback_p50 REAL, payback_p75 REAL, payback_p95 REAL,\n"
    "  break_even_p5 REAL, break_even_p25 REAL, break_even_p50 REAL, break_even_p75 REAL, break_even_p95 REAL,\n"
    "  deciding_input TEXT, -- NULL: nothing is uncertain\n"
    "  switching_value REAL, -- of that input, at which single_npv_usd would be 0; NULL: nowhere near\n"
    "  verdict TEXT NOT NULL, -- pays, does_not_pay, may_pay\n"
    "  PRIMARY KEY (experiment_id, seq)\n"
    ") STRICT",

    "CREATE TABLE appraisal_years ( -- the case of all means, and the sums up to the end of each year of all samples\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  seq INTEGER NOT NULL,\n"
    "  year INTEGER NOT NULL, -- of the calendar\n"
    "  capital_usd REAL NOT NULL,\n"
    "  renewal_usd REAL NOT NULL,\n"
    "  residual_usd REAL NOT NULL,\n"
    "  revenue_usd REAL NOT NULL,\n"
    "  other_revenue_usd REAL NOT NULL,\n"
    "  variable_cost_usd REAL NOT NULL,\n"
    "  other_cost_usd REAL NOT NULL,\n"
    "  fixed_cost_usd REAL NOT NULL,\n"
    "  net_usd REAL NOT NULL,\n"
    "  teu REAL NOT NULL,\n"
    "  discounted_single_usd REAL NOT NULL, -- net_usd of this and all years before\n"
    "  sum_mean REAL, sum_p5 REAL, sum_p25 REAL, sum_p50 REAL, sum_p75 REAL, sum_p95 REAL,\n"
    "  discounted_mean REAL, discounted_p5 REAL, discounted_p25 REAL, discounted_p50 REAL, discounted_p75 REAL,\n"
    "  discounted_p95 REAL,\n"
    "  PRIMARY KEY (experiment_id, seq, year)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE appraisal_bars ( -- one uncertain input by itself, the others at their means\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  seq INTEGER NOT NULL,\n"
    "  rank INTEGER NOT NULL, -- 1: moves the value most\n"
    "  input TEXT NOT NULL,\n"
    "  low REAL NOT NULL, -- its 10 % quantile\n"
    "  mean REAL NOT NULL,\n"
    "  high REAL NOT NULL, -- its 90 % quantile\n"
    "  npv_low_usd REAL NOT NULL, -- net present value where it is low\n"
    "  npv_high_usd REAL NOT NULL,\n"
    "  width_usd REAL NOT NULL,\n"
    "  switching_value REAL, -- at which the value is 0; NULL: nowhere near\n"
    "  PRIMARY KEY (experiment_id, seq, rank)\n"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE appraisal_samples (\n"
    "  experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id) ON DELETE CASCADE,\n"
    "  seq INTEGER NOT NULL,\n"
    "  sample INTEGER NOT NULL,\n"
    "  npv_usd REAL NOT NULL,\n"
    "  irr REAL, -- NULL: none, or several\n"
    "  payback_years REAL, -- NULL: never\n"
    "  break_even_usd_per_teu REAL,\n"
    "  PRIMARY KEY (experiment_id, seq, sample)\n"
    ") STRICT, WITHOUT ROWID",

    NULL,
};

const char *const *const schema_steps[SCHEMA_VERSION] = {version_1, version_2, version_3,
                                                         version_4, version_5, version_6};

#define READING_WITHOUT_SEQ "CREATE TEMP VIEW settings AS SELECT run_id, key, value, NULL AS seq FROM main.settings"
#define READING_WITHOUT_POINTS                                                                                         \
    "CREATE TEMP VIEW runs AS SELECT *, NULL AS point FROM main.runs",                                                 \
        "CREATE TEMP VIEW estimates AS SELECT *, NULL AS point FROM main.estimates",                                   \
        "CREATE TEMP VIEW sweeps AS SELECT 0 AS experiment_id, 0 AS points, '' AS settings_sha256 WHERE 0",            \
        "CREATE TEMP VIEW points AS SELECT 0 AS experiment_id, 0 AS point, 0 AS seq, '' AS key, '' AS value WHERE 0",  \
        "CREATE TEMP VIEW differences AS SELECT 0 AS experiment_id, 0 AS point, 0 AS against, '' AS metric, "          \
        "0.0 AS mean, 0.0 AS half_width, 0.0 AS confidence, 0 AS replications WHERE 0"

#define READING_WITHOUT_CAPACITY                                                                                       \
    "CREATE TEMP VIEW capacity AS SELECT 0 AS experiment_id, '' AS variant, '' AS answer, 0 AS fleet, "                \
    "'' AS input_sha256, 0.0 AS trains_per_day, 0.0 AS forward_per_day, 0.0 AS backward_per_day, 0.0 AS teu_per_day, " \
    "0.0 AS half_width, 0.0 AS confidence, 0 AS replications, 0 AS days, '' AS place, '' AS binds, '' AS reason, "     \
    "'' AS settings_sha256 WHERE 0",                                                                                   \
        "CREATE TEMP VIEW capacity_points AS SELECT 0 AS experiment_id, '' AS variant, '' AS curve, 0 AS seq, "        \
        "0.0 AS offered_per_day, 0.0 AS trains_per_day, 0.0 AS half_width, 0.0 AS mean_delay_s, "                      \
        "0.0 AS delay_half_width_s, 0.0 AS p90_delay_s, 0.0 AS punctual WHERE 0",                                      \
        "CREATE TEMP VIEW capacity_sections AS SELECT 0 AS experiment_id, '' AS variant, 0 AS seq, '' AS section, "    \
        "0 AS line_track, 0 AS trains, 0.0 AS occupied_min, 0.0 AS open_min, 0.0 AS occupancy, "                       \
        "0.0 AS trains_per_day WHERE 0",                                                                               \
        "CREATE TEMP VIEW capacity_fits AS SELECT 0 AS experiment_id, '' AS variant, 0.0 AS limit_s, '' AS measure, "  \
        "'' AS outcome, 0.0 AS a_s, 0.0 AS b_per_train, 0.0 AS residual WHERE 0"

#define READING_WITHOUT_FREIGHT                                                                                        \
    "CREATE TEMP VIEW trains AS SELECT *, 0 AS revenue_cents, 0 AS cost_cents FROM main.trains",                       \
        "CREATE TEMP VIEW containers AS SELECT *, 0 AS penalty_cents, 0 AS cost_cents, 0 AS trains, 0 AS empty FROM "  \
        "main.containers",                                                                                             \
        "CREATE TEMP VIEW flow_use AS SELECT *, 0 AS containers_offered, 0 AS containers_delivered, 0 AS "             \
        "containers_late, 0 AS teu_late, NULL AS p50_transit_h, 0 AS penalty_cents, 0 AS cost_cents, 0 AS "            \
        "teu_empties FROM main.flow_use",                                                                              \
        "CREATE TEMP VIEW flow_days AS SELECT 0 AS run_id, 0 AS day, '' AS flow, 0 AS teu_offered, 0 AS teu_loaded, "  \
        "0 AS teu_delivered, 0 AS teu_refused WHERE 0",                                                                \
        "CREATE TEMP VIEW terminal_use AS SELECT 0 AS run_id, '' AS station, 0 AS lifts, 0 AS crane_busy_ms, "         \
        "0.0 AS crane_utilisation, 0 AS teu_refused, 0 AS teu_left_behind, 0 AS max_teu, 0.0 AS mean_teu WHERE 0"

#define READING_WITHOUT_APPRAISALS                                                                                     \
    "CREATE TEMP VIEW appraisals AS SELECT 0 AS experiment_id, 0 AS seq, '' AS scenario, '' AS "                       \
    "variant, '' AS input_sha256, '' AS viewpoint, 0 AS price_year, 0 AS first_year, 0 AS seed, 0 AS "                 \
    "samples, '' AS capacity_answer, 0.0 AS capacity_trains_per_day, 0.0 AS capacity_half_width, 0 "                   \
    "AS capacity_experiment_id, 0 AS traffic_experiment_id, 0 AS traffic_run_id, 0.0 AS "                              \
    "used_trains_per_day, 0.0 AS teu_per_train, 0.0 AS demand_teu_per_day, 0.0 AS "                                    \
    "tariff_usd_per_teu, 0.0 AS running_cost_usd_per_teu, 0.0 AS energy_kwh_per_teu, 0.0 AS "                          \
    "lifts_per_teu, 0.0 AS yard_days_per_teu, 0.0 AS train_km_per_teu, 0.0 AS teu_per_year, 0.0 AS "                   \
    "capital_usd, 0.0 AS revenue_usd_per_teu, 0.0 AS single_npv_usd, 0.0 AS irr, 0.0 AS "                              \
    "payback_years, 0.0 AS discounted_payback_years, 0.0 AS break_even_usd_per_teu, 0.0 AS "                           \
    "ceiling_usd_per_teu, 0.0 AS rail_usd_per_teu, 0.0 AS capital_charge_usd_per_year, 0.0 AS "                        \
    "capital_charge_usd_per_teu, 0.0 AS npv_usd, 0.0 AS npv_half_width, 0.0 AS npv_p5, 0.0 AS "                        \
    "npv_p25, 0.0 AS npv_p50, 0.0 AS npv_p75, 0.0 AS npv_p95, 0.0 AS probability_pays, 0.0 AS "                        \
    "probability_half_width, 0.0 AS probability_under_ceiling, 0.0 AS irr_p5, 0.0 AS irr_p25, 0.0 AS "                 \
    "irr_p50, 0.0 AS irr_p75, 0.0 AS irr_p95, 0.0 AS payback_p5, 0.0 AS payback_p25, 0.0 AS "                          \
    "payback_p50, 0.0 AS payback_p75, 0.0 AS payback_p95, 0.0 AS break_even_p5, 0.0 AS "                               \
    "break_even_p25, 0.0 AS break_even_p50, 0.0 AS break_even_p75, 0.0 AS break_even_p95, '' AS "                      \
    "deciding_input, 0.0 AS switching_value, '' AS verdict WHERE 0",                                                   \
        "CREATE TEMP VIEW appraisal_years AS SELECT 0 AS experiment_id, 0 AS seq, 0 AS year, 0.0 AS "                  \
        "capital_usd, 0.0 AS renewal_usd, 0.0 AS residual_usd, 0.0 AS revenue_usd, 0.0 AS "                            \
        "other_revenue_usd, 0.0 AS variable_cost_usd, 0.0 AS other_cost_usd, 0.0 AS fixed_cost_usd, 0.0 "              \
        "AS net_usd, 0.0 AS teu, 0.0 AS discounted_single_usd, 0.0 AS sum_mean, 0.0 AS sum_p5, 0.0 AS "                \
        "sum_p25, 0.0 AS sum_p50, 0.0 AS sum_p75, 0.0 AS sum_p95, 0.0 AS discounted_mean, 0.0 AS "                     \
        "discounted_p5, 0.0 AS discounted_p25, 0.0 AS discounted_p50, 0.0 AS discounted_p75, 0.0 AS "                  \
        "discounted_p95 WHERE 0",                                                                                      \
        "CREATE TEMP VIEW appraisal_bars AS SELECT 0 AS experiment_id, 0 AS seq, 0 AS rank, '' AS input, "             \
        "0.0 AS low, 0.0 AS mean, 0.0 AS high, 0.0 AS npv_low_usd, 0.0 AS npv_high_usd, 0.0 AS "                       \
        "width_usd, 0.0 AS switching_value WHERE 0",                                                                   \
        "CREATE TEMP VIEW appraisal_samples AS SELECT 0 AS experiment_id, 0 AS seq, 0 AS sample, 0.0 AS "              \
        "npv_usd, 0.0 AS irr, 0.0 AS payback_years, 0.0 AS break_even_usd_per_teu WHERE 0"

#define READING_WITHOUT_SETTINGS_OF_CAPACITY                                                                           \
    "CREATE TEMP VIEW capacity AS SELECT *, NULL AS settings_sha256 FROM main.capacity"

/* A version 0 file has nothing to read. */
static const char *const reading_none[] = {NULL};
static const char *const reading_1[] = {READING_WITHOUT_SEQ,     READING_WITHOUT_POINTS,     READING_WITHOUT_CAPACITY,
                                        READING_WITHOUT_FREIGHT, READING_WITHOUT_APPRAISALS, NULL};
static const char *const reading_2[] = {READING_WITHOUT_POINTS, READING_WITHOUT_CAPACITY, READING_WITHOUT_FREIGHT,
                                        READING_WITHOUT_APPRAISALS, NULL};
static const char *const reading_3[] = {READING_WITHOUT_CAPACITY, READING_WITHOUT_FREIGHT, READING_WITHOUT_APPRAISALS,
                                        NULL};
static const char *const reading_4[] = {READING_WITHOUT_SETTINGS_OF_CAPACITY, READING_WITHOUT_FREIGHT,
                                        READING_WITHOUT_APPRAISALS, NULL};
static const char *const reading_5[] = {READING_WITHOUT_SETTINGS_OF_CAPACITY, READING_WITHOUT_APPRAISALS, NULL};

const char *const *const schema_reading[SCHEMA_VERSION] = {reading_none, reading_1, reading_2,
                                                           reading_3,    reading_4, reading_5};

const struct schema_view schema_views[] = {
    {"v_runs",
     "CREATE VIEW v_runs AS\n"
     "-- One row a run, with its two main figures.\n"
     "-- Example: SELECT run_id, scenario, dispatch, trains_per_day, mean_delay_min FROM v_runs ORDER BY run_id;\n"
     "SELECT r.run_id, r.experiment_id, e.command, r.scenario, r.variant, r.schedule, r.dispatch, r.replication,\n"
     "  r.seed, r.status, r.start_date, r.warmup_ms / 86400000.0 AS warmup_days,\n"
     "  r.horizon_ms / 86400000.0 AS horizon_days, r.detail, t.value AS trains_per_day,\n"
     "  d.value / 60.0 AS mean_delay_min, r.wall_s, r.created_at, r.point\n"
     "FROM runs r JOIN experiments e USING (experiment_id)\n"
     "LEFT JOIN metrics t ON t.run_id = r.run_id AND t.metric = 'trains_per_day'\n"
     "LEFT JOIN metrics d ON d.run_id = r.run_id AND d.metric = 'mean_delay_s'"},
    {"v_metrics",
     "CREATE VIEW v_metrics AS\n"
     "-- Every figure of every run beside what was run.\n"
     "-- Example: SELECT variant, avg(value) FROM v_metrics WHERE metric = 'trains_per_day' GROUP BY variant;\n"
     "SELECT m.run_id, r.experiment_id, r.scenario, r.variant, r.dispatch, r.replication, m.metric, m.value, m.unit,\n"
     "  r.point\n"
     "FROM metrics m JOIN runs r USING (run_id)"},
    {"v_estimates", "CREATE VIEW v_estimates AS\n"
                    "-- Means over replications with the ends of their confidence intervals.\n"
                    "-- Example: SELECT mean, low, high FROM v_estimates WHERE metric = 'mean_delay_s';\n"
                    "SELECT s.experiment_id, e.command, s.variant, s.metric, s.mean, s.mean - s.half_width AS low,\n"
                    "  s.mean + s.half_width AS high, s.confidence, s.replications, s.point\n"
                    "FROM estimates s JOIN experiments e USING (experiment_id)"},
    {"v_capacity",
     "CREATE VIEW v_capacity AS\n"
     "-- How many trains a day, by variant: the bound, alternation, and the three simulated answers side by side.\n"
     "-- Example: SELECT variant, alternating, saturated, practical FROM v_capacity WHERE experiment_id = 1;\n"
     "SELECT c.experiment_id, c.variant, c.trains_per_day AS theoretical, a.trains_per_day AS alternating,\n"
     "  u.trains_per_day AS compressed, s.trains_per_day AS saturated, s.half_width AS saturated_half_width,\n"
     "  p.trains_per_day AS practical, p.half_width AS practical_half_width, a.place AS limiting_stretch, a.binds\n"
     "FROM capacity c\n"
     "LEFT JOIN capacity a ON a.experiment_id = c.experiment_id AND a.variant = c.variant\n"
     "  AND a.answer = 'theoretical' AND a.fleet = 1\n"
     "LEFT JOIN capacity u ON u.experiment_id = c.experiment_id AND u.variant = c.variant AND u.answer = 'compressed'\n"
     "LEFT JOIN capacity s ON s.experiment_id = c.experiment_id AND s.variant = c.variant AND s.answer = 'saturated'\n"
     "LEFT JOIN capacity p ON p.experiment_id = c.experiment_id AND p.variant = c.variant AND p.answer = 'practical'\n"
     "WHERE c.answer = 'theoretical' AND c.fleet IS NULL"},
    {"v_appraisals",
     "CREATE VIEW v_appraisals AS\n"
     "-- Does it pay? One row an appraisal: trains a day, TEU a year, money in millions of dollars, per cent.\n"
     "-- Example: SELECT scenario, variant, npv_musd, probability_pays_percent, verdict FROM v_appraisals;\n"
     "SELECT a.experiment_id, a.seq, a.scenario, a.variant, a.viewpoint, a.capacity_trains_per_day AS trains_per_day,\n"
     "  a.teu_per_year, a.capital_usd / 1e6 AS capital_musd, a.npv_usd / 1e6 AS npv_musd, a.npv_p5 / 1e6 AS "
     "npv_p5_musd,\n"
     "  a.npv_p95 / 1e6 AS npv_p95_musd, 100 * a.probability_pays AS probability_pays_percent, 100 * a.irr AS "
     "irr_percent,\n"
     "  a.payback_years, a.revenue_usd_per_teu, a.break_even_usd_per_teu, a.ceiling_usd_per_teu,\n"
     "  a.capital_charge_usd_per_teu, a.deciding_input, a.switching_value, a.verdict, a.capacity_experiment_id,\n"
     "  a.traffic_run_id\n"
     "FROM appraisals a"},
    {"v_appraisal_years",
     "CREATE VIEW v_appraisal_years AS\n"
     "-- Revenue, cost and capital of each year of an appraisal, and the sums so far, in millions of dollars.\n"
     "-- Example: SELECT year, teu, revenue_musd, cost_musd, net_musd FROM v_appraisal_years WHERE experiment_id = 3;\n"
     "SELECT y.experiment_id, y.seq, a.scenario, a.variant, y.year, y.teu,\n"
     "  (y.revenue_usd + y.other_revenue_usd) / 1e6 AS revenue_musd,\n"
     "  (y.variable_cost_usd + y.other_cost_usd + y.fixed_cost_usd) / 1e6 AS cost_musd,\n"
     "  (y.capital_usd + y.renewal_usd - y.residual_usd) / 1e6 AS capital_musd, y.net_usd / 1e6 AS net_musd,\n"
     "  y.sum_mean / 1e6 AS sum_musd, y.discounted_mean / 1e6 AS discounted_musd\n"
     "FROM appraisal_years y JOIN appraisals a USING (experiment_id, seq)"},
    {"v_points",
     "CREATE VIEW v_points AS\n"
     "-- One row a point of a sweep: what it varies, and its main figures with half the widths of their intervals.\n"
     "-- Example: SELECT point, varied, trains_per_day FROM v_points WHERE experiment_id = 1 ORDER BY trains_per_day "
     "DESC;"
     "\n"
     "SELECT p.experiment_id, p.point, p.varied, t.mean AS trains_per_day,\n"
     "  t.half_width AS trains_per_day_half_width, d.mean / 60.0 AS mean_delay_min,\n"
     "  d.half_width / 60.0 AS mean_delay_half_width_min, coalesce(t.replications, 0) AS replications\n"
     "FROM (SELECT experiment_id, point, group_concat(key || '=' || value, ', ') AS varied\n"
     "  FROM (SELECT * FROM points ORDER BY experiment_id, point, seq) GROUP BY experiment_id, point) p\n"
     "LEFT JOIN estimates t ON t.experiment_id = p.experiment_id AND coalesce(t.point, 0) = p.point\n"
     "  AND t.metric = 'trains_per_day'\n"
     "LEFT JOIN estimates d ON d.experiment_id = p.experiment_id AND coalesce(d.point, 0) = p.point\n"
     "  AND d.metric = 'mean_delay_s'"},
    {"v_differences",
     "CREATE VIEW v_differences AS\n"
     "-- How far each point of a sweep lies from the one it is compared with, with the ends of the interval; `sure` is "
     "1\n"
     "-- where that leaves out 0.\n"
     "-- Example: SELECT point, varied, mean, low, high FROM v_differences WHERE metric = 'mean_delay_s' AND sure = "
     "1;\n"
     "SELECT d.experiment_id, d.point, p.varied, d.against, d.metric, d.mean, d.mean - d.half_width AS low,\n"
     "  d.mean + d.half_width AS high, abs(d.mean) > d.half_width AS sure, d.confidence, d.replications\n"
     "FROM differences d JOIN (SELECT experiment_id, point, group_concat(key || '=' || value, ', ') AS varied\n"
     "  FROM (SELECT * FROM points ORDER BY experiment_id, point, seq) GROUP BY experiment_id, point) p\n"
     "  USING (experiment_id, point)"},
    {"v_trains",
     "CREATE VIEW v_trains AS\n"
     "-- Trains with times in hours since the start of the run, delay and running time in minutes, what they earned\n"
     "-- themselves (not their containers) and cost in dollars.\n"
     "-- Example: SELECT train, departure_h, delay_min FROM v_trains WHERE run_id = 1 ORDER BY delay_min DESC LIMIT "
     "10;\n"
     "SELECT t.run_id, r.scenario, r.variant, r.replication, t.train, t.service, t.train_type, t.direction, t.origin,\n"
     "  t.destination, t.planned_departure_ms / 3600000.0 AS planned_departure_h,\n"
     "  t.departure_ms / 3600000.0 AS departure_h, t.planned_arrival_ms / 3600000.0 AS planned_arrival_h,\n"
     "  t.arrival_ms / 3600000.0 AS arrival_h, (t.arrival_ms - t.departure_ms) / 60000.0 AS run_min,\n"
     "  t.unimpeded_ms / 60000.0 AS unimpeded_min, t.delay_ms / 60000.0 AS delay_min, t.energy_kwh, t.teu, t.status,\n"
     "  t.revenue_cents / 100.0 AS revenue_usd, t.cost_cents / 100.0 AS cost_usd\n"
     "FROM trains t JOIN runs r USING (run_id)"},
    {"v_calls",
     "CREATE VIEW v_calls AS\n"
     "-- Every station of every train, stopped at or passed, in hours; waits in minutes, with whom they were for.\n"
     "-- Example: SELECT station, arrival_h, departure_h FROM v_calls WHERE run_id = 1 AND train = 'T1@1' ORDER BY "
     "seq;\n"
     "SELECT c.run_id, t.train, c.seq, c.station, c.track, c.planned_arrival_ms / 3600000.0 AS planned_arrival_h,\n"
     "  c.arrival_ms / 3600000.0 AS arrival_h, c.planned_departure_ms / 3600000.0 AS planned_departure_h,\n"
     "  c.departure_ms / 3600000.0 AS departure_h, c.stopped, c.wait_ms / 60000.0 AS wait_min, c.wait_cause,\n"
     "  o.train AS wait_for_train\n"
     "FROM calls c JOIN trains t ON t.run_id = c.run_id AND t.train_id = c.train_id\n"
     "LEFT JOIN trains o ON o.run_id = c.run_id AND o.train_id = c.wait_for_train_id"},
    {"v_waits",
     "CREATE VIEW v_waits AS\n"
     "-- Only the waits: who stood where, how long, why and for whom.\n"
     "-- Example: SELECT station, sum(wait_min) FROM v_waits WHERE run_id = 1 GROUP BY station ORDER BY 2 DESC;\n"
     "SELECT run_id, train, station, track, arrival_h, wait_min, wait_cause, wait_for_train\n"
     "FROM v_calls WHERE wait_min > 0"},
    {"v_occupations",
     "CREATE VIEW v_occupations AS\n"
     "-- Which train held which block when, in hours.\n"
     "-- Example: SELECT train, block, enter_h, release_h FROM v_occupations WHERE run_id = 1 ORDER BY enter_h;\n"
     "SELECT o.run_id, t.train, o.seq, o.section, o.line_track, o.block, o.direction,\n"
     "  o.enter_ms / 3600000.0 AS enter_h, o.clear_ms / 3600000.0 AS clear_h, o.release_ms / 3600000.0 AS release_h\n"
     "FROM occupations o JOIN trains t ON t.run_id = o.run_id AND t.train_id = o.train_id"},
    {"v_section_use",
     "CREATE VIEW v_section_use AS\n"
     "-- How full each section was: `percent` by trains of one direction, `line_percent` by all on that line track.\n"
     "-- Example: SELECT section, max(line_percent) FROM v_section_use WHERE run_id = 1 GROUP BY section ORDER BY 2 "
     "DESC;\n"
     "SELECT u.run_id, r.scenario, r.variant, r.replication, u.section, u.direction, u.trains,\n"
     "  u.busy_ms / 3600000.0 AS busy_h, u.wait_ms / 3600000.0 AS wait_h, 100.0 * u.utilisation AS percent,\n"
     "  100.0 * u.line_utilisation AS line_percent\n"
     "FROM section_use u JOIN runs r USING (run_id)"},
    {"v_station_use",
     "CREATE VIEW v_station_use AS\n"
     "-- Tracks occupied at each station and the hours trains waited there.\n"
     "-- Example: SELECT station, max_occupied, wait_h FROM v_station_use WHERE run_id = 1 ORDER BY wait_h DESC;\n"
     "SELECT u.run_id, r.scenario, r.variant, r.replication, u.station, u.max_occupied, u.mean_occupied,\n"
     "  u.wait_ms / 3600000.0 AS wait_h\n"
     "FROM station_use u JOIN runs r USING (run_id)"},
    {"v_deadlocks",
     "CREATE VIEW v_deadlocks AS\n"
     "-- Who stood where and waited for whom when a run deadlocked.\n"
     "-- Example: SELECT train, station, waits_for FROM v_deadlocks WHERE run_id = 1;\n"
     "SELECT d.run_id, r.scenario, r.variant, r.replication, r.end_ms / 3600000.0 AS at_h, d.train, d.station,\n"
     "  d.waits_for\n"
     "FROM deadlocks d JOIN runs r USING (run_id)"},
    {"v_disruptions",
     "CREATE VIEW v_disruptions AS\n"
     "-- What went wrong where, in hours.\n"
     "-- Example: SELECT hazard, count(*), sum(end_h - start_h) FROM v_disruptions WHERE run_id = 1 GROUP BY hazard;\n"
     "SELECT d.run_id, r.scenario, r.variant, r.replication, d.hazard, d.place, d.start_ms / 3600000.0 AS start_h,\n"
     "  d.end_ms / 3600000.0 AS end_h, d.effect\n"
     "FROM disruptions d JOIN runs r USING (run_id)"},
    {"v_flow_use",
     "CREATE VIEW v_flow_use AS\n"
     "-- Containers of each flow and what they earned, in dollars.\n"
     "-- Example: SELECT flow, teu_delivered, revenue_usd FROM v_flow_use WHERE run_id = 1;\n"
     "SELECT f.run_id, r.scenario, r.variant, r.replication, f.flow, f.teu_offered, f.teu_delivered, f.teu_riding,\n"
     "  f.teu_waiting, f.teu_refused, f.mean_transit_h, f.p95_transit_h, f.revenue_cents / 100.0 AS revenue_usd\n"
     "FROM flow_use f JOIN runs r USING (run_id)"},
    {"v_flows",
     "CREATE VIEW v_flows AS\n"
     "-- What became of each flow: TEU a day as offered in the measured window, hours from offered to delivered, money "
     "in\n"
     "-- dollars. Cost are lifts and yard days.\n"
     "-- Example: SELECT flow, offered_per_day, delivered_per_day, mean_transit_h FROM v_flows WHERE run_id = 1;\n"
     "SELECT f.run_id, r.scenario, r.variant, r.replication, f.flow, f.teu_offered / d.days AS offered_per_day,\n"
     "  f.teu_delivered / d.days AS delivered_per_day, f.teu_refused / d.days AS refused_per_day, f.teu_riding,\n"
     "  f.teu_waiting, f.mean_transit_h, f.p50_transit_h, f.p95_transit_h,\n"
     "  100.0 * (f.containers_delivered - f.containers_late) / nullif(f.containers_delivered, 0) AS on_time_percent,\n"
     "  f.revenue_cents / 100.0 AS revenue_usd, f.penalty_cents / 100.0 AS penalty_usd, f.cost_cents / 100.0 AS "
     "cost_usd,\n"
     "  (f.revenue_cents - f.penalty_cents) / 100.0 / nullif(f.teu_delivered, 0) AS revenue_usd_per_teu, "
     "f.teu_empties\n"
     "FROM flow_use f JOIN runs r USING (run_id)\n"
     "JOIN (SELECT run_id, nullif(min(warmup_ms + horizon_ms, end_ms) - warmup_ms, 0) / 86400000.0 AS days FROM runs) "
     "d\n"
     "  USING (run_id)"},
    {"v_terminal_use",
     "CREATE VIEW v_terminal_use AS\n"
     "-- Cranes and yards of the terminals in the measured window: how busy, how full, and what that turned away.\n"
     "-- Example: SELECT station, crane_percent, teu_refused FROM v_terminal_use WHERE run_id = 1 ORDER BY 2 DESC;\n"
     "SELECT u.run_id, r.scenario, r.variant, r.replication, u.station, u.lifts, u.crane_busy_ms / 3600000.0 AS "
     "crane_busy_h,\n"
     "  100.0 * u.crane_utilisation AS crane_percent, u.teu_refused, u.teu_left_behind, u.max_teu, u.mean_teu\n"
     "FROM terminal_use u JOIN runs r USING (run_id)"},
    {"v_teu_waiting",
     "CREATE VIEW v_teu_waiting AS\n"
     "-- TEU of each flow that wait for their first train at the end of each day.\n"
     "-- Example: SELECT date, teu_waiting FROM v_teu_waiting WHERE run_id = 1 AND flow = 'F' ORDER BY day;\n"
     "SELECT d.run_id, d.day, date(r.start_date, '+' || (d.day - 1) || ' days') AS date, d.flow,\n"
     "  sum(d.teu_offered - d.teu_refused - d.teu_loaded) OVER (PARTITION BY d.run_id, d.flow ORDER BY d.day)\n"
     "  AS teu_waiting\n"
     "FROM flow_days d JOIN runs r USING (run_id)"},
    {"v_ledger",
     "CREATE VIEW v_ledger AS\n"
     "-- Money by day and account, in dollars; what comes in is positive.\n"
     "-- Example: SELECT account, sum(amount_usd) FROM v_ledger WHERE run_id = 1 GROUP BY account;\n"
     "SELECT l.run_id, r.scenario, r.variant, r.replication, l.day, l.account, l.amount_cents / 100.0 AS amount_usd,\n"
     "  date(r.start_date, '+' || (l.day - 1) || ' days') AS date\n"
     "FROM ledger l JOIN runs r USING (run_id)"},
    {"v_income",
     "CREATE VIEW v_income AS\n"
     "-- Money by account, in dollars: in all, and a day of the measured window (over the days that begin in it).\n"
     "-- Example: SELECT account, usd_per_day FROM v_income WHERE run_id = 1 ORDER BY usd_per_day DESC;\n"
     "SELECT l.run_id, r.scenario, r.variant, r.replication, l.account, sum(l.amount_cents) / 100.0 AS total_usd,\n"
     "  coalesce(sum(l.amount_cents) FILTER (WHERE (l.day - 1) * 86400000 >= r.warmup_ms\n"
     "    AND (l.day - 1) * 86400000 < r.warmup_ms + r.horizon_ms), 0) / 100.0\n"
     "  / nullif((min(r.warmup_ms + r.horizon_ms, r.end_ms) - r.warmup_ms) / 86400000.0, 0) AS usd_per_day\n"
     "FROM ledger l JOIN runs r USING (run_id) GROUP BY l.run_id, l.account"},
    {"v_containers",
     "CREATE VIEW v_containers AS\n"
     "-- Every container, with the name of its last train, hours and dollars.\n"
     "-- Example: SELECT flow, avg(transit_h) FROM v_containers WHERE run_id = 1 AND empty = 0 GROUP BY flow;\n"
     "SELECT c.run_id, c.container_id, c.flow, t.train, c.teu, c.arrived_ms / 3600000.0 AS arrived_h,\n"
     "  c.loaded_ms / 3600000.0 AS loaded_h, c.delivered_ms / 3600000.0 AS delivered_h,\n"
     "  c.revenue_cents / 100.0 AS revenue_usd, c.status, (c.delivered_ms - c.arrived_ms) / 3600000.0 AS transit_h,\n"
     "  c.penalty_cents / 100.0 AS penalty_usd, c.cost_cents / 100.0 AS cost_usd, c.trains, c.empty\n"
     "FROM containers c LEFT JOIN trains t ON t.run_id = c.run_id AND t.train_id = c.train_id"},
    {NULL, NULL},
};
