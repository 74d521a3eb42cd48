/* A database with one run, written by hand, for the tests of charts. Everything goes through the schema that Bering
 * itself writes; times are in minutes. */
#ifndef BERING_TESTS_CHART_GRAPH_FIXTURE_H
#define BERING_TESTS_CHART_GRAPH_FIXTURE_H

#include <stdint.h>

#include "results/database.h"

enum { NO_MINUTE = -1 };

/* Opens a new database in the scratch folder and adds run 1: a day from 2034-01-03 on, complete, detail `calls`. */
struct database *fixture_open(const char *scenario);

/* A file of the run's input. */
void fixture_input(struct database *database, const char *name, const char *content);

/* Both directions of a section: minutes held by trains forward and backward in the day. */
void fixture_use(struct database *database, const char *section, int forward, int backward);

struct fixture_call {
    const char *station;
    double arrival, departure, wait; /* NO_MINUTE: none */
};

/* A train of the timetable, `T1@1`, or of service `S`, `S@1.1`, with its calls in order; planned to depart as it does,
 * less its wait at the origin. */
void fixture_train(struct database *database, int64_t train_id, const char *train, const char *service,
                   const struct fixture_call *calls, int count);

/* A line of `count` stations S0 … with these names (the ids where NULL), `km` apart, sections X0 …, and a possession
 * from 01:00 to 02:00 of the first. */
void fixture_line(struct database *database, int count, double km, const char *const *names);

/* `count` trains over the whole line, alternately forward and backward, one every `every` minutes from minute 0, that
 * run a section in `run` minutes and stand `stand` minutes at every third station. */
void fixture_traffic(struct database *database, int stations, int count, double every, double run, double stand);

void fixture_sql(struct database *database, const char *sql);

#endif
