#include "study/sweep.h"

#include <gsl/gsl_qrng.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/law.h"
#include "scenario/columns.h"
#include "scenario/text.h"

/* One key and its values: those of a list, or of a range. */
struct dimension {
    char *key;
    bool is_variant;
    bool whole;    /* its column holds whole numbers */
    char **values; /* of a list; NULL: a range */
    double from, to;
    double step; /* NAN: not given; then 1, or none at all where the range is sampled */
    bool factor;
    int64_t count; /* of values; 0: any number from `from` to `to` (known once the sweep is finished) */
};

struct sweep {
    struct dimension *dimensions;
    int32_t dimension_count;
    int32_t point_count;
    double *sampled; /* [point × dimension]: the value's place, or the number where any is one; NULL: a grid */
};

static const char variant_key[] = "variant";

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

struct sweep *sweep_create(void) {
    return calloc(1, sizeof(struct sweep));
}

static void dimension_free(struct dimension *dimension) {
    for (int64_t value = 0; dimension->values != NULL && value < dimension->count; value++)
        free(dimension->values[value]);
    free(dimension->values);
    free(dimension->key);
}

void sweep_free(struct sweep *sweep) {
    if (sweep == NULL) return;
    for (int32_t key = 0; key < sweep->dimension_count; key++) dimension_free(&sweep->dimensions[key]);
    free(sweep->dimensions);
    free(sweep->sampled);
    free(sweep);
}

/* ------------------------------------------------------------------------------------------------------------- keys */

/* economics[KEY].value, whose KEY ends at `close`. */
static const struct column *economic_key(const char *key, const char *close) {
    const struct table_description *keys = table_description(TABLE_ECONOMIC_KEYS);
    for (int32_t column = 0; column < keys->column_count; column++) {
        const char *name = keys->columns[column].name;
        if (strlen(name) == (size_t)(close - key) && memcmp(name, key, strlen(name)) == 0)
            return &keys->columns[column];
    }
    return NULL;
}

/* The column that a key names; NULL: none, or none that is known. */
static const struct column *column_of(const char *key) {
    const char *bracket = strchr(key, '['), *dot = strchr(key, '.');
    const size_t name = strcspn(key, "[.");
    const struct table_description *settings = table_description(TABLE_SETTINGS);
    if (bracket == NULL && dot == NULL) {
        const int32_t column = table_column(settings, key);
        return column >= 0 ? &settings->columns[column] : NULL;
    }
    if (bracket != NULL && (dot == NULL || bracket < dot)) { /* an identifier may have a point in it */
        const char *close = strchr(bracket, ']');
        if (close != NULL && strncmp(key, "economics[", strlen("economics[")) == 0)
            return economic_key(bracket + 1, close);
        dot = close != NULL && close[1] == '.' ? close + 1 : NULL;
    }
    for (int32_t table = 0; dot != NULL && table < TABLE_COUNT; table++) {
        const bool schedule = table == TABLE_SERVICES || table == TABLE_TIMETABLE;
        const struct table_description *description = table_description((enum table_name)table);
        const char *named = schedule ? "schedule" : description->name;
        if (table == TABLE_SETTINGS || strlen(named) != name || memcmp(named, key, name) != 0) continue;
        const int32_t column = table_column(description, dot + 1);
        if (column >= 0) return &description->columns[column];
    }
    return NULL;
}

static bool holds_numbers(const struct column *column) {
    return column == NULL || column->kind == CELL_NUMBER || column->kind == CELL_WHOLE || column->kind == CELL_LAW;
}

/* ------------------------------------------------------------------------------------------------------------ lists */

/* The length of the list's first value. */
static size_t value_length(const char *text) {
    int32_t depth = 0;
    size_t length = 0;
    for (; text[length] != '\0' && (text[length] != ',' || depth > 0); length++) {
        depth += text[length] == '(';
        depth -= text[length] == ')' && depth > 0;
    }
    return length;
}

static int by_text(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The first value that stands in the list twice; NULL: none. *memory says whether there was enough to look. */
static const char *repeated_value(const struct dimension *dimension, bool *memory) {
    const size_t count = (size_t)dimension->count;
    char **sorted = malloc(count * sizeof *sorted);
    const char *repeated = NULL;
    *memory = sorted != NULL;
    if (sorted == NULL) return NULL;
    memcpy(sorted, dimension->values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t value = 1; value < count && repeated == NULL; value++)
        if (strcmp(sorted[value - 1], sorted[value]) == 0) repeated = sorted[value];
    free(sorted);
    return repeated;
}

static bool read_list(struct dimension *dimension, const char *text, struct failure *failure) {
    size_t room = 1;
    for (const char *at = text; *at != '\0'; at++) room += *at == ',';
    dimension->values = calloc(room, sizeof *dimension->values);
    if (dimension->values == NULL) return no_memory(failure);
    for (bool more = true; more;) {
        size_t from = strspn(text, " "), length = value_length(text), to = length;
        while (to > from && text[to - 1] == ' ') to--;
        if (from > to) from = to;
        char *value = text_format("%.*s", (int)(to - from), text + from);
        if (value == NULL) return no_memory(failure);
        dimension->values[dimension->count++] = value;
        more = text[length] == ',';
        text += length + more;
    }
    bool memory;
    const char *repeated = repeated_value(dimension, &memory);
    if (!memory) return no_memory(failure);
    if (repeated == NULL) return true;
    return failure_set(failure, "'%.*s' is listed twice, expected each value once", text_shown(repeated), repeated);
}

/* ----------------------------------------------------------------------------------------------------------- ranges */

static bool no_range(const char *text, struct failure *failure) {
    return failure_set(failure, "'%.*s' is no range of numbers, expected FROM:TO or FROM:TO:STEP", text_shown(text),
                       text);
}

/* Takes the number before the next colon, or the end. */
static bool take_number(const char **text, bool *factor, double *value) {
    char digits[SWEEP_NUMBER_SIZE];
    const size_t length = strcspn(*text, ":"), star = **text == '*';
    if (length >= sizeof digits) return false;
    memcpy(digits, *text + star, length - star);
    digits[length - star] = '\0';
    *factor = star != 0;
    *text += length + ((*text)[length] == ':');
    return number_parse(digits, value);
}

static bool read_range(struct dimension *dimension, const char *range, struct failure *failure) {
    const char *text = range;
    const size_t length = strlen(range);
    int32_t colons = 0;
    bool factor = false;
    for (const char *at = range; *at != '\0'; at++) colons += *at == ':';
    if (colons > 2 || range[length - 1] == ':') return no_range(range, failure);
    if (!take_number(&text, &dimension->factor, &dimension->from)) return no_range(range, failure);
    if (!take_number(&text, &factor, &dimension->to) || factor > dimension->factor) return no_range(range, failure);
    dimension->step = NAN;
    factor = false;
    if (colons == 2 && (!take_number(&text, &factor, &dimension->step) || factor)) return no_range(range, failure);
    if (dimension->from > dimension->to)
        return failure_set(failure, "the range runs backwards, expected FROM:TO with FROM at most TO");
    if (dimension->step == 0) return failure_set(failure, "the STEP is 0 and never comes to TO, expected one above 0");
    if (dimension->step < 0)
        return failure_set(failure, "the STEP leads away from TO, expected one above 0: the range runs upwards");
    return true;
}

/* How many values a range has in steps; at most 2⁵³. */
static int64_t steps_in(const struct dimension *dimension, double step) {
    const double steps = floor((dimension->to - dimension->from) / step * (1 + 1e-12) + 1e-9);
    return steps < 9007199254740992.0 ? (int64_t)steps + 1 : INT64_C(1) << 53;
}

/* ---------------------------------------------------------------------------------------------------------- varying */

static struct dimension *add_dimension(struct sweep *sweep, int32_t place, struct failure *failure) {
    const size_t count = (size_t)sweep->dimension_count + 1;
    struct dimension *dimensions = realloc(sweep->dimensions, count * sizeof *dimensions);
    if (dimensions == NULL) {
        no_memory(failure);
        return NULL;
    }
    memmove(dimensions + place + 1, dimensions + place, (count - 1 - (size_t)place) * sizeof *dimensions);
    dimensions[place] = (struct dimension){.step = NAN};
    sweep->dimensions = dimensions;
    sweep->dimension_count++;
    return &dimensions[place];
}

bool sweep_vary(struct sweep *sweep, const char *text, struct failure *failure) {
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) return failure_set(failure, "no key and values, expected KEY=VALUE,VALUE,…");
    struct dimension *dimension = add_dimension(sweep, sweep->dimension_count, failure);
    if (dimension == NULL) return false;
    dimension->key = text_format("%.*s", (int)(equals - text), text);
    if (dimension->key == NULL) return no_memory(failure);
    for (int32_t key = 0; key < sweep->dimension_count - 1; key++)
        if (strcmp(sweep->dimensions[key].key, dimension->key) == 0)
            return failure_set(failure, "%s is varied already, expected each key once", dimension->key);
    const struct column *column = column_of(dimension->key);
    const char *values = equals + 1;
    dimension->is_variant = strcmp(dimension->key, variant_key) == 0;
    dimension->whole = column != NULL && column->kind == CELL_WHOLE;
    if (values[strspn(values, " ,")] == '\0' && strcmp(dimension->key, "options") != 0)
        return failure_set(failure, "no values, expected some, as in %s=VALUE,VALUE", dimension->key);
    if (holds_numbers(column) && strchr(values, ':') != NULL && strpbrk(values, ",(") == NULL)
        return read_range(dimension, values, failure);
    return read_list(dimension, values, failure);
}

bool sweep_vary_variants(struct sweep *sweep, char *const *names, int32_t count, struct failure *failure) {
    for (int32_t key = 0; key < sweep->dimension_count; key++)
        if (sweep->dimensions[key].is_variant)
            return failure_set(failure, "the variants are varied already, expected --variants or %s=…", variant_key);
    struct dimension *dimension = add_dimension(sweep, 0, failure);
    if (dimension == NULL) return false;
    dimension->is_variant = true;
    dimension->key = text_copy(variant_key);
    dimension->values = calloc((size_t)count + 1, sizeof *dimension->values);
    if (dimension->key == NULL || dimension->values == NULL) return no_memory(failure);
    for (int32_t name = 0; name < count; name++) {
        if ((dimension->values[name] = text_copy(names[name])) == NULL) return no_memory(failure);
        dimension->count++;
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------------- points */

/* Settles how many values each key has. */
static bool settle_ranges(struct sweep *sweep, bool sampled, struct failure *failure) {
    for (int32_t key = 0; key < sweep->dimension_count; key++) {
        struct dimension *dimension = &sweep->dimensions[key];
        const bool step_given = !isnan(dimension->step), short_range = dimension->to - dimension->from < 1;
        if (dimension->values != NULL) continue;
        if (sampled && !step_given && (!dimension->whole || dimension->factor)) continue; /* any number */
        if (!step_given && (short_range || dimension->factor) && dimension->from < dimension->to)
            return failure_set(failure, "%s: a range of %s needs a STEP, as in %s%g:%g:%g", dimension->key,
                               dimension->factor ? "factors" : "less than 1", dimension->factor ? "*" : "",
                               dimension->from, dimension->to, (dimension->to - dimension->from) / 4);
        if (!step_given) dimension->step = 1;
        dimension->count = steps_in(dimension, dimension->step);
    }
    return true;
}

/* The number of all combinations; 0 where there is no end of them, INT64_MAX where it is no smaller. */
static int64_t combinations(const struct sweep *sweep) {
    int64_t product = 1;
    bool endless = false;
    for (int32_t key = 0; key < sweep->dimension_count; key++) {
        const int64_t count = sweep->dimensions[key].count;
        endless = endless || count == 0;
        if (count > 0) product = product > INT64_MAX / count ? INT64_MAX : product * count;
    }
    return endless ? 0 : product;
}

/* A set of numbers, open addressing; −1 is an empty place. */
struct number_set {
    int64_t *places;
    size_t mask;
};

static bool set_create(struct number_set *set, int64_t most) {
    size_t room = 16;
    while (room < 2 * (size_t)most) room *= 2;
    set->places = malloc(room * sizeof *set->places);
    set->mask = room - 1;
    for (size_t place = 0; set->places != NULL && place < room; place++) set->places[place] = -1;
    return set->places != NULL;
}

/* Whether it was not there before. */
static bool set_add(struct number_set *set, int64_t number) {
    size_t place = (size_t)((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) >> 20) & set->mask;
    for (; set->places[place] >= 0; place = (place + 1) & set->mask)
        if (set->places[place] == number) return false;
    set->places[place] = number;
    return true;
}

/* The place of each key's value in the combination of that number; the last key's changes fastest. */
static void take_combination(const struct sweep *sweep, int64_t number, double *point) {
    for (int32_t key = sweep->dimension_count - 1; key >= 0; key--) {
        point[key] = (double)(number % sweep->dimensions[key].count);
        number /= sweep->dimensions[key].count;
    }
}

/* One point from a point of the unit cube. Returns its combination's number, 0 where it has none. */
static int64_t take_from_cube(const struct sweep *sweep, const double *cube, double *point) {
    int64_t number = 0;
    for (int32_t key = 0; key < sweep->dimension_count; key++) {
        const struct dimension *dimension = &sweep->dimensions[key];
        point[key] = dimension->count > 0 ? floor(cube[key] * (double)dimension->count)
                                          : dimension->from + cube[key] * (dimension->to - dimension->from);
        if (dimension->count > 0) number = number * dimension->count + (int64_t)point[key];
    }
    return number;
}

/* `all` is the number of combinations as combinations() gives it. What the sequence has not met after very many draws
 * is taken in the order of the grid. */
static void draw_points(struct sweep *sweep, gsl_qrng *sequence, struct number_set *seen, int64_t all) {
    const bool may_repeat = all > 0 && all < INT64_MAX;
    const int64_t wanted = sweep->point_count, most_draws = 64 * wanted + 4096;
    int64_t count = 0;
    double cube[SWEEP_MOST_SAMPLED];
    for (int64_t draw = 0; count < wanted && draw < most_draws; draw++) {
        gsl_qrng_get(sequence, cube);
        const int64_t number = take_from_cube(sweep, cube, sweep->sampled + count * sweep->dimension_count);
        count += !may_repeat || set_add(seen, number);
    }
    for (int64_t number = 0; count < wanted; number++)
        if (set_add(seen, number)) take_combination(sweep, number, sweep->sampled + count++ * sweep->dimension_count);
}

static bool make_sample(struct sweep *sweep, int64_t sample, struct failure *failure) {
    const int64_t all = combinations(sweep);
    if (sweep->dimension_count > SWEEP_MOST_SAMPLED)
        return failure_set(failure, "%d keys are varied, and a sample can have at most %d dimensions",
                           (int)sweep->dimension_count, SWEEP_MOST_SAMPLED);
    if (all > 0 && all < sample)
        return failure_set(failure,
                           "a sample of %" PRId64 " points, and there are only %" PRId64 " to take it from, expected "
                           "fewer, or no --sample at all",
                           sample, all);
    struct number_set seen = {0};
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)sweep->dimension_count);
    sweep->sampled = calloc((size_t)sample * (size_t)sweep->dimension_count, sizeof *sweep->sampled);
    const bool well = sequence != NULL && sweep->sampled != NULL && set_create(&seen, sample);
    sweep->point_count = (int32_t)sample;
    if (well) draw_points(sweep, sequence, &seen, all);
    free(seen.places);
    if (sequence != NULL) gsl_qrng_free(sequence);
    return well || no_memory(failure);
}

bool sweep_finish(struct sweep *sweep, int64_t sample, struct failure *failure) {
    if (sweep->dimension_count == 0) return failure_set(failure, "nothing to vary, expected --vary or --variants");
    if (!settle_ranges(sweep, sample > 0, failure)) return false;
    const int64_t count = sample > 0 ? sample : combinations(sweep);
    if (count > SWEEP_MOST_RUNS)
        return failure_set(failure, "%s%" PRId64 " points, expected at most %d runs in all",
                           count == INT64_MAX ? "more than " : "", count, SWEEP_MOST_RUNS);
    sweep->point_count = (int32_t)count;
    return sample == 0 || make_sample(sweep, sample, failure);
}

int32_t sweep_point_count(const struct sweep *sweep) {
    return sweep->point_count;
}

int32_t sweep_key_count(const struct sweep *sweep) {
    return sweep->dimension_count;
}

const char *sweep_key(const struct sweep *sweep, int32_t key) {
    return sweep->dimensions[key].key;
}

bool sweep_key_is_variant(const struct sweep *sweep, int32_t key) {
    return sweep->dimensions[key].is_variant;
}

/* The place of a key's value, or the value itself where any number is one. */
static double coordinate(const struct sweep *sweep, int32_t point, int32_t key) {
    if (sweep->sampled != NULL) return sweep->sampled[(int64_t)point * sweep->dimension_count + key];
    int64_t number = point;
    for (int32_t faster = sweep->dimension_count - 1; faster > key; faster--) number /= sweep->dimensions[faster].count;
    return (double)(number % sweep->dimensions[key].count);
}

const char *sweep_value(const struct sweep *sweep, int32_t point, int32_t key, char text[SWEEP_NUMBER_SIZE]) {
    const struct dimension *dimension = &sweep->dimensions[key];
    double value = coordinate(sweep, point, key);
    if (dimension->values != NULL) return dimension->values[(int64_t)value];
    if (dimension->count > 0) value = dimension->from + value * dimension->step;
    snprintf(text, SWEEP_NUMBER_SIZE, "%s%.15g", dimension->factor ? "*" : "", value);
    return text;
}
