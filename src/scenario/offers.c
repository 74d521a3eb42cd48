#include "scenario/reader.h"

#include <stdlib.h>

static char *name_or_id(const struct row *row, int32_t name, int32_t id) {
    return text_copy(cell_given(row, name) ? cell_raw(row, name) : cell_raw(row, id));
}

static bool list_options(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_OPTIONS];
    struct scenario *scenario = reader->scenario;
    scenario->options = calloc((size_t)table->row_count + 1, sizeof *scenario->options);
    if (!scenario->options) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        struct option_offered *option = &scenario->options[scenario->option_count++];
        *option = (struct option_offered){.id = text_copy(cell_raw(&row, OPTIONS_OPTION)),
                                          .name = name_or_id(&row, OPTIONS_NAME, OPTIONS_OPTION),
                                          .requires = text_copy(cell_raw(&row, OPTIONS_REQUIRES)),
                                          .capex_usd = cell_number(&row, OPTIONS_CAPEX),
                                          .opex_usd_per_year = cell_number(&row, OPTIONS_OPEX),
                                          .on = reader->options_on[i]};
        if (!option->id || !option->name || !option->requires) return false;
    }
    return true;
}

static bool list_variants(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_VARIANTS];
    struct scenario *scenario = reader->scenario;
    scenario->variants = calloc((size_t)table->row_count + 1, sizeof *scenario->variants);
    if (!scenario->variants) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        struct variant_offered *variant = &scenario->variants[scenario->variant_count++];
        variant->id = text_copy(cell_raw(&row, VARIANTS_VARIANT));
        variant->name = name_or_id(&row, VARIANTS_NAME, VARIANTS_VARIANT);
        if (!variant->id || !variant->name) return false;
    }
    return true;
}

bool list_offers(struct reader *reader) {
    return list_options(reader) && list_variants(reader);
}

void offers_free(struct scenario *scenario) {
    for (int32_t i = 0; i < scenario->option_count; i++) {
        free(scenario->options[i].id);
        free(scenario->options[i].name);
        free(scenario->options[i].requires);
    }
    for (int32_t i = 0; i < scenario->variant_count; i++) {
        free(scenario->variants[i].id);
        free(scenario->variants[i].name);
    }
    free(scenario->options);
    free(scenario->variants);
}
