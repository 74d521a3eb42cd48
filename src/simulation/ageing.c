#include "simulation/ageing.h"

#include "dispatch/rivals.h"
#include "simulation/policy_view.h"
#include "simulation/requests.h"

/* A slower train can often start a little sooner than a faster one, since it comes later to the track that is to fall
 * free. For so long those that rank behind may make use of that, from the first of them on. */
static const int64_t PASSED_MS = 3600 * INT64_C(1000);
/* It goes before all that have not waited so long, and no policy may hold it or run opposing trains past it. */
static const int64_t AGED_MS = 12 * 3600 * INT64_C(1000);
/* Where others come again and again to the tracks that it needs, only keeping them out helps. */
static const int64_t STARVED_MS = 18 * 3600 * INT64_C(1000);

static int64_t waited_ms(const struct simulation *simulation, int32_t slot) {
    return simulation->now_ms - simulation->asked[slot].own_turn_ms;
}

bool ageing_is_aged(const struct simulation *simulation, int32_t slot) {
    return waited_ms(simulation, slot) > AGED_MS;
}

bool ageing_goes_before(const struct simulation *simulation, int32_t a_slot, int32_t b_slot) {
    const struct dispatch_request *a = requests_as_seen(simulation, a_slot), *b = requests_as_seen(simulation, b_slot);
    bool a_aged = ageing_is_aged(simulation, a_slot), b_aged = ageing_is_aged(simulation, b_slot);
    if (a_aged != b_aged) return a_aged;
    if (a_aged) return dispatch_compare_first_come(a, b) < 0;
    return simulation->policy->compare(simulation->policy_state, a, b) < 0;
}

/* ---- on the roads that the request asks for ---- */

/* Nobody runs past a train that has aged, where only the road keeps it. */
static bool has_aged(struct simulation *simulation, const struct dispatch_view *view,
                     const struct dispatch_request *request, int32_t slot) {
    if (!ageing_is_aged(simulation, slot)) return false;
    const struct dispatch_request *rival = requests_as_seen(simulation, slot);
    return rival->since_ms < request->since_ms && !dispatch_target_is_crowded(view, rival) &&
           policy_view_permitted(simulation, slot);
}

/* Does it rank before the request, to start from the same place, and wait for nothing but a moment that is known? */
static bool is_passed_by(const struct simulation *simulation, const struct dispatch_request *request, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct dispatch_request *rival = &simulation->asked[slot].seen;
    return slot != request->train && train->refusal.sleep == SLEEP_ROAD && train->timer &&
           train->cause == WAIT_KNOCK_ON &&
           rival->path->nodes[rival->from].place == request->path->nodes[request->from].place &&
           requests_turn_of_another(simulation, train) < 0 && ageing_goes_before(simulation, slot, request->train);
}

static bool was_passed_for_long(const struct simulation *simulation, int32_t slot) {
    const int64_t passed_ms = simulation->asked[slot].passed_ms;
    return passed_ms != TIME_NONE && simulation->now_ms - passed_ms > PASSED_MS;
}

void ageing_note_passed(struct simulation *simulation, const struct dispatch_request *request) {
    for (int32_t i = request->from; i < request->to; i++) {
        const struct path_leg *leg = &request->path->legs[i];
        for (int32_t index = simulation->road_wishes[leg->road]; index >= 0; index = simulation->wishes[index].next) {
            const struct wish *wish = &simulation->wishes[index];
            struct asked *asked = &simulation->asked[wish->train];
            if (wish->direction == leg->direction && asked->passed_ms == TIME_NONE &&
                is_passed_by(simulation, request, wish->train))
                asked->passed_ms = simulation->now_ms;
        }
    }
}

static int32_t rival_on(struct simulation *simulation, const struct dispatch_view *view,
                        const struct dispatch_request *request, const struct path_leg *leg) {
    for (int32_t index = simulation->road_wishes[leg->road]; index >= 0; index = simulation->wishes[index].next) {
        const struct wish *wish = &simulation->wishes[index];
        const bool waits_for_it =
            wish->direction != leg->direction
                ? has_aged(simulation, view, request, wish->train)
                : was_passed_for_long(simulation, wish->train) && is_passed_by(simulation, request, wish->train);
        if (waits_for_it) return wish->train;
    }
    return -1;
}

/* ---- on the way that a train would enter for ---- */

/* Does the way lead over a road that the train asks for, or by a place that it asks for or that is too full for it? */
static bool comes_in_its_way(const struct simulation *simulation, const struct dispatch_request *request,
                             int32_t slot) {
    const struct dispatch_request *rival = &simulation->asked[slot].seen;
    const struct refusal *refusal = &simulation->trains[slot].refusal;
    const int32_t to = requests_target(simulation, slot);
    for (int32_t i = request->from; i < request->path->node_count; i++) {
        const int32_t place = request->path->nodes[i].place;
        const int32_t road = i + 1 < request->path->node_count ? request->path->legs[i].road : -1;
        const bool limited = simulation->plan->layout->places[place].capacity >= 0;
        for (int32_t k = rival->from; k <= to; k++) {
            if (limited && rival->path->nodes[k].place == place) return true;
            if (k < to && rival->path->legs[k].road == road) return true;
        }
        for (int32_t k = 0; refusal->sleep == SLEEP_UNSAFE && k < refusal->closed_count; k++)
            if (refusal->closed[k] == place) return true;
    }
    return false;
}

static bool is_starved(const struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    return waited_ms(simulation, slot) > STARVED_MS && train->cause == WAIT_KNOCK_ON &&
           requests_turn_of_another(simulation, train) < 0;
}

static int32_t starved_rival(struct simulation *simulation, const struct dispatch_request *request) {
    if (!request->entering || simulation->now_ms - simulation->longest_since_ms <= STARVED_MS) return -1;
    int32_t rival = -1;
    simulation->longest_since_ms = simulation->now_ms;
    for (int32_t slot = 0; slot < simulation->train_room; slot++) {
        if (!simulation->trains[slot].asking) continue;
        const int64_t since = simulation->asked[slot].own_turn_ms;
        if (since < simulation->longest_since_ms) simulation->longest_since_ms = since;
        if (rival < 0 && slot != request->train && is_starved(simulation, slot) &&
            ageing_goes_before(simulation, slot, request->train) && comes_in_its_way(simulation, request, slot))
            rival = slot;
    }
    return rival;
}

int32_t ageing_rival(struct simulation *simulation, const struct dispatch_view *view,
                     const struct dispatch_request *request, int64_t *until_ms) {
    *until_ms = INT64_MAX;
    for (int32_t i = request->from; i < request->to; i++) {
        const int32_t rival = rival_on(simulation, view, request, &request->path->legs[i]);
        if (rival < 0) continue;
        /* it asks again then, and goes unless something else has come up */
        const struct train *train = &simulation->trains[rival];
        if (train->refusal.sleep == SLEEP_ROAD && train->timer) *until_ms = train->refusal.until_ms;
        return rival;
    }
    return starved_rival(simulation, request);
}

bool ageing_keeps_out(const struct simulation *simulation, int32_t slot) {
    return waited_ms(simulation, slot) > STARVED_MS;
}

void ageing_let_in(struct simulation *simulation) {
    for (int32_t slot = 0; slot < simulation->train_room; slot++)
        if (simulation->trains[slot].phase == PHASE_OUTSIDE) requests_wake(simulation, slot);
}
