#include "study/formulas.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static bool is_time(double minutes) {
    return isfinite(minutes) && minutes >= 0;
}

static bool is_share(double share) {
    return share >= 0 && share <= 1;
}

/* Trains, or places: any finite number from 0 on. */
static bool is_count(double count) {
    return isfinite(count) && count >= 0;
}

static bool is_fleet(double trains) {
    return trains >= 1;
}

static bool is_part_of_day(double minutes) {
    return minutes >= 0 && minutes <= MINUTES_PER_DAY;
}

/* How often a period fits; no time at all is filled by nothing, any other by trains without end if they take none. */
static double fitting(double time_min, double period_min) {
    return time_min == 0 ? 0 : time_min / period_min;
}

double scott_trains_per_day(double run_min, double block_operation_min, double efficiency) {
    if (!is_time(run_min) || !is_time(block_operation_min) || !is_share(efficiency)) return NAN;
    return fitting(MINUTES_PER_DAY * efficiency, run_min + block_operation_min);
}

/* ---- pairs ---- */

static bool is_section(const struct paired_section *section) {
    return is_time(section->run_there_min) && is_time(section->run_back_min) && is_time(section->start_min) &&
           is_time(section->brake_min) && is_time(section->arrival_interval_min) &&
           is_time(section->crossing_interval_min);
}

double crossing_lost_min(const struct paired_section *section, enum crossing crossing) {
    if (!is_section(section)) return NAN;
    switch (crossing) {
    case CROSSING_ENTERS_FROM_REST:
        return section->crossing_interval_min + section->start_min;
    case CROSSING_ENTERS_RUNNING:
        return section->brake_min + section->arrival_interval_min;
    case CROSSING_BOTH_STOP:
        return section->brake_min + section->crossing_interval_min + section->start_min;
    }
    return NAN;
}

double paired_period_min(const struct paired_section *section, enum crossing_scheme scheme) {
    static const enum crossing ENDS[CROSSING_SCHEME_COUNT][2] = {
        [SCHEME_BOTH_STOP] = {CROSSING_BOTH_STOP, CROSSING_ENTERS_RUNNING},
        [SCHEME_RUN_OUT] = {CROSSING_ENTERS_FROM_REST, CROSSING_ENTERS_FROM_REST},
        [SCHEME_THERE_RUNS] = {CROSSING_ENTERS_RUNNING, CROSSING_ENTERS_FROM_REST},
        [SCHEME_BACK_RUNS] = {CROSSING_ENTERS_FROM_REST, CROSSING_ENTERS_RUNNING},
    };
    if ((int)scheme < 0 || scheme >= CROSSING_SCHEME_COUNT) return NAN;
    return section->run_there_min + section->run_back_min + crossing_lost_min(section, ENDS[scheme][0]) +
           crossing_lost_min(section, ENDS[scheme][1]);
}

double least_paired_period_min(const struct paired_section *section, enum crossing_scheme *scheme) {
    double least = NAN;
    for (int i = 0; i < CROSSING_SCHEME_COUNT; i++) {
        double period = paired_period_min(section, (enum crossing_scheme)i);
        if (isnan(period) || period >= least) continue;
        least = period;
        if (scheme != NULL) *scheme = (enum crossing_scheme)i;
    }
    return least;
}

double pairs_per_day(double period_min, double closed_min, double reliability, double pairs_per_period) {
    if (!is_time(period_min) || !is_part_of_day(closed_min) || !is_share(reliability) || !is_count(pairs_per_period))
        return NAN;
    return fitting((MINUTES_PER_DAY - closed_min) * reliability * pairs_per_period, period_min);
}

/* ---- packets and fleets ---- */

double packet_period_min(double run_there_min, double run_back_min, double lost_min, double trains_in_packet,
                         double headway_there_min, double headway_back_min) {
    if (!is_time(run_there_min) || !is_time(run_back_min) || !is_time(lost_min) || !is_fleet(trains_in_packet) ||
        !isfinite(trains_in_packet) || !is_time(headway_there_min) || !is_time(headway_back_min))
        return NAN;
    return run_there_min + run_back_min + lost_min + (trains_in_packet - 1) * (headway_there_min + headway_back_min);
}

double partly_packeted_pairs_per_day(double usable_min, double period_min, double share_in_packets,
                                     double headway_there_min, double headway_back_min) {
    if (!is_part_of_day(usable_min) || !is_time(period_min) || !is_share(share_in_packets) ||
        !is_time(headway_there_min) || !is_time(headway_back_min))
        return NAN;
    return fitting(2 * usable_min,
                   (2 - share_in_packets) * period_min + share_in_packets * (headway_there_min + headway_back_min));
}

double fleet_turn_min(double run_min, double fleet, double headway_min, double interval_min) {
    if (!is_time(run_min) || !is_fleet(fleet) || !is_time(headway_min) || !is_time(interval_min)) return NAN;
    double following = fleet > 1 && headway_min > 0 ? (fleet - 1) * headway_min : 0;
    return run_min + following + interval_min;
}

double fleet_trains_per_day(double run_there_min, double run_back_min, double fleet, double headway_min,
                            double interval_min, double usable_share) {
    double there = fleet_turn_min(run_there_min, fleet, headway_min, interval_min);
    double back = fleet_turn_min(run_back_min, fleet, headway_min, interval_min);
    if (isnan(there) || isnan(back) || !is_share(usable_share)) return NAN;
    double usable = MINUTES_PER_DAY * usable_share;
    return isinf(fleet) ? fitting(usable, headway_min) : fitting(usable * 2 * fleet, there + back);
}

double serial_trains_per_day(const struct serial_section *sections, int32_t count, double fleet, double headway_min,
                             double interval_min, double usable_share, int32_t *limiting) {
    double least = NAN;
    int32_t first = -1;
    if (limiting != NULL) *limiting = -1;
    for (int32_t i = 0; i < count; i++) {
        double carried = fleet_trains_per_day(sections[i].run_there_min, sections[i].run_back_min, fleet, headway_min,
                                              interval_min, usable_share);
        if (isnan(carried)) return NAN;
        if (carried >= least) continue;
        least = carried;
        first = i;
    }
    if (limiting != NULL) *limiting = first;
    return least;
}

/* ---- what is left for freight ---- */

double freight_pairs_per_day(double parallel_pairs, const double *pairs, const double *removal, int32_t count) {
    if (!is_count(parallel_pairs)) return NAN;
    double left = parallel_pairs;
    for (int32_t i = 0; i < count; i++) {
        if (!is_count(pairs[i]) || !is_count(removal[i])) return NAN;
        left -= pairs[i] * removal[i];
    }
    return fmax(left, 0);
}

double required_pairs_per_day(double places, double filling) {
    if (!is_count(places) || !is_share(filling)) return NAN;
    return fitting(places, filling);
}

double double_track_trains_per_day(double interval_min, double closed_min, double reliability) {
    return pairs_per_day(interval_min, closed_min, reliability, 1);
}

/* ---- meetings and queues ---- */

double meets(double opposing_trains_per_day, double run_there_min, double run_back_min) {
    if (!is_count(opposing_trains_per_day) || !is_time(run_there_min) || !is_time(run_back_min)) return NAN;
    return opposing_trains_per_day / MINUTES_PER_DAY * (run_there_min + run_back_min);
}

double queue_wait_min(double trains_per_day, double service_min) {
    if (!is_count(trains_per_day) || !is_time(service_min)) return NAN;
    double load = trains_per_day / MINUTES_PER_DAY * service_min;
    return load < 1 ? load * service_min / (2 * (1 - load)) : INFINITY;
}

double gate_wait_min(double cycle_min, double open_min) {
    if (!is_time(cycle_min) || cycle_min == 0 || !(open_min >= 0 && open_min <= cycle_min)) return NAN;
    double closed = cycle_min - open_min;
    return closed * closed / (2 * cycle_min);
}

/* ---- UIC 406 ---- */

double occupancy_ceiling(enum traffic_kind traffic, enum occupancy_period period) {
    static const double CEILINGS[TRAFFIC_KIND_COUNT][OCCUPANCY_PERIOD_COUNT] = {
        [TRAFFIC_SUBURBAN] = {0.85, 0.70}, [TRAFFIC_HIGH_SPEED] = {0.75, 0.60}, [TRAFFIC_MIXED] = {0.75, 0.60}};
    if ((int)traffic < 0 || traffic >= TRAFFIC_KIND_COUNT || (int)period < 0 || period >= OCCUPANCY_PERIOD_COUNT)
        return NAN;
    return CEILINGS[traffic][period];
}

double trains_per_day_at_ceiling(double trains, double occupied_min, double ceiling) {
    if (!is_count(trains) || !is_time(occupied_min) || !is_share(ceiling)) return NAN;
    return fitting(trains * MINUTES_PER_DAY * ceiling, occupied_min);
}
