#include "mutation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/columns.h"
#include "scenario/csv_table.h"
#include "scenario/text.h"

#define COUNT_OF(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

int32_t dice_below(struct dice *dice, int32_t count) {
    return (int32_t)(stream_uniform(&dice->stream, dice->entity, dice->draw++) * count);
}

bool dice_chance(struct dice *dice, double probability) {
    return stream_uniform(&dice->stream, dice->entity, dice->draw++) < probability;
}

static void *sure(void *memory) {
    if (!memory) abort();
    return memory;
}

struct mutated mutated_copy(const struct input_file *files, int32_t count) {
    struct mutated mutated = {sure(calloc((size_t)count + 1, sizeof *files)), count};
    for (int32_t i = 0; i < count; i++) {
        mutated.files[i] =
            (struct input_file){sure(text_copy(files[i].path)), sure(malloc(files[i].size + 1)), files[i].size};
        memcpy(mutated.files[i].content, files[i].content, files[i].size);
    }
    return mutated;
}

void mutated_free(struct mutated *mutated) {
    for (int32_t i = 0; i < mutated->count; i++) free(mutated->files[i].path), free(mutated->files[i].content);
    free(mutated->files);
    *mutated = (struct mutated){0};
}

void mutated_put(struct mutated *mutated, char *path, char *content, size_t size) {
    int32_t place = 0;
    while (place < mutated->count && strcmp(mutated->files[place].path, path) != 0) place++;
    if (place == mutated->count) {
        mutated->files = sure(realloc(mutated->files, ((size_t)place + 1) * sizeof *mutated->files));
        mutated->count++;
    } else {
        free(mutated->files[place].path), free(mutated->files[place].content);
    }
    mutated->files[place] = (struct input_file){path, content, size};
}

/* ---- a file as cells ---- */

struct line {
    char **cells;
    int32_t count;
};

struct grid {
    struct line *lines; /* the first one is the header */
    int32_t count;
    const struct table_description *description;
    const struct mutated *all; /* the files it is one of */
};

static struct line line_of(const char *const *cells, int32_t count) {
    struct line line = {sure(calloc((size_t)count + 2, sizeof *line.cells)), count};
    for (int32_t i = 0; i < count; i++) line.cells[i] = sure(text_copy(cells[i]));
    return line;
}

static void line_free(struct line *line) {
    for (int32_t i = 0; i < line->count; i++) free(line->cells[i]);
    free(line->cells);
}

static void grid_free(struct grid *grid) {
    for (int32_t i = 0; i < grid->count; i++) line_free(&grid->lines[i]);
    free(grid->lines);
}

static const struct table_description *description_of(const char *path, const struct csv_table *table) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (int32_t i = 0; i < TABLE_FILES; i++)
        if (strcmp(table_description((enum table_name)i)->file, name) == 0)
            return table_description((enum table_name)i);
    for (int32_t i = 0; i < table->width; i++)
        if (strcmp(table->header[i], "service") == 0) return table_description(TABLE_SERVICES);
    return table_description(TABLE_TIMETABLE);
}

/* False: the file is no table any more. */
static bool grid_read(const struct mutated *all, const struct input_file *file, struct grid *grid) {
    struct diagnostics diagnostics = {0};
    struct csv_table table;
    if (!csv_table_read(file->path, file->content, file->size, NULL, &diagnostics, &table)) abort();
    const bool good = !table.damaged && table.header_line > 0 && table.row_count > 0;
    *grid = (struct grid){.all = all};
    if (good) {
        grid->lines = sure(calloc((size_t)table.row_count + 2, sizeof *grid->lines));
        grid->description = description_of(file->path, &table);
        grid->lines[grid->count++] = line_of(table.header, table.width);
        for (int32_t i = 0; i < table.row_count; i++)
            grid->lines[grid->count++] = line_of(table.cells + (size_t)i * (size_t)table.width, table.width);
    }
    csv_table_free(&table);
    diagnostics_free(&diagnostics);
    return good;
}

static void write_cell(FILE *stream, const char *text) {
    if (!strpbrk(text, ",\"\n\r") && *text != ' ' && *text != '#') {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text != '\0'; text++) fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, stream);
    fputc('"', stream);
}

static void replace_content(struct input_file *file, char *content, size_t size) {
    free(file->content);
    file->content = content;
    file->size = size;
}

static void grid_write(const struct grid *grid, struct input_file *file) {
    char *content = NULL;
    size_t size = 0;
    FILE *stream = sure(open_memstream(&content, &size));
    for (int32_t i = 0; i < grid->count; i++)
        for (int32_t k = 0; k < grid->lines[i].count; k++) {
            write_cell(stream, grid->lines[i].cells[k]);
            fputc(k + 1 < grid->lines[i].count ? ',' : '\n', stream);
        }
    fclose(stream);
    replace_content(file, content, size);
}

/* ---- what a cell may be replaced by ---- */

static char *from_words(struct dice *dice, const char *words) {
    int32_t count = 1;
    for (const char *c = words; *c != '\0'; c++) count += *c == '|';
    for (int32_t place = dice_below(dice, count); place > 0; place--) words = strchr(words, '|') + 1;
    return sure(text_format("%.*s", (int)strcspn(words, "|"), words));
}

static char *extreme(struct dice *dice) {
    static const char *const texts[] = {"0",
                                        "-1",
                                        "1",
                                        "0.5",
                                        "1e9",
                                        "-1e9",
                                        "1e308",
                                        "-1e308",
                                        "1e-308",
                                        "1e309",
                                        "2147483647",
                                        "2147483648",
                                        "4294967296",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9223372036854775807",
                                        "18446744073709551616",
                                        "nan",
                                        "inf",
                                        "-inf",
                                        "0x10",
                                        "1,5",
                                        "1.5e",
                                        "--1",
                                        "1 000",
                                        "12abc",
                                        "*",
                                        "",
                                        " ",
                                        "00:00",
                                        "24:00",
                                        "23:59:59",
                                        "99:99",
                                        "8760:00",
                                        "2199-12-31",
                                        "2023-02-29",
                                        "daily",
                                        "mon;mon",
                                        "exponential(1e9)",
                                        "lognormal(300,1)",
                                        "uniform(5,1)",
                                        "empirical()",
                                        "triangular(0,1,2)",
                                        "A",
                                        "!A",
                                        "😀",
                                        "'; DROP TABLE runs; --",
                                        "$(reboot)",
                                        "%s%n",
                                        "<&>"};
    return sure(text_copy(texts[dice_below(dice, COUNT_OF(texts))]));
}

static char *number_in(struct dice *dice, const struct column *column, bool wild) {
    const double low = column->minimum, high = column->maximum,
                 u = stream_uniform(&dice->stream, dice->entity, dice->draw++);
    double value = low;
    switch (wild ? dice_below(dice, 6) : 5) {
    case 0:
        break;
    case 1:
        value = high;
        break;
    case 2:
        value = low - (low > 1 || low < -1 ? 1 : 0.001);
        break;
    case 3:
        value = high + 1;
        break;
    case 4:
        value = low + (high - low) * u * u * u * u; /* the upper end is seldom what lines are like */
        break;
    default:
        value = low + (high - low) * u * 0.01;
    }
    if (column->kind == CELL_WHOLE && dice_chance(dice, 0.9)) value = (double)(int64_t)value;
    return sure(text_format("%.12g", value));
}

static char *law_in(struct dice *dice, const struct column *column, bool wild) {
    static const char *const before[] = {"", "exponential(", "uniform(0,", "lognormal(0,", "triangular(0,0,"};
    const int32_t kind = dice_below(dice, COUNT_OF(before));
    char *number = number_in(dice, column, wild);
    char *law = text_format("%s%s%s", before[kind], number, kind > 0 ? ")" : "");
    free(number);
    return sure(law);
}

/* The first cell of some row of the table. */
static char *identifier_of(struct dice *dice, const struct mutated *all, const char *table) {
    char *found = NULL;
    for (int32_t i = 0; i < all->count && !found; i++) {
        struct grid grid;
        if (!grid_read(all, &all->files[i], &grid)) continue;
        if (strcmp(grid.description->name, table) == 0)
            found = text_copy(grid.lines[1 + dice_below(dice, grid.count - 1)].cells[0]);
        grid_free(&grid);
    }
    return found ? found : extreme(dice);
}

/* Something that could stand there, or nearly. */
static char *value_for(struct dice *dice, const struct mutated *all, const struct column *column, bool wild) {
    if (wild && dice_chance(dice, 0.15)) return extreme(dice);
    switch (column->kind) {
    case CELL_NUMBER:
    case CELL_WHOLE:
        return number_in(dice, column, wild);
    case CELL_LAW:
        return law_in(dice, column, wild);
    case CELL_WORD:
        return from_words(dice, column->words);
    case CELL_REFERENCE:
        return identifier_of(dice, all, column->words);
    case CELL_OPTIONS:
        return dice_chance(dice, 0.5) ? sure(text_copy("")) : identifier_of(dice, all, "options");
    case CELL_STOPS: {
        char *station = identifier_of(dice, all, "stations"),
             *stop = text_format("%s:%d", station, (int)dice_below(dice, 4000));
        free(station);
        return sure(stop);
    }
    case CELL_IDENTIFIER:
        return sure(text_format("N%d", (int)dice_below(dice, 99)));
    case CELL_CLOCK:
        return sure(
            text_format("%02d:%02d", (int)dice_below(dice, (int32_t)column->maximum + 2), (int)dice_below(dice, 61)));
    case CELL_WEEKDAYS:
        return from_words(dice, "daily|mon|sat;sun|tue;wed;thu|fri;fri|never");
    case CELL_DATE:
        return from_words(dice, "2030-02-28|2000-02-29|1900-01-01|2199-12-31|2030-13-01");
    case CELL_SHIFTS:
        return from_words(dice, "06:00-14:00|22:00-06:00|06:00-14:00;13:00-20:00|00:00-24:00");
    case CELL_SEASONS:
        return from_words(dice, "1;1;1;1;1;1;1;1;1;1;1;1|12;0;0;0;0;0;0;0;0;0;0;0|1;1");
    default:
        return wild ? extreme(dice) : sure(text_copy(""));
    }
}

/* ---- changes to cells ---- */

static char **cell_of(struct dice *dice, const struct grid *grid, int32_t first_line, int32_t *line, int32_t *place) {
    *line = first_line + dice_below(dice, grid->count - first_line);
    *place = dice_below(dice, grid->lines[*line].count);
    return &grid->lines[*line].cells[*place];
}

static void swap(char **one, char **other) {
    char *kept = *one;
    *one = *other;
    *other = kept;
}

static void put(char **cell, char *text) {
    free(*cell);
    *cell = text;
}

/* What the column of the file is in its table, or of a file of keys, the key. NULL: unknown. */
static const struct column *column_at(const struct grid *grid, int32_t line, int32_t place) {
    const struct table_description *table = grid->description;
    const char *name = grid->lines[0].cells[place];
    const bool settings = table == table_description(TABLE_SCENARIO),
               money = table == table_description(TABLE_ECONOMICS);
    if ((settings || money) && strcmp(name, "value") == 0) {
        table = table_description(settings ? TABLE_SETTINGS : TABLE_ECONOMIC_KEYS);
        name = grid->lines[line].cells[0];
    }
    const int32_t column = table_column(table, name);
    return column >= 0 ? &table->columns[column] : NULL;
}

static void set_value(struct dice *dice, struct grid *grid) {
    int32_t line, place;
    char **cell = cell_of(dice, grid, 1, &line, &place);
    const struct column *column = column_at(grid, line, place);
    put(cell, column ? value_for(dice, grid->all, column, true) : extreme(dice));
}

static void scale_number(struct dice *dice, struct grid *grid) {
    static const double factors[] = {0.1, 0.5, 0.9, 1.1, 2, 10, 1000, -1, 0};
    for (int32_t attempts = 0; attempts < 20; attempts++) {
        int32_t line, place;
        double value;
        char **cell = cell_of(dice, grid, 1, &line, &place);
        if (!number_parse(*cell, &value)) continue;
        put(cell, sure(text_format("%.12g", value * factors[dice_below(dice, COUNT_OF(factors))])));
        return;
    }
}

static void copy_in_column(struct dice *dice, struct grid *grid) {
    int32_t line, place;
    char **cell = cell_of(dice, grid, 1, &line, &place);
    const struct line *other = &grid->lines[1 + dice_below(dice, grid->count - 1)];
    if (place < other->count) put(cell, sure(text_copy(other->cells[place])));
}

static void swap_cells(struct dice *dice, struct grid *grid) {
    int32_t line, place;
    char **one = cell_of(dice, grid, 0, &line, &place), **other = cell_of(dice, grid, 0, &line, &place);
    swap(one, other);
}

static void empty_cell(struct dice *dice, struct grid *grid) {
    int32_t line, place;
    char **cell = cell_of(dice, grid, dice_below(dice, 10) == 0 ? 0 : 1, &line, &place);
    put(cell, sure(text_copy("")));
}

static void delete_cell(struct dice *dice, struct grid *grid) {
    int32_t line, place;
    cell_of(dice, grid, 0, &line, &place);
    struct line *at = &grid->lines[line];
    if (at->count == 1) return;
    free(at->cells[place]);
    memmove(at->cells + place, at->cells + place + 1, (size_t)(--at->count - place) * sizeof *at->cells);
}

static void double_cell(struct dice *dice, struct grid *grid) {
    int32_t line, place;
    cell_of(dice, grid, 0, &line, &place);
    const struct line old = grid->lines[line];
    struct line *at = &grid->lines[line];
    *at = line_of((const char *const *)old.cells, old.count);
    at->cells[at->count++] = sure(text_copy(old.cells[place]));
    for (int32_t i = at->count - 1; i > place; i--) swap(&at->cells[i], &at->cells[i - 1]);
    for (int32_t i = 0; i < old.count; i++) free(old.cells[i]);
    free(old.cells);
}

/* ---- changes to rows and columns ---- */

static void delete_row(struct dice *dice, struct grid *grid) {
    const int32_t at = dice_below(dice, 20) == 0 ? 0 : 1 + dice_below(dice, grid->count - 1);
    line_free(&grid->lines[at]);
    memmove(grid->lines + at, grid->lines + at + 1, (size_t)(--grid->count - at) * sizeof *grid->lines);
}

static void double_row(struct dice *dice, struct grid *grid) {
    grid->lines = sure(realloc(grid->lines, ((size_t)grid->count + 1) * sizeof *grid->lines));
    const struct line *source = &grid->lines[dice_below(dice, grid->count)];
    grid->lines[grid->count] = line_of((const char *const *)source->cells, source->count);
    grid->count++;
}

static void swap_rows(struct dice *dice, struct grid *grid) {
    struct line *one = &grid->lines[1 + dice_below(dice, grid->count - 1)];
    struct line *other = &grid->lines[1 + dice_below(dice, grid->count - 1)], kept = *one;
    *one = *other;
    *other = kept;
}

static void shuffle_columns(struct dice *dice, struct grid *grid) {
    const int32_t width = grid->lines[0].count;
    for (int32_t place = width - 1; place > 0; place--) {
        const int32_t other = dice_below(dice, place + 1);
        for (int32_t i = 0; i < grid->count; i++) swap(&grid->lines[i].cells[place], &grid->lines[i].cells[other]);
    }
}

/* A column that the file does not have yet. */
static void add_column(struct dice *dice, struct grid *grid) {
    const struct column *column = &grid->description->columns[dice_below(dice, grid->description->column_count)];
    for (int32_t i = 0; i < grid->count; i++) {
        struct line *line = &grid->lines[i];
        line->cells = sure(realloc(line->cells, ((size_t)line->count + 2) * sizeof *line->cells));
        line->cells[line->count++] = i == 0                   ? sure(text_copy(column->name))
                                     : dice_chance(dice, 0.5) ? value_for(dice, grid->all, column, true)
                                                              : sure(text_copy(""));
    }
}

/* ---- changes to bytes ---- */

static void change_byte(struct dice *dice, struct input_file *file) {
    if (file->size == 0) return;
    const size_t at = (size_t)dice_below(dice, (int32_t)file->size);
    switch (dice_below(dice, 4)) {
    case 0:
        file->content[at] = (char)(file->content[at] ^ 1 << dice_below(dice, 8));
        break;
    case 1:
        file->content[at] = (char)dice_below(dice, 256);
        break;
    case 2:
        file->content[at] = ",\"\n\r;'# .-0e"[dice_below(dice, 12)];
        break;
    default:
        memmove(file->content + at, file->content + at + 1, --file->size - at);
    }
}

static void cut_short(struct dice *dice, struct input_file *file) {
    file->size = (size_t)dice_below(dice, (int32_t)file->size + 1);
}

/* As other systems write it. */
static void other_line_ends(struct dice *dice, struct input_file *file) {
    char *content = NULL;
    size_t size = 0;
    FILE *stream = sure(open_memstream(&content, &size));
    if (dice_chance(dice, 0.5)) fputs("\xEF\xBB\xBF", stream);
    const bool old_mac = dice_chance(dice, 0.1);
    for (size_t i = 0; i < file->size; i++) {
        if (file->content[i] == '\n') fputc('\r', stream);
        if (file->content[i] != '\n' || !old_mac) fputc(file->content[i], stream);
    }
    fclose(stream);
    replace_content(file, content, size);
}

static void exchange_or_lose(struct dice *dice, struct mutated *mutated) {
    struct input_file *one = &mutated->files[dice_below(dice, mutated->count)];
    struct input_file *other = &mutated->files[dice_below(dice, mutated->count)];
    if (mutated->count > 1 && dice_chance(dice, 0.5)) {
        free(one->path), free(one->content);
        *one = mutated->files[--mutated->count];
        return;
    }
    const struct input_file kept = *one;
    one->content = other->content, one->size = other->size;
    if (one != other) other->content = kept.content, other->size = kept.size;
}

/* A file of the folder that the scenario does without. */
static void add_file(struct dice *dice, struct mutated *mutated) {
    static const enum table_name names[] = {TABLE_FLOWS,     TABLE_TERMINALS,   TABLE_ECONOMICS,
                                            TABLE_ALIGNMENT, TABLE_POSSESSIONS, TABLE_HAZARDS};
    const struct table_description *description = table_description(names[dice_below(dice, COUNT_OF(names))]);
    const char *slash = strrchr(mutated->files[0].path, '/');
    char *path = sure(text_format("%.*s/%s", (int)(slash ? slash - mutated->files[0].path : 0), mutated->files[0].path,
                                  description->file));
    struct grid grid = {
        .lines = sure(calloc(4, sizeof *grid.lines)), .count = 4, .description = description, .all = mutated};
    const bool wild = dice_chance(dice, 0.2);
    const bool keys = description == table_description(TABLE_ECONOMICS);
    for (int32_t i = 0; i < grid.count; i++) {
        grid.lines[i].cells = sure(calloc((size_t)description->column_count, sizeof *grid.lines[i].cells));
        grid.lines[i].count = description->column_count;
        const struct table_description *money = table_description(TABLE_ECONOMIC_KEYS);
        const struct column *key = &money->columns[dice_below(dice, money->column_count)];
        for (int32_t k = 0; k < description->column_count; k++) {
            const struct column *column = &description->columns[k];
            const bool left = i > 0 && !column->required && dice_chance(dice, 0.6);
            grid.lines[i].cells[k] = i == 0 || left   ? sure(text_copy(left ? "" : column->name))
                                     : keys && k == 0 ? sure(text_copy(key->name))
                                     : keys && k == 1 ? value_for(dice, mutated, key, wild)
                                                      : value_for(dice, mutated, column, wild);
        }
    }
    struct input_file file = {0};
    grid_write(&grid, &file);
    grid_free(&grid);
    mutated_put(mutated, path, file.content, file.size);
}

void mutate(struct dice *dice, struct mutated *mutated) {
    static void (*const of_cells[])(struct dice *, struct grid *) = {
        set_value,    set_value,      set_value,  set_value,       scale_number, scale_number,
        scale_number, copy_in_column, swap_cells, empty_cell,      delete_cell,  double_cell,
        delete_row,   double_row,     swap_rows,  shuffle_columns, add_column,   add_column};
    static void (*const of_bytes[])(struct dice *, struct input_file *) = {change_byte, change_byte, cut_short,
                                                                           other_line_ends};
    struct input_file *file = &mutated->files[dice_below(dice, mutated->count)];
    struct grid grid;
    if (dice_chance(dice, 0.02)) {
        exchange_or_lose(dice, mutated);
    } else if (dice_chance(dice, 0.08)) {
        add_file(dice, mutated);
    } else if (dice_chance(dice, 0.15) || !grid_read(mutated, file, &grid)) {
        of_bytes[dice_below(dice, COUNT_OF(of_bytes))](dice, file);
    } else {
        of_cells[dice_below(dice, COUNT_OF(of_cells))](dice, &grid);
        grid_write(&grid, file);
        grid_free(&grid);
    }
}

/* ---- overrides ---- */

static char *cell_override(struct dice *dice, const struct mutated *mutated) {
    struct grid grid;
    int32_t line, place;
    if (!grid_read(mutated, &mutated->files[dice_below(dice, mutated->count)], &grid)) return extreme(dice);
    cell_of(dice, &grid, 1, &line, &place);
    const struct column *column = column_at(&grid, line, place);
    char *value = !column || dice_chance(dice, 0.3) ? text_format("*%g", 0.25 * dice_below(dice, 12))
                                                    : value_for(dice, mutated, column, true);
    const char *name = grid.lines[0].cells[place], *id = grid.lines[line].cells[0], *table = grid.description->name;
    char *text = dice_chance(dice, 0.5) ? text_format("%s.%s=%s", table, name, value)
                                        : text_format("%s[%s].%s=%s", table, id, name, value);
    free(value);
    grid_free(&grid);
    return sure(text);
}

char *mutation_override(struct dice *dice, const struct mutated *mutated) {
    const bool money = dice_chance(dice, 0.2);
    const struct table_description *keys = table_description(money ? TABLE_ECONOMIC_KEYS : TABLE_SETTINGS);
    if (dice_chance(dice, 0.5)) return cell_override(dice, mutated);
    if (dice_chance(dice, 0.1)) return extreme(dice);
    const struct column *column = &keys->columns[dice_below(dice, keys->column_count)];
    char *value = value_for(dice, mutated, column, true),
         *text = money ? text_format("economics[%s].value=%s", column->name, value)
                       : text_format("%s=%s", column->name, value);
    free(value);
    return sure(text);
}
