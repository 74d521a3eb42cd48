#include "freight/hop_supply.h"

#include <math.h>
#include <stdlib.h>

/* TEU of one train; containers come in whole ones. */
static double room_of(const struct journey_input *input, int32_t plan) {
    return floor(input->train_types[input->timetable->plans[plan].train_type].capacity_teu);
}

static void add_plan(const struct journey_input *input, int32_t plan, struct hop_supply *supply) {
    const double trains = timetable_trains_per_day(input->timetable, plan), room = room_of(input, plan);
    supply->trains_per_day += trains;
    supply->teu_per_day += trains * room;
    supply->largest_teu = fmax(supply->largest_teu, room);
    if (supply->plan < 0) supply->plan = plan;
}

static double load_of(double offered, double room) {
    return room > 0 ? offered / room : offered > 0 ? INFINITY : 0;
}

/* The highest load of a plan's trains that each hop meets on its part of the way; `offered` is room for its calls. */
static void load_plan(const struct journey_input *input, const struct journeys *journeys, int32_t plan, double *offered,
                      struct hop_supply *supplies) {
    const int32_t first = journeys->first_boarding[plan], last = journeys->first_boarding[plan + 1];
    const double room = timetable_trains_per_day(input->timetable, plan) * room_of(input, plan);
    for (int32_t call = 0; call < input->timetable->plans[plan].call_count; call++) offered[call] = 0;
    for (int32_t i = first; i < last; i++) {
        const struct boarding *boarding = &journeys->boardings[i];
        const struct hop_supply *supply = &supplies[boarding->hop];
        const double flow_teu = input->traffic->flows[journeys->hops[boarding->hop].flow].teu_per_day;
        const double teu = supply->teu_per_day > 0 ? flow_teu * room / supply->teu_per_day : flow_teu;
        for (int32_t call = boarding->from_call; call < boarding->to_call; call++) offered[call] += teu;
    }
    for (int32_t i = first; i < last; i++) {
        const struct boarding *boarding = &journeys->boardings[i];
        struct hop_supply *supply = &supplies[boarding->hop];
        for (int32_t call = boarding->from_call; call < boarding->to_call; call++)
            supply->load = fmax(supply->load, load_of(offered[call], room));
    }
}

bool hop_supplies(const struct journey_input *input, const struct journeys *journeys, struct hop_supply *supplies) {
    int32_t calls = 0;
    for (int32_t i = 0; i < journeys->hop_count; i++) supplies[i] = (struct hop_supply){.plan = -1};
    for (int32_t plan = 0; plan < input->timetable->plan_count; plan++) {
        if (input->timetable->plans[plan].call_count > calls) calls = input->timetable->plans[plan].call_count;
        for (int32_t i = journeys->first_boarding[plan]; i < journeys->first_boarding[plan + 1]; i++)
            add_plan(input, plan, &supplies[journeys->boardings[i].hop]);
    }
    double *offered = calloc((size_t)calls + 1, sizeof *offered);
    for (int32_t plan = 0; offered && plan < input->timetable->plan_count; plan++)
        load_plan(input, journeys, plan, offered, supplies);
    free(offered);
    return offered != NULL;
}
