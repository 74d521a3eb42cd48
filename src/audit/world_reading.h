/* How the audit's own reading of a scenario is put together; world.h is what comes of it.
 *
 *     world_inputs.c     what the database holds: the run, its settings, its files as tables
 *     world_columns.c    the columns of every table
 *     world_overrides.c  settings such as `sections[A-B].purge_s` laid over the cells
 *     world_cells.c      what a cell means; which options hold
 *     world_lookup.c     names while reading, and the lookups of world.h
 *     world_network.c    stations, tracks, sections, alignment, possessions, terminals
 *     world_types.c      train types and fixed running times
 *     world_freight.c    flows of containers; prices
 *     world_schedule.c   schedules; world_timetable.c and world_services.c the two forms
 *     world_names.c      names of trains, and when each is to depart
 *
 * Functions that return bool return false only when memory is short or the database fails, and have then said so in
 * `failure`. What makes no sense is told by world_problem, and left out. */
#ifndef BERING_AUDIT_WORLD_READING_H
#define BERING_AUDIT_WORLD_READING_H

#include <stddef.h>

#include "audit/texts.h"
#include "audit/world.h"
#include "scenario/csv_table.h"

#define WORLD_DAY_MS INT64_C(86400000)

/* ---- tables ---- */

enum { WORLD_MOST_COLUMNS = 32 };

enum world_kind {
    WORLD_TEXT,   /* and whatever else a factor cannot multiply */
    WORLD_NUMBER, /* within least … most */
    WORLD_WHOLE
};

struct world_column {
    const char *name;
    enum world_kind kind;
    bool required;
    double least, most;
    const char *standard; /* what an empty cell means; NULL: not given */
};

struct world_form {
    const char *name; /* as before the dot of an override */
    const char *file; /* in the folder; NULL: a schedule */
    bool required;
    const struct world_column *columns; /* the first two are those that an override names a row by */
    int32_t column_count;
};

enum world_form_name {
    WORLD_STATIONS,
    WORLD_TRACKS,
    WORLD_SECTIONS,
    WORLD_TRAIN_TYPES,
    WORLD_ALIGNMENT,
    WORLD_RUNNING_TIMES,
    WORLD_POSSESSIONS,
    WORLD_TERMINALS,
    WORLD_FLOWS,
    WORLD_ECONOMICS,
    WORLD_OPTIONS,
    WORLD_TABLES, /* so many lie in the folder */
    WORLD_TIMETABLE = WORLD_TABLES,
    WORLD_SERVICES,
    WORLD_FORMS
};

const struct world_form *world_form(enum world_form_name name);
/* Whether a scenario may hold a table of this name of which the audit has no use for the cells (of `economics` it reads
 * the settings elsewhere: world_read_prices). */
bool world_other_table(const char *name);

struct world_table {
    const struct world_form *form; /* NULL: not there */
    const char *path;
    int32_t row_count;
    const char **cells;     /* [row_count × form->column_count], "" where empty */
    unsigned char *changed; /* likewise; enum world_change */
    struct csv_table csv;
};

enum world_change { WORLD_AS_WRITTEN, WORLD_MULTIPLIED, WORLD_REPLACED };

/* ---- names ---- */

/* Which names a table declares; −1 is the index of one that is switched off. A zeroed one is empty. */
struct world_names {
    const char **texts; /* a hash; NULL: free */
    int32_t *indices;
    size_t room;
};

enum { WORLD_OFF = -1, WORLD_UNKNOWN = -2 };

bool world_names_reserve(struct world_names *names, int32_t count); /* at most so many are put in */
/* False if the name is there already, and not off. The text has to outlive the names. */
bool world_names_put(struct world_names *names, const char *text, int32_t index);
bool world_names_change(struct world_names *names, const char *text, int32_t index); /* false: it is not there */
int32_t world_names_find(const struct world_names *names, const char *text); /* an index, WORLD_OFF or WORLD_UNKNOWN */
void world_names_free(struct world_names *names);

/* ---- the reading ---- */

struct world_setting {
    const char *key, *value;
    bool ordered; /* it stands where it was applied */
};

struct world_input {
    const char *path;
    void *content;
    size_t size;
    bool used;
};

struct world_return {
    const char *of; /* the service whose trainsets turn round into this plan; NULL: none */
    const struct world_table *table;
    int32_t row;
    bool lost; /* that one is switched off */
};

struct world_reading {
    struct database *database;
    int64_t run_id;
    struct audit_world *world;
    struct failure *failure;
    const char *input_sha256, *schedule; /* of the run; NULL: none */
    int64_t warmup_ms, horizon_ms;       /* likewise */
    bool no_memory;
    struct world_input *inputs;
    int32_t input_count, input_room;
    struct world_setting *settings; /* in the order they were applied, if that is known */
    int32_t setting_count, setting_room;
    bool settings_ordered; /* the database has such an order at all */
    struct world_table tables[WORLD_TABLES];
    struct world_table *schedules; /* in the order that the run names them */
    int32_t schedule_count;
    struct world_names options; /* index 1: on, 0: not */
    struct world_names stations, tracks, sections, types, plans, flows;
    int32_t call_room;
    int32_t plan_room;
    struct world_return *returns; /* [plan_room]: what services follow, by plan */
};

struct world_row {
    struct world_reading *reading;
    const struct world_table *table;
    int32_t index;
};

bool world_no_memory(struct world_reading *reading); /* says so; returns false */
/* Says why the inputs make no sense; the first one is kept. */
void world_problem(struct world_reading *reading, const char *format, ...) __attribute__((format(printf, 2, 3)));
void world_row_problem(const struct world_row *row, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct world_row world_row_of(struct world_reading *reading, enum world_form_name name, int32_t index);
/* Room for as many things as the table has rows, and for their names unless NULL. */
bool world_make_room(struct world_reading *reading, enum world_form_name name, void **items, size_t size,
                     struct world_names *names);
/* The identifier in a cell, kept; NULL when there is none, which is told, or no memory. */
const char *world_take_identifier(const struct world_row *row, int32_t column);
/* Puts it among the names; one that is there already is told. */
void world_declare(const struct world_row *row, struct world_names *names, const char *id, int32_t index);

/* The kept copy; NULL (and said) when out of memory. */
const char *world_keep(struct world_reading *reading, const char *text);
/* Room for one more; grows by doubling. */
bool world_grow(struct world_reading *reading, void **items, int32_t count, int32_t *room, size_t size);

bool world_read_database(struct world_reading *reading); /* the run, its settings and its files */
bool world_read_tables(struct world_reading *reading);   /* the files as tables */
bool world_apply_overrides(struct world_reading *reading);
bool world_read_network(struct world_reading *reading);
bool world_read_types(struct world_reading *reading);
bool world_read_flows(struct world_reading *reading);
void world_read_prices(struct world_reading *reading);
bool world_read_schedules(struct world_reading *reading);
bool world_read_timetable(struct world_reading *reading, const struct world_table *table);
bool world_read_services(struct world_reading *reading, const struct world_table *table);

/* A plan is begun, filled by its calls, and ended; what is not usable or not active is taken back. It lies behind the
 * others as long as it is not ended. */
bool world_begin_plan(const struct world_row *row, const char *id, bool service);
struct audit_call *world_add_call(struct world_reading *reading); /* NULL: out of memory; moves the others */
void world_end_plan(const struct world_row *row, bool usable, bool active);
int32_t world_call_station(const struct world_row *row, const char *id); /* −1: told */

void world_reading_free(struct world_reading *reading);

/* NULL: there is no such setting. */
const char *world_setting(const struct world_reading *reading, const char *key);

/* ---- cells ---- */

bool world_parse_number(const char *text, double *number); /* as the files write them */
bool world_identifier(const char *text);

const char *world_raw(const struct world_row *row, int32_t column);  /* as it is */
const char *world_text(const struct world_row *row, int32_t column); /* or its default; a required one is told */
/* NAN if empty without a default, or wrong. */
double world_number(const struct world_row *row, int32_t column);
double world_number_or(const struct world_row *row, int32_t column, double otherwise);
int64_t world_whole(const struct world_row *row, int32_t column, int64_t otherwise);
int64_t world_milliseconds(const struct world_row *row, int32_t column, int64_t otherwise); /* of seconds */
int64_t world_clock(const struct world_row *row, int32_t column, int64_t otherwise, int32_t most_hours);
/* Its place among words separated by `|`. */
int32_t world_word(const struct world_row *row, int32_t column, const char *words, int32_t otherwise);
void world_directions(const struct world_row *row, int32_t column, bool direction[2]);
unsigned world_weekdays(const struct world_row *row, int32_t column); /* bit 0 Monday */
/* Whether the law always gives the same value, which is then in *value. */
bool world_constant(const struct world_row *row, int32_t column, double *value);

/* The mean of what a law makes; false: it is none. */
bool world_law_mean(const char *text, double *mean);

/* Whether the row's options hold. */
bool world_holds(const struct world_row *row, int32_t column);
/* The index of what the cell names, WORLD_OFF or WORLD_UNKNOWN; the last is told. */
int32_t world_reference(const struct world_row *row, int32_t column, const struct world_names *names);

/* Columns by number. */
enum {
    STATION_ID,
    STATION_NAME,
    STATION_KIND,
    STATION_LATITUDE,
    STATION_LONGITUDE,
    STATION_CROSSING,
    STATION_ARRIVAL,
    STATION_OPTION,
    STATION_SOURCE,
    STATION_COLUMNS
};
enum { TRACK_STATION, TRACK_ID, TRACK_COUNT, TRACK_LENGTH, TRACK_SPEED, TRACK_OPTION, TRACK_SOURCE, TRACK_COLUMNS };
enum {
    SECTION_ID,
    SECTION_FROM,
    SECTION_TO,
    SECTION_LENGTH,
    SECTION_TRACKS,
    SECTION_BLOCK,
    SECTION_SPEED,
    SECTION_SIGNALLING,
    SECTION_HEADWAY,
    SECTION_RELEASE,
    SECTION_PURGE,
    SECTION_PURGE_AFTER,
    SECTION_PURGE_BEFORE,
    SECTION_MOST_TRAINS,
    SECTION_GAUGE,
    SECTION_CLEARANCE,
    SECTION_OPTION,
    SECTION_SOURCE,
    SECTION_COLUMNS
};
enum {
    TYPE_ID,
    TYPE_NAME,
    TYPE_GAUGE,
    TYPE_LENGTH,
    TYPE_MASS,
    TYPE_SPEED,
    TYPE_POWER,
    TYPE_EFFORT,
    TYPE_BRAKE,
    TYPE_DAVIS_A,
    TYPE_DAVIS_B,
    TYPE_DAVIS_C,
    TYPE_ROTATING_MASS,
    TYPE_TUNNEL_DRAG,
    TYPE_SUPPLEMENT,
    TYPE_RUNNING_FACTOR,
    TYPE_HEIGHT,
    TYPE_CAPACITY,
    TYPE_PRIORITY,
    TYPE_DELAY_WEIGHT,
    TYPE_COST_KM,
    TYPE_COST_HOUR,
    TYPE_ENERGY,
    TYPE_REVENUE,
    TYPE_EMPTY_MASS,
    TYPE_EMPTY_LENGTH,
    TYPE_OPTION,
    TYPE_SOURCE,
    TYPE_COLUMNS
};
enum {
    ALIGNMENT_SECTION,
    ALIGNMENT_FROM,
    ALIGNMENT_TO,
    ALIGNMENT_GRADIENT,
    ALIGNMENT_CURVE,
    ALIGNMENT_SPEED,
    ALIGNMENT_TUNNEL,
    ALIGNMENT_OPTION,
    ALIGNMENT_SOURCE,
    ALIGNMENT_COLUMNS
};
enum {
    TIME_SECTION,
    TIME_TYPE,
    TIME_DIRECTION,
    TIME_RUN,
    TIME_START,
    TIME_STOP,
    TIME_OPTION,
    TIME_SOURCE,
    TIME_COLUMNS
};
enum {
    POSSESSION_SECTION,
    POSSESSION_LINE_TRACK,
    POSSESSION_DIRECTION,
    POSSESSION_WEEKDAY,
    POSSESSION_FROM,
    POSSESSION_TO,
    POSSESSION_OPTION,
    POSSESSION_SOURCE,
    POSSESSION_COLUMNS
};
enum {
    TERMINAL_STATION,
    TERMINAL_CRANES,
    TERMINAL_LIFT,
    TERMINAL_LIFT_CV,
    TERMINAL_YARD,
    TERMINAL_GAUGE_CHANGE,
    TERMINAL_TURNAROUND,
    TERMINAL_HOLD,
    TERMINAL_CLOSING,
    TERMINAL_PICKUP,
    TERMINAL_SHIFTS,
    TERMINAL_OPTION,
    TERMINAL_SOURCE,
    TERMINAL_COLUMNS
};
enum {
    FLOW_ID,
    FLOW_ORIGIN,
    FLOW_DESTINATION,
    FLOW_COMMODITY,
    FLOW_TEU_PER_DAY,
    FLOW_ARRIVALS,
    FLOW_BATCH,
    FLOW_TARIFF,
    FLOW_DUE,
    FLOW_LATE,
    FLOW_SEASONALITY,
    FLOW_SHARE_40FT,
    FLOW_EMPTIES_RETURN,
    FLOW_OPTION,
    FLOW_SOURCE,
    FLOW_COLUMNS
};
enum { ECONOMICS_KEY, ECONOMICS_VALUE, ECONOMICS_UNIT, ECONOMICS_SOURCE, ECONOMICS_COLUMNS };
enum { OPTION_ID, OPTION_NAME, OPTION_CAPEX, OPTION_OPEX, OPTION_REQUIRES, OPTION_SOURCE, OPTION_COLUMNS };
enum {
    CALL_TRAIN,
    CALL_TYPE,
    CALL_STATION,
    CALL_ARRIVAL,
    CALL_DEPARTURE,
    CALL_MIN_DWELL,
    CALL_TRACK,
    CALL_ENTRY_DELAY,
    CALL_DWELL,
    CALL_OPTION,
    CALL_SOURCE,
    CALL_COLUMNS
};
enum {
    SERVICE_ID,
    SERVICE_TYPE,
    SERVICE_ORIGIN,
    SERVICE_DESTINATION,
    SERVICE_FIRST,
    SERVICE_LAST,
    SERVICE_INTERVAL,
    SERVICE_TRAINS_PER_DAY,
    SERVICE_DAYS,
    SERVICE_ARRIVALS,
    SERVICE_STOPS,
    SERVICE_RETURN_OF,
    SERVICE_ENTRY_DELAY,
    SERVICE_OPTION,
    SERVICE_SOURCE,
    SERVICE_COLUMNS
};

#endif
