/* A scenario: a folder of CSV tables (docs/formats.md) read into one immutable value, with every error of every file
 * reported together. Shared by all threads; owns everything it points to. */
#ifndef BERING_SCENARIO_SCENARIO_H
#define BERING_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "freight/flow.h"
#include "railway/network.h"
#include "railway/timetable.h"
#include "railway/train_type.h"
#include "scenario/diagnostics.h"
#include "scenario/economics.h"

enum dispatch_kind { DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET, DISPATCH_LOOKAHEAD };
enum detail_level { DETAIL_SUMMARY, DETAIL_TRAINS, DETAIL_CALLS, DETAIL_BLOCKS, DETAIL_CONTAINERS, DETAIL_FULL };

/* scenario.csv, as used: file, then --variant, then --set and the flags of the command. */
struct settings {
    char *name;
    char *description;
    int32_t start_year, start_month, start_day;
    int32_t start_weekday; /* 0 Monday … 6 Sunday */
    bool warmup_auto;      /* `auto` = MSER-5 */
    int64_t warmup_ms;
    int64_t horizon_ms;
    bool horizon_given;
    int32_t replications;
    int64_t seed;
    enum dispatch_kind dispatch;
    int32_t fleet_size;
    int64_t fleet_window_ms; /* 0: turns are not tied to the clock */
    int64_t route_setting_ms;
    int64_t reaction_ms;
    double sighting_m;
    double moving_margin_m;
    bool repeat_once;
    enum detail_level detail;
    char *schedule; /* as written, NULL if none */
    bool clear_by_length;
    double delay_limit_min;
    int32_t price_year; /* 0: not given */
};

/* One file as it was read: what a run can be repeated from. */
struct input_file {
    char *path;    /* as the user would open it */
    char *content; /* bytes; not text to be trusted */
    size_t size;
};

/* One setting or override as used, for the table `settings`. */
struct setting_used {
    char *key;
    char *value;
};

/* A row of options.csv: something that can be built or left. */
struct option_offered {
    char *id, *name;                     /* name: the id where the file gives none */
    char *requires;                      /* as written, "" if nothing */
    double capex_usd, opex_usd_per_year; /* NAN: not given */
    bool on;
};

/* A row of variants.csv. */
struct variant_offered {
    char *id, *name; /* name: the id where the file gives none */
};

struct scenario {
    char *folder; /* as the user gave it */
    struct settings settings;
    struct network network;
    struct train_type *train_types;
    int32_t train_type_count;
    struct running_time *running_times;
    int32_t running_time_count;
    struct traffic traffic;     /* flows.csv, terminals.csv */
    struct economics economics; /* economics.csv */
    struct timetable timetable; /* all schedules given, in their order */
    char *schedule_path;        /* as the user would open it; several joined by ' ' */
    char *variant;              /* NULL: none */
    struct input_file *inputs;  /* sorted by path */
    int32_t input_count;
    char input_sha256[65]; /* over (path, bytes) of all inputs: input_files.h says how; the same wherever the
                              folder lies */
    struct setting_used *settings_used; /* every key of scenario.csv with its final value ("": none); `options`, those
                                           that are on joined by +; then every override of cells in the order they
                                           were applied, also where one key comes again */
    int32_t settings_used_count;
    struct option_offered *options; /* in the file's order; `on` as this scenario was read */
    int32_t option_count;
    struct variant_offered *variants;
    int32_t variant_count;
    char **not_used_yet; /* files of the contract that are recognised and left for later */
    int32_t not_used_yet_count;
};

/* What the command line adds. Arrays belong to the caller. */
struct scenario_request {
    const char *folder;
    const char *const *schedules; /* relative to the current folder; none: the scenario's own */
    int32_t schedule_count;
    const char *const *with_options; /* options switched on */
    int32_t with_option_count;
    const char *variant;          /* NULL: none */
    const char *const *overrides; /* KEY=VALUE, as for --set */
    int32_t override_count;
    int32_t varied_count; /* the last so many of them are told of as `--vary`, not `--set` */
    bool line_only; /* the line and its trains are asked about, not the containers: flows.csv and terminals.csv are read
                       and checked row by row, but not whether the trains carry the flows */
    bool as_used; /* the overrides are all that a scenario read before used (settings_used), its variant's among them:
                     what variants.csv says is not applied once more */
};

/* Reads, checks and links everything. NULL if any error was added to `diagnostics` (or memory ran out, which is then a
 * diagnostic too). Warnings do not fail it. */
struct scenario *scenario_read(const struct scenario_request *request, struct diagnostics *diagnostics);

/* The same from files in memory, the `inputs` of a scenario read before: nothing is read from the disk. The request is
 * the one they were read with; a folder that is NULL is taken from the path of their scenario.csv. */
struct scenario *scenario_read_inputs(const struct scenario_request *request, const struct input_file *files,
                                      int32_t count, struct diagnostics *diagnostics);

void scenario_free(struct scenario *scenario); /* NULL is allowed */

/* The identifiers in a folder's variants.csv, as they stand there, and nothing else of the scenario: none where there
 * is no such file. What is wrong with the file itself is added to `diagnostics`. False when out of memory; otherwise to
 * be freed with scenario_variant_names_free. */
bool scenario_variant_names(const char *folder, struct diagnostics *diagnostics, char ***names, int32_t *count);
void scenario_variant_names_free(char **names, int32_t count);

#endif
