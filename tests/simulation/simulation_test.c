/* The simulation as an object: stepping, copying, interrupting; and single rules of movement on lines small enough to
 * work out by hand. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch/policy.h"
#include "simulation/simulation.h"
#include "support/railway_builder.h"

/* ---- what a run tells, kept ---- */

enum { MOST_TRAINS = 160, MOST_CALLS = 12 };

struct kept {
    struct train_record trains[MOST_TRAINS]; /* by train_id − 1 */
    struct train_call calls[MOST_TRAINS][MOST_CALLS];
    struct train_passage passages[MOST_TRAINS][MOST_CALLS];
    int32_t count;
    uint64_t sum; /* over all arrivals and departures */
    struct run_summary summary;
};

static void keep_train(void *context, const struct train_record *train) {
    struct kept *kept = context;
    int64_t index = train->train_id - 1;
    kept->count++;
    for (int32_t i = 0; i < train->call_count; i++) {
        kept->sum =
            (kept->sum * 31 + (uint64_t)train->calls[i].arrival_ms) * 31 + (uint64_t)train->calls[i].departure_ms;
        if (index < MOST_TRAINS && i < MOST_CALLS) kept->calls[index][i] = train->calls[i];
    }
    if (index >= MOST_TRAINS) return;
    kept->trains[index] = *train;
    for (int32_t i = 0; i < train->passage_count && i < MOST_CALLS; i++) kept->passages[index][i] = train->passages[i];
}

static void keep_end(void *context, const struct run_summary *summary) {
    ((struct kept *)context)->summary = *summary;
}

static struct simulation_plan *plan_of(const struct scenario *scenario) {
    char message[200];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    return plan;
}

static struct kept run(const struct scenario *scenario) {
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    struct simulation_options options = {.replication = 1};
    struct simulation_plan *plan = plan_of(scenario);
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    simulation_plan_destroy(plan);
    return kept;
}

/* ---- stepping and copying ---- */

static struct scenario *busy_line(void) {
    static const double KM[] = {12, 20, 8, 15};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 4, 2, 0, 1, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_POISSON, 3000);
    build_service(scenario, "w", "train", west, ARRIVALS_POISSON, 3000);
    struct train_plan *express = build_service(scenario, "x", "train", east, ARRIVALS_REGULAR, 7200);
    express->entry_delay = (struct law){.kind = LAW_EXPONENTIAL, .parameters = {900}};
    scenario->settings.repeat_once = false;
    scenario->settings.horizon_ms = 2 * MILLISECONDS_PER_DAY;
    return scenario;
}

START_TEST(stepping_changes_nothing) {
    struct scenario *scenario = busy_line();
    struct simulation_plan *plan = plan_of(scenario);
    struct simulation_options options = {.replication = 3};
    struct kept whole = {.count = 0}, stepped = {.count = 0};
    struct observer watch_whole = {.context = &whole, .train = keep_train, .end = keep_end};
    struct observer watch_stepped = {.context = &stepped, .train = keep_train, .end = keep_end};
    ck_assert_int_eq(simulation_run(plan, &options, &watch_whole), SIMULATION_DONE);
    struct simulation *simulation = simulation_create(plan, &options, NULL, &watch_stepped);
    for (int64_t at = 0; simulation_advance(simulation, at);) at += 777000;
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    simulation_destroy(simulation);
    ck_assert_int_eq(whole.count, stepped.count);
    ck_assert_uint_eq(whole.sum, stepped.sum);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* A copy taken at any moment goes on as the original does; neither disturbs the other. */
START_TEST(a_copy_goes_on_alike) {
    static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};
    struct scenario *scenario = busy_line();
    scenario->settings.dispatch = POLICIES[_i % 3];
    struct simulation_plan *plan = plan_of(scenario);
    struct simulation_options options = {.replication = 2, .want_blocks = true};
    struct kept original = {.count = 0}, copied = {.count = 0};
    struct observer watch = {.context = &original, .train = keep_train, .end = keep_end},
                    watch_copy = {.context = &copied, .train = keep_train, .end = keep_end};
    struct simulation *simulation = simulation_create(plan, &options, NULL, &watch);
    simulation_advance(simulation, (_i + 1) * 7 * INT64_C(3600000) + 123457);
    copied = original; /* what was told before the copy */
    struct simulation *copy = simulation_copy(simulation, &watch_copy);
    struct simulation *thrown_away = simulation_copy(copy, NULL);
    ck_assert_ptr_nonnull(copy);
    simulation_advance(thrown_away, 30 * INT64_C(3600000));
    simulation_destroy(thrown_away);
    ck_assert_int_eq(simulation_finish(copy), SIMULATION_DONE);
    simulation_destroy(copy);
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    ck_assert_int_eq(original.count, copied.count);
    ck_assert_uint_eq(original.sum, copied.sum);
    ck_assert_int_eq(original.summary.events, copied.summary.events);
    simulation_destroy(simulation);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

START_TEST(stops_when_told) {
    struct scenario *scenario = busy_line();
    struct simulation_plan *plan = plan_of(scenario);
    atomic_bool stop = true;
    struct simulation_options options = {.replication = 1, .stop = &stop};
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_INTERRUPTED);
    ck_assert(kept.summary.interrupted);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

START_TEST(more_days_do_not_change_the_first) {
    struct scenario *scenario = busy_line();
    struct kept two_days = run(scenario);
    scenario->settings.horizon_ms = 5 * MILLISECONDS_PER_DAY;
    struct kept five_days = run(scenario);
    for (int32_t i = 0; i < 40; i++) {
        ck_assert_int_eq(two_days.trains[i].planned_departure_ms, five_days.trains[i].planned_departure_ms);
        ck_assert_int_eq(two_days.trains[i].arrival_ms, five_days.trains[i].arrival_ms);
    }
    build_free(scenario);
}
END_TEST

/* ---- single rules ---- */

/* W – E, one section of 20 km run in 1,000 s; trains and changes are added by each test. */
static struct scenario *one_section(struct section **section) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "E", 0, 0);
    *section = build_section(scenario, "W-E", "W", "E", 20000);
    build_running_time(scenario, 1000, 0, 0);
    build_type(scenario, "train", 500);
    return scenario;
}

static void check_departures(struct scenario *scenario, double first_s, double second_s) {
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].departure_ms, llround(first_s * 1000));
    ck_assert_int_eq(kept.trains[1].departure_ms, llround(second_s * 1000));
    build_free(scenario);
}

START_TEST(an_opposing_train_waits_for_release_and_crossing_interval) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->release_ms = 30000;
    scenario->network.stations[1].crossing_interval_ms = 45000;
    build_train(scenario, "E1", "train", "W E", 0, -1, -1);
    build_train(scenario, "W1", "train", "E W", 0, -1, -1);
    check_departures(scenario, 0, 1075);
}
END_TEST

START_TEST(a_follower_waits_for_the_block) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->release_ms = 30000;
    section->block_m = 5000;
    build_train(scenario, "E1", "train", "W E", 0, -1, -1);
    build_train(scenario, "E2", "train", "W E", 0, -1, -1);
    /* the first of four blocks is left after a quarter of the time */
    check_departures(scenario, 0, 280);
}
END_TEST

START_TEST(a_slow_leader_holds_its_follower_at_the_last_block) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->block_m = 5000;
    build_type(scenario, "slow", 500);
    build_running_time_on(scenario, "W-E", 2000, 0, 0);
    scenario->running_times[1].train_type = 1;
    build_train(scenario, "slow", "slow", "W E", 0, -1, -1);
    build_train(scenario, "fast", "train", "W E", 0, -1, -1);
    /* the fast one may enter the last block, 750 s after its start, when the slow one has cleared it at 2,000 s */
    check_departures(scenario, 0, 1250);
}
END_TEST

START_TEST(headway_holds_at_both_ends) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->headway_ms = 300000;
    build_type(scenario, "slow", 500);
    build_running_time_on(scenario, "W-E", 1600, 0, 0);
    scenario->running_times[1].train_type = 1;
    build_train(scenario, "slow", "slow", "W E", 0, -1, -1);
    build_train(scenario, "fast", "train", "W E", 0, -1, -1);
    check_departures(scenario, 0, 1600 + 300 - 1000);
}
END_TEST

START_TEST(a_purge_follows_one_way_only) {
    for (int opposing = 0; opposing < 2; opposing++) {
        struct section *section;
        struct scenario *scenario = one_section(&section);
        section->purge_ms = 1200000;
        section->purge_after = section->purge_before = DIRECTION_FORWARD_BIT;
        build_train(scenario, "E1", "train", "W E", 0, -1, -1);
        build_train(scenario, "second", "train", opposing ? "E W" : "W E", 0, -1, -1);
        check_departures(scenario, 0, opposing ? 1000 : 2200);
    }
}
END_TEST

START_TEST(most_trains_in_a_section) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->headway_ms = 100000;
    section->max_trains = 2;
    for (int i = 0; i < 3; i++) {
        char id[] = {'T', (char)('1' + i), 0};
        build_train(scenario, id, "train", "W E", 0, -1, -1);
    }
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[1].departure_ms, 100000);
    ck_assert_int_eq(kept.trains[2].departure_ms, 1000000);
    build_free(scenario);
}
END_TEST

START_TEST(a_possession_keeps_out_whom_it_would_catch) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    static const struct possession NIGHT = {
        .section = 0, .directions = DIRECTION_BOTH_BITS, .weekdays = 127, .from_ms = 3600000, .to_ms = 7200000};
    scenario->network.possessions = malloc(sizeof NIGHT);
    scenario->network.possessions[0] = NIGHT;
    scenario->network.possession_count = 1;
    build_train(scenario, "in time", "train", "W E", 2600, -1, -1);
    build_train(scenario, "too late", "train", "W E", 2601, -1, -1);
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].departure_ms, 2600000);
    ck_assert_int_eq(kept.trains[1].departure_ms, 7200000);
    ck_assert_int_eq(kept.calls[1][0].wait_cause, WAIT_POSSESSION);
    build_free(scenario);
}
END_TEST

/* W – S – E: where trains meet at S, both running times 600 s, 120 s to start and 60 s to stop. */
static struct scenario *one_siding(int32_t tracks) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "S", tracks, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-S", "W", "S", 10000);
    build_section(scenario, "S-E", "S", "E", 10000);
    build_running_time(scenario, 600, 120, 60);
    build_type(scenario, "train", 500);
    return scenario;
}

START_TEST(who_is_granted_in_time_runs_through) {
    struct scenario *scenario = one_siding(2);
    build_train(scenario, "E1", "train", "W S E", 0, -1, -1);
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.calls[0][1].arrival_ms, 720000); /* 120 s to start, no stop at S */
    ck_assert_int_eq(kept.calls[0][2].arrival_ms, 720000 + 600000 + 60000);
    ck_assert(!kept.calls[0][1].stopped);
    build_free(scenario);
}
END_TEST

START_TEST(who_is_refused_brakes_stops_and_starts_again) {
    struct scenario *scenario = one_siding(2);
    build_train(scenario, "E1", "train", "W S E", 0, -1, -1);
    build_train(scenario, "W1", "train", "E S W", 200, -1, -1);
    struct kept kept = run(scenario);
    /* E1 reaches the last moment at 720 s with W1 on S–E until 920 s (running through) or 980 s (stopping) */
    ck_assert_int_eq(kept.calls[0][1].arrival_ms, 780000);
    ck_assert(kept.calls[0][1].stopped);
    ck_assert_int_eq(kept.calls[0][1].departure_ms, kept.calls[1][1].arrival_ms);
    ck_assert_int_eq(kept.calls[0][1].wait_cause, WAIT_KNOCK_ON);
    ck_assert_int_eq(kept.calls[0][1].wait_for_train, 2);
    ck_assert_int_eq(kept.calls[1][1].arrival_ms, 920000); /* runs through beside it */
    build_free(scenario);
}
END_TEST

/* Made to brake by W1, which is gone when it stands: the time to set its route again is W1's doing, too. */
START_TEST(the_time_to_start_again_is_owed_to_who_made_it_stop) {
    struct scenario *scenario = one_siding(2);
    scenario->settings.route_setting_ms = 15000;
    build_train(scenario, "E1", "train", "W S E", 40, -1, -1);
    build_train(scenario, "W1", "train", "E S W", 0, -1, -1);
    struct kept kept = run(scenario);
    ck_assert(kept.calls[1][1].stopped);
    ck_assert_int_lt(kept.calls[0][1].arrival_ms, kept.calls[1][1].arrival_ms);
    ck_assert_int_eq(kept.calls[1][1].wait_ms, 15000);
    ck_assert_int_eq(kept.calls[1][1].wait_cause, WAIT_KNOCK_ON);
    ck_assert_int_eq(kept.calls[1][1].wait_for_train, 1);
    build_free(scenario);
}
END_TEST

START_TEST(arrivals_from_opposite_sides_keep_their_interval) {
    struct scenario *scenario = one_siding(2);
    scenario->network.stations[1].arrival_interval_ms = 240000;
    build_train(scenario, "E1", "train", "W S E", 0, -1, -1);
    build_train(scenario, "W1", "train", "E S W", 0, -1, -1);
    struct kept kept = run(scenario);
    int64_t apart = llabs(kept.calls[0][1].arrival_ms - kept.calls[1][1].arrival_ms);
    ck_assert_int_ge(apart, 240000);
    build_free(scenario);
}
END_TEST

START_TEST(nobody_leaves_before_its_time) {
    struct scenario *scenario = one_siding(2);
    struct train_plan *plan = build_train(scenario, "E1", "train", "W S E", 0, -1, -1);
    plan->calls = realloc(plan->calls, 3 * sizeof *plan->calls);
    plan->calls[2] = plan->calls[1];
    plan->calls[1] = (struct planned_call){.station = 1, .arrival_ms = 800000, .departure_ms = 800000, .track = -1};
    plan->call_count = 3;
    struct kept kept = run(scenario); /* a timed pass: too early, it stops and waits */
    ck_assert_int_eq(kept.calls[0][1].arrival_ms, 780000);
    ck_assert_int_eq(kept.calls[0][1].departure_ms, 800000);
    ck_assert_int_eq(kept.calls[0][1].wait_ms, 0);
    ck_assert_int_eq(kept.calls[0][1].wait_cause, WAIT_SCHEDULED);
    build_free(scenario);
}
END_TEST

START_TEST(a_trainset_turns_round) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    scenario->network.stations[1].turnaround_ms = 500000;
    struct train_plan *out = build_service(scenario, "out", "train", "W E", ARRIVALS_REGULAR, 86400);
    out->trains_per_day = 1;
    build_service(scenario, "back", "train", "E W", ARRIVALS_REGULAR, 86400)->return_of = 0;
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.count, 2);
    ck_assert_int_eq(kept.trains[1].plan, 1);
    ck_assert_int_eq(kept.trains[1].departure_ms, 1500000);
    ck_assert_int_eq(kept.trains[1].arrival_ms, 2500000);
    build_free(scenario);
}
END_TEST

START_TEST(saturated_services_share_their_origin) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    build_service(scenario, "a", "train", "W E", ARRIVALS_SATURATED, 0)->weight = 3;
    build_service(scenario, "b", "train", "W E", ARRIVALS_SATURATED, 0)->weight = 1;
    scenario->settings.repeat_once = false;
    struct kept kept = run(scenario);
    int32_t of_a = 0, of_b = 0;
    for (int32_t i = 0; i < 40; i++) {
        of_a += kept.trains[i].plan == 0 && kept.trains[i].departure_ms != TIME_NONE;
        of_b += kept.trains[i].plan == 1 && kept.trains[i].departure_ms != TIME_NONE;
    }
    ck_assert_int_ge(of_a, 3 * of_b - 4);
    ck_assert_int_le(of_a, 3 * of_b + 4);
    build_free(scenario);
}
END_TEST

/* A fast train of higher class is always ready at either end, too: where the turn at its origin is another's, nobody is
 * held for it, or all would stand and wait for it. */
START_TEST(who_waits_for_its_turn_at_the_origin_holds_nobody) {
    char east[256], west[256];
    struct scenario *scenario = build_straight((double[]){30, 40}, 2, 4, 5, 2, east, west);
    build_type(scenario, "express", 300)->priority = 9;
    build_service(scenario, "a", "train", east, ARRIVALS_SATURATED, 0)->weight = 8;
    build_service(scenario, "b", "train", west, ARRIVALS_SATURATED, 0)->weight = 8;
    build_service(scenario, "x", "express", east, ARRIVALS_SATURATED, 0)->weight = 2;
    build_service(scenario, "y", "express", west, ARRIVALS_SATURATED, 0)->weight = 2;
    scenario->settings.repeat_once = false;
    scenario->settings.horizon_ms = 10 * MILLISECONDS_PER_DAY;
    for (int dispatch = DISPATCH_FCFS; dispatch <= DISPATCH_FLEET; dispatch++) {
        scenario->settings.dispatch = (enum dispatch_kind)dispatch;
        struct outcome outcome = build_run(scenario, 1);
        ck_assert_int_eq(outcome.forced, 0);
        ck_assert_int_eq(outcome.violations, 0);
        ck_assert_int_gt(outcome.arrived_in_window[0], 200);
        ck_assert_int_gt(outcome.arrived_in_window[1], 200);
    }
    build_free(scenario);
}
END_TEST

static int by_id(const void *state, const struct dispatch_request *a, const struct dispatch_request *b) {
    (void)state;
    return a->train_id < b->train_id ? -1 : 1;
}

static struct dispatch_answer always_hold(void *state, const struct dispatch_view *view,
                                          const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
    return (struct dispatch_answer){false, INT64_MAX, -1};
}

static void nothing(void *state, const struct dispatch_view *view, const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
}

/* Whoever is held for nobody on the line is let go at once: no dispatcher knows how late others will be. */
START_TEST(a_train_that_is_late_puts_off_no_forced_move) {
    static const struct dispatch_policy holds = {
        .name = "always holds", .compare = by_id, .permit = always_hold, .granted = nothing};
    struct section *section;
    struct scenario *scenario = one_section(&section);
    build_train(scenario, "E1", "train", "W E", 0, -1, -1);
    build_train(scenario, "W1", "train", "E W", 60, -1, -1)->entry_delay =
        (struct law){.kind = LAW_CONSTANT, .parameters = {36000}};
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    struct simulation_options options = {.replication = 1};
    struct simulation_plan *plan = plan_of(scenario);
    ck_assert_int_eq(simulation_run_policy(plan, &options, &holds, &observer), SIMULATION_DONE);
    ck_assert_int_eq(kept.trains[0].departure_ms, 0);
    ck_assert_int_eq(kept.trains[1].departure_ms, 36060000);
    ck_assert_int_eq(kept.summary.forced_moves, 2);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

START_TEST(turns_tied_to_the_clock) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->headway_ms = 120000;
    scenario->settings.dispatch = DISPATCH_FLEET;
    scenario->settings.fleet_window_ms = 1800000;
    for (int i = 0; i < 3; i++) {
        char east[] = {'E', (char)('1' + i), 0}, west[] = {'W', (char)('1' + i), 0};
        build_train(scenario, east, "train", "W E", 1000 * i, -1, -1);
        build_train(scenario, west, "train", "E W", 1000 * i, -1, -1);
    }
    struct kept kept = run(scenario);
    for (int i = 0; i < 6; i++) {
        int64_t window = kept.trains[i].departure_ms / 1800000;
        ck_assert_int_eq(window % 2, kept.trains[i].direction);
    }
    build_free(scenario);
}
END_TEST

START_TEST(a_timed_passage_on_single_line_is_waited_for_before_it) {
    struct scenario *scenario = one_siding(1); /* nobody meets at S: a block post */
    struct train_plan *plan = build_train(scenario, "E1", "train", "W S E", 0, -1, -1);
    plan->calls = realloc(plan->calls, 3 * sizeof *plan->calls);
    plan->calls[2] = plan->calls[1];
    plan->calls[1] = (struct planned_call){.station = 1, .arrival_ms = 900000, .departure_ms = 900000, .track = -1};
    plan->call_count = 3;
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.calls[0][1].departure_ms, 900000);
    ck_assert(!kept.calls[0][1].stopped);
    ck_assert_int_eq(kept.trains[0].departure_ms, 180000);
    build_free(scenario);
}
END_TEST

START_TEST(a_lone_train_is_never_late) {
    struct scenario *scenario = one_siding(2);
    scenario->settings.route_setting_ms = 20000;
    scenario->settings.reaction_ms = 5000;
    struct train_plan *plan = build_train(scenario, "E1", "train", "W S E", 3600, -1, -1);
    plan->calls = realloc(plan->calls, 3 * sizeof *plan->calls);
    plan->calls[2] = plan->calls[1];
    plan->calls[1] = (struct planned_call){
        .station = 1, .arrival_ms = -1, .departure_ms = -1, .min_dwell_ms = 120000, .stop = true, .track = -1};
    plan->call_count = 3;
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].departure_ms, 3600000);
    ck_assert_int_eq(kept.trains[0].delay_ms, 0);
    ck_assert_int_eq(kept.calls[0][1].wait_ms, 0);
    build_free(scenario);
}
END_TEST

START_TEST(most_trains_on_a_two_track_line_of_blocks) {
    for (int32_t most = 1; most <= 3; most++) {
        struct section *section;
        struct scenario *scenario = one_section(&section);
        section->tracks = 2;
        section->block_m = 2000;
        section->max_trains = most;
        for (int i = 0; i < 5; i++) {
            char id[] = {'T', (char)('1' + i), 0};
            build_train(scenario, id, "train", "W E", 0, -1, -1);
        }
        struct kept kept = run(scenario);
        ck_assert_int_eq(kept.count, 5);
        for (int i = 0; i < 5; i++) {
            int32_t inside = 0;
            for (int k = 0; k < 5; k++)
                inside += kept.passages[k][0].enter_ms <= kept.passages[i][0].enter_ms &&
                          kept.passages[k][0].clear_ms > kept.passages[i][0].enter_ms;
            ck_assert_int_le(inside, most);
        }
        ck_assert_int_eq(kept.passages[most][0].enter_ms, kept.passages[0][0].clear_ms);
        build_free(scenario);
    }
}
END_TEST

/* With fixed times, where trains have no length: whoever has to wait at the last signal of a two-track section is in
 * the section until it goes on, whatever separates the trains there. */
START_TEST(who_waits_at_a_signal_on_the_line_is_on_the_line) {
    for (int kind = 0; kind < 3; kind++) {
        struct scenario *scenario = build_scenario();
        build_station(scenario, "W", 0, 0);
        build_station(scenario, "M", 2, 0);
        build_station(scenario, "E", 0, 0);
        struct section *section = build_section(scenario, "W-M", "W", "M", 10000);
        section->tracks = 2;
        if (kind == 0) section->block_m = 2000;
        if (kind == 1) section->headway_ms = 60000;
        if (kind == 2) section->signalling = SIGNALLING_MOVING;
        build_section(scenario, "M-E", "M", "E", 10000);
        build_running_time(scenario, 500, 60, 30);
        build_type(scenario, "train", 300);
        build_train(scenario, "T1", "train", "M E", 3600, 0, -1);
        build_train(scenario, "T2", "train", "M E", 7200, 0, -1);
        build_train(scenario, "T3", "train", "W M E", 100, -1, -1);
        struct kept kept = run(scenario);
        ck_assert_int_eq(kept.calls[2][0].departure_ms, 100000);
        ck_assert_int_eq(kept.calls[2][1].arrival_ms, 3690000); /* it starts when T1 leaves its track */
        ck_assert_int_eq(kept.passages[2][0].clear_ms, 3690000);
        build_free(scenario);
    }
}
END_TEST

/* From block to block of two tracks a lone train takes no less time to a stop than over one track in one go, where it
 * brakes in time for it: signals and stations may lie nearer than its braking distance. */
START_TEST(nobody_brakes_harder_than_it_can) {
    int64_t taken_ms[2][3];
    for (int tracks = 1; tracks <= 2; tracks++)
        for (int kind = 0; kind < 3; kind++) {
            struct scenario *scenario = build_scenario();
            build_station(scenario, "W", 0, 0);
            build_station(scenario, "E", 2, 600);
            scenario->network.tracks[1].speed_ms = scenario->network.tracks[2].speed_ms = 15;
            struct section *section = build_section(scenario, "W-E", "W", "E", 20000);
            section->tracks = tracks;
            if (kind == 0) section->block_m = 1500;
            if (kind == 1) section->headway_ms = 60000;
            if (kind == 2) section->signalling = SIGNALLING_MOVING;
            struct train_type *type = build_type(scenario, "fast", 500);
            type->mass_kg = 1e6;
            type->power_w = 1e7;
            type->tractive_effort_n = 4e5;
            type->brake_ms2 = 0.2;
            type->max_speed_ms = 30;
            type->has_traction = true;
            build_train(scenario, "T", "fast", "W E", 0, -1, -1);
            struct kept kept = run(scenario);
            taken_ms[tracks - 1][kind] = kept.calls[0][1].arrival_ms;
            build_free(scenario);
        }
    for (int kind = 0; kind < 3; kind++) {
        ck_assert_int_ge(taken_ms[1][kind], taken_ms[0][kind] - 30); /* rounded block by block */
        ck_assert_int_lt(taken_ms[1][kind], taken_ms[0][kind] * 13 / 10);
    }
}
END_TEST

/* One that runs on other days than the only one does not run, whatever its arrivals. */
START_TEST(once_is_one_day) {
    for (int arrivals = ARRIVALS_REGULAR; arrivals <= ARRIVALS_POISSON; arrivals++)
        for (int32_t day = 0; day < 7; day++) {
            struct section *section;
            struct scenario *scenario = one_section(&section);
            build_service(scenario, "S", "train", "W E", (enum arrival_process)arrivals, 3600)->weekdays = 1u << day;
            struct kept kept = run(scenario);
            ck_assert_int_eq(kept.count > 0, day == scenario->settings.start_weekday);
            build_free(scenario);
        }
}
END_TEST

/* Fixed times say nothing of braking, the train type does: 19.5 km in 1,000 s from turnout to turnout are 19.5 m/s;
 * braking with 0.4 m/s² takes half of 48.75 s, the margin 20.513 s. */
START_TEST(fixed_times_keep_the_moving_block) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->signalling = SIGNALLING_MOVING;
    scenario->settings.moving_margin_m = 400;
    scenario->train_types[0].brake_ms2 = 0.4;
    build_train(scenario, "T1", "train", "W E", 0, -1, -1);
    build_train(scenario, "T2", "train", "W E", 0, -1, -1);
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.calls[1][0].departure_ms, 24375 + 20513);
    build_free(scenario);
}
END_TEST

/* A train of the lower class, behind a stream of the higher that leaves no gap, goes when it has aged. */
START_TEST(no_class_starves) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    build_type(scenario, "express", 500);
    scenario->train_types[1].priority = 5;
    build_service(scenario, "x", "express", "W E", ARRIVALS_REGULAR, 600);
    build_train(scenario, "slow", "train", "W E", 60, -1, -1);
    scenario->settings.dispatch = DISPATCH_PRIORITY;
    scenario->settings.repeat_once = false;
    scenario->settings.horizon_given = true;
    struct kept kept = run(scenario);
    int64_t left = TIME_NONE;
    for (int32_t i = 0; i < MOST_TRAINS; i++)
        if (kept.trains[i].plan == 1) left = kept.trains[i].departure_ms;
    ck_assert_int_gt(left, 12 * 3600000 - 1000000);
    ck_assert_int_lt(left, 13 * 3600000);
    build_free(scenario);
}
END_TEST

/* Forward and backward are the ways of whole routes, however a section is drawn. */
START_TEST(directions_do_not_depend_on_how_sections_are_drawn) {
    struct scenario *scenario = one_siding(2);
    int32_t from = scenario->network.sections[0].from;
    scenario->network.sections[0].from = scenario->network.sections[0].to;
    scenario->network.sections[0].to = from;
    build_train(scenario, "E1", "train", "W S E", 0, -1, -1);
    build_train(scenario, "W1", "train", "E S W", 0, -1, -1);
    for (int32_t i = 0; i < 2; i++) {
        struct train_plan *plan = &scenario->timetable.plans[i];
        plan->route[i == 0 ? 0 : 1].direction = i == 0 ? BACKWARD : FORWARD;
    }
    struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].direction, FORWARD);
    ck_assert_int_eq(kept.trains[1].direction, BACKWARD);
    build_free(scenario);
}
END_TEST

START_TEST(a_destination_is_occupied_until_the_train_leaves) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    for (int i = 0; i < 3; i++) {
        char id[] = {'T', (char)('1' + i), 0};
        build_train(scenario, id, "train", "W E", 1000 * i, -1, -1)->calls[1].min_dwell_ms = 7200000;
    }
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    struct simulation_options options = {.replication = 1};
    struct simulation_plan *plan = plan_of(scenario);
    struct simulation *simulation = simulation_create(plan, &options, NULL, &observer);
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    ck_assert_int_eq(kept.summary.stations[1].max_occupied, 3);
    ck_assert_int_eq(kept.summary.stations[1].occupied_ms, 3 * 7200000);
    simulation_destroy(simulation);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

START_TEST(a_crowd_is_counted_whole) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    for (int i = 0; i < 150; i++) {
        char id[8];
        snprintf(id, sizeof id, "T%d", i);
        build_train(scenario, id, "train", "W E", i, -1, -1)->calls[1].min_dwell_ms = 200000000;
    }
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    struct simulation_options options = {.replication = 1};
    struct simulation_plan *plan = plan_of(scenario);
    struct simulation *simulation = simulation_create(plan, &options, NULL, &observer);
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    ck_assert_int_eq(kept.count, 150);
    ck_assert_int_eq(kept.summary.stations[1].max_occupied, 150);
    simulation_destroy(simulation);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* Both wait at the last signal for the tracks that others leave at once: the second follows when the long tail of the
 * first is out, on whatever track it goes. */
START_TEST(trains_leave_a_line_behind_each_other) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "M", 2, 2000);
    build_station(scenario, "E", 0, 0);
    struct section *section = build_section(scenario, "W-M", "W", "M", 20000);
    section->tracks = 2;
    section->signalling = SIGNALLING_MOVING;
    build_section(scenario, "M-E", "M", "E", 10000)->tracks = 2;
    for (int i = 0; i < 2; i++) {
        struct train_type *type = build_type(scenario, i ? "long" : "short", i ? 1500 : 100);
        type->mass_kg = 1e6;
        type->power_w = 1e7;
        type->tractive_effort_n = 4e5;
        type->brake_ms2 = 0.3;
        type->max_speed_ms = 20;
        type->has_traction = true;
    }
    build_train(scenario, "T1", "short", "M E", 3600, 0, -1);
    build_train(scenario, "T2", "short", "M W", 3600, 0, -1);
    build_train(scenario, "T3", "long", "W M", 100, -1, -1);
    build_train(scenario, "T4", "short", "W M", 200, -1, -1);
    struct kept kept = run(scenario);
    ck_assert_int_ge(kept.calls[2][1].arrival_ms, 3600000);
    ck_assert_int_gt(kept.passages[3][0].clear_ms, kept.passages[2][0].clear_ms);
    ck_assert_int_lt(kept.calls[3][1].arrival_ms, 3900000); /* and not when something else moves */
    build_free(scenario);
}
END_TEST

/* One that enters occupies its origin until its tail is out: told late, when the other has long left. */
START_TEST(an_origin_is_occupied_until_the_tail_is_out) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "A", 0, 0);
    build_station(scenario, "M", 2, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "A-M", "A", "M", 10500);
    build_section(scenario, "M-E", "M", "E", 10500);
    build_running_time(scenario, 1000, 0, 0);
    build_type(scenario, "train", 500);
    scenario->settings.clear_by_length = true;
    build_train(scenario, "T1", "train", "A M", 0, -1, -1)->calls[1].min_dwell_ms = 100000;
    build_train(scenario, "T2", "train", "M E", 970, -1, -1);
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    struct simulation_options options = {.replication = 1};
    struct simulation_plan *plan = plan_of(scenario);
    struct simulation *simulation = simulation_create(plan, &options, NULL, &observer);
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    ck_assert_int_eq(kept.calls[0][1].arrival_ms, 1000000);
    ck_assert_int_eq(kept.summary.stations[1].occupied_ms, 100000 + 50000);
    ck_assert_int_eq(kept.summary.stations[1].max_occupied, 2);
    simulation_destroy(simulation);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* Their routes are being set as the run ends. */
START_TEST(nobody_has_left_before_its_departure) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    scenario->settings.route_setting_ms = 60000;
    scenario->settings.horizon_given = true;
    scenario->settings.horizon_ms = 970000;
    build_train(scenario, "T1", "train", "W E", 1000, -1, -1);
    build_train(scenario, "T2", "train", "E W", 1000, 0, -1);
    section->tracks = 2;
    struct kept kept = run(scenario);
    for (int i = 0; i < 2; i++) ck_assert_int_eq(kept.trains[i].departure_ms, TIME_NONE);
    ck_assert_int_eq(kept.trains[0].status + kept.trains[1].status, TRAIN_NOT_ENTERED + TRAIN_WAITING);
    build_free(scenario);
}
END_TEST

START_TEST(section_use_is_what_trains_held) {
    struct section *section;
    struct scenario *scenario = one_section(&section);
    section->release_ms = 30000;
    build_train(scenario, "E1", "train", "W E", 0, -1, -1);
    build_train(scenario, "W1", "train", "E W", 5000, -1, -1);
    struct kept kept = {.count = 0};
    struct observer observer = {.context = &kept, .train = keep_train, .end = keep_end};
    struct simulation_options options = {.replication = 1};
    struct simulation_plan *plan = plan_of(scenario);
    struct simulation *simulation = simulation_create(plan, &options, NULL, &observer);
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    ck_assert_int_eq(kept.summary.sections[0].busy_ms, 1030000);
    ck_assert_int_eq(kept.summary.sections[0].trains, 1);
    ck_assert_int_eq(kept.passages[0][0].clear_ms, 1000000);
    ck_assert_int_eq(kept.passages[0][0].release_ms, 1030000);
    simulation_destroy(simulation);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("simulation");
    TCase *object = tcase_create("object"), *rules = tcase_create("rules");
    tcase_add_test(object, stepping_changes_nothing);
    tcase_add_loop_test(object, a_copy_goes_on_alike, 0, 6);
    tcase_add_test(object, stops_when_told);
    tcase_add_test(object, more_days_do_not_change_the_first);
    tcase_add_test(rules, an_opposing_train_waits_for_release_and_crossing_interval);
    tcase_add_test(rules, a_follower_waits_for_the_block);
    tcase_add_test(rules, a_slow_leader_holds_its_follower_at_the_last_block);
    tcase_add_test(rules, headway_holds_at_both_ends);
    tcase_add_test(rules, a_purge_follows_one_way_only);
    tcase_add_test(rules, most_trains_in_a_section);
    tcase_add_test(rules, a_possession_keeps_out_whom_it_would_catch);
    tcase_add_test(rules, who_is_granted_in_time_runs_through);
    tcase_add_test(rules, who_is_refused_brakes_stops_and_starts_again);
    tcase_add_test(rules, the_time_to_start_again_is_owed_to_who_made_it_stop);
    tcase_add_test(rules, arrivals_from_opposite_sides_keep_their_interval);
    tcase_add_test(rules, nobody_leaves_before_its_time);
    tcase_add_test(rules, a_trainset_turns_round);
    tcase_add_test(rules, saturated_services_share_their_origin);
    tcase_add_test(rules, who_waits_for_its_turn_at_the_origin_holds_nobody);
    tcase_add_test(rules, a_train_that_is_late_puts_off_no_forced_move);
    tcase_add_test(rules, turns_tied_to_the_clock);
    tcase_add_test(rules, a_timed_passage_on_single_line_is_waited_for_before_it);
    tcase_add_test(rules, a_lone_train_is_never_late);
    tcase_add_test(rules, most_trains_on_a_two_track_line_of_blocks);
    tcase_add_test(rules, who_waits_at_a_signal_on_the_line_is_on_the_line);
    tcase_add_test(rules, nobody_brakes_harder_than_it_can);
    tcase_add_test(rules, once_is_one_day);
    tcase_add_test(rules, fixed_times_keep_the_moving_block);
    tcase_add_test(rules, no_class_starves);
    tcase_add_test(rules, directions_do_not_depend_on_how_sections_are_drawn);
    tcase_add_test(rules, a_destination_is_occupied_until_the_train_leaves);
    tcase_add_test(rules, a_crowd_is_counted_whole);
    tcase_add_test(rules, trains_leave_a_line_behind_each_other);
    tcase_add_test(rules, an_origin_is_occupied_until_the_tail_is_out);
    tcase_add_test(rules, nobody_has_left_before_its_departure);
    tcase_add_test(rules, section_use_is_what_trains_held);
    suite_add_tcase(suite, object);
    suite_add_tcase(suite, rules);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
