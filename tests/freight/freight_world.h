/* Container traffic made in a few lines of C, and trains that carry it without a railway: they run on time from call to
 * call and wait only for the cranes. Stations A, B, C … lie in a row, 60 km apart. */
#ifndef BERING_TESTS_FREIGHT_WORLD_H
#define BERING_TESTS_FREIGHT_WORLD_H

#include "freight/freight.h"
#include "support/railway_builder.h"

enum { MOST_FLOWS = 16, MOST_STATIONS = 8, HOUR_MS = 3600000, MINUTE_MS = 60000 };
static const double STATION_KM = 60;

struct world_train {
    int64_t departure_ms; /* planned */
    int64_t departed_ms;
    int32_t train_plan, call, load;
};

struct freight_world {
    struct scenario *scenario;
    struct flow flows[MOST_FLOWS];
    struct terminal terminals[MOST_STATIONS];
    struct traffic traffic;
    struct freight_prices prices;
    struct freight_run run; /* at first: seed 1, replication 1, a window and an end far away */
    struct freight_plan *plan;
    struct freight *freight;

    bool census;                /* after every call */
    int64_t hop_ms;             /* from call to call; at first an hour */
    struct world_train *trains; /* in the order of departure */
    int32_t train_count;
    int64_t trains_net_cents;
    bool quiet;        /* containers are not told */
    int64_t copied_ms; /* the freight is copied at the first call from then on; 0: never */
    bool copy_goes_on; /* the copy is what trains are run with from then on, else the copy is run to its end at once */

    struct container_record *told;
    int32_t told_count, told_room;
};

/* Train type `boxes` carries capacity_teu and costs nothing. Any failure ends the process. */
void world_start(struct freight_world *world, int32_t stations, double capacity_teu);
void world_finish(struct freight_world *world);

/* A regular flow of 20-foot containers that is never late, from the first letter to the second. */
struct flow *world_flow(struct freight_world *world, const char *way, double teu_per_day, int64_t tariff_cents);
/* One without limits, but with no time for loading: trains are put under the cranes when they leave. */
struct terminal *world_terminal(struct freight_world *world, const char *station);
/* A plan that stops at these stations, on the way between the first and the last; its index. */
int32_t world_plan(struct freight_world *world, const char *stops);
/* A train of it. Trains must be given in the order of departure. */
void world_depart(struct freight_world *world, int32_t train_plan, int64_t departure_ms);

void world_ready(struct freight_world *world); /* makes plan and freight */
/* Runs all trains that depart (as planned) before until_ms to their ends; the clock. */
int64_t world_drive(struct freight_world *world);
/* Finishes the freight; checks that all money adds up. */
void world_end(struct freight_world *world, int64_t now_ms);

/* The told record of a container; NULL: none. */
const struct container_record *world_container(const struct freight_world *world, int64_t container_id);
/* The container told as the n-th of a flow, from 1; empties by themselves. */
const struct container_record *world_nth(const struct freight_world *world, int32_t flow, int64_t number, bool empty);

#endif
