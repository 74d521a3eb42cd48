#include "simulation/draws.h"

#include <math.h>

static uint64_t entity_of(const struct train *train) {
    return (uint64_t)train->trip << 44 ^ (uint64_t)train->day << 20 ^ (uint64_t)train->number;
}

static double draw(const struct simulation *simulation, const struct train *train, enum stream_purpose purpose,
                   int32_t node, const struct law *law) {
    struct stream stream = {(uint64_t)simulation->plan->scenario->settings.seed, purpose,
                            (uint64_t)simulation->options.replication};
    return law_sample(law, stream_uniform(&stream, entity_of(train), (uint64_t)node));
}

/* A law of seconds, as a delay: never negative. */
int64_t draws_delay_ms(const struct simulation *simulation, const struct train *train, enum stream_purpose purpose,
                       int32_t node, const struct law *law) {
    double seconds = draw(simulation, train, purpose, node, law);
    return seconds > 0 ? (int64_t)llround(fmin(seconds, 1e9) * 1000) : 0;
}

/* Actual over planned running time; never below the technical minimum, which lacks the supplement. */
double draws_running_factor(const void *context, int32_t leg) {
    const struct move_context *move = context;
    const struct trip *trip = trip_of(move->simulation, move->train);
    if (!trip->random_running) return 1;
    const struct path_leg *at = &path_of(move->simulation, move->train)->legs[leg];
    /* one draw for a section, however many blocks it is run in */
    double factor = draw(move->simulation, move->train, STREAM_RUNNING, at->step, &trip->type->running_factor);
    /* a fixed running time is the least there is; a computed one was planned with the supplement */
    double least = at->fixed ? 1 : 1 / (1 + trip->type->supplement_percent / 100);
    return fmin(fmax(factor, least), 1000);
}

int64_t draws_ready_planned(const struct simulation *simulation, const struct train *train, int32_t node,
                            int64_t arrival_ms) {
    const struct node_plan *at = &trip_of(simulation, train)->nodes[node];
    int64_t ready = arrival_ms + at->min_dwell_ms;
    if (at->departure_ms >= 0 && train->base_ms + at->departure_ms > ready) ready = train->base_ms + at->departure_ms;
    return ready;
}

int64_t draws_ready_after(const struct simulation *simulation, const struct train *train, int32_t node,
                          int64_t arrival_ms) {
    const struct node_plan *at = &trip_of(simulation, train)->nodes[node];
    int64_t planned = draws_ready_planned(simulation, train, node, arrival_ms);
    if (!at->dwell) return planned;
    int64_t ready = arrival_ms + at->min_dwell_ms + draws_delay_ms(simulation, train, STREAM_DWELL, node, at->dwell);
    return ready > planned ? ready : planned;
}

int64_t draws_leave_within_move(const void *context, int32_t node, int64_t arrival_ms) {
    const struct move_context *move = context;
    if (!trip_of(move->simulation, move->train)->nodes[node].stop) return INT64_MIN;
    return draws_ready_after(move->simulation, move->train, node, arrival_ms);
}

int64_t draws_earliest_within_move(const void *context, int32_t node) {
    const struct move_context *move = context;
    const struct node_plan *at = &trip_of(move->simulation, move->train)->nodes[node];
    return at->stop || at->departure_ms < 0 ? INT64_MIN : move->train->base_ms + at->departure_ms;
}
