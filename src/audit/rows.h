/* The rows of one run, as they lie in the database, with names looked up in the audit's own reading of the scenario. */
#ifndef BERING_AUDIT_ROWS_H
#define BERING_AUDIT_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/world.h"
#include "results/database.h"

#define AUDIT_NULL_MS INT64_MIN /* a time that is NULL */

/* A thousand years either way, five times the longest run there can be: times beyond are taken to lie here, so that
 * sums of them stay numbers. */
#define AUDIT_FARTHEST_MS (INT64_C(1) << 45)

struct audit_train_row {
    int64_t train_id;
    const char *train, *service; /* service NULL where NULL, the others "" */
    const char *status;
    struct audit_train_name name;
    int32_t type, origin, destination; /* −1: the scenario has no such thing */
    int32_t direction;                 /* enum audit_direction; −1: neither word */
    int64_t planned_departure_ms, departure_ms, planned_arrival_ms, arrival_ms, unimpeded_ms, delay_ms;
    double energy_kwh; /* NAN: NULL */
    int64_t teu, revenue_cents, cost_cents;
    int32_t quarters_missing;       /* of a full load, of a type that follows it: audit_type_without */
    int64_t unloaded_ms;            /* when the last container known to leave it was off; AUDIT_NULL_MS: none;
                                       AUDIT_FARTHEST_MS: some still are to be */
    int32_t first_call, call_count; /* rows.calls, by seq */
    int32_t first_occupation, occupation_count; /* rows.occupations, by seq */
};

struct audit_call_row {
    int32_t train; /* index in rows.trains; −1: no such train */
    int64_t train_id, seq;
    int32_t station, track; /* −1: no such thing; track −2: NULL */
    int64_t planned_arrival_ms, arrival_ms, planned_departure_ms, departure_ms, wait_ms;
    bool stopped;
    const char *station_id, *track_id, *cause; /* as written; track and cause NULL where NULL */
    int64_t wait_for;                          /* AUDIT_NULL_MS: NULL */
};

struct audit_occupation_row {
    int32_t train; /* index in rows.trains; −1: no such train */
    int64_t train_id, seq;
    int32_t section;           /* −1: no such section */
    int32_t direction;         /* −1: neither word */
    int64_t line_track, block; /* block 0: NULL */
    int64_t enter_ms, clear_ms, release_ms;
    const char *section_id;
};

/* As much as the database claims to keep: a level holds all that the ones before it hold (containers: calls). */
struct audit_detail {
    bool trains, calls, blocks, containers;
};

struct audit_rows {
    int64_t run_id;
    char *status, *detail_word, *results_sha256, *input_sha256; /* "" where NULL */
    struct audit_detail detail;
    int64_t warmup_ms, horizon_ms, end_ms, replication, seed, forced_moves; /* end_ms AUDIT_NULL_MS: unknown */
    struct audit_train_row *trains;
    int32_t train_count;
    struct audit_call_row *calls; /* by train, then seq */
    int32_t call_count;
    struct audit_occupation_row *occupations; /* by train, then seq */
    int32_t occupation_count;
    bool changes;             /* containers have changed trains: not all that left a train are known */
    int64_t senseless;        /* values of the wrong kind, NULL where there must be one, or times beyond all reason */
    char first_senseless[32]; /* the column of the first of them; "" */
    struct audit_texts *texts;
};

/* False if the database fails or memory is short. */
bool audit_rows_read(struct database *database, int64_t run_id, const struct audit_world *world,
                     struct audit_rows *rows, struct failure *failure);
void audit_rows_free(struct audit_rows *rows);

/* A train as it was loaded; its type has to be known. */
struct audit_type audit_rows_type(const struct audit_world *world, const struct audit_train_row *train);

/* Whether containers may have kept a train at one of its calls: their lifts are not all kept. */
bool audit_rows_handled(const struct audit_world *world, const struct audit_rows *rows, int32_t call);

/* The section that a train runs, or is to run, from rows.calls[call] to the call after it, and which way. Where several
 * join the two stations the blocks it held tell which; without them −1, as where there is none. */
int32_t audit_rows_section(const struct audit_world *world, const struct audit_rows *rows, int32_t call,
                           enum audit_direction *direction);

#endif
