#include "one_section.h"

#include <check.h>

struct studied studied_of(struct scenario *scenario) {
    char message[512];
    struct failure failure;
    struct studied studied = {.scenario = scenario};
    studied.plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(studied.plan != NULL, "%s", message);
    ck_assert_msg(demand_read(studied.plan, &studied.demand, &failure), "%s", failure.text);
    return studied;
}

void studied_free(struct studied *studied) {
    demand_free(&studied->demand);
    simulation_plan_destroy(studied->plan);
    build_free(studied->scenario);
}

static const double section_km[] = {50}; /* 30 min */

struct studied queue_line(int64_t seed) {
    char east[256], west[256];
    struct scenario *scenario = build_straight(section_km, 1, 2, 0, 0, east, west);
    scenario->settings.seed = seed;
    scenario->settings.dispatch = DISPATCH_FCFS;
    build_service(scenario, "e", "train", east, ARRIVALS_POISSON, 7200);
    build_service(scenario, "w", "train", west, ARRIVALS_POISSON, 7200);
    return studied_of(scenario);
}

/* F10 turned round: W = ρ s / [2 (1 − ρ)]. */
double queue_demand_at(double wait_min) {
    const double load = 2 * wait_min / (QUEUE_SERVICE_MIN + 2 * wait_min);
    return load * 1440 / QUEUE_SERVICE_MIN;
}

const double turns_line_per_day = 1440 / 41.5;

struct studied turns_line(int64_t seed) {
    char east[256], west[256], message[200];
    struct scenario *scenario = build_straight(section_km, 1, 2, 0, 4, east, west);
    scenario->settings.seed = seed;
    scenario->settings.dispatch = DISPATCH_FLEET;
    scenario->settings.fleet_size = 1;
    ck_assert(law_parse("uniform(1,1.5)", &scenario->train_types[0].running_factor, message, sizeof message));
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 7200);
    return studied_of(scenario);
}
