#include "study/demand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/plan.h"

enum { DAYS_PER_WEEK = 7, EVERY_DAY = 127 };

/* ---- what makes trains alike ---- */

static bool is_nothing(const struct law *law) {
    return law_is_constant(law) && law_mean(law) == 0;
}

static bool same_law(const struct law *a, const struct law *b) {
    if (a->kind != b->kind || a->value_count != b->value_count) return false;
    if (a->kind == LAW_EMPIRICAL) return memcmp(a->values, b->values, a->value_count * sizeof *a->values) == 0;
    for (int i = 0; i < 3; i++)
        if (a->parameters[i] != b->parameters[i]) return false;
    return true;
}

/* Whether a call belongs to the class, and not only to the timetable it stands in. */
static bool is_kept(const struct train_plan *plan, int32_t index) {
    const struct planned_call *call = &plan->calls[index];
    if (index == 0 || index == plan->call_count - 1) return true;
    return call->stop && (plan->kind == PLAN_SERVICE || call->min_dwell_ms > 0 || !is_nothing(&call->dwell));
}

/* The next kept call from `index` on. */
static const struct planned_call *kept_call(const struct train_plan *plan, int32_t *index) {
    while (*index < plan->call_count && !is_kept(plan, *index)) (*index)++;
    return *index < plan->call_count ? &plan->calls[(*index)++] : NULL;
}

static int32_t kept_track(const struct train_plan *plan, const struct planned_call *call) {
    return plan->starts_standing && call == plan->calls ? -1 : call->track;
}

static bool same_calls(const struct train_plan *a, const struct train_plan *b) {
    int32_t at = 0, bt = 0;
    for (;;) {
        const struct planned_call *mine = kept_call(a, &at), *theirs = kept_call(b, &bt);
        if (!mine || !theirs) return mine == theirs;
        bool origin = mine == a->calls;
        if (mine->station != theirs->station || kept_track(a, mine) != kept_track(b, theirs)) return false;
        if (!origin && (mine->min_dwell_ms != theirs->min_dwell_ms || !same_law(&mine->dwell, &theirs->dwell)))
            return false;
    }
}

static bool same_route(const struct train_plan *a, const struct train_plan *b) {
    if (a->route_length != b->route_length) return false;
    for (int32_t i = 0; i < a->route_length; i++)
        if (a->route[i].section != b->route[i].section || a->route[i].direction != b->route[i].direction) return false;
    return true;
}

static bool alike(const struct timetable *timetable, const struct train_plan *a, const struct train_plan *b) {
    if (a->kind != b->kind || a->train_type != b->train_type || !same_law(&a->entry_delay, &b->entry_delay) ||
        !same_route(a, b) || !same_calls(a, b))
        return false;
    if (a->kind == PLAN_TIMETABLE) return true;
    const struct train_plan *first = timetable_root(timetable, a), *second = timetable_root(timetable, b);
    return first->arrivals == second->arrivals && first->first_ms == second->first_ms &&
           first->last_ms == second->last_ms && first->weekdays == second->weekdays;
}

/* ---- how many, and when ---- */

/* No days at all are all of them, as in a simulation. */
static unsigned weekdays_of(const struct train_plan *plan) {
    return plan->kind == PLAN_TIMETABLE || (plan->weekdays & EVERY_DAY) == 0 ? EVERY_DAY : plan->weekdays & EVERY_DAY;
}

static void widen(struct demand_class *class) {
    if (class->last_ms > class->first_ms) return;
    class->first_ms = 0;
    class->last_ms = MILLISECONDS_PER_DAY;
}

/* From the first to the last departure of the timetable's trains. */
static void timetable_window(const struct timetable *timetable, struct demand_class *class) {
    class->first_ms = INT64_MAX;
    class->last_ms = INT64_MIN;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        const struct train_plan *plan = &timetable->plans[i];
        if (plan->kind != PLAN_TIMETABLE) continue;
        int64_t departure = plan->calls[0].departure_ms >= 0 ? plan->calls[0].departure_ms : plan->calls[0].arrival_ms;
        if (departure < class->first_ms) class->first_ms = departure;
        if (departure > class->last_ms) class->last_ms = departure;
    }
    /* beyond a day long the window would overlap its own next day */
    if (class->last_ms - class->first_ms >= MILLISECONDS_PER_DAY) class->last_ms = class->first_ms;
}

static void begin_class(const struct simulation_plan *simulation_plan, int32_t index, struct demand_class *class) {
    const struct timetable *timetable = &simulation_plan->scenario->timetable;
    const struct train_plan *plan = &timetable->plans[index], *root = timetable_root(timetable, plan);
    *class = (struct demand_class){.model = index,
                                   .train_type = plan->train_type,
                                   .origin = plan->calls[0].station,
                                   .destination = plan->calls[plan->call_count - 1].station,
                                   .direction = simulation_plan->trips[index].direction,
                                   .arrivals = plan->kind == PLAN_TIMETABLE ? ARRIVALS_REGULAR : root->arrivals,
                                   .first_ms = root->first_ms,
                                   .last_ms = root->last_ms,
                                   .weekdays = weekdays_of(root)};
    if (plan->kind == PLAN_TIMETABLE) timetable_window(timetable, class);
    widen(class);
}

/* ---- reading ---- */

static void sort_into_classes(const struct simulation_plan *plan, struct demand *demand) {
    const struct timetable *timetable = &plan->scenario->timetable;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        int32_t index = 0;
        while (index < demand->class_count &&
               !alike(timetable, &timetable->plans[demand->classes[index].model], &timetable->plans[i]))
            index++;
        if (index == demand->class_count) begin_class(plan, i, &demand->classes[demand->class_count++]);
        demand->class_of_plan[i] = index;
        demand->classes[index].trains_per_day += timetable_trains_per_day(timetable, i);
    }
}

static void work_out_shares(struct demand *demand) {
    for (int32_t i = 0; i < demand->class_count; i++) demand->trains_per_day += demand->classes[i].trains_per_day;
    for (int32_t i = 0; i < demand->class_count; i++) {
        struct demand_class *class = &demand->classes[i];
        class->share = class->trains_per_day / demand->trains_per_day;
        demand->weighted = demand->weighted || class->arrivals == ARRIVALS_SATURATED;
        if (class->direction == FORWARD) demand->forward_share += class->share;
        demand->teu_per_train += class->share * demand->scenario->train_types[class->train_type].capacity_teu;
    }
}

bool demand_read(const struct simulation_plan *plan, struct demand *demand, struct failure *failure) {
    const size_t plans = (size_t)plan->scenario->timetable.plan_count;
    *demand = (struct demand){.scenario = plan->scenario};
    demand->classes = calloc(plans + 1, sizeof *demand->classes);
    demand->class_of_plan = calloc(plans + 1, sizeof *demand->class_of_plan);
    if (!demand->classes || !demand->class_of_plan) {
        demand_free(demand);
        return failure_set(failure, "out of memory");
    }
    sort_into_classes(plan, demand);
    work_out_shares(demand);
    if (demand->trains_per_day > 0) return true;
    demand_free(demand);
    return failure_set(failure, "the schedule has no trains, so there is no mix to ask about");
}

void demand_free(struct demand *demand) {
    free(demand->classes);
    free(demand->class_of_plan);
    *demand = (struct demand){0};
}

/* ---- building ---- */

static bool copy_calls(const struct train_plan *model, struct train_plan *plan) {
    plan->calls = calloc((size_t)model->call_count, sizeof *plan->calls);
    if (!plan->calls) return false;
    const struct planned_call *call;
    for (int32_t i = 0; (call = kept_call(model, &i));) {
        struct planned_call *copy = &plan->calls[plan->call_count++];
        *copy = (struct planned_call){.station = call->station,
                                      .arrival_ms = -1,
                                      .departure_ms = -1,
                                      .track = kept_track(model, call),
                                      .stop = true};
        if (call == model->calls) continue; /* it does not dwell where it begins */
        copy->min_dwell_ms = call->min_dwell_ms;
        if (!law_copy(&copy->dwell, &call->dwell)) return false;
    }
    return true;
}

static bool copy_model(const struct train_plan *model, int32_t row, struct train_plan *plan) {
    *plan = (struct train_plan){.kind = PLAN_SERVICE,
                                .train_type = model->train_type,
                                .row = row,
                                .file = model->file,
                                .line = model->line,
                                .column = model->column,
                                .route_length = model->route_length,
                                .return_of = -1};
    const size_t id_size = strlen(model->id) + 1, route_size = (size_t)model->route_length * sizeof *plan->route;
    plan->id = malloc(id_size);
    plan->route = malloc(route_size);
    if (!plan->id || !plan->route) return false;
    memcpy(plan->id, model->id, id_size);
    memcpy(plan->route, model->route, route_size);
    return law_copy(&plan->entry_delay, &model->entry_delay) && copy_calls(model, plan);
}

static enum arrival_process arrivals_of(const struct demand_class *class, enum demand_law law) {
    switch (law) {
    case DEMAND_AS_SCHEDULED:
        return class->arrivals;
    case DEMAND_REGULAR:
        return ARRIVALS_REGULAR;
    case DEMAND_POISSON:
        return ARRIVALS_POISSON;
    case DEMAND_SATURATED:
        return ARRIVALS_SATURATED;
    }
    return ARRIVALS_REGULAR;
}

static void set_arrivals(const struct demand *demand, const struct demand_request *request, int32_t index,
                         struct train_plan *plan) {
    const struct demand_class *class = &demand->classes[index];
    const bool service = demand->scenario->timetable.plans[class->model].kind == PLAN_SERVICE;
    const double trains_per_day = request->trains_per_day * class->share;
    plan->arrivals = arrivals_of(class, request->law);
    plan->weight = trains_per_day;
    plan->first_ms = request->round_the_clock ? 0 : class->first_ms;
    plan->last_ms = request->round_the_clock ? MILLISECONDS_PER_DAY : class->last_ms;
    plan->weekdays = request->round_the_clock ? EVERY_DAY : class->weekdays;
    const double on_a_day_it_runs = trains_per_day * DAYS_PER_WEEK / train_plan_days_a_week(plan);
    plan->interval_ms = (double)(plan->last_ms - plan->first_ms) / on_a_day_it_runs;
    if (request->law == DEMAND_REGULAR || !service)
        plan->offset_ms = plan->interval_ms * (index + 0.5) / demand->class_count;
}

bool demand_build(const struct demand *demand, const struct demand_request *request, struct timetable *timetable,
                  struct failure *failure) {
    *timetable = (struct timetable){0};
    if (!(request->trains_per_day > 0) || isinf(request->trains_per_day))
        return failure_set(failure, "a demand of %g trains a day is none to work with", request->trains_per_day);
    timetable->plans = calloc((size_t)demand->class_count, sizeof *timetable->plans);
    bool well = timetable->plans != NULL;
    for (int32_t i = 0; well && i < demand->class_count; i++) {
        struct train_plan *plan = &timetable->plans[timetable->plan_count++];
        well = copy_model(&demand->scenario->timetable.plans[demand->classes[i].model], i, plan);
        set_arrivals(demand, request, i, plan);
    }
    if (well) return true;
    timetable_free(timetable);
    return failure_set(failure, "out of memory");
}

struct scenario demand_scenario(const struct scenario *scenario, const struct timetable *timetable) {
    struct scenario copy = *scenario;
    copy.timetable = *timetable;
    copy.settings.repeat_once = false;
    return copy;
}
