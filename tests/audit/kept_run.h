/* One run as a database keeps it, written row by row: nothing of what reads scenarios or simulates takes part. */
#ifndef BERING_TESTS_AUDIT_KEPT_RUN_H
#define BERING_TESTS_AUDIT_KEPT_RUN_H

#include <check.h>
#include <stddef.h>

#include "audit/world.h"

/* A file is its text, with "" for one that is not there. Paths are those of the scenario `line`, but for schedules. */
void kept_file(const char *path, const char *text);
/* Another value for a key of scenario.csv or for `options`; or, where the key has a dot, one more override. */
void kept_set(const char *key, const char *value);
void kept_schedule(const char *paths); /* what the run was started with; NULL: none */
void kept_sql(const char *sql);
struct database *kept_database(void);

/* Reads the run; the test fails if it cannot be read or, in the first form, if it makes no sense. The world lives until
 * the next. */
const struct audit_world *kept_world(void);
const struct audit_world *kept_world_of_any_sense(void);

/* What an index is called; "–" for −1. */
const char *station_id(const struct audit_world *world, int32_t station);

/* Each test begins with the run that kept_run.c describes. */
int run_suite_of_kept_runs(const char *name, const TTest *const *tests, size_t count);

#endif
