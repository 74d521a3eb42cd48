#include <math.h>
#include <string.h>

#include "audit/world_reading.h"

/* ---- flows.csv ---- */

static void read_flow(const struct world_row *row) {
    struct world_reading *reading = row->reading;
    struct audit_world *world = reading->world;
    struct audit_flow flow = {.id = world_take_identifier(row, FLOW_ID)};
    if (flow.id == NULL) return;
    flow.origin = world_reference(row, FLOW_ORIGIN, &reading->stations);
    flow.destination = world_reference(row, FLOW_DESTINATION, &reading->stations);
    const bool active = world_holds(row, FLOW_OPTION) && flow.origin >= 0 && flow.destination >= 0;
    world_declare(row, &reading->flows, flow.id, active ? world->flow_count : WORLD_OFF);
    const double due_h = world_number(row, FLOW_DUE);
    flow.tariff_cents = llround(100 * world_number_or(row, FLOW_TARIFF, 0));
    flow.late_cents_per_teu_day = llround(100 * world_number_or(row, FLOW_LATE, 0));
    flow.due_ms = isnan(due_h) ? -1 : llround(due_h * 3600000);
    if (active) world->flows[world->flow_count++] = flow;
}

bool world_read_flows(struct world_reading *reading) {
    void *flows;
    if (!world_make_room(reading, WORLD_FLOWS, &flows, sizeof(struct audit_flow), &reading->flows)) return false;
    reading->world->flows = flows;
    for (int32_t i = 0; i < reading->tables[WORLD_FLOWS].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_FLOWS, i);
        read_flow(&row);
    }
    return !reading->no_memory;
}

/* ---- economics.csv ---- */

/* What a key is after all: of the file, then of the settings, in their order. */
static double price_of(const struct world_reading *reading, const char *key) {
    const struct world_table *table = &reading->tables[WORLD_ECONOMICS];
    const char *text = "0";
    double price, factor;
    for (int32_t i = 0; i < table->row_count; i++) {
        const char *const *cells = table->cells + (size_t)i * (size_t)table->form->column_count;
        if (strcmp(cells[ECONOMICS_KEY], key) == 0 && cells[ECONOMICS_VALUE][0] != '\0') text = cells[ECONOMICS_VALUE];
    }
    bool known = world_law_mean(text, &price);
    const size_t length = strlen(key);
    for (int32_t i = 0; i < reading->setting_count; i++) {
        const char *name = reading->settings[i].key, *value = reading->settings[i].value;
        if (strncmp(name, "economics[", 10) != 0 || strncmp(name + 10, key, length) != 0) continue;
        if (strcmp(name + 10 + length, "].value") != 0) continue;
        if (*value == '*' && world_parse_number(value + 1, &factor))
            price *= factor;
        else
            known = world_law_mean(*value != '\0' ? value : "0", &price);
    }
    return known ? price : NAN;
}

/* Options that are on add to what comes whatever runs. */
static double fixed_usd(struct world_reading *reading) {
    double usd = price_of(reading, "opex_fixed_usd_per_year");
    for (int32_t i = 0; i < reading->tables[WORLD_OPTIONS].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_OPTIONS, i);
        if (world_names_find(&reading->options, world_raw(&row, OPTION_ID)) == 1)
            usd += world_number_or(&row, OPTION_OPEX, 0);
    }
    return usd;
}

void world_read_prices(struct world_reading *reading) {
    reading->world->prices =
        (struct audit_prices){.lift_cents = 100 * price_of(reading, "lift_usd"),
                              .energy_cents_per_kwh = 100 * price_of(reading, "energy_usd_per_kwh"),
                              .access_cents_per_km = 100 * price_of(reading, "track_access_usd_per_train_km"),
                              .fixed_cents_per_year = 100 * fixed_usd(reading)};
}
