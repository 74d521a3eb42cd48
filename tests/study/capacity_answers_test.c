/* The four answers together: in order on whatever line, mix and policy; the same printed, stored and returned; and what
 * is said of a line that carries much less than its formula. */
#include "study/capacity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/capacity_formats.h"
#include "engine/stream.h"
#include "one_section.h"
#include "results/scratch.h"
#include "study/capacity_store.h"
#include "study/planning.h"
#include "support/random_railway.h"

static struct capacity find(const struct scenario *scenario, const struct simulation_plan *plan, double precision,
                            int32_t jobs) {
    const struct capacity_request request = {
        .scenario = scenario, .plan = plan, .relative_half_width = precision, .jobs = jobs};
    struct capacity capacity;
    struct failure failure;
    ck_assert_msg(capacity_find(&request, &capacity, &failure), "%s", failure.text);
    return capacity;
}

static double uniform(uint64_t entity, uint64_t draw) {
    const struct stream stream = {37, STREAM_TEST, 1};
    return stream_uniform(&stream, entity, draw);
}

static double between(uint64_t entity, uint64_t draw, double low, double high) {
    return low + (high - low) * uniform(entity, draw);
}

/* ---- in order ---- */

/* U ≥ saturated ≥ practical, within a train a window and the half-widths; each direction gets its share of what the mix
 * gets. */
static void in_order(const struct capacity *capacity, const char *line) {
    const struct theoretical_answer *bound = &capacity->theoretical.bound;
    const struct saturated_result *saturated = &capacity->saturated;
    const struct practical_result *practical = &capacity->practical;
    const double carried = saturated->trains_per_day.mean, half_width = saturated->trains_per_day.half_width;
    ck_assert_msg(capacity->simulated && !saturated->deadlocked, "%s", line);
    if (bound->applies)
        ck_assert_msg(carried - half_width <= bound->trains_per_day + fmax(bound->windows_per_day, 1),
                      "%s: %.3f ± %.3f of %.3f, %.2f windows", line, carried, half_width, bound->trains_per_day,
                      bound->windows_per_day);
    if (practical->outcome == PRACTICAL_FOUND)
        ck_assert_msg(practical->trains_per_day - practical->half_width <= carried + half_width, "%s: %.3f of %.3f",
                      line, practical->trains_per_day, carried);
    if (practical->outcome == PRACTICAL_NEVER_REACHED) ck_assert(practical->trains_per_day == carried);
    const double shares[2] = {capacity->demand.forward_share, 1 - capacity->demand.forward_share};
    for (int direction = 0; direction < 2; direction++)
        ck_assert_msg(saturated->direction_per_day[direction] >= 0.95 * carried * shares[direction] - half_width,
                      "%s: %.3f of %.3f and %.2f", line, saturated->direction_per_day[direction], carried,
                      shares[direction]);
}

static void set_policy(struct scenario *scenario, uint64_t line) {
    static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};
    scenario->settings.dispatch = POLICIES[line % 3];
    scenario->settings.fleet_size = 1 + (int32_t)between(line, 90, 0, 4);
    scenario->settings.fleet_window_ms = 0;
}

/* Two kinds of trains over one to five sections, as many one way as the other or not, by the clock or at random, on
 * fixed blocks or by headway, some with a possession. */
static struct scenario *random_line(uint64_t line) {
    const int32_t sections = 1 + (int32_t)between(line, 0, 0, 5), tracks = 2 + (int32_t)between(line, 1, 0, 5);
    double km[5];
    char east[256], west[256];
    for (int32_t i = 0; i < sections; i++) km[i] = round(between(line, 10 + (uint64_t)i, 8, 60));
    struct scenario *scenario =
        build_straight(km, sections, tracks, round(between(line, 2, 2, 8)), round(between(line, 3, 0, 6)), east, west);
    build_type(scenario, "fast", 300);
    scenario->train_types[1].priority = 2;
    for (int32_t i = 0; i < sections; i++) {
        struct section *section = &scenario->network.sections[i];
        build_running_time_on(scenario, section->id, km[i] * between(line, 4, 22, 36), 0, 0);
        scenario->running_times[scenario->running_time_count - 1].train_type = 1;
        if (uniform(line, 5) > 0.6) continue;
        section->headway_ms = -1;
        section->block_m = between(line, 6, 2000, 9000);
    }
    if (uniform(line, 7) < 0.3) {
        scenario->network.possessions = malloc(sizeof *scenario->network.possessions);
        ck_assert_ptr_nonnull(scenario->network.possessions);
        scenario->network.possession_count = 1;
        scenario->network.possessions[0] = (struct possession){.section = sections - 1,
                                                               .directions = DIRECTION_BOTH_BITS,
                                                               .weekdays = 127,
                                                               .from_ms = 3600000,
                                                               .to_ms = 4 * 3600000};
    }
    for (int32_t k = 0; k < 4; k++) {
        const enum arrival_process arrivals =
            uniform(line, 20 + (uint64_t)k) < 0.5 ? ARRIVALS_POISSON : ARRIVALS_REGULAR;
        char id[8];
        snprintf(id, sizeof id, "s%d", k);
        build_service(scenario, id, k < 2 ? "train" : "fast", k % 2 ? west : east, arrivals,
                      86400 / round(between(line, 30 + (uint64_t)k / (line % 2 + 1), 2, 9)));
    }
    set_policy(scenario, line);
    return scenario;
}

START_TEST(random_lines_are_in_order) {
    struct studied studied = studied_of(random_line((uint64_t)_i));
    struct capacity capacity = find(studied.scenario, studied.plan, 0.05, 1);
    char name[32];
    snprintf(name, sizeof name, "line %d", _i);
    in_order(&capacity, name);
    ck_assert(capacity.theoretical.bound.applies);
    for (int i = 0; i < SATURATED_OVERLOADS; i++) ck_assert(capacity.saturated.held[i] >= 0);
    /* what the pattern's next stretch allows is no less than what its limiting one does */
    if (capacity.next_stretch >= 0)
        ck_assert(capacity.next_per_day >= capacity_governing(&capacity)->trains_per_day * (1 - 1e-9));
    capacity_free(&capacity);
    studied_free(&studied);
}
END_TEST

struct railway {
    struct random_railway *files;
    struct scenario *scenario;
    struct simulation_plan *plan;
};

static struct railway railway_of(uint64_t seed) {
    struct railway railway = {.files = random_railway_make(seed)};
    struct diagnostics diagnostics = {0};
    railway.scenario = random_railway_read(railway.files, &diagnostics);
    ck_assert_ptr_nonnull(railway.scenario);
    set_policy(railway.scenario, seed);
    railway.plan = planning_create(railway.scenario, &diagnostics);
    ck_assert_ptr_nonnull(railway.plan);
    diagnostics_free(&diagnostics);
    return railway;
}

static void railway_free(struct railway *railway) {
    simulation_plan_destroy(railway->plan);
    scenario_free(railway->scenario);
    random_railway_free(railway->files);
}

/* Trees and rings with everything that railways have. Those on which overload takes minutes are left out. */
START_TEST(random_railways_are_in_order) {
    static const uint64_t SEEDS[] = {2, 4, 6, 7, 8, 9, 10, 11, 13, 14, 15, 18, 20, 22, 23};
    struct railway railway = railway_of(SEEDS[_i]);
    struct capacity capacity = find(railway.scenario, railway.plan, 0.05, 1);
    char name[32];
    snprintf(name, sizeof name, "railway %d", (int)SEEDS[_i]);
    in_order(&capacity, name);
    capacity_free(&capacity);
    railway_free(&railway);
}
END_TEST

/* ---- what is said of it ---- */

START_TEST(what_the_next_stretch_allows) {
    static const double KM[] = {37, 60, 50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 3, 4, 5, 4, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 7200);
    struct studied studied = studied_of(scenario);
    const struct capacity_request request = {
        .scenario = scenario, .plan = studied.plan, .relative_half_width = 0.01, .theory_only = true, .jobs = 1};
    struct capacity capacity;
    struct failure failure;
    ck_assert(capacity_find(&request, &capacity, &failure));
    ck_assert(!capacity.simulated);
    ck_assert_int_eq(capacity_pattern(&capacity), 0);
    ck_assert(fabs(capacity_governing(&capacity)->trains_per_day - 1440.0 / 40) < 1e-6);
    ck_assert(fabs(capacity.next_per_day - 1440.0 / 34) < 1e-6);
    ck_assert_str_eq(capacity.theoretical.stretches[capacity.next_stretch].name, "S2 – E");
    capacity_free(&capacity);
    scenario->settings.dispatch = DISPATCH_FLEET;
    scenario->settings.fleet_size = 3;
    ck_assert(capacity_find(&request, &capacity, &failure));
    ck_assert_int_eq(capacity_pattern(&capacity), 1); /* 2 is the longest of 1, 2, 4, 8 that is no longer */
    ck_assert(fabs(capacity_governing(&capacity)->trains_per_day - 2 * 1440.0 / 45) < 1e-6);
    capacity_free(&capacity);
    /* no pattern where two thirds go one way: then it is the bound, and the stretch that is next by it */
    scenario->timetable.plans[0].interval_ms /= 2;
    scenario->timetable.plans[0].trains_per_day *= 2;
    scenario->settings.dispatch = DISPATCH_FCFS;
    ck_assert(capacity_find(&request, &capacity, &failure));
    const struct theoretical_answer *bound = capacity_governing(&capacity);
    ck_assert_ptr_eq(bound, &capacity.theoretical.bound);
    double second = INFINITY;
    for (int32_t i = 0; i < capacity.theoretical.stretch_count; i++)
        if (i != bound->limiting_stretch) second = fmin(second, capacity.theoretical.stretches[i].bound.trains_per_day);
    ck_assert(second > bound->trains_per_day && fabs(capacity.next_per_day - second) < 1e-9);
    capacity_free(&capacity);
    studied_free(&studied);
}
END_TEST

/* Two tracks all the way, run in one go since there is a possession, and only two tracks at each siding: far less than
 * the formula, and it is the tracks. Where the formula is met nobody asks. */
START_TEST(what_is_far_below_its_formula_is_explained) {
    static const double KM[] = {50, 50, 50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 3, 2, 5, 4, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 7200);
    struct studied studied = studied_of(scenario);
    struct capacity capacity = find(scenario, studied.plan, 0.02, 1);
    ck_assert(isnan(capacity.free_tracks_per_day));
    capacity_free(&capacity);
    simulation_plan_destroy(studied.plan);
    scenario->network.possessions = calloc(3, sizeof *scenario->network.possessions);
    ck_assert_ptr_nonnull(scenario->network.possessions);
    scenario->network.possession_count = 3;
    for (int32_t i = 0; i < 3; i++) {
        scenario->network.sections[i].tracks = 2;
        scenario->network.possessions[i] = (struct possession){
            .section = i, .directions = DIRECTION_BOTH_BITS, .weekdays = 127, .from_ms = 0, .to_ms = 3600000};
    }
    char message[512];
    studied.plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_ptr_nonnull(studied.plan);
    capacity = find(scenario, studied.plan, 0.02, 1);
    const double carried = capacity.saturated.trains_per_day.mean;
    ck_assert_msg(carried < 0.6 * capacity_governing(&capacity)->trains_per_day, "%.2f", carried);
    ck_assert_msg(capacity.free_tracks_per_day > 1.4 * carried, "%.2f, then %.2f", carried,
                  capacity.free_tracks_per_day);
    /* on the line they stand at S1 for S2, or at S2 for S1 */
    ck_assert_int_eq(capacity.saturated.queue_section, 1);
    capacity_free(&capacity);
    studied_free(&studied);
}
END_TEST

START_TEST(the_number_of_jobs_changes_nothing) {
    struct studied studied = studied_of(random_line(12));
    struct capacity alone = find(studied.scenario, studied.plan, 0.03, 1);
    struct capacity two = find(studied.scenario, studied.plan, 0.03, 2);
    ck_assert(memcmp(alone.saturated.points, two.saturated.points, sizeof alone.saturated.points) == 0);
    ck_assert(memcmp(alone.practical.points, two.practical.points, sizeof alone.practical.points) == 0);
    ck_assert(alone.saturated.trains_per_day.mean == two.saturated.trains_per_day.mean);
    ck_assert(alone.practical.trains_per_day == two.practical.trains_per_day);
    capacity_free(&alone);
    capacity_free(&two);
    studied_free(&studied);
}
END_TEST

static void stop_at(void *context, enum capacity_step step, double share_done) {
    atomic_bool *stop = context;
    if (step == CAPACITY_PRACTICAL && share_done > 0.2) *stop = true;
}

START_TEST(it_stops_when_it_is_told_to) {
    struct studied studied = studied_of(random_line(5));
    atomic_bool stop = false;
    const struct capacity_request request = {.scenario = studied.scenario,
                                             .plan = studied.plan,
                                             .relative_half_width = 0.03,
                                             .jobs = 2,
                                             .stop = &stop,
                                             .progress = stop_at,
                                             .context = &stop};
    struct capacity capacity;
    struct failure failure;
    ck_assert(!capacity_find(&request, &capacity, &failure));
    ck_assert_str_eq(failure.text, "interrupted");
    studied_free(&studied);
}
END_TEST

START_TEST(a_schedule_without_trains_is_refused) {
    static const double KM[] = {50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 1, 2, 5, 4, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200)->trains_per_day = 0;
    scenario->timetable.plans[0].interval_ms = INFINITY;
    char message[512];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_ptr_nonnull(plan);
    const struct capacity_request request = {
        .scenario = scenario, .plan = plan, .relative_half_width = 0.01, .jobs = 1};
    struct capacity capacity;
    struct failure failure;
    ck_assert(!capacity_find(&request, &capacity, &failure));
    ck_assert_str_eq(failure.text, "the schedule has no trains, so there is no mix to ask about");
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* What even a lone train breaks is refused before anything is answered; formulas ask for no limit. */
START_TEST(a_limit_below_the_delay_of_a_lone_train_is_refused) {
    struct studied studied = queue_line(3);
    studied.scenario->settings.delay_limit_min = 10;
    char message[200];
    for (int i = 0; i < 2; i++)
        ck_assert(
            law_parse("exponential(1800)", &studied.scenario->timetable.plans[i].entry_delay, message, sizeof message));
    struct capacity_request request = {
        .scenario = studied.scenario, .plan = studied.plan, .relative_half_width = 0.1, .jobs = 1};
    struct capacity capacity;
    struct failure failure;
    ck_assert(!capacity_find(&request, &capacity, &failure));
    ck_assert_msg(strstr(failure.text, "delay_limit_min 10 is below the delay of trains that have the line to "
                                       "themselves, mean delay ") == failure.text,
                  "%s", failure.text);
    request.theory_only = true;
    ck_assert(capacity_find(&request, &capacity, &failure));
    ck_assert(!capacity.simulated);
    capacity_free(&capacity);
    studied_free(&studied);
}
END_TEST

/* ---- stored, printed ---- */

static void same_real(double stored, double expected, double tolerance) {
    if (isfinite(expected))
        ck_assert_msg(fabs(stored - expected) <= tolerance * fmax(1, fabs(expected)), "%.9g, expected %.9g", stored,
                      expected);
    else
        ck_assert(isnan(stored));
}

/* Every line of the CSV is a row of the table, and there are as many. */
static void printed_is_stored(const char *path, struct database *database) {
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    enum { FIELDS = 11, ANSWER = 1, FLEET = 2, FIRST_REAL = 3, FIRST_TEXT = 8 };
    static const char *const COLUMNS[FIELDS] = {
        "variant",          "answer",      "fleet", "trains_per_day", "half_width", "forward_per_day",
        "backward_per_day", "teu_per_day", "place", "binds",          "reason"};
    char text[1024], fields[FIELDS][512];
    ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
    ck_assert_str_eq(text, "variant,answer,fleet,trains_per_day,half_width,forward_per_day,backward_per_day,"
                           "teu_per_day,place,binds,reason\n");
    int64_t lines = 0;
    for (; fgets(text, sizeof text, file); lines++) {
        const char *from = text;
        for (int i = 0; i < FIELDS; i++) {
            const bool quoted = *from == '"';
            from += quoted;
            const size_t length = strcspn(from, quoted ? "\"" : ",\n");
            memcpy(fields[i], from, length);
            fields[i][length] = '\0';
            from += length + 1 + quoted;
        }
        char query[1280];
        for (int i = FIRST_REAL; i < FIELDS; i++) {
            snprintf(query, sizeof query,
                     i < FIRST_TEXT
                         ? "SELECT %s FROM capacity WHERE answer = '%s' AND coalesce(fleet, 0) = %d"
                         : "SELECT coalesce(%s, '') FROM capacity WHERE answer = '%s' AND coalesce(fleet, 0) "
                           "= %d",
                     COLUMNS[i], fields[ANSWER], atoi(fields[FLEET]));
            if (i < FIRST_TEXT)
                same_real(ask_real(database, query), fields[i][0] ? strtod(fields[i], NULL) : (double)NAN, 1e-5);
            else
                ck_assert_str_eq(ask_text(database, query), fields[i]);
        }
    }
    fclose(file);
    ck_assert_int_eq(lines, ask_integer(database, "SELECT count(*) FROM capacity"));
    ck_assert_int_eq(lines, 1 + CAPACITY_FLEETS + 3);
}

static void returned_is_stored(const struct capacity *capacity, struct database *database) {
    const struct saturated_result *saturated = &capacity->saturated;
    const struct practical_result *practical = &capacity->practical;
    same_real(ask_real(database, "SELECT forward_per_day FROM capacity WHERE answer = 'saturated'"),
              saturated->direction_per_day[0], 1e-12);
    same_real(ask_real(database, "SELECT teu_per_day FROM capacity WHERE answer = 'practical'"), practical->teu_per_day,
              1e-12);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM capacity_points WHERE curve = 'saturated'"),
                     saturated->point_count);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM capacity_points WHERE curve = 'practical'"),
                     practical->point_count);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM capacity_points a JOIN capacity_points b ON a.curve = "
                                           "b.curve AND a.seq = b.seq + 1 AND a.offered_per_day < b.offered_per_day"),
                     0);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM capacity_sections"),
                     capacity->compression.section_count);
    same_real(ask_real(database, "SELECT max(occupancy) FROM capacity_sections"), capacity->compression.occupancy,
              1e-12);
    same_real(ask_real(database, "SELECT limit_s FROM capacity_fits"), capacity->limit_s, 0);
    same_real(ask_real(database, "SELECT b_per_train FROM capacity_fits"), practical->fit_b, 1e-12);
    ck_assert_str_eq(ask_text(database, "SELECT outcome FROM capacity_fits"),
                     practical_outcome_word(practical->outcome));
    same_real(ask_real(database, "SELECT mean_delay_s FROM capacity_points WHERE curve = 'practical' AND seq = 1"),
              practical->points[0].delay_s.mean, 1e-12);
    same_real(ask_real(database, "SELECT saturated FROM v_capacity"), saturated->trains_per_day.mean, 1e-12);
}

START_TEST(stored_printed_and_returned_are_the_same) {
    struct railway railway = railway_of(_i == 0 ? 23 : 2);
    struct capacity capacity = find(railway.scenario, railway.plan, 0.05, 1);
    char path[SCRATCH_PATH], csv[SCRATCH_PATH], label[] = "as it is";
    struct failure failure;
    const struct capacity_answered answered = {railway.scenario, &capacity};
    int64_t experiment_id = 0;
    scratch_file("a.db", path);
    ck_assert_msg(capacity_store(path, "capacity x", &answered, 1, &experiment_id, &failure), "%s", failure.text);
    ck_assert_int_eq(experiment_id, 1);
    const struct capacity_column column = {label, railway.scenario, capacity};
    ck_assert_ptr_nonnull(freopen(scratch_file("out", csv), "w", stdout));
    capacity_print_csv(&column, 1, NULL, 0);
    fflush(stdout);
    struct database *database = database_open(path, DATABASE_READ, 0, &failure);
    ck_assert_ptr_nonnull(database);
    printed_is_stored(csv, database);
    returned_is_stored(&capacity, database);
    database_close(database);
    capacity_free(&capacity);
    railway_free(&railway);
}
END_TEST

int main(void) {
    const bool longer = getenv("BERING_TEST_LONG") != NULL;
    const int usual = SANITIZED ? 5 : 15;
    Suite *suite = suite_create("capacity_answers");
    TCase *cases = tcase_create("capacity_answers");
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(cases, random_lines_are_in_order, 0, longer ? 300 : usual);
    tcase_add_loop_test(cases, random_railways_are_in_order, 0, usual);
    tcase_add_test(cases, what_the_next_stretch_allows);
    tcase_add_test(cases, what_is_far_below_its_formula_is_explained);
    tcase_add_test(cases, the_number_of_jobs_changes_nothing);
    tcase_add_test(cases, it_stops_when_it_is_told_to);
    tcase_add_test(cases, a_schedule_without_trains_is_refused);
    tcase_add_test(cases, a_limit_below_the_delay_of_a_lone_train_is_refused);
    suite_add_tcase(suite, cases);
    TCase *stored = tcase_create("stored");
    tcase_set_timeout(stored, 0);
    tcase_add_checked_fixture(stored, scratch_make, scratch_remove);
    tcase_add_loop_test(stored, stored_printed_and_returned_are_the_same, 0, 2);
    suite_add_tcase(suite, stored);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
