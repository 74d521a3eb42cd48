/* The tables that Bering reads: their files, columns, kinds of cell, ranges and defaults, each stated here and nowhere
 * else. Messages, the printed reference and the reader all take them from these descriptions. */
#ifndef BERING_SCENARIO_COLUMNS_H
#define BERING_SCENARIO_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scenario/economics.h"

enum cell_kind {
    CELL_TEXT,
    CELL_IDENTIFIER,
    CELL_REFERENCE, /* the identifier of a row in table `words` */
    CELL_NUMBER,
    CELL_WHOLE,    /* a whole number */
    CELL_WORD,     /* one of `words` */
    CELL_LAW,      /* its values within the range */
    CELL_CLOCK,    /* HH:MM or HH:MM:SS, the range in hours */
    CELL_DATE,     /* YYYY-MM-DD */
    CELL_WEEKDAYS, /* daily, or days joined by ; */
    CELL_OPTIONS,  /* options joined by ;, `!` before one that must be off */
    CELL_STOPS,    /* STATION:dwell_s joined by ; */
    CELL_SEASONS,  /* a factor for each month, joined by ; */
    CELL_SHIFTS,   /* HH:MM-HH:MM joined by ; */
};

struct column {
    const char *name;
    enum cell_kind kind;
    bool required;           /* the column must be there and no cell of it empty */
    bool present;            /* the column must be there; its cells may be empty */
    double minimum, maximum; /* as written in the file */
    double unit;             /* a value as written × unit is the value inside Bering; 0 means 1 */
    const char *words;       /* CELL_WORD: separated by |; CELL_REFERENCE: the table; others: a word also accepted */
    const char *standard;    /* what an empty cell means; NULL: not given */
    const char *later;       /* CELL_WORD: words kept for a later version, an error in this one */
};

enum table_name {
    TABLE_STATIONS,
    TABLE_TRACKS,
    TABLE_SECTIONS,
    TABLE_TRAIN_TYPES,
    TABLE_ALIGNMENT,
    TABLE_RUNNING_TIMES,
    TABLE_POSSESSIONS,
    TABLE_OPTIONS,
    TABLE_VARIANTS,
    TABLE_TERMINALS,
    TABLE_FLOWS,
    TABLE_HAZARDS,
    TABLE_ECONOMICS,
    TABLE_SCENARIO,               /* key,value,…: read into the pseudo-table TABLE_SETTINGS */
    TABLE_FILES,                  /* so many files a folder may hold */
    TABLE_SETTINGS = TABLE_FILES, /* one row; its columns are the keys of scenario.csv */
    TABLE_ECONOMIC_KEYS,          /* the same of economics.csv */
    TABLE_TIMETABLE,
    TABLE_SERVICES,
    TABLE_COUNT
};

struct table_description {
    const char *name; /* as in --set TABLE[ID].COLUMN */
    const char *file; /* in the folder; NULL: no file of its own */
    bool needed;      /* the file must be there, with at least one row */
    bool used;        /* false: recognised, not used by this version */
    int32_t keys;     /* the first 1 or 2 columns name a row: ID, or ID:SECOND; 0: the columns are keys themselves */
    const struct column *columns;
    int32_t column_count;
};

enum { TABLE_MOST_COLUMNS = 32 };

const struct table_description *table_description(enum table_name table);

/* The column's number by name; −1. */
int32_t table_column(const struct table_description *description, const char *name);

/* The column that a name nobody knows may have meant: misspelt, or with another unit (lift_min for lift_s). NULL: none.
 */
const char *columns_nearest(const struct table_description *description, const char *name);

enum { COLUMNS_MEANT_SIZE = 900 };
/* What to say behind an unknown name: ", did you mean 'kind'?" or ", expected station, name or kind". Returns text. */
const char *columns_meant(const struct table_description *description, const char *name, char text[COLUMNS_MEANT_SIZE]);

/* What the column expects, in words: "0.01 to 5000", "terminal, siding, junction or portal". Returns text. */
const char *column_expected(const struct column *column, char *text, int32_t size);

/* The published reference: `table,column,required,expected,default`, one line a column, as CSV. */
void columns_print(FILE *stream);

/* Columns by number, in the order of the descriptions. */
enum {
    STATIONS_STATION,
    STATIONS_NAME,
    STATIONS_KIND,
    STATIONS_LATITUDE,
    STATIONS_LONGITUDE,
    STATIONS_CROSSING_INTERVAL,
    STATIONS_ARRIVAL_INTERVAL,
    STATIONS_OPTION,
    STATIONS_SOURCE,
    STATIONS_COLUMNS
};
enum {
    TRACKS_STATION,
    TRACKS_TRACK,
    TRACKS_COUNT,
    TRACKS_LENGTH,
    TRACKS_SPEED,
    TRACKS_OPTION,
    TRACKS_SOURCE,
    TRACKS_COLUMNS
};
enum {
    SECTIONS_SECTION,
    SECTIONS_FROM,
    SECTIONS_TO,
    SECTIONS_LENGTH,
    SECTIONS_TRACKS,
    SECTIONS_BLOCK,
    SECTIONS_SPEED,
    SECTIONS_SIGNALLING,
    SECTIONS_HEADWAY,
    SECTIONS_RELEASE,
    SECTIONS_PURGE,
    SECTIONS_PURGE_AFTER,
    SECTIONS_PURGE_BEFORE,
    SECTIONS_MAX_TRAINS,
    SECTIONS_GAUGE,
    SECTIONS_CLEARANCE,
    SECTIONS_OPTION,
    SECTIONS_SOURCE,
    SECTIONS_COLUMNS
};
enum {
    TYPES_TYPE,
    TYPES_NAME,
    TYPES_GAUGE,
    TYPES_LENGTH,
    TYPES_MASS,
    TYPES_MAX_SPEED,
    TYPES_POWER,
    TYPES_EFFORT,
    TYPES_BRAKE,
    TYPES_DAVIS_A,
    TYPES_DAVIS_B,
    TYPES_DAVIS_C,
    TYPES_ROTATING_MASS,
    TYPES_TUNNEL_DRAG,
    TYPES_SUPPLEMENT,
    TYPES_RUNNING_FACTOR,
    TYPES_HEIGHT,
    TYPES_CAPACITY,
    TYPES_PRIORITY,
    TYPES_DELAY_WEIGHT,
    TYPES_COST_KM,
    TYPES_COST_HOUR,
    TYPES_ENERGY,
    TYPES_REVENUE,
    TYPES_EMPTY_MASS,
    TYPES_EMPTY_LENGTH,
    TYPES_OPTION,
    TYPES_SOURCE,
    TYPES_COLUMNS
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
    TIMES_SECTION,
    TIMES_TYPE,
    TIMES_DIRECTION,
    TIMES_RUN,
    TIMES_START,
    TIMES_STOP,
    TIMES_OPTION,
    TIMES_SOURCE,
    TIMES_COLUMNS
};
enum {
    POSSESSIONS_SECTION,
    POSSESSIONS_LINE_TRACK,
    POSSESSIONS_DIRECTION,
    POSSESSIONS_WEEKDAY,
    POSSESSIONS_FROM,
    POSSESSIONS_TO,
    POSSESSIONS_OPTION,
    POSSESSIONS_SOURCE,
    POSSESSIONS_COLUMNS
};
enum { OPTIONS_OPTION, OPTIONS_NAME, OPTIONS_CAPEX, OPTIONS_OPEX, OPTIONS_REQUIRES, OPTIONS_SOURCE, OPTIONS_COLUMNS };
enum { VARIANTS_VARIANT, VARIANTS_NAME, VARIANTS_OPTIONS, VARIANTS_SETTINGS, VARIANTS_SOURCE, VARIANTS_COLUMNS };
enum {
    TERMINALS_STATION,
    TERMINALS_CRANES,
    TERMINALS_LIFT,
    TERMINALS_LIFT_CV,
    TERMINALS_YARD,
    TERMINALS_GAUGE_CHANGE,
    TERMINALS_TURNAROUND,
    TERMINALS_HOLD,
    TERMINALS_CLOSING,
    TERMINALS_PICKUP,
    TERMINALS_SHIFTS,
    TERMINALS_OPTION,
    TERMINALS_SOURCE,
    TERMINALS_COLUMNS
};
enum {
    FLOWS_FLOW,
    FLOWS_ORIGIN,
    FLOWS_DESTINATION,
    FLOWS_COMMODITY,
    FLOWS_TEU_PER_DAY,
    FLOWS_ARRIVALS,
    FLOWS_BATCH,
    FLOWS_TARIFF,
    FLOWS_DUE,
    FLOWS_LATE,
    FLOWS_SEASONALITY,
    FLOWS_SHARE_40FT,
    FLOWS_EMPTIES_RETURN,
    FLOWS_OPTION,
    FLOWS_SOURCE,
    FLOWS_COLUMNS
};
enum { SCENARIO_KEY, SCENARIO_VALUE, SCENARIO_UNIT, SCENARIO_SOURCE, SCENARIO_COLUMNS }; /* of economics.csv, too */
enum {
    SETTING_NAME,
    SETTING_DESCRIPTION,
    SETTING_START_DATE,
    SETTING_WARMUP,
    SETTING_HORIZON,
    SETTING_REPLICATIONS,
    SETTING_SEED,
    SETTING_DISPATCH,
    SETTING_FLEET_SIZE,
    SETTING_FLEET_WINDOW,
    SETTING_ROUTE_SETTING,
    SETTING_REACTION,
    SETTING_SIGHTING,
    SETTING_MOVING_MARGIN,
    SETTING_REPEAT,
    SETTING_DETAIL,
    SETTING_SCHEDULE,
    SETTING_CLEAR_BY_LENGTH,
    SETTING_DELAY_LIMIT,
    SETTING_PRICE_YEAR,
    SETTING_COLUMNS
};
enum {
    ECONOMICS_VIEWPOINT,
    ECONOMICS_CURRENCY,
    ECONOMICS_DISCOUNTING,
    ECONOMICS_FIRST_YEAR,
    ECONOMICS_PROFILE,
    ECONOMICS_INTEREST,
    ECONOMICS_LAWS, /* from here on by enum economic_law */
    ECONOMICS_COLUMNS = ECONOMICS_LAWS + ECONOMIC_LAW_COUNT
};
enum {
    TIMETABLE_TRAIN,
    TIMETABLE_TYPE,
    TIMETABLE_STATION,
    TIMETABLE_ARRIVAL,
    TIMETABLE_DEPARTURE,
    TIMETABLE_MIN_DWELL,
    TIMETABLE_TRACK,
    TIMETABLE_ENTRY_DELAY,
    TIMETABLE_DWELL,
    TIMETABLE_OPTION,
    TIMETABLE_SOURCE,
    TIMETABLE_COLUMNS
};
enum {
    SERVICES_SERVICE,
    SERVICES_TYPE,
    SERVICES_ORIGIN,
    SERVICES_DESTINATION,
    SERVICES_FIRST,
    SERVICES_LAST,
    SERVICES_INTERVAL,
    SERVICES_TRAINS_PER_DAY,
    SERVICES_DAYS,
    SERVICES_ARRIVALS,
    SERVICES_STOPS,
    SERVICES_RETURN_OF,
    SERVICES_ENTRY_DELAY,
    SERVICES_OPTION,
    SERVICES_SOURCE,
    SERVICES_COLUMNS
};

#endif
