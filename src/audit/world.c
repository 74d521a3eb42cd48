#include "audit/world.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

/* ---- what all the files of the reading use ---- */

bool world_no_memory(struct world_reading *reading) {
    reading->no_memory = true;
    return failure_set(reading->failure, "out of memory");
}

/* Leaves no half of a character at the end of a text that was cut. */
static void trim_cut(char *text) {
    size_t end = strlen(text), start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0) start--;
    if (start < end && utf8_length((const unsigned char *)text + start, end - start) != end - start) text[start] = '\0';
}

__attribute__((format(printf, 3, 0))) static void set_problem(struct world_reading *reading, const char *place,
                                                              const char *format, va_list arguments) {
    struct audit_world *world = reading->world;
    if (world->problem[0] != '\0') return;
    snprintf(world->problem, sizeof world->problem, "%s", place);
    const size_t used = strlen(world->problem);
    vsnprintf(world->problem + used, sizeof world->problem - used, format, arguments);
    trim_cut(world->problem);
}

void world_problem(struct world_reading *reading, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    set_problem(reading, "", format, arguments);
    va_end(arguments);
}

void world_row_problem(const struct world_row *row, const char *format, ...) {
    char place[160];
    const char *path = row->table->path;
    va_list arguments;
    snprintf(place, sizeof place, "%.*s:%d: ", text_shown(path), path, row->table->csv.lines[row->index]);
    va_start(arguments, format);
    set_problem(row->reading, place, format, arguments);
    va_end(arguments);
}

const char *world_keep(struct world_reading *reading, const char *text) {
    const char *kept = audit_texts_keep(reading->world->texts, text);
    if (kept == NULL) world_no_memory(reading);
    return kept;
}

bool world_grow(struct world_reading *reading, void **items, int32_t count, int32_t *room, size_t size) {
    if (count < *room) return true;
    const int32_t grown = *room == 0 ? 32 : 2 * *room;
    void *larger = count < INT32_MAX / 4 ? realloc(*items, (size_t)grown * size) : NULL;
    if (larger == NULL) return world_no_memory(reading);
    *items = larger;
    *room = grown;
    return true;
}

struct world_row world_row_of(struct world_reading *reading, enum world_form_name name, int32_t index) {
    return (struct world_row){reading, &reading->tables[name], index};
}

bool world_make_room(struct world_reading *reading, enum world_form_name name, void **items, size_t size,
                     struct world_names *names) {
    const int32_t rows = reading->tables[name].row_count;
    *items = calloc((size_t)rows + 1, size);
    if (*items != NULL && (names == NULL || world_names_reserve(names, rows))) return true;
    free(*items);
    *items = NULL;
    return world_no_memory(reading);
}

const char *world_take_identifier(const struct world_row *row, int32_t column) {
    const char *text = world_text(row, column);
    if (world_identifier(text)) return world_keep(row->reading, text);
    if (*text != '\0') world_row_problem(row, "'%.*s' is not an identifier", text_shown(text), text);
    return NULL;
}

void world_declare(const struct world_row *row, struct world_names *names, const char *id, int32_t index) {
    if (!world_names_put(names, id, index)) world_row_problem(row, "'%s' is declared twice", id);
}

/* ---- settings of scenario.csv ---- */

/* NULL, and told, where it is missing or there twice. */
static const char *only_setting(struct world_reading *reading, const char *key) {
    const char *value = NULL;
    int32_t found = 0;
    for (int32_t i = 0; i < reading->setting_count; i++) {
        if (strcmp(reading->settings[i].key, key) != 0) continue;
        value = reading->settings[i].value;
        found++;
    }
    if (found == 1) return value;
    world_problem(reading, "the settings of the run hold '%s' %s", key, found == 0 ? "nowhere" : "twice");
    return NULL;
}

static double number_setting(struct world_reading *reading, const char *key, double most, double otherwise) {
    const char *value = only_setting(reading, key);
    double number;
    if (value == NULL || *value == '\0') return otherwise;
    if (world_parse_number(value, &number) && number >= 0 && number <= most) return number;
    world_problem(reading, "the setting %s='%.*s' is not a number from 0 to %.0f", key, text_shown(value), value, most);
    return otherwise;
}

/* Whether it is `word`; empty, or `other`, it is not. */
static bool word_setting(struct world_reading *reading, const char *key, const char *word, const char *other) {
    const char *value = only_setting(reading, key);
    if (value == NULL || *value == '\0' || strcmp(value, other) == 0) return false;
    if (strcmp(value, word) != 0)
        world_problem(reading, "the setting %s='%.*s' is not %s or %s", key, text_shown(value), value, other, word);
    return strcmp(value, word) == 0;
}

/* Days from 1 January 1900, a Monday. */
static int64_t days_since_1900(int32_t year, int32_t month, int32_t day) {
    static const int16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int32_t past = year - 1;
    const int64_t leap_days = past / 4 - past / 100 + past / 400 - 460; /* those up to 1899 are 460 */
    return (year - 1900) * INT64_C(365) + leap_days + before[month - 1] + (leap && month > 2) + day - 1;
}

static void read_start_date(struct world_reading *reading) {
    const char *value = only_setting(reading, "start_date");
    if (value == NULL || *value == '\0') value = "2030-01-01";
    int32_t year = 0, month = 0, day = 0, length = 0;
    const bool shaped = strlen(value) == 10 && strspn(value, "0123456789-") == 10 &&
                        sscanf(value, "%4d-%2d-%2d%n", &year, &month, &day, &length) == 3 && length == 10;
    if (shaped && year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31)
        reading->world->first_weekday = (int32_t)(days_since_1900(year, month, day) % 7);
    else
        world_problem(reading, "the setting start_date='%.*s' is not a date", text_shown(value), value);
}

/* What `auto` came to, and how long a schedule that runs once took, only the run can say. */
static void read_period(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    const char *warmup = world_setting(reading, "warmup_days"), *horizon = world_setting(reading, "horizon_days");
    const bool automatic = warmup != NULL && strcmp(warmup, "auto") == 0;
    const bool open = world->repeat_once && (!reading->settings_ordered || (horizon != NULL && *horizon == '\0'));
    const double days = (double)WORLD_DAY_MS;
    world->warmup_ms =
        automatic ? reading->warmup_ms : llround(number_setting(reading, "warmup_days", 36500, 0) * days);
    world->horizon_ms = open ? reading->horizon_ms : llround(number_setting(reading, "horizon_days", 36500, 1) * days);
}

static void read_settings(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    read_start_date(reading);
    world->repeat_once = word_setting(reading, "repeat", "once", "daily");
    world->clear_by_length = word_setting(reading, "clear_by_length", "yes", "no");
    read_period(reading);
    world->route_setting_ms = llround(number_setting(reading, "route_setting_s", 3600, 0) * 1000);
    world->reaction_ms = llround(number_setting(reading, "reaction_s", 3600, 0) * 1000);
    world->sighting_m = number_setting(reading, "sighting_m", 10000, 0);
    world->moving_margin_m = number_setting(reading, "moving_margin_m", 100000, 100);
    world->delay_limit_ms = number_setting(reading, "delay_limit_min", 100000, 30) * 60000;
}

/* ---- options ---- */

static bool declare_options(struct world_reading *reading) {
    const int32_t rows = reading->tables[WORLD_OPTIONS].row_count;
    if (!world_names_reserve(&reading->options, rows)) return world_no_memory(reading);
    for (int32_t i = 0; i < rows; i++) {
        const struct world_row row = world_row_of(reading, WORLD_OPTIONS, i);
        const char *id = world_take_identifier(&row, OPTION_ID);
        if (id != NULL) world_declare(&row, &reading->options, id, 0);
    }
    return !reading->no_memory;
}

/* The setting names all that are on, also those that only another one requires. */
static bool read_options(struct world_reading *reading) {
    if (!declare_options(reading)) return false;
    const char *on = only_setting(reading, "options");
    while (on != NULL && *on != '\0') {
        char option[64] = "";
        const size_t length = strcspn(on, "+");
        if (length < sizeof option) memcpy(option, on, length);
        if (length < sizeof option) option[length] = '\0';
        if (!world_names_change(&reading->options, option, 1))
            world_problem(reading, "the option '%.*s' that is on is not in options.csv", text_shown(on), on);
        on += length + (on[length] == '+');
    }
    return true;
}

/* ---- all of it ---- */

static bool read_everything(struct world_reading *reading) {
    reading->world->texts = audit_texts_create();
    if (reading->world->texts == NULL) return world_no_memory(reading);
    if (!world_read_database(reading)) return false;
    read_settings(reading);
    return world_read_tables(reading) && world_apply_overrides(reading) && read_options(reading) &&
           world_read_network(reading) && world_read_types(reading) && world_read_schedules(reading) &&
           world_read_flows(reading) && (world_read_prices(reading), !reading->no_memory);
}

bool audit_world_read(struct database *database, int64_t run_id, struct audit_world *world, struct failure *failure) {
    *world = (struct audit_world){0};
    struct world_reading reading = {.database = database, .run_id = run_id, .world = world, .failure = failure};
    /* numbers have a point, whatever language the calling program speaks */
    const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0) return world_no_memory(&reading);
    const locale_t before = uselocale(plain);
    const bool good = read_everything(&reading);
    uselocale(before);
    freelocale(plain);
    world_reading_free(&reading);
    if (!good) audit_world_free(world);
    return good;
}

void audit_world_free(struct audit_world *world) {
    free(world->stations);
    free(world->tracks);
    free(world->sections);
    free(world->alignments);
    free(world->types);
    free(world->fixed_times);
    free(world->possessions);
    free(world->plans);
    free(world->plans_by_id);
    free(world->calls);
    free(world->flows);
    audit_texts_free(world->texts);
    *world = (struct audit_world){0};
}
