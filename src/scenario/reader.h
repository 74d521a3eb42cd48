/* Inside the room: what the steps of reading a scenario share. Each step returns false only when memory ran out; what
 * is wrong with the input goes to the diagnostics, and the step goes on with what is left. */
#ifndef BERING_SCENARIO_READER_H
#define BERING_SCENARIO_READER_H

#include "scenario/input_files.h"
#include "scenario/names.h"
#include "scenario/scenario.h"
#include "scenario/table.h"

/* Where each train plan was written. */
struct plan_place {
    int32_t table;      /* of reader.schedules */
    int32_t row;        /* its (first) row */
    int32_t first_call; /* its calls' rows are reader.call_rows[first_call …] */
};

struct reader {
    const struct scenario_request *request;
    struct diagnostics *diagnostics;
    struct scenario *scenario;
    struct input_files files;
    struct table tables[TABLE_FILES];
    struct table settings, economics; /* the keys of scenario.csv, of economics.csv */
    struct table *schedules;
    int32_t schedule_count;

    struct override *overrides; /* the other variants', on trial; the variant's; the request's */
    int32_t override_count;
    struct text_pool texts;                  /* owns what was cut out of cells for them */
    const struct override *options_override; /* the last one of key `options`; NULL: none */
    int32_t variant_row;                     /* −1: none */

    struct names options, stations, sections, train_types, flows;
    struct names trains; /* of timetables and services */
    bool *options_on;    /* by the option's index */
    bool row_is_off;     /* the row of a schedule being read is switched off: so may be what it refers to */

    /* The rows of what is in the network, by index. */
    int32_t *station_rows, *track_rows, *section_rows, *train_type_rows, *alignment_rows, *possession_rows;
    int32_t *flow_rows, *terminal_rows;
    struct plan_place *plan_places;
    int32_t *call_rows;
    bool network_damaged; /* errors that would make others out of routes and checks */
};

static inline struct row reader_row(struct reader *reader, const struct table *table, int32_t index) {
    return (struct row){.table = table, .index = index, .diagnostics = reader->diagnostics};
}

/* options.c: which options are on, whether a row exists. */
bool read_options(struct reader *reader);
bool options_hold(const struct reader *reader, const struct row *row, int32_t column);

/* overrides.c: gathers KEY=VALUE texts and puts them into the cells of the tables. */
bool gather_overrides(struct reader *reader);
bool apply_setting_overrides(struct reader *reader);
bool apply_table_overrides(struct reader *reader); /* once the schedules are there */

/* try_override.c: reports what would be wrong with the cell if it held `text`, which `override` would put there. */
void try_cell(struct reader *reader, const struct table *table, int32_t column, const struct override *override,
              const char *text);
/* The same of the cells of files that are not used yet. */
bool try_unused_tables(struct reader *reader);
void try_options(struct reader *reader, const struct override *override);

/* settings.c */
bool read_settings(struct reader *reader);
bool list_offers(struct reader *reader); /* what options.csv and variants.csv offer */
void offers_free(struct scenario *scenario);
bool list_settings_used(struct reader *reader);

/* read_economics.c */
bool read_economics(struct reader *reader);

/* read_flows.c */
bool read_terminals(struct reader *reader);
bool read_flows(struct reader *reader);
/* Cells that are lists; what is wrong is reported. False: no list, or a wrong one. */
bool read_seasons(const struct row *row, int32_t column, double factors[MONTHS]);
bool read_shifts(const struct row *row, int32_t column, struct shift shifts[SHIFTS_KEPT], int32_t *count);

/* read_network.c, read_train_types.c */
bool read_stations(struct reader *reader);
bool read_tracks(struct reader *reader);
bool read_sections(struct reader *reader);
bool read_alignment(struct reader *reader);
bool read_possessions(struct reader *reader);
bool read_train_types(struct reader *reader);
bool read_running_times(struct reader *reader);

/* read_schedule.c, read_timetable.c, read_services.c: plans without routes. */
bool read_schedules(struct reader *reader);
bool read_timetable(struct reader *reader, int32_t schedule);
bool read_services(struct reader *reader, int32_t schedule);
bool link_returns(struct reader *reader);
void discard_plan(struct train_plan *plan); /* frees one without a route; leaves it empty */

/* A station a plan calls at: reports one that is not declared or switched off. False: no such station. */
bool read_call_station(struct reader *reader, const struct row *row, int32_t column, const char *what,
                       const char *identifier, int32_t *station);

/* find_routes.c: the plans' routes; check_*.c: what only shows when all is linked. */
bool find_routes(struct reader *reader);
bool check_network(struct reader *reader);
bool check_plans(struct reader *reader);
bool check_amount(struct reader *reader); /* no more trains than can be simulated */
bool check_possessions(struct reader *reader);
bool check_flows(struct reader *reader);    /* whether the trains carry them */
bool check_standing(struct reader *reader); /* trains that begin on a track, all at once */

/* Reports that `names` declares something that is on twice. Call after names_sort. */
void report_duplicates(struct reader *reader, const struct table *table, int32_t column, const struct names *names);

#endif
