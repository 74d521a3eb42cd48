#include "study/project_traffic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "freight/hop_supply.h"
#include "railway/route.h"

#define METRES_PER_KM 1000.0

bool traffic_sums_make(const struct scenario *scenario, struct traffic_sums *sums) {
    *sums = (struct traffic_sums){
        .plans = calloc((size_t)scenario->timetable.plan_count + 1, sizeof *sums->plans),
        .crane_busy_days = calloc((size_t)scenario->traffic.terminal_count + 1, sizeof *sums->crane_busy_days)};
    if (sums->plans != NULL && sums->crane_busy_days != NULL) return true;
    traffic_sums_free(sums);
    return false;
}

void traffic_sums_free(struct traffic_sums *sums) {
    free(sums->plans);
    free(sums->crane_busy_days);
    *sums = (struct traffic_sums){0};
}

/* ---- what the schedule says ---- */

/* The journeys of all flows, beside what the trains can carry. */
struct supply {
    struct journey_input input;
    struct journeys journeys;
    struct hop_supply *hops;
};

static void supply_free(struct supply *supply) {
    journeys_free(&supply->journeys);
    free(supply->hops);
}

static bool find_supply(const struct scenario *scenario, struct supply *supply, struct failure *failure) {
    *supply = (struct supply){.input = {.traffic = &scenario->traffic,
                                        .network = &scenario->network,
                                        .timetable = &scenario->timetable,
                                        .train_types = scenario->train_types}};
    if (!journeys_find(&supply->input, &supply->journeys)) return failure_set(failure, "out of memory");
    supply->hops = calloc((size_t)supply->journeys.hop_count + 1, sizeof *supply->hops);
    if (supply->hops != NULL && hop_supplies(&supply->input, &supply->journeys, supply->hops)) return true;
    supply_free(supply);
    return failure_set(failure, "out of memory");
}

static bool serves(const struct supply *supply, int32_t plan) {
    return supply->journeys.first_boarding[plan + 1] > supply->journeys.first_boarding[plan];
}

static double plan_km(const struct scenario *scenario, const struct train_plan *plan) {
    double length_m = 0;
    for (int32_t i = 0; i < plan->route_length; i++)
        length_m += scenario->network.sections[plan->route[i].section].length_m;
    return length_m / METRES_PER_KM;
}

/* From one station on a plan's way to a later one. */
static double way_km(const struct scenario *scenario, const struct train_plan *plan, int32_t from, int32_t to) {
    double length_m = 0;
    bool on = plan->calls[0].station == from;
    for (int32_t i = 0; i < plan->route_length; i++) {
        if (on) length_m += scenario->network.sections[plan->route[i].section].length_m;
        const int32_t end = route_leg_end(&scenario->network, &plan->route[i]);
        if (end == from) on = true;
        if (end == to) break;
    }
    return length_m / METRES_PER_KM;
}

/* Of all flows on the way, weighted with what they offer. */
static double mean_journey_km(const struct scenario *scenario, const struct supply *supply, double offered) {
    double teu_km = 0;
    for (int32_t i = 0; i < supply->journeys.hop_count; i++) {
        const struct hop *hop = &supply->journeys.hops[i];
        if (supply->hops[i].plan < 0) continue;
        teu_km += scenario->traffic.flows[hop->flow].teu_per_day *
                  way_km(scenario, &scenario->timetable.plans[supply->hops[i].plan], hop->from, hop->to);
    }
    return teu_km / offered;
}

static double teu_offered_per_day(const struct scenario *scenario) {
    double sum = 0;
    for (int32_t i = 0; i < scenario->traffic.flow_count; i++) sum += scenario->traffic.flows[i].teu_per_day;
    return sum;
}

static void read_schedule(const struct scenario *scenario, const struct supply *supply,
                          struct project_traffic *traffic) {
    for (int32_t plan = 0; plan < scenario->timetable.plan_count; plan++) {
        const double trains = timetable_trains_per_day(&scenario->timetable, plan);
        traffic->trains_per_day += trains;
        if (serves(supply, plan)) traffic->container_trains_per_day += trains;
    }
    for (int32_t i = 0; i < supply->journeys.hop_count; i++) traffic->load = fmax(traffic->load, supply->hops[i].load);
    const double offered = teu_offered_per_day(scenario), full = offered / traffic->load;
    traffic->traffic.demand_teu_per_day = offered;
    traffic->traffic.teu_per_train = full / traffic->trains_per_day;
    traffic->teu_per_train_full = full / traffic->container_trains_per_day;
    traffic->traffic.rail_km = mean_journey_km(scenario, supply, offered);
}

/* ---- what was simulated ---- */

static void add_trains(const struct scenario *scenario, const struct supply *supply, const struct traffic_sums *sums,
                       struct project_traffic *traffic) {
    struct appraisal_traffic *found = &traffic->traffic;
    const double years = sums->days / APPRAISAL_DAYS_PER_YEAR;
    const double energy_usd_per_kwh = economics_mean(&scenario->economics, ECONOMIC_ENERGY);
    double container_trains = 0;
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++) {
        const struct train_plan *plan = &scenario->timetable.plans[i];
        const struct train_type *type = &scenario->train_types[plan->train_type];
        const struct plan_sums *of_plan = &sums->plans[i];
        const double km = of_plan->trains * plan_km(scenario, plan);
        const double cost_usd = km * type->cost_per_train_km_usd + of_plan->hours * type->cost_per_hour_usd;
        if (serves(supply, i)) {
            found->running_cost_usd_per_teu += cost_usd / sums->teu_delivered_in_window;
            found->energy_kwh_per_teu += of_plan->energy_kwh / sums->teu_delivered_in_window;
            found->train_km_per_teu += km / sums->teu_delivered_in_window;
            container_trains += of_plan->trains;
        } else {
            found->other_cost_usd_per_year += (cost_usd + of_plan->energy_kwh * energy_usd_per_kwh) / years;
            found->other_train_km_per_year += km / years;
            found->other_revenue_usd_per_year += of_plan->trains * type->revenue_per_train_usd / years;
        }
    }
    traffic->teu_per_train_simulated = sums->teu_delivered_in_window / container_trains;
}

static void limit_by_cranes(const struct scenario *scenario, const struct traffic_sums *sums,
                            struct project_traffic *traffic) {
    traffic->crane_teu_per_day = INFINITY;
    traffic->crane_station = -1;
    for (int32_t i = 0; i < scenario->traffic.terminal_count; i++) {
        const double busy =
            sums->crane_busy_days[i] / sums->days / terminal_shift_share(&scenario->traffic.terminals[i]);
        if (!(busy > 0)) continue;
        const double allowed = sums->teu_delivered_in_window / sums->days / fmin(1, busy);
        if (allowed >= traffic->crane_teu_per_day) continue;
        traffic->crane_teu_per_day = allowed;
        traffic->crane_station = scenario->traffic.terminals[i].station;
    }
}

/* Yards that turn containers away would turn away more of a greater demand: trains are taken to run no fuller than they
 * did. Where cranes worked all the time yards are full for their sake, and what they allow is known. */
static void limit_by_yards(const struct traffic_sums *sums, struct project_traffic *traffic) {
    static const double all_the_time = 0.95;
    const double fullness = traffic->teu_per_train_simulated / traffic->teu_per_train_full;
    const double cranes_busy = sums->teu_delivered_in_window / sums->days / traffic->crane_teu_per_day;
    traffic->yards_bind = traffic->refused_share > PROJECT_YARDS_REFUSE && fullness < 1 && cranes_busy < all_the_time;
    if (traffic->yards_bind) traffic->traffic.teu_per_train *= fullness;
}

static void read_sums(const struct scenario *scenario, const struct supply *supply, const struct traffic_sums *sums,
                      struct project_traffic *traffic) {
    struct appraisal_traffic *found = &traffic->traffic;
    const double tariff = (sums->revenue_usd - sums->penalty_usd) / sums->teu_delivered;
    found->tariff_usd_per_teu = fmax(0, tariff);
    found->running_cost_usd_per_teu = fmax(0, -tariff); /* penalties beyond the tariffs are a cost */
    found->lifts_per_teu = sums->lifts / sums->teu_delivered_in_window;
    found->yard_days_per_teu = sums->yard_teu_days / sums->teu_delivered_in_window;
    traffic->delivered_share = sums->teu_delivered / sums->teu_offered;
    traffic->refused_share = sums->teu_refused / sums->teu_offered;
    add_trains(scenario, supply, sums, traffic);
    limit_by_cranes(scenario, sums, traffic);
    limit_by_yards(sums, traffic);
}

bool project_traffic_make(const struct scenario *scenario, const struct traffic_sums *sums,
                          struct project_traffic *traffic, struct failure *failure) {
    struct supply supply;
    *traffic = (struct project_traffic){0};
    if (!(sums->teu_delivered > 0) || !(sums->teu_delivered_in_window > 0))
        return failure_set(failure,
                           "no container was delivered in the %g days that were simulated: more are needed "
                           "(--days), or trains that reach where the flows are bound",
                           sums->days);
    if (!find_supply(scenario, &supply, failure)) return false;
    read_schedule(scenario, &supply, traffic);
    read_sums(scenario, &supply, sums, traffic);
    supply_free(&supply);
    return true;
}

void project_traffic_fit(struct project_traffic *traffic, double trains_per_day, double standard_error) {
    struct appraisal_traffic *found = &traffic->traffic;
    const double by_cranes = traffic->crane_teu_per_day / found->teu_per_train;
    traffic->cranes_bind = by_cranes < trains_per_day;
    found->capacity_trains_per_day = traffic->cranes_bind ? by_cranes : trains_per_day;
    found->capacity_standard_error = traffic->cranes_bind ? 0 : standard_error;
    const double fits = fmin(1, trains_per_day / traffic->trains_per_day);
    found->other_revenue_usd_per_year *= fits;
    found->other_cost_usd_per_year *= fits;
    found->other_train_km_per_year *= fits;
}

/* ---- whether there is anything to appraise ---- */

static bool has_economics(const struct scenario *scenario) {
    static const char file[] = "economics.csv", key[] = "economics[";
    for (int32_t i = 0; i < scenario->input_count; i++) {
        const char *path = scenario->inputs[i].path, *slash = strrchr(path, '/');
        if (strcmp(slash != NULL ? slash + 1 : path, file) == 0) return true;
    }
    for (int32_t i = 0; i < scenario->settings_used_count; i++) {
        const char *used = scenario->settings_used[i].key;
        if (strncmp(used, key, sizeof key - 1) == 0 && strcmp(used, "economics[viewpoint].value") != 0) return true;
    }
    return false;
}

/* Trains that are always ready: how many run a day the schedule does not say. */
static const struct train_plan *endless_plan(const struct scenario *scenario) {
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++) {
        const struct train_plan *plan = timetable_root(&scenario->timetable, &scenario->timetable.plans[i]);
        if (plan->kind == PLAN_SERVICE && plan->arrivals == ARRIVALS_SATURATED) return plan;
    }
    return NULL;
}

bool project_traffic_possible(const struct scenario *scenario, struct diagnostics *diagnostics) {
    const int32_t before = diagnostics->errors;
    const char *folder = scenario->folder;
    const struct train_plan *endless = endless_plan(scenario);
    if (!has_economics(scenario))
        diagnostics_error(diagnostics, folder, 0, 0,
                          "there is no economics.csv: capital, opening and prices are needed to say whether it pays");
    if (scenario->traffic.flow_count == 0)
        diagnostics_error(diagnostics, folder, 0, 0,
                          "there is no flow of containers: flows.csv, and trains that carry them, are needed to say "
                          "whether it pays");
    else if (!(teu_offered_per_day(scenario) > 0))
        diagnostics_error(diagnostics, folder, 0, 0, "no containers are offered: teu_per_day of every flow is 0");
    if (scenario->settings.repeat_once)
        diagnostics_error(diagnostics, folder, 0, 0,
                          "the schedule runs once: what a year earns is found from one that repeats (repeat = daily)");
    if (endless != NULL)
        diagnostics_error(diagnostics, folder, 0, 0,
                          "service %s is saturated: how many trains run a day is needed (trains_per_day, with "
                          "arrivals regular or poisson)",
                          endless->id);
    return diagnostics->errors == before;
}
