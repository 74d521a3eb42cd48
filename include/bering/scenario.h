/* A scenario: the railway, its trains and what is to be simulated, read from a folder of CSV tables (docs/formats.md)
 * into one value that does not change. Everything wrong with the input is reported together, each with its place.
 *
 *     #include <bering/scenario.h>
 *     #include <stdio.h>
 *
 *     int main(int argc, char **argv) {
 *         if (argc < 2) return 2;
 *         const char *const overrides[] = {"horizon_days=7", "dispatch=priority", "sections.speed_kmh=80"};
 *         const struct bering_scenario_options options = {.overrides = overrides, .override_count = 3};
 *         struct bering_scenario *scenario = bering_scenario_open(argv[1], &options, NULL);
 *         if (scenario == NULL) return 1;
 *         printf("%s, input %s\n", bering_scenario_name(scenario), bering_scenario_input_sha256(scenario));
 *         for (int32_t station = 0; station < bering_scenario_station_count(scenario); station++)
 *             printf("%s\n", bering_scenario_station_id(scenario, station));
 *         bering_scenario_close(scenario);
 *         return 0;
 *     }
 */
#ifndef BERING_PUBLIC_SCENARIO_H
#define BERING_PUBLIC_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------------- problems */

/* What is wrong with the input, sorted by file, line and column. The first 100 are kept. */
struct bering_problems;

struct bering_problem {
    const char *file;    /* as you would open it; of an option `--schedule`, `--with`, `--variant` or `--set` */
    int32_t line;        /* from 1; 0: the file as a whole */
    int32_t column;      /* the cell's number, from 1; 0: the line as a whole */
    const char *message; /* what is wrong, what was expected */
    bool warning;        /* does not keep the scenario from being opened */
};

/* Of NULL there are none. */
int32_t bering_problems_count(const struct bering_problems *problems);  /* those kept, warnings too */
int32_t bering_problems_errors(const struct bering_problems *problems); /* all errors, kept or not */

/* Index from 0 to bering_problems_count − 1; outside of that, an empty problem whose texts are "". */
struct bering_problem bering_problems_at(const struct bering_problems *problems, int32_t index);

void bering_problems_free(struct bering_problems *problems);

/* ------------------------------------------------------------------------------------------------------- scenario */

struct bering_scenario;

/* What is added to the folder's own tables; all zero: nothing. Arrays and texts are needed during the call only. */
struct bering_scenario_options {
    const char *const *schedules; /* files in place of the scenario's own, relative to the current folder */
    int32_t schedule_count;
    const char *const *with; /* options (investments) of options.csv that are switched on */
    int32_t with_count;
    const char *variant; /* a row of variants.csv; NULL: none */
    /* KEY=VALUE, as of `bering run --set`: a key of scenario.csv ("seed=3", "replications=20"), or cells of a table
     * ("sections[A-B].purge_s=600", "schedule.trains_per_day=*1.2"). Later ones win. */
    const char *const *overrides;
    int32_t override_count;
};

/* Reads, checks and links everything, and puts every train on its route: what opens can be run. `options` may be NULL.
 * Returns NULL if there are errors. *problems is always set and is to be freed, also where nothing is wrong, in which
 * case it is empty; it is NULL only when memory ran out. `problems` itself may be NULL. */
struct bering_scenario *bering_scenario_open(const char *folder, const struct bering_scenario_options *options,
                                             struct bering_problems **problems);

/* Not while a run is under way. */
void bering_scenario_close(struct bering_scenario *scenario);

/* The key `name` of scenario.csv, else the last part of the folder. */
const char *bering_scenario_name(const struct bering_scenario *scenario);

/* 64 hexadecimal digits over the names and bytes of all files read (the schedule too, the overrides not). It is the
 * same wherever the folder lies. */
const char *bering_scenario_input_sha256(const struct bering_scenario *scenario);

/* A plan is a train of a timetable, or a service that makes many trains. */
int32_t bering_scenario_station_count(const struct bering_scenario *scenario);
int32_t bering_scenario_section_count(const struct bering_scenario *scenario);
int32_t bering_scenario_plan_count(const struct bering_scenario *scenario);

/* The identifier in the files; NULL where the index is not from 0 to the count − 1. */
const char *bering_scenario_station_id(const struct bering_scenario *scenario, int32_t station);
const char *bering_scenario_section_id(const struct bering_scenario *scenario, int32_t section);
const char *bering_scenario_plan_id(const struct bering_scenario *scenario, int32_t plan);

#ifdef __cplusplus
}
#endif

#endif
