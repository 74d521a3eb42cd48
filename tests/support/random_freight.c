/* The containers of a random_railway: the flows that its trains can carry, how its stations handle them, and prices.
 * Drawn with dice of their own: without them the railway would be the same. */
#include <stdlib.h>

#include "support/railway_draft.h"

/* ---- what trains carry ---- */

void begin_carrier(struct draft *draft, int32_t type, int32_t origin) {
    draft->carriers[draft->carrier_count++] = (struct draft_carrier){type, {origin}, 1};
}

void add_carrier_stop(struct draft *draft, int32_t station) {
    struct draft_carrier *carrier = &draft->carriers[draft->carrier_count - 1];
    carrier->stops[carrier->stop_count++] = station;
}

static bool carries(const struct draft *draft, const struct draft_carrier *carrier) {
    return draft->types[carrier->type].capacity_teu > 0;
}

static bool direct(const struct draft *draft, int32_t from, int32_t to) {
    for (int32_t k = 0; k < draft->carrier_count; k++) {
        const struct draft_carrier *carrier = &draft->carriers[k];
        bool aboard = false;
        for (int32_t i = 0; i < carrier->stop_count && carries(draft, carrier); i++) {
            if (aboard && carrier->stops[i] == to) return true;
            aboard = aboard || carrier->stops[i] == from;
        }
    }
    return false;
}

/* Containers are not lifted where a train stands in everybody's way. */
static bool may_handle(const struct draft_station *station) {
    return station->degree == 1 || station->track_count > 1 || station->unlimited;
}

static bool with_a_change(const struct draft *draft, int32_t from, int32_t to) {
    for (int32_t at = 0; at < draft->station_count; at++)
        if (draft->stations[at].handles && direct(draft, from, at) && direct(draft, at, to)) return true;
    return false;
}

/* ---- cells ---- */

/* A whole number from `low` on, or an empty cell. */
static bool write_some(struct draft *draft, FILE *file, int32_t percent, int32_t low, int32_t faces) {
    bool given = chance(draft, percent);
    if (given)
        fprintf(file, ",%d", low + roll(draft, faces));
    else
        fprintf(file, ",");
    return given;
}

static void write_share(struct draft *draft, FILE *file, bool given, double of, double least) {
    double share = between(draft, least, 1);
    if (given)
        fprintf(file, ",%.2f", share * of);
    else
        fprintf(file, ",");
}

/* ---- train types ---- */

void write_type_freight(struct draft *draft, struct draft_type *type, FILE *file, double mass_t) {
    type->capacity_teu = draft->freight && chance(draft, 80) ? 4 + roll(draft, 60) : 0;
    bool lighter = type->capacity_teu > 0 && mass_t > 0 && chance(draft, 50),
         shorter = type->capacity_teu > 0 && chance(draft, 30);
    fprintf(file, ",%d", type->capacity_teu);
    write_share(draft, file, lighter, mass_t, 0.3);
    write_share(draft, file, shorter, type->length_m, 0.1);
    if (lighter || shorter) draft_has(draft, RAILWAY_LOAD_DEPENDENT);
    write_share(draft, file, draft->freight, 400, 0);
    write_share(draft, file, draft->freight, 30, 0);
    write_some(draft, file, draft->freight ? 70 : 0, 0, 5000);
    fprintf(file, "\n");
}

/* ---- flows ---- */

enum { MOST_FLOWS = 6, MOST_PAIRS = MOST_STATIONS * MOST_STATIONS };

struct draft_pair {
    int32_t from, to;
    bool changes, back; /* empties find their way back */
};

static int32_t find_pairs(const struct draft *draft, struct draft_pair pairs[MOST_PAIRS]) {
    int32_t count = 0;
    for (int32_t from = 0; from < draft->station_count; from++)
        for (int32_t to = 0; to < draft->station_count; to++) {
            if (from == to || !may_handle(&draft->stations[from]) || !may_handle(&draft->stations[to])) continue;
            bool straight = direct(draft, from, to), changes = !straight && with_a_change(draft, from, to);
            bool back = direct(draft, to, from) || with_a_change(draft, to, from);
            if (straight || changes) pairs[count++] = (struct draft_pair){from, to, changes, back};
        }
    return count;
}

static void write_season(struct draft *draft, FILE *file) {
    static const char *const SEASONS[] = {"0.5;0.5;0.5;0.5;1;1;1.5;1.5;1.5;1.5;1;1", "2;2;2;2;2;2;0;0;0;0;0;0",
                                          "0.8;1.2;0.8;1.2;0.8;1.2;0.8;1.2;0.8;1.2;0.8;1.2"};
    bool seasons = chance(draft, 30);
    fprintf(file, ",%s", seasons ? SEASONS[roll(draft, 3)] : "");
    if (seasons) draft_has(draft, RAILWAY_SEASONS);
}

static void write_flow(struct draft *draft, FILE *file, int32_t number, const struct draft_pair *pair) {
    static const char *const ARRIVALS[] = {"poisson", "regular", "batch", ""};
    int32_t arrivals = roll(draft, 4);
    fprintf(file, "F%d,N%d,N%d,%.1f,%s", number, pair->from, pair->to, between(draft, 5, 120), ARRIVALS[arrivals]);
    write_some(draft, file, arrivals == 2 ? 100 : 0, 3, 40);
    fprintf(file, ",%.2f", between(draft, 0, 2000));
    write_some(draft, file, 60, 2, 30);
    fprintf(file, ",%.2f", between(draft, 0, 100));
    write_season(draft, file);
    bool forties = chance(draft, 60), empties = pair->back && chance(draft, 60);
    write_share(draft, file, forties, 1, 0);
    fprintf(file, ",%s\n", empties ? "yes" : "");
    draft_has(draft, RAILWAY_FLOWS);
    if (arrivals == 2) draft_has(draft, RAILWAY_BATCHES);
    if (forties) draft_has(draft, RAILWAY_FORTIES);
    if (empties) draft_has(draft, RAILWAY_EMPTIES);
    if (pair->changes) draft_has(draft, RAILWAY_CHANGES);
    draft->stations[pair->from].loads = true;
    draft->stations[pair->to].loads = draft->stations[pair->to].loads || empties;
}

/* Half of them, where there are such, with a change of trains. */
static void draw_flows(struct draft *draft) {
    struct draft_pair pairs[MOST_PAIRS];
    int32_t count = find_pairs(draft, pairs), wanted = 1 + roll(draft, MOST_FLOWS), changing = 0;
    if (count == 0) return;
    FILE *file = draft_file(draft, FILE_FLOWS,
                            "flow,origin,destination,teu_per_day,arrivals,batch_teu,tariff_usd_per_teu,due_h,"
                            "late_usd_per_teu_day,seasonality,share_40ft,empties_return");
    for (int32_t i = 0; i < count; i++) changing += pairs[i].changes;
    for (int32_t number = 1; number <= wanted; number++) {
        bool change = changing > 0 && (changing == count || chance(draft, 50));
        const struct draft_pair *pair = &pairs[roll(draft, count)];
        while (pair->changes != change && changing < count) pair = &pairs[roll(draft, count)];
        write_flow(draft, file, number, pair);
    }
}

/* ---- terminals ---- */

static bool write_cranes(struct draft *draft, FILE *file) {
    bool cranes = write_some(draft, file, 75, 1, 4);
    fprintf(file, ",%d", 10 * roll(draft, 25));
    fprintf(file, ",%s", chance(draft, 50) ? "" : chance(draft, 50) ? "0.3" : "0.9");
    return cranes;
}

static void write_handling(struct draft *draft, FILE *file, const struct draft_station *station) {
    static const char *const CHANGES[] = {"", "transship", "bogie"};
    static const char *const SHIFTS[] = {"06:00-14:00;14:00-22:00", "08:00-18:00", "20:00-03:00;05:30-12:00"};
    bool cranes = write_cranes(draft, file), small = chance(draft, 50);
    small = write_some(draft, file, 70, small ? 2 : 20, small ? 20 : 150) && small;
    int32_t change = roll(draft, 3);
    fprintf(file, ",%s", CHANGES[change]);
    bool hold = write_some(draft, file, 40, 10, 150);
    write_some(draft, file, 40, 0, 300);
    bool pickup = write_some(draft, file, 40, 1, 24), shifts = chance(draft, 20);
    fprintf(file, ",%s\n", shifts ? SHIFTS[roll(draft, 3)] : "");
    if (cranes) draft_has(draft, RAILWAY_CRANES);
    if (shifts) draft_has(draft, RAILWAY_SHIFTS);
    if (pickup) draft_has(draft, RAILWAY_PICKUP);
    if (change == 1) draft_has(draft, RAILWAY_TRANSSHIPMENT);
    if (change == 2) draft_has(draft, RAILWAY_BOGIE_EXCHANGE);
    if (small && station->loads) draft_has(draft, RAILWAY_SMALL_YARD);
    if (hold && station->loads) draft_has(draft, RAILWAY_HOLD);
}

static void draw_terminals(struct draft *draft) {
    for (int32_t i = 0; i < draft->station_count; i++) {
        const struct draft_station *station = &draft->stations[i];
        if ((!station->turns || !may_handle(station)) && !station->handles) continue;
        FILE *file = draft_file(draft, FILE_TERMINALS,
                                "station,turnaround_s,cranes,lift_s,lift_cv,yard_teu,gauge_change,hold_for_full_min,"
                                "closing_min,pickup_h,shifts");
        fprintf(file, station->turns ? "N%d,%d" : "N%d,", i, station->turnaround_s);
        if (station->handles)
            write_handling(draft, file, station);
        else
            fprintf(file, ",,,,,,,,,\n");
    }
}

/* ---- prices ---- */

static void draw_prices(struct draft *draft) {
    FILE *file = draft_file(draft, FILE_ECONOMICS, "key,value,unit,source");
    draft_has(draft, RAILWAY_PRICES);
    fprintf(file, "lift_usd,%.3f,USD,\n", between(draft, 0, 90));
    fprintf(file, "yard_usd_per_teu_day,\"uniform(1,%d)\",USD,\n", 2 + roll(draft, 20));
    fprintf(file, "energy_usd_per_kwh,%.4f,USD,\n", between(draft, 0.02, 0.3));
    fprintf(file, "track_access_usd_per_train_km,%.2f,USD,\n", between(draft, 0, 12));
    fprintf(file, "opex_fixed_usd_per_year,%d,USD,\n", roll(draft, 10000000));
    if (chance(draft, 30)) fprintf(file, "demand_factor,%.2f,,\n", between(draft, 0.5, 1.5));
    if (chance(draft, 30)) fprintf(file, "tariff_factor,%.3f,,\n", between(draft, 0.5, 2));
}

static void handle_by_lot(struct draft *draft, struct draft_station *station) {
    if (chance(draft, 40) && may_handle(station)) station->handles = true;
}

void draw_freight(struct draft *draft) {
    if (draft->freight) {
        for (int32_t k = 0; k < draft->carrier_count; k++)
            for (int32_t i = 0; i < draft->carriers[k].stop_count; i++)
                handle_by_lot(draft, &draft->stations[draft->carriers[k].stops[i]]);
        draw_flows(draft);
        if (chance(draft, 80)) draw_prices(draft);
    }
    draw_terminals(draft);
}
