/* The check of trains against their least times: what it lets pass, and faults planted for it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../engine/suite.h"
#include "audit/checks.h"
#include "chain.h"

enum { CALLS = 4 };

/* One train along a chain of three sections, and what the check says of it. */
struct run {
    struct chain chain;
    struct audit_train_row train;
    struct audit_call_row calls[CALLS];
    struct audit_rows rows;
    struct audit_report report;
};

static void call_at(struct run *run, int32_t index, bool stopped) {
    run->calls[index] = (struct audit_call_row){.station = index,
                                                .track = index,
                                                .arrival_ms = AUDIT_NULL_MS,
                                                .departure_ms = AUDIT_NULL_MS,
                                                .stopped = stopped,
                                                .station_id = run->chain.stations[index].id,
                                                .track_id = run->chain.tracks[index].id,
                                                .wait_for = AUDIT_NULL_MS};
}

/* The train takes its times from the audit itself: from rest, past s1, to stop at s2 for a minute, and on to s3. Each
 * leg that is `slower` by some share takes that much longer. */
static void schedule(struct run *run, const double slower[CALLS - 1]) {
    struct audit_way way = chain_way(&run->chain);
    double least_s[CALLS - 1];
    way.count = 2;
    chain_times(&run->chain, &way, least_s);
    way.first = 2;
    way.count = 1;
    chain_times(&run->chain, &way, least_s + 2);
    int64_t time_ms = 3600000;
    for (int32_t i = 0; i < CALLS; i++) {
        if (i > 0) time_ms = run->calls[i].arrival_ms = time_ms + llround(least_s[i - 1] * (1 + slower[i - 1]) * 1000);
        if (i + 1 < CALLS) time_ms = run->calls[i].departure_ms = time_ms + (i == 2 ? 60000 : 0);
    }
}

static void begin(struct run *run) {
    struct chain *chain = &run->chain;
    *run = (struct run){.train = {.train_id = 1, .train = "T1@1", .call_count = CALLS}};
    chain_begin(chain, 1000);
    chain_add(chain, 12000, 1500);
    chain_add_alignment(chain, (struct audit_alignment){.from_m = 3000, .to_m = 9000, .gradient_permille = 2.5});
    chain_add(chain, 15000, 1000);
    chain_add_alignment(chain, (struct audit_alignment){.from_m = 500, .to_m = 4000, .speed_ms = 15});
    chain_add(chain, 9000, 2000);
    chain->tracks[1].speed_ms = 20;
    chain->type.davis_a = 30e3;
    chain->type.davis_c = 40;
    chain->type.power_w = 4e6;
    for (int32_t i = 0; i < CALLS; i++) call_at(run, i, i == 2 || i == 3);
    schedule(run, (const double[CALLS - 1]){0});
    run->rows = (struct audit_rows){.detail = {.trains = true, .calls = true},
                                    .trains = &run->train,
                                    .train_count = 1,
                                    .calls = run->calls,
                                    .call_count = CALLS};
}

/* Violations found; the tally of cases must be that of `legs`. */
static int64_t check(struct run *run, int64_t legs) {
    audit_report_free(&run->report);
    run->report = (struct audit_report){.run_id = 1};
    ck_assert(audit_check_physics(&run->chain.world, &run->rows, &run->report));
    ck_assert_int_eq(run->report.tallies[AUDIT_PHYSICS].tested, legs);
    return run->report.tallies[AUDIT_PHYSICS].violations;
}

static void end(struct run *run) {
    audit_report_free(&run->report);
}

START_TEST(at_the_bound) {
    struct run run;
    begin(&run);
    ck_assert_int_eq(check(&run, 3), 0);
    schedule(&run, (const double[CALLS - 1]){0.01, 0.3, 0});
    ck_assert_int_eq(check(&run, 3), 0);
    end(&run);
}
END_TEST

START_TEST(one_percent_too_fast) {
    struct run run;
    begin(&run);
    for (int32_t leg = 0; leg < 3; leg++) {
        double slower[CALLS - 1] = {0};
        slower[leg] = -0.01;
        schedule(&run, slower);
        ck_assert_int_eq(check(&run, 3), 1);
        const struct audit_violation *found = &run.report.kept[0];
        ck_assert_str_eq(found->train, "T1@1");
        ck_assert_str_eq(found->place, run.chain.sections[leg].id);
        ck_assert(found->timed && found->time_ms == run.calls[leg + 1].arrival_ms);
        char expected[100];
        const double taken_s = (double)(run.calls[leg + 1].arrival_ms - run.calls[leg].departure_ms) / 1000;
        snprintf(expected, sizeof expected, "runs from s%d to s%d in %.3f s and needs ", leg, leg + 1, taken_s);
        ck_assert_msg(strncmp(found->text, expected, strlen(expected)) == 0, "%s", found->text);
        ck_assert_double_eq_tol(strtod(found->text + strlen(expected), NULL), taken_s / 0.99, 0.002);
    }
    end(&run);
}
END_TEST

/* Exactly what is granted for rounding and accuracy, and a little more. */
START_TEST(the_tolerance) {
    struct run run;
    begin(&run);
    schedule(&run, (const double[CALLS - 1]){-0.0009, -0.0009, -0.0009});
    ck_assert_int_eq(check(&run, 3), 0);
    schedule(&run, (const double[CALLS - 1]){-0.0012, -0.0012, -0.0012});
    ck_assert_int_eq(check(&run, 3), 3);
    end(&run);
}
END_TEST

/* A stop takes time on both sides of it: times of a train that passes s2 are too short for one that stops. */
START_TEST(a_stop_takes_its_time) {
    struct run run;
    begin(&run);
    struct audit_way way = chain_way(&run.chain);
    double least_s[CALLS - 1];
    chain_times(&run.chain, &way, least_s);
    for (int32_t i = 1; i < CALLS; i++)
        run.calls[i].arrival_ms = run.calls[i - 1].departure_ms + llround(least_s[i - 1] * 1000);
    for (int32_t i = 1; i + 1 < CALLS; i++) {
        const int64_t later = run.calls[i].arrival_ms - run.calls[i].departure_ms;
        run.calls[i].departure_ms += later;
        run.calls[i + 1].arrival_ms += later;
    }
    ck_assert_int_eq(check(&run, 3), 2);
    run.calls[2].stopped = false;
    ck_assert_int_eq(check(&run, 3), 0);
    end(&run);
}
END_TEST

START_TEST(turnouts_of_the_track_used) {
    struct run run;
    begin(&run);
    run.chain.tracks[1].speed_ms = INFINITY;
    schedule(&run, (const double[CALLS - 1]){0});
    ck_assert_int_eq(check(&run, 3), 0);
    run.chain.tracks[1].speed_ms = 10;
    ck_assert_int_eq(check(&run, 3), 2);
    run.calls[1].track = -1;
    ck_assert_int_eq(check(&run, 3), 0);
    end(&run);
}
END_TEST

/* The middle section in five blocks, entered as soon as can be; then each two seconds sooner, and so late that s2
 * comes too soon after it. Run back, they are numbered from the other end. */
static void check_blocks(bool backward) {
    enum { BLOCKS = 5 };
    struct run run;
    begin(&run);
    if (backward) {
        run.chain.sections[1].from = 2;
        run.chain.sections[1].to = 1;
        run.chain.legs[1].direction = AUDIT_BACKWARD;
    }
    schedule(&run, (const double[CALLS - 1]){0});
    run.chain.sections[1].block_m = 3000;
    struct audit_way way = chain_way(&run.chain);
    way.count = 2;
    double least_s[1 + BLOCKS], entered_s = 0;
    ck_assert_int_eq(audit_way_parts(&run.chain.world, &way), 1 + BLOCKS);
    chain_times(&run.chain, &way, least_s);
    struct audit_occupation_row occupations[BLOCKS];
    for (int32_t b = 0; b < BLOCKS; b++) {
        occupations[b] =
            (struct audit_occupation_row){.section = 1,
                                          .direction = backward ? AUDIT_BACKWARD : AUDIT_FORWARD,
                                          .line_track = 1,
                                          .block = backward ? BLOCKS - b : b + 1,
                                          .enter_ms = run.calls[1].departure_ms + llround(entered_s * 1000),
                                          .section_id = run.chain.sections[1].id};
        entered_s += least_s[1 + b];
    }
    ck_assert_double_eq_tol(entered_s, (double)(run.calls[2].arrival_ms - run.calls[1].arrival_ms) / 1000, 0.005);
    run.train.occupation_count = run.rows.occupation_count = BLOCKS;
    run.rows.occupations = occupations;
    ck_assert_int_eq(check(&run, 3 + BLOCKS - 1), 0);
    for (int32_t b = 1; b < BLOCKS; b++)
        for (int32_t later = -1; later < 2; later += 2) {
            occupations[b].enter_ms += later * 2000;
            ck_assert_int_eq(check(&run, 3 + BLOCKS - 1), 1);
            char expected[100];
            const double from_s = (double)(occupations[b].enter_ms - run.calls[1].departure_ms) / 1000;
            const double to_s = (double)(run.calls[2].arrival_ms - occupations[b].enter_ms) / 1000;
            if (later < 0)
                snprintf(expected, sizeof expected, "enters block %d %.3f s after leaving s1 and needs ",
                         (int)occupations[b].block, from_s);
            else
                snprintf(expected, sizeof expected, "reaches s2 %.3f s after entering block %d and needs ", to_s,
                         (int)occupations[b].block);
            ck_assert_msg(strncmp(run.report.kept[0].text, expected, strlen(expected)) == 0, "%s",
                          run.report.kept[0].text);
            occupations[b].enter_ms -= later * 2000;
        }
    end(&run);
}

START_TEST(blocks) {
    check_blocks(false);
    check_blocks(true);
}
END_TEST

START_TEST(supplements) {
    struct run run;
    begin(&run);
    run.chain.type.supplement = 0.05;
    ck_assert_int_eq(check(&run, 3), 3); /* nothing is random: everybody takes the supplement */
    schedule(&run, (const double[CALLS - 1]){0.05, 0.05, 0.05});
    ck_assert_int_eq(check(&run, 3), 0);
    run.chain.type.random_running_times = true;
    schedule(&run, (const double[CALLS - 1]){0, 0, 0});
    ck_assert_int_eq(check(&run, 3), 0);
    run.chain.type.random_running_times = false;
    chain_add_fixed_time(&run.chain, (struct audit_fixed_time){.section = 1, .type = 0, .run_ms = 900000});
    schedule(&run, (const double[CALLS - 1]){0.05, 0, 0.05});
    ck_assert_int_eq(check(&run, 3), 0); /* a fixed time has none */
    schedule(&run, (const double[CALLS - 1]){0.05, -0.01, 0.05});
    ck_assert_int_eq(check(&run, 3), 1);
    end(&run);
}
END_TEST

/* What was not run, or cannot be told, is not judged; the rest is. */
START_TEST(under_way_and_unknown) {
    struct run run;
    begin(&run);
    run.calls[3].arrival_ms = AUDIT_NULL_MS;
    run.calls[3].stopped = false;
    ck_assert_int_eq(check(&run, 2), 0);
    run.calls[2].stopped = false; /* it passed s2, and nobody knows where it is */
    run.calls[2].departure_ms = AUDIT_NULL_MS;
    ck_assert_int_eq(check(&run, 2), 0);
    run.calls[2].arrival_ms -= 120000;
    ck_assert_int_eq(check(&run, 2), 1);
    end(&run);
    begin(&run);
    run.calls[1].station = -1;
    ck_assert_int_eq(check(&run, 1), 0);
    end(&run);
    begin(&run);
    run.train.type = -1;
    ck_assert_int_eq(check(&run, 0), 0);
    end(&run);
}
END_TEST

START_TEST(who_cannot_run) {
    struct run run;
    begin(&run);
    chain_add_alignment(&run.chain, (struct audit_alignment){.to_m = 9000, .gradient_permille = 30});
    ck_assert_int_eq(check(&run, 3), 1);
    ck_assert_str_eq(run.report.kept[0].place, "2-3");
    ck_assert_ptr_nonnull(strstr(run.report.kept[0].text, "has not the traction"));
    end(&run);
}
END_TEST

START_TEST(needs_calls) {
    struct run run;
    begin(&run);
    run.rows.detail.calls = false;
    ck_assert_int_eq(check(&run, 0), 0);
    ck_assert_ptr_nonnull(run.report.tallies[AUDIT_PHYSICS].skipped_because);
    end(&run);
}
END_TEST

/* Many ways, so that those known are looked up among many: speeds differ with each train. */
START_TEST(many_ways) {
    enum { TRAINS = 3000 };
    static struct run run;
    static struct audit_type types[TRAINS];
    static struct audit_train_row trains[TRAINS];
    static struct audit_call_row calls[TRAINS * CALLS];
    begin(&run);
    for (int32_t i = 0; i < TRAINS; i++) {
        run.chain.type.max_speed_ms = 10 + 0.005 * (i % (TRAINS / 2));
        schedule(&run, (const double[CALLS - 1]){0, i % 100 == 7 ? -0.01 : 0, 0});
        types[i] = run.chain.type;
        trains[i] = run.train;
        trains[i].type = i % (TRAINS / 2);
        trains[i].first_call = i * CALLS;
        memcpy(&calls[i * CALLS], run.calls, sizeof run.calls);
    }
    run.chain.world.types = types;
    run.chain.world.type_count = TRAINS / 2;
    run.rows.trains = trains;
    run.rows.train_count = TRAINS;
    run.rows.calls = calls;
    run.rows.call_count = TRAINS * CALLS;
    ck_assert_int_eq(check(&run, 3 * TRAINS), TRAINS / 100);
    end(&run);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        at_the_bound, one_percent_too_fast, the_tolerance,         a_stop_takes_its_time, turnouts_of_the_track_used,
        blocks,       supplements,          under_way_and_unknown, who_cannot_run,        needs_calls,
        many_ways};
    return run_suite("check of physics", tests, sizeof tests / sizeof *tests);
}
