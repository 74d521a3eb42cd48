/* When containers come, and how large they are. */
#include "../engine/suite.h"

#include <math.h>
#include <stdlib.h>

#include "engine/calendar_date.h"
#include "freight/offers.h"
#include "railway/network.h"

static const int64_t DAY = MILLISECONDS_PER_DAY;

static struct flow a_flow(enum flow_arrivals arrivals, double teu_per_day, double share_40ft) {
    struct flow flow = {.arrivals = arrivals, .teu_per_day = teu_per_day, .share_40ft = share_40ft, .batch_teu = 100};
    for (int32_t i = 0; i < MONTHS; i++) flow.seasonality[i] = 1;
    return flow;
}

static struct offer_setting a_setting(int64_t days) {
    return (struct offer_setting){
        .stream = {7, STREAM_CONTAINER, 1}, .start_year = 2030, .start_month = 1, .start_day = 1, .end_ms = days * DAY};
}

struct tally {
    int64_t containers, teu;
};

/* What comes in [from, to) of the days; offers must not have gone beyond. */
static struct tally take_until(struct offers *offers, const struct flow *flow, const struct offer_setting *setting,
                               int64_t to_ms) {
    struct tally tally = {0};
    for (int64_t last_ms = 0; offers->next_ms < to_ms; offers_next(offers, flow, setting)) {
        REQUIRE(offers->next_ms >= last_ms && (offers->next_teu == 1 || offers->next_teu == 2));
        last_ms = offers->next_ms;
        tally.containers++;
        tally.teu += offers->next_teu;
    }
    return tally;
}

/* Counts a day: Poisson with the right mean, as scattered as Poisson counts are, and independent from day to day. */
START_TEST(comes_by_a_poisson_process) {
    enum { DAYS = 20000 };
    const struct flow flow = a_flow(FLOW_POISSON, 70, 0.4);
    const struct offer_setting setting = a_setting(DAYS);
    struct offers offers;
    offers_start(&offers, &flow, &setting);
    const double mean = 70 / 1.4;
    double sum = 0, squares = 0, products = 0, before = 0;
    int64_t teu = 0;
    for (int64_t day = 1; day <= DAYS; day++) {
        const struct tally tally = take_until(&offers, &flow, &setting, day * DAY);
        const double off = (double)tally.containers - mean;
        sum += off;
        squares += off * off;
        products += off * before;
        before = off;
        teu += tally.teu;
    }
    ck_assert_int_eq(offers.next_ms, INT64_MAX);
    ck_assert_double_lt(fabs(sum / DAYS), 4 * sqrt(mean / DAYS));
    ck_assert_double_lt(fabs(squares / DAYS / mean - 1), 4 * sqrt(2.0 / DAYS + 1 / mean / DAYS));
    ck_assert_double_lt(fabs(products / DAYS / mean), 4 / sqrt(DAYS));
    /* compound Poisson: Σ size² = 0.6 + 0.4 · 4 a container */
    ck_assert_double_lt(fabs((double)teu / DAYS - 70), 4 * sqrt(mean * 2.2 / DAYS));
}
END_TEST

START_TEST(comes_equally_spaced) {
    const struct flow flow = a_flow(FLOW_REGULAR, 24, 0);
    const struct offer_setting setting = a_setting(1000);
    struct offers offers;
    offers_start(&offers, &flow, &setting);
    for (int64_t n = 1; n <= 24000; n++) {
        REQUIRE(offers.number == n && offers.next_teu == 1 && offers.next_ms == (2 * n - 1) * DAY / 48);
        offers_next(&offers, &flow, &setting);
    }
    ck_assert_int_eq(offers.next_ms, INT64_MAX);
}
END_TEST

/* Sizes of a regular flow are mixed evenly, so that never more than a container is missing. */
START_TEST(offers_all_teu_of_a_regular_flow) {
    const double shares[] = {0, 0.1, 1.0 / 3, 0.5, 0.77, 1};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        const struct flow flow = a_flow(FLOW_REGULAR, 1000.0 / 7, shares[i]);
        const struct offer_setting setting = a_setting(3000);
        struct offers offers;
        offers_start(&offers, &flow, &setting);
        struct tally sum = {0};
        for (int64_t day = 1; day <= 3000; day++) {
            const struct tally tally = take_until(&offers, &flow, &setting, day * DAY);
            sum.teu += tally.teu;
            sum.containers += tally.containers;
            REQUIRE(fabs((double)sum.teu - 1000.0 / 7 * (double)day) <= 1 + flow_mean_teu(&flow) / 2);
            REQUIRE(fabs((double)(sum.teu - sum.containers) - shares[i] * (double)sum.containers) <= 0.5 + 1e-6);
        }
    }
}
END_TEST

START_TEST(comes_in_whole_batches) {
    const struct {
        int32_t batch_teu;
        double share_40ft;
    } cases[] = {{100, 0}, {100, 0.5}, {7, 1}, {1, 1}, {101, 0.9}, {2, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct flow flow = a_flow(FLOW_BATCH, 50, cases[i].share_40ft);
        flow.batch_teu = cases[i].batch_teu;
        const struct offer_setting setting = a_setting(500);
        struct offers offers;
        offers_start(&offers, &flow, &setting);
        int64_t forty = 0, containers = 0;
        for (int64_t batch = 0; batch < 200; batch++) {
            const int64_t time_ms = llround(((double)batch + 0.5) * cases[i].batch_teu / 50 * (double)DAY);
            int32_t teu = 0;
            while (teu < cases[i].batch_teu) {
                REQUIRE(offers.next_ms == time_ms);
                if (teu == cases[i].batch_teu - 1) REQUIRE(offers.next_teu == 1);
                teu += offers.next_teu;
                forty += offers.next_teu == 2;
                containers++;
                offers_next(&offers, &flow, &setting);
            }
            ck_assert_int_eq(teu, cases[i].batch_teu);
        }
        ck_assert_int_eq(containers + forty, 200 * cases[i].batch_teu);
        if (cases[i].share_40ft == 0) ck_assert_int_eq(forty, 0);
        if (cases[i].batch_teu == 7) ck_assert_int_eq(forty, 600);
        if (cases[i].batch_teu == 100 && cases[i].share_40ft > 0)
            ck_assert_double_lt(fabs((double)forty / (double)containers - 0.5), 4 * 0.5 / sqrt((double)containers));
    }
}
END_TEST

/* Every calendar month gets its own share, from any day on, leap years included. */
START_TEST(follows_the_seasons) {
    struct flow flow = a_flow(FLOW_REGULAR, 240, 0);
    const double factors[MONTHS] = {2, 0, 1, 0.5, 1.5, 1, 1, 3, 0, 0, 0.5, 1.5};
    for (int32_t i = 0; i < MONTHS; i++) flow.seasonality[i] = factors[i];
    flow.seasonal = true;
    struct offer_setting setting = a_setting(2000);
    setting.start_year = 2027;
    setting.start_month = 11;
    setting.start_day = 16;
    struct offers offers;
    offers_start(&offers, &flow, &setting);
    int32_t year = 2027, month = 11;
    int64_t days = 15, end_ms = 0;
    double expected = 0, offered = 0;
    for (int32_t i = 0; i < 60; i++) {
        end_ms += days * DAY;
        const int64_t teu = take_until(&offers, &flow, &setting, end_ms).teu;
        expected += 240 * factors[month - 1] * (double)days;
        offered += (double)teu;
        ck_assert_double_le(fabs(expected - offered), 1);
        if (factors[month - 1] == 0) ck_assert_int_le(teu, 1);
        month = month % 12 + 1;
        year += month == 1;
        days = days_of_month(year, month);
    }
    /* the first one: 120 a day, half of their distance after midnight */
    offers_start(&offers, &flow, &setting);
    ck_assert_int_eq(offers.next_ms, DAY / 240);
}
END_TEST

/* The n-th container of a flow is the same whatever else there is; other replications, seeds and flows draw others. */
START_TEST(draws_by_the_number_of_the_container) {
    const struct flow flow = a_flow(FLOW_POISSON, 100, 0.5), fast = a_flow(FLOW_POISSON, 200, 0.5);
    struct flow other = flow;
    other.entity = 1;
    const struct offer_setting setting = a_setting(100000);
    struct offer_setting again = setting, replication = setting, seed = setting;
    again.end_ms *= 2;
    replication.stream.replication = 2;
    seed.stream.seed = 8;
    const struct flow *flows[] = {&flow, &flow, &fast, &other, &flow, &flow};
    const struct offer_setting *settings[] = {&setting, &again, &setting, &setting, &replication, &seed};
    enum { WAYS = 6, COUNT = 1000 };
    struct offers offers[WAYS];
    int32_t same[WAYS] = {0};
    for (int32_t way = 0; way < WAYS; way++) offers_start(&offers[way], flows[way], settings[way]);
    for (int32_t n = 0; n < COUNT; n++) {
        REQUIRE(offers[1].next_ms == offers[0].next_ms && offers[1].next_teu == offers[0].next_teu);
        REQUIRE(llabs(2 * offers[2].next_ms - offers[0].next_ms) <= 2 && offers[2].next_teu == offers[0].next_teu);
        for (int32_t way = 3; way < WAYS; way++) same[way] += offers[way].next_teu == offers[0].next_teu;
        for (int32_t way = 0; way < WAYS; way++) offers_next(&offers[way], flows[way], settings[way]);
    }
    for (int32_t way = 3; way < WAYS; way++) ck_assert(same[way] > COUNT / 2 - 80 && same[way] < COUNT / 2 + 80);
    for (int32_t way = 3; way < WAYS; way++) ck_assert_int_ne(offers[way].next_ms, offers[0].next_ms);
}
END_TEST

START_TEST(offers_nothing_where_nothing_comes) {
    const double rates[] = {0, 1e-300, 1e-12};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        for (int32_t arrivals = FLOW_POISSON; arrivals <= FLOW_BATCH; arrivals++)
            for (int32_t seasonal = 0; seasonal < 2; seasonal++) {
                struct flow flow = a_flow((enum flow_arrivals)arrivals, rates[i], 0.5);
                flow.seasonal = seasonal;
                struct offer_setting setting = a_setting(3650);
                struct offers offers;
                offers_start(&offers, &flow, &setting);
                ck_assert_int_eq(offers.next_ms, INT64_MAX);
            }
}
END_TEST

START_TEST(knows_sizes) {
    struct flow flow = a_flow(FLOW_POISSON, 1, 0.25);
    ck_assert_double_eq(flow_mean_teu(&flow), 1.25);
    ck_assert_int_eq(flow_least_teu(&flow), 1);
    flow.share_40ft = 1;
    ck_assert_int_eq(flow_least_teu(&flow), 2);
    flow.arrivals = FLOW_BATCH;
    ck_assert_int_eq(flow_least_teu(&flow), 2);
    flow.batch_teu = 9;
    ck_assert_int_eq(flow_least_teu(&flow), 1);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {comes_by_a_poisson_process,
                                  comes_equally_spaced,
                                  offers_all_teu_of_a_regular_flow,
                                  comes_in_whole_batches,
                                  follows_the_seasons,
                                  draws_by_the_number_of_the_container,
                                  offers_nothing_where_nothing_comes,
                                  knows_sizes};
    return run_suite("offers", tests, sizeof tests / sizeof tests[0]);
}
