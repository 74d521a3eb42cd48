#include "single_server.h"

#include "engine/event_queue.h"

#include <stdlib.h>

/* The streams' entities. */
enum { GAPS = 1, SERVICES = 2 };

/* At the same tick a customer leaves before the next one comes. */
enum { DEPARTURE = 0, ARRIVAL = 1 };

/* The draws of one entity in order, a block at a time. */
struct sequence {
    const struct stream *stream;
    uint64_t entity;
    uint64_t draw;
    double uniforms[4];
};

static inline double next_uniform(struct sequence *sequence) {
    uint64_t draw = sequence->draw++;
    if (draw % 4 == 0) stream_uniform4(sequence->stream, sequence->entity, draw / 4, sequence->uniforms);
    return sequence->uniforms[draw % 4];
}

static inline int64_t to_ticks(double units) {
    return (int64_t)(units * TICKS_PER_UNIT + 0.5);
}

struct draws {
    struct sequence gaps;
    struct sequence services;
    double mean_gap;
    double mean_service;
    bool constant_service;
};

static struct draws begin_draws(const struct single_server *model) {
    return (struct draws){
        .gaps = {.stream = &model->stream, .entity = GAPS},
        .services = {.stream = &model->stream, .entity = SERVICES},
        .mean_gap = 1 / model->arrival_rate,
        .mean_service = model->service_time,
        .constant_service = model->constant_service,
    };
}

static inline int64_t next_gap(struct draws *draws) {
    return to_ticks(stream_exponential(next_uniform(&draws->gaps), draws->mean_gap));
}

static inline int64_t next_service(struct draws *draws) {
    if (draws->constant_service) return to_ticks(draws->mean_service);
    return to_ticks(stream_exponential(next_uniform(&draws->services), draws->mean_service));
}

/* When each customer in the system came: a ring whose size is a power of two. */
struct line {
    int64_t *arrivals;
    size_t size;
    size_t first;
    size_t count;
};

static bool line_grow(struct line *line) {
    size_t size = line->size ? 2 * line->size : 64;
    int64_t *arrivals = malloc(size * sizeof *arrivals);
    if (!arrivals) return false;
    for (size_t i = 0; i < line->count; i++) arrivals[i] = line->arrivals[(line->first + i) & (line->size - 1)];
    free(line->arrivals);
    *line = (struct line){.arrivals = arrivals, .size = size, .count = line->count};
    return true;
}

static inline bool line_join(struct line *line, int64_t time) {
    if (line->count == line->size && !line_grow(line)) return false;
    line->arrivals[(line->first + line->count++) & (line->size - 1)] = time;
    return true;
}

static inline int64_t line_leave(struct line *line) {
    int64_t time = line->arrivals[line->first];
    line->first = (line->first + 1) & (line->size - 1);
    line->count--;
    return time;
}

struct server_run {
    struct draws draws;
    struct line line;
    struct event_queue *queue;
    int64_t expected; /* customers still to come */
    struct single_server_result result;
};

static bool start_service(struct server_run *run, int64_t now) {
    return event_queue_push(run->queue, now + next_service(&run->draws), DEPARTURE, DEPARTURE, 0) != 0;
}

static bool schedule_arrival(struct server_run *run, int64_t now) {
    if (run->expected == 0) return true;
    run->expected--;
    return event_queue_push(run->queue, now + next_gap(&run->draws), ARRIVAL, ARRIVAL, 0) != 0;
}

static bool arrive(struct server_run *run, int64_t now) {
    if (!schedule_arrival(run, now) || !line_join(&run->line, now)) return false;
    return run->line.count > 1 || start_service(run, now);
}

static bool depart(struct server_run *run, int64_t now) {
    int64_t ticks = now - line_leave(&run->line);
    run->result.customers++;
    run->result.ticks_in_system += ticks;
    run->result.hash = (run->result.hash ^ (uint64_t)ticks) * UINT64_C(0x9e3779b97f4a7c15);
    return run->line.count == 0 || start_service(run, now);
}

static bool play(struct server_run *run) {
    struct event event;
    while (event_queue_pop(run->queue, &event)) {
        run->result.events++;
        bool done = event.kind == ARRIVAL ? arrive(run, event.time_ms) : depart(run, event.time_ms);
        if (!done) return false;
    }
    return true;
}

bool single_server_simulate(const struct single_server *model, int64_t customers, struct single_server_result *result) {
    struct server_run run = {.draws = begin_draws(model), .queue = event_queue_create(), .expected = customers};
    bool done = run.queue && schedule_arrival(&run, 0) && play(&run);
    event_queue_destroy(run.queue);
    free(run.line.arrivals);
    *result = run.result;
    return done;
}

void single_server_recursion(const struct single_server *model, size_t customers, double *times) {
    struct draws draws = begin_draws(model);
    int64_t wait = model->first_wait;
    next_gap(&draws); /* before the first customer, whom nothing precedes */
    for (size_t i = 0; i < customers; i++) {
        int64_t in_system = wait + next_service(&draws);
        times[i] = (double)in_system / TICKS_PER_UNIT;
        wait = in_system - next_gap(&draws);
        if (wait < 0) wait = 0;
    }
}

int64_t single_server_stationary_wait(const struct single_server *model, double uniform) {
    double load = model->arrival_rate * model->service_time;
    if (uniform >= load) return 0;
    /* Nobody waits with probability 1 - load; the others' waits are exponential. */
    return to_ticks(stream_exponential(uniform / load, model->service_time / (1 - load)));
}

double single_server_mean_time(const struct single_server_result *result) {
    return (double)result->ticks_in_system / (double)result->customers / TICKS_PER_UNIT;
}
