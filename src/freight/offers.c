#include "freight/offers.h"

#include <math.h>

#include "engine/calendar_date.h"
#include "railway/network.h"

/* No run is that long (it is some 300,000 years), and doubles still tell milliseconds apart. */
static const double NEVER_MS = 9e15;

double flow_mean_teu(const struct flow *flow) {
    return 1 + flow->share_40ft;
}

int32_t flow_least_teu(const struct flow *flow) {
    const bool odd_batch = flow->arrivals == FLOW_BATCH && flow->batch_teu % 2 == 1;
    return flow->share_40ft >= 1 && !odd_batch ? 2 : 1;
}

/* Of Λ per millisecond, in what the flow counts: batches count TEU. */
static double rate_in(const struct flow *flow, int32_t month) {
    const double teu = flow->teu_per_day * (flow->seasonal ? flow->seasonality[month - 1] : 1);
    const double size = flow->arrivals == FLOW_BATCH ? 1 : flow_mean_teu(flow);
    return teu / size / (double)MILLISECONDS_PER_DAY;
}

static void next_month(struct offers *offers, const struct flow *flow) {
    offers->month_level += offers->rate * (double)(offers->month_to_ms - offers->month_from_ms);
    if (++offers->month > MONTHS) {
        offers->month = 1;
        offers->year++;
    }
    offers->month_from_ms = offers->month_to_ms;
    offers->month_to_ms += days_of_month(offers->year, offers->month) * MILLISECONDS_PER_DAY;
    offers->rate = rate_in(flow, offers->month);
}

/* When Λ reaches the level. */
static int64_t time_of_level(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    while (flow->seasonal && offers->level >= offers->month_level + offers->rate * (double)(offers->month_to_ms -
                                                                                            offers->month_from_ms)) {
        if (offers->month_to_ms >= setting->end_ms || (double)offers->month_to_ms > NEVER_MS) return INT64_MAX;
        next_month(offers, flow);
    }
    if (!(offers->rate > 0)) return INT64_MAX;
    const double after_ms = (offers->level - offers->month_level) / offers->rate;
    if (!(after_ms < NEVER_MS)) return INT64_MAX;
    return offers->month_from_ms + (int64_t)(after_ms + 0.5);
}

static bool evenly_40ft(const struct flow *flow, int64_t number) {
    return floor((double)number * flow->share_40ft + 0.5) > floor((double)(number - 1) * flow->share_40ft + 0.5);
}

/* The draws of a container; those of two lie in one block. */
static const double *draws_of(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    const uint64_t before = (uint64_t)offers->number - 1;
    if (before % 2 == 0) stream_uniform4(&setting->stream, (uint64_t)flow->entity, before / 2, offers->uniforms);
    return offers->uniforms + before % 2 * 2;
}

static void next_poisson(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    const double *draws = draws_of(offers, flow, setting);
    offers->level += stream_exponential(draws[0], 1);
    offers->next_ms = time_of_level(offers, flow, setting);
    offers->next_teu = draws[1] < flow->share_40ft ? 2 : 1;
}

static void next_regular(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    offers->level = (double)offers->number - 0.5;
    offers->next_ms = time_of_level(offers, flow, setting);
    offers->next_teu = evenly_40ft(flow, offers->number) ? 2 : 1;
}

static void next_of_batch(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    if (offers->batch_left == 0) {
        offers->level = ((double)offers->batches++ + 0.5) * flow->batch_teu;
        offers->next_ms = time_of_level(offers, flow, setting);
        offers->batch_left = flow->batch_teu;
    }
    const double *draws = draws_of(offers, flow, setting);
    offers->next_teu = offers->batch_left > 1 && draws[1] < flow->share_40ft ? 2 : 1;
    offers->batch_left -= offers->next_teu;
}

void offers_next(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    offers->number++;
    switch (flow->arrivals) {
    case FLOW_POISSON:
        next_poisson(offers, flow, setting);
        break;
    case FLOW_REGULAR:
        next_regular(offers, flow, setting);
        break;
    case FLOW_BATCH:
        next_of_batch(offers, flow, setting);
        break;
    }
    if (offers->next_ms >= setting->end_ms) offers->next_ms = INT64_MAX;
}

void offers_start(struct offers *offers, const struct flow *flow, const struct offer_setting *setting) {
    const int64_t days = days_of_month(setting->start_year, setting->start_month) - setting->start_day + 1;
    *offers = (struct offers){.year = setting->start_year,
                              .month = setting->start_month,
                              .month_to_ms = days * MILLISECONDS_PER_DAY,
                              .rate = rate_in(flow, setting->start_month)};
    offers_next(offers, flow, setting);
}
