/* Containers one by one: their times, their trains and their money; and by flow and by day against what is summed up.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"

#define DAY_MS INT64_C(86400000)
enum { MOST_DAY_CELLS = 20000000 }; /* flows × days; a run that has more is beyond all reason */

struct container {
    int64_t id, train_id, teu, arrived_ms, loaded_ms, delivered_ms; /* train_id 0, times AUDIT_NULL_MS: NULL */
    int64_t revenue_cents, penalty_cents, cost_cents, trains;
    int32_t flow, train; /* train: rows.trains; −1: none */
    bool empty;
    char status; /* the first letter: d, r (riding), w, x (refused) */
    const char *flow_id, *train_name;
};

/* TEU; the columns of flow_days. */
struct day_sum {
    int64_t offered, loaded, delivered, refused;
};

/* Of what was offered in the window, as in flow_use. */
struct flow_sum {
    int64_t offered, delivered, riding, waiting, refused; /* TEU */
    int64_t containers, containers_delivered, containers_late, teu_late;
    int64_t revenue_cents, penalty_cents, cost_cents, teu_empties;
    double *transits_h;
    int64_t transit_count, transit_room, transit_ms;
};

struct container_audit {
    const struct books *books;
    struct flow_sum *flows; /* [flow] */
    struct day_sum *days;   /* [day from 0 × flows + flow] */
    struct day_sum beyond;  /* what lies on none of them */
    int64_t day_count;
    int64_t *aboard_teu;  /* [call]: more, from there on; those that are sure */
    int64_t *train_teu;   /* [train]: of those of which it was the last */
    int64_t ridden_teu;   /* TEU × trains ridden on */
    bool changes, unseen; /* some container changed trains; some are on trains that are not told */
    bool good;
};

static void wrong(const struct container_audit *audit, const struct container *container, int64_t time_ms,
                  const char *what) {
    audit_violation(audit->books->report, AUDIT_CONTAINERS, container->train_name, container->flow_id, time_ms,
                    "container %" PRId64 " %s", container->id, what);
}

static bool is_late(const struct audit_flow *flow, const struct container *container) {
    return flow->due_ms >= 0 && container->delivered_ms != AUDIT_NULL_MS && container->arrived_ms != AUDIT_NULL_MS &&
           container->delivered_ms - container->arrived_ms > flow->due_ms;
}

/* ---- one container ---- */

static void check_times(const struct container_audit *audit, const struct container *container) {
    const int64_t loaded_ms = container->loaded_ms, delivered_ms = container->delivered_ms;
    const bool loaded = loaded_ms != AUDIT_NULL_MS, delivered = delivered_ms != AUDIT_NULL_MS;
    if (container->arrived_ms < 0 || (loaded && loaded_ms < container->arrived_ms) ||
        (delivered && (!loaded || delivered_ms < loaded_ms)))
        wrong(audit, container, container->arrived_ms, "has times that run backwards");
    if (container->arrived_ms > audit->books->end_ms || (loaded && loaded_ms > audit->books->end_ms) ||
        (delivered && delivered_ms > audit->books->end_ms))
        wrong(audit, container, container->arrived_ms, "has times after the end of the run");
    if (delivered != (container->status == 'd') || strchr("drwx", container->status) == NULL)
        wrong(audit, container, delivered_ms, "has a status that its times deny");
    if (container->status == 'x' && (loaded || container->trains != 0 || container->cost_cents != 0))
        wrong(audit, container, container->arrived_ms, "was refused, and yet handled");
    /* it never comes to a station twice */
    if (container->trains < 0 || container->trains > audit->books->world->station_count)
        wrong(audit, container, container->loaded_ms, "has ridden on more trains than there are ways");
    if (container->teu != 1 && container->teu != 2)
        wrong(audit, container, container->arrived_ms, "is neither of 20 nor of 40 feet");
}

/* The call of a train at a station, −1: none. */
static int32_t call_at(const struct books *books, const struct audit_train_row *train, int32_t station) {
    for (int32_t call = train->first_call; call < train->first_call + train->call_count; call++)
        if (books->rows->calls[call].station == station) return call;
    return -1;
}

/* On its only train from its origin, on a last one at least before the place where it leaves it. */
static void count_aboard(struct container_audit *audit, const struct container *container, int32_t from, int32_t to) {
    if (container->trains > 1) from = to > 0 ? to - 1 : -1;
    if (from < 0 || (container->status == 'd' && to <= from)) return;
    audit->aboard_teu[from] += container->teu;
    audit->aboard_teu[container->status == 'd' ? to : from + 1] -= container->teu;
}

static void check_ride(struct container_audit *audit, const struct container *container) {
    const struct books *books = audit->books;
    const struct audit_flow *flow = &books->world->flows[container->flow];
    const struct audit_train_row *train = &books->rows->trains[container->train];
    const int32_t origin = container->empty ? flow->destination : flow->origin;
    const int32_t from = call_at(books, train, origin);
    const int32_t to = call_at(books, train, container->empty ? flow->origin : flow->destination);
    const struct audit_call_row *calls = books->rows->calls;
    audit->train_teu[container->train] += container->teu;
    if (train->call_count == 0) { /* loaded, and not yet there */
        if (container->status != 'r' || (container->trains == 1 && train->origin != origin))
            wrong(audit, container, container->loaded_ms, "rode on a train that has not run");
        return;
    }
    if (container->status == 'd' &&
        (to < 0 || calls[to].arrival_ms == AUDIT_NULL_MS || calls[to].arrival_ms > container->delivered_ms))
        wrong(audit, container, container->delivered_ms, "was delivered where its train had not come");
    if (container->trains == 1 && (from < 0 || (container->status == 'd' && to < from))) /* else it may change */
        wrong(audit, container, container->loaded_ms, "rode on a train that does not go its way");
    else if (container->trains == 1 && container->loaded_ms != AUDIT_NULL_MS &&
             calls[from].departure_ms != AUDIT_NULL_MS && calls[from].departure_ms < container->loaded_ms)
        wrong(audit, container, container->loaded_ms, "was loaded after its train had left");
    if (container->status == 'd' || (container->status == 'r' && container->trains == 1))
        count_aboard(audit, container, from, to);
}

/* A train that is loaded at the end of the run for a time after it is not told. Others with later ids may be: those
 * that begin with less loading or none. */
static void check_train(struct container_audit *audit, const struct container *container) {
    const bool yet_to_come = container->status == 'r' && container->train < 0;
    audit->ridden_teu += container->teu * container->trains;
    if (container->trains > 1 || (container->trains == 1 && container->status == 'w')) audit->changes = true;
    if (container->train >= 0 && container->trains > 0)
        check_ride(audit, container);
    else if (yet_to_come)
        audit->unseen = true;
    else if (container->train_id != 0 || container->trains != 0)
        wrong(audit, container, container->loaded_ms, "rode on a train there is not, or on none and yet on some");
    else if (container->status == 'd' || container->status == 'r')
        wrong(audit, container, container->loaded_ms, "rode on no train");
}

static void check_earned(const struct container_audit *audit, const struct container *container) {
    const struct audit_flow *flow = &audit->books->world->flows[container->flow];
    const bool earns = container->status == 'd' && !container->empty;
    const int64_t tariff_cents = earns ? container->teu * flow->tariff_cents : 0;
    double penalty_cents = 0;
    if (earns && is_late(flow, container)) {
        const int64_t late_ms = container->delivered_ms - container->arrived_ms - flow->due_ms;
        penalty_cents = (double)(container->teu * flow->late_cents_per_teu_day) * (double)late_ms / (double)DAY_MS;
    }
    if (container->revenue_cents != tariff_cents)
        wrong(audit, container, container->delivered_ms, "does not earn its tariff");
    if (fabs((double)container->penalty_cents - penalty_cents) > 0.5 + 1e-6)
        wrong(audit, container, container->delivered_ms, "does not pay for being late what it should");
    if (container->cost_cents < 0) wrong(audit, container, container->arrived_ms, "costs less than nothing");
}

/* ---- sums ---- */

static struct day_sum *day_of(struct container_audit *audit, const struct container *container, int64_t time_ms) {
    const int64_t day = time_ms / DAY_MS;
    if (time_ms < 0 || day >= audit->day_count) return &audit->beyond;
    return &audit->days[day * audit->books->world->flow_count + container->flow];
}

static void count_day(struct container_audit *audit, const struct container *container) {
    if (container->empty) return;
    day_of(audit, container, container->arrived_ms)->offered += container->teu;
    if (container->status == 'x') day_of(audit, container, container->arrived_ms)->refused += container->teu;
    if (container->loaded_ms != AUDIT_NULL_MS) day_of(audit, container, container->loaded_ms)->loaded += container->teu;
    if (container->delivered_ms != AUDIT_NULL_MS)
        day_of(audit, container, container->delivered_ms)->delivered += container->teu;
}

static void note_transit(struct container_audit *audit, struct flow_sum *sum, int64_t transit_ms) {
    if (sum->transit_count == sum->transit_room) {
        const int64_t room = sum->transit_room > 0 ? 2 * sum->transit_room : 256;
        double *larger = realloc(sum->transits_h, (size_t)room * sizeof *larger);
        if (larger == NULL) {
            audit->good = false;
            return;
        }
        sum->transits_h = larger;
        sum->transit_room = room;
    }
    sum->transits_h[sum->transit_count++] = (double)transit_ms / 3600000;
    sum->transit_ms += transit_ms;
}

static void count_delivered(struct container_audit *audit, const struct container *container, struct flow_sum *sum) {
    const bool late = is_late(&audit->books->world->flows[container->flow], container);
    sum->delivered += container->teu;
    sum->containers_delivered++;
    sum->containers_late += late;
    sum->teu_late += late ? container->teu : 0;
    if (container->delivered_ms != AUDIT_NULL_MS)
        note_transit(audit, sum, container->delivered_ms - container->arrived_ms);
}

static void count_flow(struct container_audit *audit, const struct container *container) {
    struct flow_sum *sum = &audit->flows[container->flow];
    if (!books_counts(audit->books, container->empty ? container->loaded_ms : container->arrived_ms)) return;
    sum->cost_cents += container->cost_cents;
    if (container->empty) {
        sum->teu_empties += container->teu;
        return;
    }
    sum->offered += container->teu;
    sum->containers++;
    sum->revenue_cents += container->revenue_cents;
    sum->penalty_cents += container->penalty_cents;
    if (container->status == 'd') count_delivered(audit, container, sum);
    if (container->status == 'r') sum->riding += container->teu;
    if (container->status == 'w') sum->waiting += container->teu;
    if (container->status == 'x') sum->refused += container->teu;
}

/* ---- all containers ---- */

static int32_t train_with(const struct audit_rows *rows, int64_t train_id) {
    int32_t low = 0, high = rows->train_count - 1;
    while (low <= high) {
        const int32_t middle = low + (high - low) / 2;
        if (rows->trains[middle].train_id == train_id) return middle;
        if (rows->trains[middle].train_id < train_id)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

static int64_t time_at(sqlite3_stmt *row, int column) {
    const int64_t time_ms = sqlite3_column_int64(row, column);
    if (sqlite3_column_type(row, column) == SQLITE_NULL) return AUDIT_NULL_MS;
    return time_ms > AUDIT_FARTHEST_MS    ? AUDIT_FARTHEST_MS
           : time_ms < -AUDIT_FARTHEST_MS ? -AUDIT_FARTHEST_MS
                                          : time_ms;
}

static char status_letter(const char *word) {
    static const char *const words[] = {"delivered", "riding", "waiting", "refused"};
    for (int i = 0; word != NULL && i < 4; i++)
        if (strcmp(word, words[i]) == 0) return "drwx"[i];
    return '?';
}

static void take_container(struct container_audit *audit, sqlite3_stmt *row) {
    const struct books *books = audit->books;
    const char *flow_id = (const char *)sqlite3_column_text(row, 1);
    struct container container = {.id = sqlite3_column_int64(row, 0),
                                  .train_id = books_figure(row, 2),
                                  .teu = books_figure(row, 3),
                                  .arrived_ms = time_at(row, 4),
                                  .loaded_ms = time_at(row, 5),
                                  .delivered_ms = time_at(row, 6),
                                  .revenue_cents = books_figure(row, 7),
                                  .status = status_letter((const char *)sqlite3_column_text(row, 8)),
                                  .penalty_cents = books_figure(row, 9),
                                  .cost_cents = books_figure(row, 10),
                                  .trains = books_figure(row, 11),
                                  .empty = sqlite3_column_int(row, 12) != 0,
                                  .flow = flow_id != NULL ? audit_world_flow(books->world, flow_id) : -1,
                                  .flow_id = flow_id,
                                  .train = -1};
    audit_tested(books->report, AUDIT_CONTAINERS, 1);
    if (container.train_id != 0) container.train = train_with(books->rows, container.train_id);
    if (container.train >= 0) container.train_name = books->rows->trains[container.train].train;
    if (container.flow < 0) {
        wrong(audit, &container, AUDIT_NO_TIME, "is of a flow there is not");
        return;
    }
    check_times(audit, &container);
    check_train(audit, &container);
    check_earned(audit, &container);
    count_day(audit, &container);
    count_flow(audit, &container);
}

static bool take_containers(struct container_audit *audit) {
    sqlite3_stmt *statement =
        books_query(audit->books, "SELECT container_id, flow, train_id, teu, arrived_ms, loaded_ms, delivered_ms, "
                                  "revenue_cents, status, penalty_cents, cost_cents, trains, empty FROM containers "
                                  "WHERE run_id = ?1 ORDER BY container_id");
    if (statement == NULL) return false;
    int code = SQLITE_DONE;
    while (audit->good && (code = sqlite3_step(statement)) == SQLITE_ROW) take_container(audit, statement);
    if (!books_done(audit->books, statement, audit->good ? code : SQLITE_DONE)) return false;
    return audit->good || books_no_memory(audit->books);
}

/* ---- against the trains ---- */

static void check_loads(const struct container_audit *audit) {
    const struct books *books = audit->books;
    int64_t loaded_teu = 0;
    for (int32_t i = 0; i < books->rows->train_count; i++) {
        const struct audit_train_row *train = &books->rows->trains[i];
        const double capacity = train->type >= 0 ? floor(books->world->types[train->type].capacity_teu) : 0;
        int64_t aboard_teu = 0;
        loaded_teu += train->teu;
        for (int32_t call = train->first_call; call < train->first_call + train->call_count; call++) {
            aboard_teu += audit->aboard_teu[call];
            if ((double)aboard_teu > capacity)
                audit_violation(books->report, AUDIT_CONTAINERS, train->train, books->rows->calls[call].station_id,
                                books->rows->calls[call].departure_ms, "%" PRId64 " TEU on a train for %.0f",
                                aboard_teu, capacity);
        }
        if (audit->train_teu[i] > train->teu || (!audit->changes && audit->train_teu[i] != train->teu))
            audit_violation(books->report, AUDIT_CONTAINERS, train->train, NULL, train->departure_ms,
                            "it is said to have loaded %" PRId64 " TEU, its containers are %" PRId64, train->teu,
                            audit->train_teu[i]);
    }
    if (!audit->unseen && loaded_teu != audit->ridden_teu)
        audit_violation(books->report, AUDIT_CONTAINERS, NULL, NULL, AUDIT_NO_TIME,
                        "the trains loaded %" PRId64 " TEU, containers have ridden as %" PRId64, loaded_teu,
                        audit->ridden_teu);
}

/* ---- against flow_use ---- */

static int by_value(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(const struct flow_sum *sum, double fraction) {
    if (sum->transit_count == 0) return NAN;
    const double place = fraction * (double)(sum->transit_count - 1);
    const int64_t below = (int64_t)floor(place), above = below + 1 < sum->transit_count ? below + 1 : below;
    return sum->transits_h[below] + (place - (double)below) * (sum->transits_h[above] - sum->transits_h[below]);
}

static void compare_flow(const struct container_audit *audit, sqlite3_stmt *row, const char *flow_id,
                         const struct flow_sum *sum) {
    const int64_t made[] = {sum->offered,         sum->delivered,     sum->riding,        sum->waiting,
                            sum->refused,         sum->revenue_cents, sum->containers,    sum->containers_delivered,
                            sum->containers_late, sum->teu_late,      sum->penalty_cents, sum->cost_cents,
                            sum->teu_empties};
    const int counts = (int)(sizeof made / sizeof *made);
    if (sum->transit_count > 1) qsort(sum->transits_h, (size_t)sum->transit_count, sizeof(double), by_value);
    const double times_h[] = {sum->transit_count > 0 ? (double)sum->transit_ms / 3600000 / (double)sum->transit_count
                                                     : (double)NAN,
                              quantile(sum, 0.5), quantile(sum, 0.95)};
    for (int i = 0; i < counts; i++)
        if (sqlite3_column_int64(row, i + 1) != made[i])
            audit_violation(audit->books->report, AUDIT_CONTAINERS, NULL, flow_id, AUDIT_NO_TIME,
                            "%s is %" PRId64 ", its containers make %" PRId64, sqlite3_column_name(row, i + 1),
                            (int64_t)sqlite3_column_int64(row, i + 1), made[i]);
    for (int i = 0; i < 3; i++)
        if (!books_alike(books_real(row, counts + 1 + i), times_h[i]))
            audit_violation(audit->books->report, AUDIT_CONTAINERS, NULL, flow_id, AUDIT_NO_TIME,
                            "%s is %.10g, its containers make %.10g", sqlite3_column_name(row, counts + 1 + i),
                            books_real(row, counts + 1 + i), times_h[i]);
}

static bool check_flow_use(const struct container_audit *audit) {
    sqlite3_stmt *statement = books_query(
        audit->books, "SELECT flow, teu_offered, teu_delivered, teu_riding, teu_waiting, teu_refused, revenue_cents, "
                      "containers_offered, containers_delivered, containers_late, teu_late, penalty_cents, cost_cents, "
                      "teu_empties, mean_transit_h, p50_transit_h, p95_transit_h FROM flow_use WHERE run_id = ?1");
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *flow_id = (const char *)sqlite3_column_text(statement, 0);
        const int32_t flow = flow_id != NULL ? audit_world_flow(audit->books->world, flow_id) : -1;
        if (flow < 0)
            audit_violation(audit->books->report, AUDIT_CONTAINERS, NULL, flow_id, AUDIT_NO_TIME,
                            "there is no such flow");
        else
            compare_flow(audit, statement, flow_id, &audit->flows[flow]);
    }
    return books_done(audit->books, statement, code);
}

/* ---- against flow_days ---- */

/* At the end of every day nobody is loaded who was not offered, nor delivered who was not loaded. */
static void check_day(const struct books *books, const char *flow_id, int64_t day, struct day_sum *so_far,
                      const struct day_sum *told) {
    so_far->offered += told->offered;
    so_far->loaded += told->loaded;
    so_far->delivered += told->delivered;
    so_far->refused += told->refused;
    audit_tested(books->report, AUDIT_CONTAINERS, 1);
    if (told->offered < 0 || told->loaded < 0 || told->delivered < 0 || told->refused < 0 ||
        so_far->offered - so_far->refused < so_far->loaded || so_far->loaded < so_far->delivered)
        audit_violation(books->report, AUDIT_CONTAINERS, NULL, flow_id, day * DAY_MS,
                        "by the end of day %" PRId64 " %" PRId64 " TEU were offered, %" PRId64 " refused, %" PRId64
                        " loaded and %" PRId64 " delivered",
                        day, so_far->offered, so_far->refused, so_far->loaded, so_far->delivered);
}

static void compare_day(const struct container_audit *audit, const char *flow_id, int32_t flow, int64_t day,
                        const struct day_sum *told) {
    const struct day_sum none = {0};
    const bool there = day >= 1 && day <= audit->day_count;
    const struct day_sum *made = there ? &audit->days[(day - 1) * audit->books->world->flow_count + flow] : &none;
    if (told->offered == made->offered && told->loaded == made->loaded && told->delivered == made->delivered &&
        told->refused == made->refused)
        return;
    audit_violation(audit->books->report, AUDIT_CONTAINERS, NULL, flow_id, (day - 1) * DAY_MS,
                    "day %" PRId64 " tells of %" PRId64 " TEU offered, %" PRId64 " refused, %" PRId64
                    " loaded, %" PRId64 " delivered; its containers make %" PRId64 ", %" PRId64 ", %" PRId64
                    ", %" PRId64,
                    day, told->offered, told->refused, told->loaded, told->delivered, made->offered, made->refused,
                    made->loaded, made->delivered);
}

/* `kept`: containers are; then days that are not told at all are looked for, too. */
static bool check_flow_days(struct container_audit *audit, bool kept) {
    const struct books *books = audit->books;
    struct day_sum *so_far = calloc((size_t)books->world->flow_count + 1, sizeof *so_far);
    sqlite3_stmt *statement =
        books_query(books, "SELECT flow, day, teu_offered, teu_loaded, teu_delivered, teu_refused "
                           "FROM flow_days WHERE run_id = ?1 ORDER BY day, flow");
    if (statement == NULL || so_far == NULL) {
        sqlite3_finalize(statement);
        free(so_far);
        return so_far != NULL ? false : books_no_memory(books);
    }
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *flow_id = (const char *)sqlite3_column_text(statement, 0);
        const int32_t flow = flow_id != NULL ? audit_world_flow(books->world, flow_id) : -1;
        const int64_t day = books_figure(statement, 1) % (AUDIT_FARTHEST_MS / DAY_MS);
        const struct day_sum told = {books_figure(statement, 2), books_figure(statement, 3), books_figure(statement, 4),
                                     books_figure(statement, 5)};
        if (flow < 0) {
            audit_violation(books->report, AUDIT_CONTAINERS, NULL, flow_id, AUDIT_NO_TIME, "there is no such flow");
            continue;
        }
        check_day(books, flow_id, day, &so_far[flow], &told);
        if (!kept) continue;
        compare_day(audit, flow_id, flow, day, &told);
        if (day >= 1 && day <= audit->day_count)
            audit->days[(day - 1) * books->world->flow_count + flow] = (struct day_sum){0};
    }
    free(so_far);
    const struct day_sum none = {0};
    for (int64_t place = 0; kept && place < audit->day_count * books->world->flow_count; place++)
        if (memcmp(&audit->days[place], &none, sizeof none) != 0)
            compare_day(audit, books->world->flows[place % books->world->flow_count].id,
                        (int32_t)(place % books->world->flow_count), place / books->world->flow_count + 1, &none);
    return books_done(books, statement, code);
}

/* ---- all of it ---- */

static bool check_kept(struct container_audit *audit) {
    const struct books *books = audit->books;
    const size_t flow_count = (size_t)books->world->flow_count;
    audit->flows = calloc(flow_count + 1, sizeof *audit->flows);
    audit->days = calloc((size_t)audit->day_count * flow_count + 1, sizeof *audit->days);
    audit->aboard_teu = calloc((size_t)books->rows->call_count + 2, sizeof *audit->aboard_teu);
    audit->train_teu = calloc((size_t)books->rows->train_count + 1, sizeof *audit->train_teu);
    bool good = audit->flows != NULL && audit->days != NULL && audit->aboard_teu != NULL && audit->train_teu != NULL;
    if (!good)
        books_no_memory(books);
    else if ((good = take_containers(audit))) {
        check_loads(audit);
        good = check_flow_use(audit) && check_flow_days(audit, true);
    }
    for (size_t flow = 0; audit->flows != NULL && flow < flow_count; flow++) free(audit->flows[flow].transits_h);
    free(audit->flows);
    free(audit->days);
    free(audit->aboard_teu);
    free(audit->train_teu);
    return good;
}

bool books_check_containers(const struct books *books) {
    struct container_audit audit = {.books = books, .day_count = books->end_ms / DAY_MS + 1, .good = true};
    if (!books->rows->detail.containers || books->world->flow_count == 0) return check_flow_days(&audit, false);
    if (books->end_ms < 0 || audit.day_count > MOST_DAY_CELLS / books->world->flow_count) {
        audit_skip(books->report, AUDIT_CONTAINERS, "the run is too long to count its days");
        return true;
    }
    return check_kept(&audit);
}
