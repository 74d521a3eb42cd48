#include "small_line.h"

#include <math.h>
#include <string.h>

/* The scenario's texts are its own to free; these are not freed. */
#define TEXT(literal) ((char *)literal)

enum { MINUTE = SMALL_LINE_MINUTE, HOUR = SMALL_LINE_HOUR, DAY = SMALL_LINE_DAY };

static void make_network(struct small_line *line) {
    line->stations[0] = (struct station){.id = TEXT("A"),
                                         .name = TEXT("Alpha"),
                                         .kind = STATION_TERMINAL,
                                         .first_track = 0,
                                         .track_count = 1,
                                         .unlimited = true};
    line->stations[1] = (struct station){
        .id = TEXT("S"), .name = TEXT("Siding"), .kind = STATION_SIDING, .first_track = 1, .track_count = 2};
    line->stations[2] = (struct station){.id = TEXT("B"),
                                         .name = TEXT("Beta"),
                                         .kind = STATION_TERMINAL,
                                         .first_track = 3,
                                         .track_count = 1,
                                         .unlimited = true};
    line->tracks[0] = (struct track){.id = TEXT("1"), .station = 0, .length_m = INFINITY, .unlimited = true};
    line->tracks[1] = (struct track){.id = TEXT("1"), .station = 1, .length_m = 1000};
    line->tracks[2] = (struct track){.id = TEXT("2"), .station = 1, .length_m = 900};
    line->tracks[3] = (struct track){.id = TEXT("1"), .station = 2, .length_m = INFINITY, .unlimited = true};
    line->sections[0] = (struct section){.id = TEXT("A-S"), .from = 0, .to = 1, .length_m = 10000, .tracks = 1};
    line->sections[1] =
        (struct section){.id = TEXT("S-B"), .from = 1, .to = 2, .length_m = 20000, .tracks = 1, .block_m = 10000};
    line->scenario.network = (struct network){.stations = line->stations,
                                              .station_count = 3,
                                              .tracks = line->tracks,
                                              .track_count = 4,
                                              .sections = line->sections,
                                              .section_count = 2};
}

static void make_plans(struct small_line *line) {
    line->types[0] = (struct train_type){.id = TEXT("freight"),
                                         .name = TEXT("Freight"),
                                         .length_m = 800,
                                         .empty_mass_kg = NAN,
                                         .empty_length_m = NAN,
                                         .capacity_teu = 100,
                                         .cost_per_train_km_usd = 10,
                                         .cost_per_hour_usd = 60};
    for (int plan = 0; plan < 2; plan++) {
        line->calls[plan][0] = (struct planned_call){.station = plan == 0 ? 0 : 2, .track = -1, .stop = true};
        line->calls[plan][1] = (struct planned_call){.station = plan == 0 ? 2 : 0, .track = -1, .stop = true};
        line->routes[plan][0] = (struct route_leg){plan, plan};
        line->routes[plan][1] = (struct route_leg){1 - plan, plan};
        line->plans[plan] = (struct train_plan){.kind = plan == 0 ? PLAN_TIMETABLE : PLAN_SERVICE,
                                                .id = plan == 0 ? TEXT("T1") : TEXT("SV"),
                                                .calls = line->calls[plan],
                                                .call_count = 2,
                                                .route = line->routes[plan],
                                                .route_length = 2,
                                                .return_of = -1};
    }
    line->scenario.train_types = line->types;
    line->scenario.train_type_count = 1;
    line->scenario.timetable = (struct timetable){line->plans, 2};
}

static void make_settings(struct small_line *line) {
    line->scenario.settings = (struct settings){.name = TEXT("small line"),
                                                .start_year = 2030,
                                                .start_month = 1,
                                                .start_day = 1,
                                                .horizon_ms = DAY,
                                                .replications = 1,
                                                .seed = 7,
                                                .detail = DETAIL_BLOCKS,
                                                .delay_limit_min = 15};
    line->inputs[0] = (struct input_file){TEXT("data/small/scenario.csv"), TEXT("key,value\n"), 10};
    line->inputs[1] = (struct input_file){TEXT("data/small/stations.csv"), TEXT(""), 0};
    line->settings_used[0] = (struct setting_used){TEXT("horizon_days"), TEXT("1")};
    line->settings_used[1] = (struct setting_used){TEXT("seed"), TEXT("7")};
    line->settings_used[2] = (struct setting_used){TEXT("sections[A-S].speed_kmh"), TEXT("80")};
    line->scenario.inputs = line->inputs;
    line->scenario.input_count = 2;
    line->scenario.settings_used = line->settings_used;
    line->scenario.settings_used_count = 3;
    strcpy(line->scenario.input_sha256, "0123");
}

void small_line_make(struct small_line *line) {
    memset(line, 0, sizeof *line);
    line->scenario.folder = TEXT("data/small/");
    line->scenario.schedule_path = TEXT("schedules/small.csv");
    make_network(line);
    make_plans(line);
    make_settings(line);
}

static const struct run_summary whole_day = {
    .end_ms = DAY,
    .window_to_ms = DAY,
    .events = 1234,
    .sections =
        (const struct section_use[]){
            {1, 12 * MINUTE, 0}, {1, 12 * MINUTE, 20 * MINUTE}, {1, 24 * MINUTE, 0}, {2, 48 * MINUTE, 10 * MINUTE}},
    .section_busy_ms = (const int64_t[]){24 * MINUTE, 0, 72 * MINUTE, 0},
    .stations = (const struct station_use[]){{1, DAY / 4, 0}, {2, DAY / 2, 20 * MINUTE}, {0, 0, 10 * MINUTE}},
};

static void tell_backward(const struct observer *observer, int64_t shift_ms) {
    const struct train_call calls[] = {
        {2, 3, TIME_NONE, TIME_NONE, 1 * HOUR, 1 * HOUR, true, 0, WAIT_NONE, 0},
        {1, 2, TIME_NONE, 1 * HOUR + 30 * MINUTE, TIME_NONE, 1 * HOUR + 50 * MINUTE, true, 20 * MINUTE, WAIT_KNOCK_ON,
         1},
        {0, 0, TIME_NONE, 2 * HOUR + 30 * MINUTE + shift_ms, TIME_NONE, TIME_NONE, true, 0, WAIT_NONE, 0},
    };
    const struct train_block blocks[] = {{60 * MINUTE, 72 * MINUTE, 73 * MINUTE},
                                         {71 * MINUTE, 90 * MINUTE, 91 * MINUTE}};
    const struct train_passage passages[] = {
        {1, BACKWARD, 1, 60 * MINUTE, 90 * MINUTE, 91 * MINUTE, 2, blocks},
        {0, BACKWARD, 1, 110 * MINUTE, 150 * MINUTE + shift_ms, 151 * MINUTE + shift_ms, 0, NULL},
    };
    const struct train_record train = {.train_id = 3,
                                       .plan = 1,
                                       .day = 1,
                                       .number = 1,
                                       .planned_departure_ms = 1 * HOUR,
                                       .departure_ms = 1 * HOUR,
                                       .planned_arrival_ms = TIME_NONE,
                                       .arrival_ms = 2 * HOUR + 30 * MINUTE + shift_ms,
                                       .unimpeded_ms = 1 * HOUR,
                                       .delay_ms = 30 * MINUTE + shift_ms,
                                       .direction = BACKWARD,
                                       .energy_j = 3.6e6,
                                       .status = TRAIN_ARRIVED,
                                       .calls = calls,
                                       .call_count = 3,
                                       .passages = passages,
                                       .passage_count = 2};
    observer->train(observer->context, &train);
}

static void tell_forward(const struct observer *observer) {
    const struct train_call calls[] = {
        {0, 0, TIME_NONE, TIME_NONE, 30 * MINUTE, 30 * MINUTE, true, 0, WAIT_NONE, 0},
        {1, 1, TIME_NONE, 60 * MINUTE, TIME_NONE, 60 * MINUTE, false, 0, WAIT_NONE, 0},
        {2, 3, 100 * MINUTE, 100 * MINUTE, TIME_NONE, TIME_NONE, true, 0, WAIT_NONE, 0},
    };
    const struct train_block blocks[] = {{60 * MINUTE, 81 * MINUTE, 81 * MINUTE},
                                         {80 * MINUTE, 100 * MINUTE, 100 * MINUTE}};
    const struct train_passage passages[] = {
        {0, FORWARD, 1, 30 * MINUTE, 61 * MINUTE, 61 * MINUTE, 0, NULL},
        {1, FORWARD, 1, 60 * MINUTE, 100 * MINUTE, 100 * MINUTE, 2, blocks},
    };
    const struct train_record train = {.train_id = 1,
                                       .plan = 0,
                                       .day = 1,
                                       .planned_departure_ms = 30 * MINUTE,
                                       .departure_ms = 30 * MINUTE,
                                       .planned_arrival_ms = 100 * MINUTE,
                                       .arrival_ms = 100 * MINUTE,
                                       .unimpeded_ms = 70 * MINUTE,
                                       .delay_ms = 0,
                                       .direction = FORWARD,
                                       .energy_j = 7.2e6,
                                       .status = TRAIN_ARRIVED,
                                       .calls = calls,
                                       .call_count = 3,
                                       .passages = passages,
                                       .passage_count = 2};
    observer->train(observer->context, &train);
}

static void tell_under_way(const struct observer *observer) {
    const struct train_call calls[] = {
        {2, 3, TIME_NONE, TIME_NONE, 120 * MINUTE, 130 * MINUTE, true, 10 * MINUTE, WAIT_PRIMARY, 0},
        {1, -1, TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE, true, 0, WAIT_NONE, 0},
    };
    const struct train_block blocks[] = {{130 * MINUTE, TIME_NONE, TIME_NONE}, {TIME_NONE, TIME_NONE, TIME_NONE}};
    const struct train_passage passages[] = {{1, BACKWARD, 1, 130 * MINUTE, TIME_NONE, TIME_NONE, 2, blocks}};
    const struct train_record train = {.train_id = 2,
                                       .plan = 1,
                                       .day = 1,
                                       .number = 2,
                                       .planned_departure_ms = 120 * MINUTE,
                                       .departure_ms = 130 * MINUTE,
                                       .planned_arrival_ms = TIME_NONE,
                                       .arrival_ms = TIME_NONE,
                                       .unimpeded_ms = 60 * MINUTE,
                                       .delay_ms = 10 * MINUTE,
                                       .direction = BACKWARD,
                                       .energy_j = 1e6,
                                       .status = TRAIN_RUNNING,
                                       .calls = calls,
                                       .call_count = 2,
                                       .passages = passages,
                                       .passage_count = 1};
    observer->train(observer->context, &train);
}

static void tell_not_entered(const struct observer *observer) {
    const struct train_record train = {.train_id = 4,
                                       .plan = 0,
                                       .day = 2,
                                       .planned_departure_ms = DAY,
                                       .departure_ms = TIME_NONE,
                                       .planned_arrival_ms = DAY + 70 * MINUTE,
                                       .arrival_ms = TIME_NONE,
                                       .unimpeded_ms = 70 * MINUTE,
                                       .delay_ms = 0,
                                       .direction = FORWARD,
                                       .status = TRAIN_NOT_ENTERED};
    observer->train(observer->context, &train);
}

void small_line_tell(const struct observer *observer, int64_t shift_ms) {
    tell_backward(observer, shift_ms);
    tell_forward(observer);
    tell_under_way(observer);
    tell_not_entered(observer);
    observer->end(observer->context, &whole_day);
}

void small_line_add_freight(struct small_line *line) {
    line->flows[0] = (struct flow){.id = TEXT("east"),
                                   .commodity = TEXT(""),
                                   .origin = 0,
                                   .destination = 2,
                                   .teu_per_day = 5,
                                   .tariff_cents = 10000,
                                   .due_ms = 90 * MINUTE,
                                   .late_cents_per_teu_day = 28800,
                                   .empties_return = true};
    line->flows[1] = (struct flow){.id = TEXT("west"),
                                   .commodity = TEXT(""),
                                   .origin = 2,
                                   .destination = 0,
                                   .teu_per_day = 1,
                                   .tariff_cents = 8000,
                                   .due_ms = -1};
    line->terminals[0] = (struct terminal){.station = 0, .cranes = 2, .lift_s = 120, .yard_teu = -1};
    line->scenario.traffic =
        (struct traffic){.flows = line->flows, .flow_count = 2, .terminals = line->terminals, .terminal_count = 1};
}

static const struct container_record containers[] = {
    {1, 0, false, 2, 10 * MINUTE, 20 * MINUTE, 105 * MINUTE, 1, 1, 20000, 0, 300, CONTAINER_DELIVERED},
    {5, 0, false, 1, 15 * MINUTE, 25 * MINUTE, 110 * MINUTE, 1, 1, 10000, 100, 300, CONTAINER_DELIVERED},
    {3, 0, true, 2, 55 * MINUTE, 56 * MINUTE, 152 * MINUTE, 3, 1, 0, 0, 300, CONTAINER_DELIVERED},
    {13, 0, false, 1, 6 * HOUR, TIME_NONE, TIME_NONE, 0, 0, 0, 0, 0, CONTAINER_REFUSED},
    {9, 0, false, 1, 5 * HOUR, TIME_NONE, TIME_NONE, 0, 0, 0, 0, 0, CONTAINER_WAITING},
    {2, 1, false, 1, 115 * MINUTE, 125 * MINUTE, TIME_NONE, 2, 1, 0, 0, 150, CONTAINER_RIDING},
};

static const struct flow_use flow_uses[] = {{.teu_offered = 5,
                                             .teu_delivered = 3,
                                             .teu_waiting = 1,
                                             .teu_refused = 1,
                                             .containers_offered = 4,
                                             .containers_delivered = 2,
                                             .containers_late = 1,
                                             .teu_late = 1,
                                             .mean_transit_h = 95.0 / 60,
                                             .p50_transit_h = 95.0 / 60,
                                             .p95_transit_h = 95.0 / 60,
                                             .revenue_cents = 30000,
                                             .penalty_cents = 100,
                                             .cost_cents = 900,
                                             .teu_empties = 2},
                                            {.teu_offered = 1,
                                             .teu_riding = 1,
                                             .containers_offered = 1,
                                             .mean_transit_h = (double)NAN,
                                             .p50_transit_h = (double)NAN,
                                             .p95_transit_h = (double)NAN,
                                             .cost_cents = 150}};
static const struct flow_day flow_days[] = {{5, 3, 3, 1}, {1, 1, 0, 0}};
static const struct terminal_use terminal_uses[] = {{2, 3, HOUR / 2, 0, 1, 2, 0.25}, {0, 3, 2 * HOUR, 1, 0, 3, 0.5}};

static const struct {
    enum account account;
    int64_t time_ms, cents;
} postings[] = {
    {ACCOUNT_TRAIN_REVENUE, 100 * MINUTE, 500},
    {ACCOUNT_ENERGY, 100 * MINUTE, -1000},
    {ACCOUNT_TRAIN_KM, 100 * MINUTE, -1500},
    {ACCOUNT_TRACK_ACCESS_PAID, 100 * MINUTE, -1500},
    {ACCOUNT_TRACK_ACCESS_RECEIVED, 100 * MINUTE, 1500},
    {ACCOUNT_TARIFF, 105 * MINUTE, 20000},
    {ACCOUNT_TARIFF, 110 * MINUTE, 10000},
    {ACCOUNT_LATE_PENALTY, 110 * MINUTE, -100},
    {ACCOUNT_ENERGY, 150 * MINUTE, -1000},
    {ACCOUNT_TRAIN_HOURS, 150 * MINUTE, -1500},
    {ACCOUNT_TRAIN_KM, 150 * MINUTE, -1000},
    {ACCOUNT_TRACK_ACCESS_PAID, 150 * MINUTE, -1500},
    {ACCOUNT_TRACK_ACCESS_RECEIVED, 150 * MINUTE, 1500},
    {ACCOUNT_LIFTS, 152 * MINUTE, -900},
    {ACCOUNT_YARD, 152 * MINUTE, -150},
    {ACCOUNT_FIXED, 0, -700},
};

static void train_with_money(void *context, const struct train_record *told) {
    const struct observer *observer = context;
    struct train_record train = *told;
    static const struct {
        int32_t teu;
        int64_t revenue_cents, cost_cents;
    } money[] = {{3, 500, 4000}, {1, 0, 0}, {2, 0, 5000}, {0, 0, 0}};
    train.teu = money[train.train_id - 1].teu;
    train.revenue_cents = money[train.train_id - 1].revenue_cents;
    train.cost_cents = money[train.train_id - 1].cost_cents;
    observer->train(observer->context, &train);
}

static void end_with_money(void *context, const struct run_summary *told) {
    const struct observer *observer = context;
    struct run_summary summary = *told;
    struct ledger ledger;
    ledger_start(&ledger, 0, DAY);
    for (size_t index = 0; index < sizeof postings / sizeof *postings; index++)
        ledger_post(&ledger, postings[index].account, postings[index].time_ms, postings[index].cents);
    summary.freight = (struct freight_results){.flows = flow_uses,
                                               .flow_days = flow_days,
                                               .day_count = 1,
                                               .terminals = terminal_uses,
                                               .terminal_count = 2,
                                               .ledger = &ledger,
                                               .teu_delivered_in_window = 3};
    observer->end(observer->context, &summary);
    ledger_free(&ledger);
}

void small_line_tell_freight(const struct observer *observer) {
    struct observer inner = *observer;
    const struct observer outer = {.context = &inner, .train = train_with_money, .end = end_with_money};
    for (size_t index = 0; observer->container != NULL && index < sizeof containers / sizeof *containers; index++)
        observer->container(observer->context, &containers[index]);
    small_line_tell(&outer, 0);
}

void small_line_tell_deadlock(const struct observer *observer) {
    const struct waiting_train waiting[] = {
        {.train_id = 3,
         .plan = 1,
         .day = 1,
         .number = 1,
         .station = 1,
         .waits_for = 1,
         .waits_for_plan = 0,
         .waits_for_day = 1},
        {.train_id = 1,
         .plan = 0,
         .day = 1,
         .station = 0,
         .waits_for = 3,
         .waits_for_plan = 1,
         .waits_for_day = 1,
         .waits_for_number = 1},
    };
    struct run_summary summary = whole_day;
    summary.end_ms = 3 * HOUR;
    summary.window_to_ms = 3 * HOUR;
    summary.deadlocked = true;
    summary.waiting = waiting;
    summary.waiting_count = 2;
    observer->end(observer->context, &summary);
}
