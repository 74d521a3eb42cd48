#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Monday is 0. Zeller's congruence, shifted. */
static int32_t weekday_of(int32_t year, int32_t month, int32_t day) {
    if (month < 3) month += 12, year--;
    return (day + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400 + 5) % 7;
}

static int64_t days_to_ms(double days, double otherwise) {
    return llround((isnan(days) ? otherwise : days) * (double)MILLISECONDS_PER_DAY);
}

/* The last component of the folder, as the scenario's name. */
static char *folder_name(const char *folder) {
    size_t end = strlen(folder);
    while (end > 0 && folder[end - 1] == '/') end--;
    size_t start = end;
    while (start > 0 && folder[start - 1] != '/') start--;
    return text_format("%.*s", (int)(end - start), folder + start);
}

static bool read_texts(struct reader *reader, const struct row *row, struct settings *settings) {
    settings->name =
        cell_given(row, SETTING_NAME) ? text_copy(cell_text(row, SETTING_NAME)) : folder_name(reader->files.folder);
    settings->description = text_copy(cell_text(row, SETTING_DESCRIPTION));
    const bool schedule = cell_given(row, SETTING_SCHEDULE);
    if (schedule) settings->schedule = text_copy(cell_text(row, SETTING_SCHEDULE));
    return settings->name && settings->description && (!schedule || settings->schedule);
}

static void read_period(const struct row *row, struct settings *settings) {
    cell_date(row, SETTING_START_DATE, &settings->start_year, &settings->start_month, &settings->start_day);
    settings->start_weekday = weekday_of(settings->start_year, settings->start_month, settings->start_day);
    settings->warmup_auto = strcmp(cell_raw(row, SETTING_WARMUP), "auto") == 0;
    if (!settings->warmup_auto) settings->warmup_ms = days_to_ms(cell_number(row, SETTING_WARMUP), 0);
    settings->horizon_given = cell_given(row, SETTING_HORIZON);
    settings->horizon_ms = days_to_ms(cell_number(row, SETTING_HORIZON), 1);
    settings->repeat_once = cell_word(row, SETTING_REPEAT, 0) == 1;
}

bool read_settings(struct reader *reader) {
    struct settings *settings = &reader->scenario->settings;
    const struct row row = reader_row(reader, &reader->settings, 0);
    if (!read_texts(reader, &row, settings)) return false;
    read_period(&row, settings);
    settings->replications = (int32_t)cell_whole(&row, SETTING_REPLICATIONS, 1);
    settings->seed = cell_whole(&row, SETTING_SEED, 1);
    settings->dispatch = (enum dispatch_kind)cell_word(&row, SETTING_DISPATCH, DISPATCH_FCFS);
    settings->fleet_size = (int32_t)cell_whole(&row, SETTING_FLEET_SIZE, 1);
    settings->fleet_window_ms = cell_milliseconds(&row, SETTING_FLEET_WINDOW, 0);
    settings->route_setting_ms = cell_milliseconds(&row, SETTING_ROUTE_SETTING, 0);
    settings->reaction_ms = cell_milliseconds(&row, SETTING_REACTION, 0);
    settings->sighting_m = cell_number(&row, SETTING_SIGHTING);
    settings->moving_margin_m = cell_number(&row, SETTING_MOVING_MARGIN);
    settings->detail = (enum detail_level)cell_word(&row, SETTING_DETAIL, DETAIL_CALLS);
    settings->clear_by_length = cell_word(&row, SETTING_CLEAR_BY_LENGTH, 0) == 1;
    settings->delay_limit_min = cell_number(&row, SETTING_DELAY_LIMIT);
    settings->price_year = (int32_t)cell_whole(&row, SETTING_PRICE_YEAR, 0);
    return true;
}

/* ---- what was used, for the record ---- */

/* Takes over `value`; false when it or memory is missing. */
static bool add_used(struct scenario *scenario, const char *key, char *value) {
    struct setting_used *used = &scenario->settings_used[scenario->settings_used_count];
    used->key = text_copy(key);
    used->value = value;
    if (used->key && used->value) {
        scenario->settings_used_count++;
        return true;
    }
    free(used->key);
    free(used->value);
    return false;
}

static char *options_joined(const struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_OPTIONS];
    char *joined = text_copy("");
    for (int32_t i = 0; joined && i < table->row_count; i++) {
        if (!reader->options_on[i]) continue;
        char *longer = text_format("%s%s%s", joined, *joined ? "+" : "",
                                   table->cells[(size_t)i * OPTIONS_COLUMNS + OPTIONS_OPTION]);
        free(joined);
        joined = longer;
    }
    return joined;
}

bool list_settings_used(struct reader *reader) {
    struct scenario *scenario = reader->scenario;
    const struct table *settings = &reader->settings;
    const size_t room = SETTING_COLUMNS + 1 + (size_t)reader->override_count;
    scenario->settings_used = calloc(room, sizeof *scenario->settings_used);
    if (!scenario->settings_used) return false;
    for (int32_t column = 0; column < SETTING_COLUMNS; column++) {
        const char *standard = settings->description->columns[column].standard;
        if (column == SETTING_NAME) standard = scenario->settings.name;
        const struct settings *used = &scenario->settings;
        if (column == SETTING_HORIZON && used->repeat_once && !used->horizon_given) standard = NULL; /* as it takes */
        const char *value = *settings->cells[column] ? settings->cells[column] : standard ? standard : "";
        if (!add_used(scenario, settings->description->columns[column].name, text_copy(value))) return false;
    }
    if (!add_used(scenario, "options", options_joined(reader))) return false;
    for (int32_t i = 0; i < reader->override_count; i++) {
        const struct override *override = &reader->overrides[i];
        if (override->trial || !strpbrk(override->key, "[.")) continue;
        if (!add_used(scenario, override->key, text_copy(override->value))) return false;
    }
    return true;
}
