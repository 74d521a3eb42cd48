/* A schedule as a mix, and the mix offered in other numbers. */
#include "study/demand.h"

#include <math.h>
#include <string.h>

#include "../engine/suite.h"
#include "simulation/calendar.h"
#include "simulation/plan.h"
#include "support/railway_builder.h"

/* W – S – E, two train types, fixed times. */
static struct scenario *small_line(void) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "S", 2, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-S", "W", "S", 20000);
    build_section(scenario, "S-E", "S", "E", 20000);
    build_running_time(scenario, 900, 60, 60);
    build_type(scenario, "freight", 500)->capacity_teu = 100;
    build_type(scenario, "passenger", 200);
    scenario->settings.repeat_once = false;
    return scenario;
}

struct read_line {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct demand demand;
};

static struct read_line read_demand(struct scenario *scenario) {
    char message[256];
    struct failure failure;
    struct read_line line = {.scenario = scenario};
    line.plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(line.plan != NULL, "%s", message);
    ck_assert_msg(demand_read(line.plan, &line.demand, &failure), "%s", failure.text);
    return line;
}

static void free_line(struct read_line *line) {
    demand_free(&line->demand);
    simulation_plan_destroy(line->plan);
    build_free(line->scenario);
}

static void near(double value, double expected) {
    ck_assert_msg(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected)), "%.12g, expected %.12g", value, expected);
}

/* A call between origin and destination of a plan built last. */
static struct planned_call *add_call(struct train_plan *plan, int32_t station, int64_t arrival_ms, int64_t departure_ms,
                                     int64_t min_dwell_ms) {
    plan->calls = realloc(plan->calls, (size_t)(plan->call_count + 1) * sizeof *plan->calls);
    ck_assert_ptr_nonnull(plan->calls);
    struct planned_call *last = &plan->calls[plan->call_count - 1];
    last[1] = last[0];
    plan->call_count++;
    *last = (struct planned_call){.station = station,
                                  .arrival_ms = arrival_ms,
                                  .departure_ms = departure_ms,
                                  .min_dwell_ms = min_dwell_ms,
                                  .track = -1,
                                  .stop = arrival_ms != departure_ms || min_dwell_ms > 0};
    return last;
}

START_TEST(services_are_counted_by_what_they_say) {
    struct scenario *scenario = small_line();
    build_service(scenario, "hourly", "freight", "W S E", ARRIVALS_REGULAR, 3600);
    struct train_plan *weekly = build_service(scenario, "weekly", "freight", "E S W", ARRIVALS_REGULAR, 86400);
    weekly->weekdays = 1;
    struct train_plan *random = build_service(scenario, "random", "passenger", "E S W", ARRIVALS_POISSON, 1800);
    random->first_ms = 6 * 3600000;
    random->last_ms = 18 * 3600000;
    random->weekdays = 31;
    struct read_line line = read_demand(scenario);
    const struct demand *demand = &line.demand;
    ck_assert_int_eq(demand->class_count, 3);
    near(demand->classes[0].trains_per_day, 24);
    near(demand->classes[1].trains_per_day, 1.0 / 7);
    near(demand->classes[2].trains_per_day, 24 * 5.0 / 7);
    near(demand->trains_per_day, 24 + 1.0 / 7 + 120.0 / 7);
    near(demand->classes[0].share + demand->classes[1].share + demand->classes[2].share, 1);
    near(demand->forward_share, 24 / demand->trains_per_day);
    near(demand->teu_per_train, 100 * (24 + 1.0 / 7) / demand->trains_per_day);
    ck_assert_int_eq(demand->classes[2].direction, BACKWARD);
    ck_assert_int_eq(demand->classes[2].first_ms, 6 * 3600000);
    ck_assert(!demand->weighted);
    free_line(&line);
}
END_TEST

START_TEST(a_saturated_service_counts_by_its_weight) {
    struct scenario *scenario = small_line();
    build_service(scenario, "a", "freight", "W S E", ARRIVALS_SATURATED, 0)->weight = 3;
    build_service(scenario, "b", "passenger", "E S W", ARRIVALS_SATURATED, 0)->weight = 1;
    struct read_line line = read_demand(scenario);
    near(line.demand.classes[0].share, 0.75);
    ck_assert(line.demand.weighted);
    free_line(&line);
}
END_TEST

START_TEST(a_return_counts_as_often_as_what_it_returns_from) {
    struct scenario *scenario = small_line();
    struct train_plan *out = build_service(scenario, "out", "freight", "W S E", ARRIVALS_REGULAR, 3 * 3600);
    out->first_ms = 3600000;
    build_service(scenario, "back", "freight", "E S W", ARRIVALS_REGULAR, 86400)->return_of = 0;
    build_service(scenario, "out_again", "freight", "W S E", ARRIVALS_REGULAR, 86400)->return_of = 1;
    struct read_line line = read_demand(scenario);
    ck_assert_int_eq(line.demand.class_count, 2); /* the third is like the first: the same trainsets go there again */
    near(line.demand.classes[0].trains_per_day, 16);
    near(line.demand.classes[1].trains_per_day, 8);
    ck_assert_int_eq(line.demand.classes[1].first_ms, 3600000);
    struct timetable timetable;
    struct failure failure;
    ck_assert(demand_build(&line.demand, &(struct demand_request){30, DEMAND_REGULAR, true}, &timetable, &failure));
    for (int32_t i = 0; i < timetable.plan_count; i++) ck_assert_int_eq(timetable.plans[i].return_of, -1);
    timetable_free(&timetable);
    free_line(&line);
}
END_TEST

/* Five trains of a timetable: two alike but for where they meet, one with a commercial stop, one that stands at first,
 * one with another entry delay. */
static struct scenario *small_timetable(void) {
    struct scenario *scenario = small_line();
    const int64_t hour = 3600000;
    struct train_plan *meets = build_train(scenario, "meets", "freight", "W S E", 6 * 3600, -1, -1);
    add_call(meets, 1, 7 * hour, 8 * hour, 0);
    struct train_plan *passes = build_train(scenario, "passes", "freight", "W S E", 9 * 3600, -1, -1);
    add_call(passes, 1, 10 * hour, 10 * hour, 0);
    struct train_plan *stops = build_train(scenario, "stops", "freight", "W S E", 12 * 3600, -1, -1);
    add_call(stops, 1, 13 * hour, 14 * hour, 120000);
    build_train(scenario, "stands", "freight", "W S E", 5 * 3600, 4 * 3600, -1);
    struct train_plan *late = build_train(scenario, "late", "freight", "W S E", 20 * 3600, -1, -1);
    late->entry_delay = (struct law){.kind = LAW_EXPONENTIAL, .parameters = {300}};
    return scenario;
}

START_TEST(trains_of_a_timetable_become_classes) {
    struct read_line line = read_demand(small_timetable());
    const struct demand *demand = &line.demand;
    static const int32_t CLASS[] = {0, 0, 1, 0, 2};
    for (int i = 0; i < 5; i++) ck_assert_int_eq(demand->class_of_plan[i], CLASS[i]);
    ck_assert_int_eq(demand->class_count, 3);
    near(demand->classes[0].share, 0.6);
    ck_assert_int_eq(demand->classes[1].model, 2);
    ck_assert_int_eq(demand->classes[0].first_ms, 5 * 3600000);
    ck_assert_int_eq(demand->classes[0].last_ms, 20 * 3600000);
    free_line(&line);
}
END_TEST

START_TEST(what_is_built_keeps_what_trains_need) {
    struct read_line line = read_demand(small_timetable());
    struct timetable timetable;
    struct failure failure;
    ck_assert(demand_build(&line.demand, &(struct demand_request){30, DEMAND_POISSON, false}, &timetable, &failure));
    ck_assert_int_eq(timetable.plan_count, 3);
    const struct train_plan *plain = &timetable.plans[0], *stops = &timetable.plans[1], *late = &timetable.plans[2];
    ck_assert_int_eq(plain->call_count, 2);
    ck_assert_int_eq(stops->call_count, 3);
    ck_assert_int_eq(stops->calls[1].min_dwell_ms, 120000);
    ck_assert_int_eq(stops->calls[1].departure_ms, -1);
    ck_assert(stops->calls[1].stop && !stops->starts_standing);
    ck_assert_int_eq(late->entry_delay.kind, LAW_EXPONENTIAL);
    ck_assert_str_eq(late->id, "late");
    for (int32_t i = 0; i < 3; i++) {
        ck_assert_int_eq(timetable.plans[i].row, i);
        ck_assert_int_eq(timetable.plans[i].arrivals, ARRIVALS_POISSON);
        near(timetable.plans[i].interval_ms, 15 * 3600000 / (30 * line.demand.classes[i].share));
    }
    timetable_free(&timetable);
    free_line(&line);
}
END_TEST

/* Trains in `days` days, each checked to come when it has to. */
static int64_t count_trains(const struct train_plan *plan, int32_t index, int64_t days) {
    struct calendar calendar = {0};
    struct calendar_entry entry;
    const struct stream stream = {1, STREAM_ARRIVAL, 1};
    int64_t count = 0, before = -1;
    while (calendar_next(&calendar, plan, index, 0, false, &stream, &entry) &&
           entry.time_ms < days * MILLISECONDS_PER_DAY) {
        int64_t day = entry.time_ms / MILLISECONDS_PER_DAY, in_day = entry.time_ms % MILLISECONDS_PER_DAY;
        REQUIRE(entry.time_ms >= before && entry.day == day + 1);
        REQUIRE(in_day >= plan->first_ms && in_day <= plan->last_ms);
        REQUIRE(plan->weekdays >> day % 7 & 1);
        before = entry.time_ms;
        count++;
    }
    return count;
}

static struct scenario *two_ways(void) {
    struct scenario *scenario = small_line();
    struct train_plan *east = build_service(scenario, "e", "freight", "W S E", ARRIVALS_REGULAR, 7200);
    east->first_ms = 5 * 3600000;
    east->last_ms = 23 * 3600000;
    east->weekdays = 31;
    build_service(scenario, "w", "freight", "E S W", ARRIVALS_POISSON, 7200);
    return scenario;
}

static const double NUMBERS[] = {0.31, 7.4, 24, 61.7};

START_TEST(any_number_of_trains_is_exact_in_the_long_run) {
    struct read_line line = read_demand(two_ways());
    enum { DAYS = 7 * 1000 };
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++)
        for (int around = 0; around < 2; around++)
            for (int law = DEMAND_AS_SCHEDULED; law <= DEMAND_POISSON; law++) {
                struct timetable timetable;
                struct failure failure;
                const struct demand_request request = {NUMBERS[i], (enum demand_law)law, around == 1};
                ck_assert(demand_build(&line.demand, &request, &timetable, &failure));
                for (int32_t k = 0; k < 2; k++) {
                    double expected = NUMBERS[i] * line.demand.classes[k].share * DAYS;
                    double off = fabs((double)count_trains(&timetable.plans[k], k, DAYS) - expected);
                    bool random = timetable.plans[k].arrivals == ARRIVALS_POISSON;
                    ck_assert_msg(off <= (random ? 4 * sqrt(expected) : 1), "%g trains, law %d: %g off", NUMBERS[i],
                                  law, off);
                }
                timetable_free(&timetable);
            }
    free_line(&line);
}
END_TEST

START_TEST(regular_classes_do_not_come_together) {
    struct scenario *scenario = small_line();
    build_service(scenario, "a", "freight", "W S E", ARRIVALS_POISSON, 7200);
    build_service(scenario, "b", "freight", "E S W", ARRIVALS_POISSON, 7200);
    struct read_line line = read_demand(scenario);
    struct timetable timetable;
    struct failure failure;
    ck_assert(demand_build(&line.demand, &(struct demand_request){24, DEMAND_REGULAR, true}, &timetable, &failure));
    struct calendar calendars[2] = {{0}, {0}};
    for (int64_t n = 0; n < 100; n++)
        for (int32_t k = 0; k < 2; k++) {
            struct calendar_entry entry;
            ck_assert(calendar_next(&calendars[k], &timetable.plans[k], k, 0, false, NULL, &entry));
            ck_assert_int_eq(entry.time_ms, 1800000 + (2 * n + k) * 3600000);
        }
    timetable_free(&timetable);
    free_line(&line);
}
END_TEST

/* The same uniforms for the same class: twice the trains come at half the times. */
START_TEST(other_numbers_see_the_same_chance) {
    struct read_line line = read_demand(two_ways());
    struct timetable once, twice;
    struct failure failure;
    ck_assert(demand_build(&line.demand, &(struct demand_request){10, DEMAND_POISSON, true}, &once, &failure));
    ck_assert(demand_build(&line.demand, &(struct demand_request){20, DEMAND_POISSON, true}, &twice, &failure));
    struct calendar first = {0}, second = {0};
    const struct stream stream = {1, STREAM_ARRIVAL, 1};
    for (int n = 0; n < 200; n++) {
        struct calendar_entry a, b;
        ck_assert(calendar_next(&first, &once.plans[1], 1, 0, false, &stream, &a));
        ck_assert(calendar_next(&second, &twice.plans[1], 1, 0, false, &stream, &b));
        ck_assert_msg(llabs(a.time_ms - 2 * b.time_ms) <= 4, "%lld and %lld", (long long)a.time_ms,
                      (long long)b.time_ms);
    }
    timetable_free(&once);
    timetable_free(&twice);
    free_line(&line);
}
END_TEST

START_TEST(a_scaled_demand_can_be_simulated) {
    struct read_line line = read_demand(two_ways());
    static const enum demand_law LAWS[] = {DEMAND_REGULAR, DEMAND_SATURATED};
    for (int i = 0; i < 2; i++) {
        struct timetable timetable;
        struct failure failure;
        ck_assert(demand_build(&line.demand, &(struct demand_request){21.5, LAWS[i], true}, &timetable, &failure));
        struct scenario copy = demand_scenario(line.scenario, &timetable);
        copy.settings.horizon_ms = 40 * MILLISECONDS_PER_DAY;
        struct outcome outcome = build_run(&copy, 1);
        ck_assert_msg(outcome.violations == 0, "%s", outcome.first_violation);
        if (LAWS[i] == DEMAND_REGULAR)
            ck_assert_msg(llabs(outcome.trains_planned - 860) <= 2, "%d trains", (int)outcome.trains_planned);
        else
            ck_assert_int_gt(outcome.arrived, 860); /* 62 a day fit */
        timetable_free(&timetable);
    }
    free_line(&line);
}
END_TEST

START_TEST(no_demand_is_refused) {
    struct read_line line = read_demand(two_ways());
    struct timetable timetable;
    struct failure failure;
    static const double NONE[] = {0, -1, NAN, INFINITY};
    for (int i = 0; i < 4; i++)
        ck_assert(
            !demand_build(&line.demand, &(struct demand_request){NONE[i], DEMAND_REGULAR, true}, &timetable, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "none to work with"));
    free_line(&line);

    struct scenario *empty = small_line();
    char message[256];
    struct simulation_plan *plan = simulation_plan_create(empty, message, sizeof message);
    struct demand demand;
    ck_assert(!demand_read(plan, &demand, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "no trains"));
    simulation_plan_destroy(plan);
    build_free(empty);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {services_are_counted_by_what_they_say,
                                  a_saturated_service_counts_by_its_weight,
                                  a_return_counts_as_often_as_what_it_returns_from,
                                  trains_of_a_timetable_become_classes,
                                  what_is_built_keeps_what_trains_need,
                                  any_number_of_trains_is_exact_in_the_long_run,
                                  regular_classes_do_not_come_together,
                                  other_numbers_see_the_same_chance,
                                  a_scaled_demand_can_be_simulated,
                                  no_demand_is_refused};
    return run_suite("demand", tests, sizeof tests / sizeof *tests);
}
