/* How long a year of containers takes, handled by trains that run on time: 18 pairs a day of 142 TEU between two
 * terminals, 1.9 million TEU offered, loaded, lifted twice and delivered. CPU time, median of five; the hash of what
 * came of it proves that a faster build still answers the same.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmark/engine_timing.h"
#include "freight/freight_world.h"

enum { PAIRS_PER_DAY = 18, CAPACITY_TEU = 142, DAYS = 365 };

struct year {
    const char *name;
    double share_40ft, lift_cv;
    enum flow_arrivals arrivals;
    double load; /* offered over capacity */
    int32_t yard_teu;
    int64_t pickup_ms;
    bool told;
    double aim_ms;
};

static void build_year(struct freight_world *world, const struct year *year) {
    world_start(world, 2, CAPACITY_TEU);
    const double teu_per_day = PAIRS_PER_DAY * CAPACITY_TEU * year->load;
    for (int32_t way = 0; way < 2; way++) {
        struct flow *flow = world_flow(world, way == 0 ? "AB" : "BA", teu_per_day, 50000);
        flow->arrivals = year->arrivals;
        flow->batch_teu = 2000;
        flow->share_40ft = year->share_40ft;
        flow->due_ms = 2 * MILLISECONDS_PER_DAY;
        flow->late_cents_per_teu_day = 1000;
        struct terminal *terminal = world_terminal(world, way == 0 ? "A" : "B");
        terminal->cranes = 8;
        terminal->lift_s = 90;
        terminal->lift_cv = year->lift_cv;
        terminal->yard_teu = year->yard_teu;
        terminal->pickup_ms = year->pickup_ms;
        terminal->closing_ms = -1;
    }
    world->prices = (struct freight_prices){.lift_cents = 6000, .yard_cents_per_teu_day = 500};
    const int32_t east = world_plan(world, "AB"), west = world_plan(world, "BA");
    for (int64_t i = 0; i < DAYS * PAIRS_PER_DAY; i++) {
        const int64_t departure_ms = i * MILLISECONDS_PER_DAY / PAIRS_PER_DAY;
        world_depart(world, east, departure_ms);
        world_depart(world, west, departure_ms);
    }
    world->run.end_ms = DAYS * MILLISECONDS_PER_DAY;
    world->run.window_to_ms = world->run.end_ms;
    world->quiet = true;
}

static uint64_t mixed(uint64_t hash, int64_t value) {
    hash = (hash ^ (uint64_t)value) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

struct answer {
    uint64_t hash;
    int64_t teu_offered, teu_delivered;
};

static struct answer answer_of(const struct freight *freight) {
    const struct freight_results results = freight_results(freight);
    struct answer answer = {.hash = UINT64_C(1469598103934665603)};
    for (int32_t i = 0; i < 2; i++) {
        const struct flow_use *use = &results.flows[i];
        answer.teu_offered += use->teu_offered;
        answer.teu_delivered += use->teu_delivered;
        answer.hash = mixed(mixed(answer.hash, use->teu_delivered), use->teu_refused);
        answer.hash = mixed(mixed(answer.hash, use->cost_cents), use->penalty_cents);
        int64_t bits;
        memcpy(&bits, &use->p95_transit_h, sizeof bits);
        answer.hash = mixed(answer.hash, bits);
    }
    for (int64_t day = 0; day < results.ledger->day_count; day++)
        for (int32_t account = 0; account < ACCOUNT_COUNT; account++)
            answer.hash = mixed(answer.hash, results.ledger->days[day][account]);
    return answer;
}

static void count_told(void *context, const struct container_record *container) {
    *(int64_t *)context += container->teu;
}

static double run_once(const struct year *year, struct answer *answer) {
    struct freight_world world;
    build_year(&world, year);
    int64_t told_teu = 0;
    if (year->told) {
        world.run.told = count_told;
        world.run.context = &told_teu;
    }
    const double before = cpu_seconds();
    world_ready(&world);
    world_drive(&world);
    world_end(&world, world.run.end_ms);
    const double taken = (cpu_seconds() - before) * 1000;
    *answer = answer_of(world.freight);
    world_finish(&world);
    return taken;
}

int main(void) {
    const struct year years[] = {
        {.name = "20 feet, Poisson", .load = 1, .aim_ms = 300},
        {.name = "60 % 40 feet, Poisson", .share_40ft = 0.6, .load = 1, .aim_ms = 300},
        {.name = "60 % 40 feet, lifts vary", .share_40ft = 0.6, .lift_cv = 0.3, .load = 1, .aim_ms = 300},
        {.name = "the same, each told", .share_40ft = 0.6, .lift_cv = 0.3, .load = 1, .told = true},
        {.name = "yards of 3,000, a day to pick up",
         .share_40ft = 0.6,
         .load = 1,
         .yard_teu = 3000,
         .pickup_ms = MILLISECONDS_PER_DAY},
        {.name = "ships of 2,000, 20 feet", .arrivals = FLOW_BATCH, .load = 1},
        {.name = "twice what fits, 20 feet", .load = 2},
    };
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
        struct year year = years[i];
        if (year.yard_teu == 0) year.yard_teu = -1;
        double repeats[REPEATS];
        struct answer answer;
        for (int repeat = 0; repeat < REPEATS; repeat++) repeats[repeat] = run_once(&year, &answer);
        const double taken = median(repeats);
        char aim[24] = "";
        if (year.aim_ms > 0) snprintf(aim, sizeof aim, "(aim %.0f)", year.aim_ms);
        printf("%-34s %8.2f ms %-10s %8" PRId64 " TEU offered %8" PRId64 " delivered  %3.0f ns/TEU  hash %016" PRIx64
               "\n",
               year.name, taken, aim, answer.teu_offered, answer.teu_delivered,
               taken * 1e6 / (double)answer.teu_offered, answer.hash);
        fflush(stdout);
    }
    return EXIT_SUCCESS;
}
