/* What a year of a scenario's traffic is to an appraisal: from sums over simulated runs to figures per TEU, and from
 * trains a day to TEU a day.
 *
 * Per TEU. Container trains are those that serve a flow; all others (passengers, bulk) are the other trains.
 *     tariff       (tariffs − penalties) / TEU delivered, of what was offered in the measured window
 *     cost         train-km and train-hours of the container trains that arrived in it, at the costs of
 * train_types.csv; their kWh, their train-km; lifts; TEU-days in yards: each over the TEU delivered in it as full as
 * the trains were in the simulation. Prices of economics.csv do not enter: they may be laws.
 *
 * TEU at capacity. "How many trains a day" is answered for the scenario's whole mix of trains, in the shares of its
 * schedule, and so is the capacity here. When demand grows, all flows grow alike, and trains run as many one way as the
 * other, as scheduled; so the line is full when the busiest part of a container train's way is, in the direction that
 * most is bound for, and the other direction is then as empty as the flows make it. With the highest load (TEU
 * offered over room; freight/hop_supply.h) L and all flows together D TEU a day, on T trains a day of all kinds,
 *     paying TEU a train of the mix when full = D / (L · T).
 * A container that changes trains pays once. Where the cranes of a terminal would be busy all the time before the line
 * is full, these are the limit: TEU a day = TEU delivered a day / busy share of the busiest cranes. Yards are not
 * looked at; what was refused is told.
 *
 * Other trains run as scheduled, whatever the containers, but no more of them than their share of the capacity. */
#ifndef BERING_STUDY_PROJECT_TRAFFIC_H
#define BERING_STUDY_PROJECT_TRAFFIC_H

#include "results/failure.h"
#include "scenario/scenario.h"
#include "study/appraisal.h"

/* Trains of one plan that arrived within the measured windows of all runs. */
struct plan_sums {
    double trains, hours, energy_kwh;
};

/* Over the measured windows of all runs. */
struct traffic_sums {
    double days;
    struct plan_sums *plans;                        /* [timetable.plan_count] */
    double teu_offered, teu_delivered, teu_refused; /* of what was offered in the window */
    double revenue_usd, penalty_usd;                /* of the same */
    double teu_delivered_in_window;                 /* whenever offered */
    double lifts, yard_teu_days;
    double *crane_busy_days; /* [traffic.terminal_count] cranes busy, as a share of all time, times days; 0 where
                                they have no limit */
};

/* The share of what is offered from which yards are said to turn containers away, and are a limit. */
#define PROJECT_YARDS_REFUSE 0.01

/* False when out of memory. */
bool traffic_sums_make(const struct scenario *scenario, struct traffic_sums *sums);
void traffic_sums_free(struct traffic_sums *sums); /* leaves it empty */

struct project_traffic {
    struct appraisal_traffic traffic; /* without capacity: project_traffic_fit fills that in */
    double trains_per_day;            /* scheduled, of all kinds */
    double container_trains_per_day;
    double teu_per_train_full;             /* paying, of a container train on a full line, yards apart */
    double teu_per_train_simulated;        /* likewise, as simulated */
    double load;                           /* L: what is offered over what there is room for, where that is highest */
    double delivered_share, refused_share; /* of what was offered */
    double crane_teu_per_day;              /* what the busiest cranes allow; INFINITY: no limit */
    int32_t crane_station;                 /* which; −1: none */
    bool cranes_bind;                      /* that is less than the line's capacity */
    bool yards_bind; /* yards refused containers while trains ran with room: no train is taken to be fuller than that */
};

/* False, with what is missing, where no flow pays or nothing was delivered, or when out of memory. */
bool project_traffic_make(const struct scenario *scenario, const struct traffic_sums *sums,
                          struct project_traffic *traffic, struct failure *failure);

/* The capacity of the line, trains/day of the whole mix both ways, with the standard error of that mean. */
void project_traffic_fit(struct project_traffic *traffic, double trains_per_day, double standard_error);

/* Whether a scenario can be appraised at all; else all that is missing, before anything is simulated, at its folder. */
bool project_traffic_possible(const struct scenario *scenario, struct diagnostics *diagnostics);

#endif
