#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

/* ---- the database ---- */

/* A column as text that is kept; NULL stays NULL. False when out of memory. */
static bool keep_column(struct world_reading *reading, sqlite3_stmt *statement, int column, const char **text) {
    const unsigned char *value = sqlite3_column_text(statement, column);
    *text = NULL;
    if (value == NULL && sqlite3_column_type(statement, column) == SQLITE_NULL) return true;
    *text = value != NULL ? world_keep(reading, (const char *)value) : NULL;
    return *text != NULL || world_no_memory(reading);
}

typedef bool take_row(struct world_reading *reading, sqlite3_stmt *statement);

/* Goes through the rows of a query; ?1 is the run, ?2 the fingerprint of its inputs. */
static bool read_query(struct world_reading *reading, const char *sql, take_row *take) {
    sqlite3_stmt *statement = database_prepare(reading->database, sql, reading->failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, reading->run_id);
    bool good = sqlite3_bind_parameter_count(statement) < 2 ||
                sqlite3_bind_text(statement, 2, reading->input_sha256, -1, SQLITE_TRANSIENT) == SQLITE_OK ||
                database_explain(reading->database, reading->failure);
    int state = SQLITE_DONE;
    while (good && (state = sqlite3_step(statement)) == SQLITE_ROW) good = take(reading, statement);
    if (good && state != SQLITE_DONE) good = database_explain(reading->database, reading->failure);
    sqlite3_finalize(statement);
    return good;
}

static bool take_run(struct world_reading *reading, sqlite3_stmt *statement) {
    reading->warmup_ms = sqlite3_column_int64(statement, 2);
    reading->horizon_ms = sqlite3_column_int64(statement, 3);
    return keep_column(reading, statement, 0, &reading->input_sha256) &&
           keep_column(reading, statement, 1, &reading->schedule);
}

/* Versions before the second keep no order of settings, and have no such column. */
static bool take_order(struct world_reading *reading, sqlite3_stmt *statement) {
    reading->settings_ordered = sqlite3_column_int(statement, 0) > 0;
    return true;
}

static bool take_setting(struct world_reading *reading, sqlite3_stmt *statement) {
    if (!world_grow(reading, (void **)&reading->settings, reading->setting_count, &reading->setting_room,
                    sizeof *reading->settings))
        return false;
    struct world_setting *setting = &reading->settings[reading->setting_count];
    setting->ordered = sqlite3_column_type(statement, 2) == SQLITE_INTEGER;
    if (!keep_column(reading, statement, 0, &setting->key) || !keep_column(reading, statement, 1, &setting->value))
        return false;
    if (setting->key == NULL || setting->value == NULL)
        world_problem(reading, "a setting of the run has no key or no value");
    else
        reading->setting_count++;
    return true;
}

static bool take_input(struct world_reading *reading, sqlite3_stmt *statement) {
    if (!world_grow(reading, (void **)&reading->inputs, reading->input_count, &reading->input_room,
                    sizeof *reading->inputs))
        return false;
    struct world_input input = {0};
    if (!keep_column(reading, statement, 0, &input.path)) return false;
    if (input.path == NULL) return world_problem(reading, "a file of the run has no path"), true;
    const void *content = sqlite3_column_blob(statement, 1);
    input.size = (size_t)sqlite3_column_bytes(statement, 1);
    input.content = malloc(input.size + 1);
    if (input.content == NULL || (content == NULL && input.size > 0))
        return free(input.content), world_no_memory(reading);
    if (input.size > 0) memcpy(input.content, content, input.size);
    reading->inputs[reading->input_count++] = input;
    return true;
}

bool world_read_database(struct world_reading *reading) {
    static const char run[] = "SELECT input_sha256, schedule, warmup_ms, horizon_ms FROM runs WHERE run_id = ?1";
    static const char order[] = "SELECT count(*), ?1 FROM pragma_table_info('settings') WHERE name = 'seq'";
    static const char ordered[] = "SELECT key, value, seq FROM settings WHERE run_id = ?1 ORDER BY seq, key";
    static const char by_key[] = "SELECT key, value, NULL FROM settings WHERE run_id = ?1 ORDER BY key";
    static const char inputs[] = "SELECT path, content, ?1 FROM inputs WHERE input_sha256 = ?2 ORDER BY path";
    if (!read_query(reading, run, take_run)) return false;
    if (reading->input_sha256 == NULL)
        return failure_set(reading->failure, "there is no run %lld in %s", (long long)reading->run_id,
                           database_path(reading->database));
    return read_query(reading, order, take_order) &&
           read_query(reading, reading->settings_ordered ? ordered : by_key, take_setting) &&
           read_query(reading, inputs, take_input);
}

const char *world_setting(const struct world_reading *reading, const char *key) {
    for (int32_t i = 0; i < reading->setting_count; i++)
        if (strcmp(reading->settings[i].key, key) == 0) return reading->settings[i].value;
    return NULL;
}

/* ---- a file as a table ---- */

static int32_t column_named(const struct world_form *form, const char *name) {
    for (int32_t i = 0; i < form->column_count; i++)
        if (strcmp(form->columns[i].name, name) == 0) return i;
    return -1;
}

/* Which column of the form each column of the file is; −1: none. False when it makes no sense. */
static bool match_header(struct world_reading *reading, const struct world_table *table, int32_t *meant) {
    bool there[WORLD_MOST_COLUMNS] = {false};
    for (int32_t i = 0; i < table->csv.width; i++) {
        const char *name = table->csv.header[i];
        meant[i] = column_named(table->form, name);
        if (meant[i] >= 0 && !there[meant[i]]) {
            there[meant[i]] = true;
            continue;
        }
        world_problem(reading, "%s: column '%.*s' is %s", table->path, text_shown(name), name,
                      meant[i] < 0 ? "not known" : "there twice");
        return false;
    }
    for (int32_t i = 0; i < table->form->column_count; i++) {
        if (there[i] || !table->form->columns[i].required) continue;
        world_problem(reading, "%s has no column '%s'", table->path, table->form->columns[i].name);
        return false;
    }
    return true;
}

static bool fill_cells(struct world_reading *reading, struct world_table *table, const int32_t *meant) {
    const size_t columns = (size_t)table->form->column_count, cells = (size_t)table->csv.row_count * columns;
    table->cells = malloc((cells + 1) * sizeof *table->cells);
    table->changed = calloc(cells + 1, 1);
    if (table->cells == NULL || table->changed == NULL) return world_no_memory(reading);
    for (size_t i = 0; i < cells; i++) table->cells[i] = "";
    for (int32_t row = 0; row < table->csv.row_count; row++)
        for (int32_t i = 0; i < table->csv.width; i++)
            table->cells[(size_t)row * columns + (size_t)meant[i]] =
                table->csv.cells[(size_t)row * (size_t)table->csv.width + (size_t)i];
    table->row_count = table->csv.row_count;
    return true;
}

static bool link_table(struct world_reading *reading, struct world_table *table) {
    int32_t *meant = malloc(((size_t)table->csv.width + 1) * sizeof *meant);
    if (meant == NULL) return world_no_memory(reading);
    const bool good = !match_header(reading, table, meant) || fill_cells(reading, table, meant);
    free(meant);
    return good;
}

static bool read_csv(struct world_reading *reading, struct world_input *input, struct csv_table *csv) {
    struct diagnostics *diagnostics = calloc(1, sizeof *diagnostics);
    if (diagnostics == NULL) return world_no_memory(reading);
    input->used = true;
    const bool good = csv_table_read(input->path, input->content, input->size, NULL, diagnostics, csv);
    if (good && diagnostics->kept > 0)
        world_problem(reading, "%s:%d:%d: %s", diagnostics->entries[0].file, diagnostics->entries[0].line,
                      diagnostics->entries[0].column, diagnostics->entries[0].message);
    else if (good && csv->header_line == 0)
        world_problem(reading, "%s is empty", input->path);
    diagnostics_free(diagnostics);
    free(diagnostics);
    return good || world_no_memory(reading);
}

/* ---- the folder ---- */

static struct world_input *input_at(struct world_reading *reading, const char *folder, size_t length,
                                    const char *name) {
    for (int32_t i = 0; i < reading->input_count; i++) {
        const char *path = reading->inputs[i].path;
        if (strncmp(path, folder, length) == 0 && strcmp(path + length, name) == 0) return &reading->inputs[i];
    }
    return NULL;
}

/* Bytes of the folder's name with its slash, in a path of it; −1: nothing there looks like a scenario. */
static int64_t find_folder(struct world_reading *reading, const char **path) {
    static const char last[] = "scenario.csv";
    for (int32_t i = 0; i < reading->input_count; i++) {
        *path = reading->inputs[i].path;
        const size_t length = strlen(*path), tail = sizeof last - 1;
        if (length < tail || strcmp(*path + length - tail, last) != 0) continue;
        const size_t folder = length - tail;
        if (folder > 0 && (*path)[folder - 1] != '/') continue;
        bool all = true;
        for (int name = 0; name < WORLD_TABLES; name++)
            all = all && (!world_form(name)->required || input_at(reading, *path, folder, world_form(name)->file));
        if (all) return (int64_t)folder;
    }
    world_problem(reading, "the files kept for the run are no whole scenario");
    return -1;
}

static bool read_folder(struct world_reading *reading, const char *folder, size_t length) {
    static const char *const unread[] = {"scenario.csv", "variants.csv", "hazards.csv"};
    for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++) {
        struct world_input *input = input_at(reading, folder, length, unread[i]);
        if (input != NULL) input->used = true;
    }
    for (int name = 0; name < WORLD_TABLES; name++) {
        struct world_input *input = input_at(reading, folder, length, world_form(name)->file);
        struct world_table *table = &reading->tables[name];
        if (input == NULL) continue;
        table->form = world_form(name);
        table->path = input->path;
        if (!read_csv(reading, input, &table->csv)) return false;
        if (table->csv.header_line > 0 && !link_table(reading, table)) return false;
        if (table->form->required && table->row_count == 0) world_problem(reading, "%s holds no rows", table->path);
    }
    return true;
}

/* ---- schedules ---- */

static bool read_schedule(struct world_reading *reading, struct world_input *input) {
    struct world_table *table = &reading->schedules[reading->schedule_count++];
    bool train = false, service = false;
    table->path = input->path;
    if (!read_csv(reading, input, &table->csv)) return false;
    for (int32_t i = 0; i < table->csv.width; i++) {
        train = train || strcmp(table->csv.header[i], "train") == 0;
        service = service || strcmp(table->csv.header[i], "service") == 0;
    }
    if (train == service) {
        world_problem(reading, "%s is neither a timetable nor a table of services", input->path);
        return true;
    }
    table->form = world_form(train ? WORLD_TIMETABLE : WORLD_SERVICES);
    return link_table(reading, table);
}

/* Several paths joined by a blank, each of which may hold blanks, taken apart against those that are there. */
struct path_list {
    struct world_reading *reading;
    bool by_name;        /* compares the last part of each path only */
    bool all;            /* counts only if no file is left over */
    int32_t *order;      /* [input_count]: those found so far */
    int32_t found, left; /* how many there are, how many more may be tried */
};

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* How many bytes at the beginning of `text` are this path, more than `beyond`; 0: none. Where only the name counts,
 * any folder may stand before it. */
static size_t path_length(const struct path_list *list, const char *text, const char *path, size_t beyond) {
    const char *name = list->by_name ? last_part(path) : path;
    const size_t length = strlen(name);
    for (const char *at = text + beyond; length > 0 && at != NULL; at = strstr(at + 1, name)) {
        const bool begins = at == text || (list->by_name && at[-1] == '/');
        if (begins && strncmp(at, name, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return (size_t)(at - text) + length;
        if (!list->by_name || *at == '\0') break;
    }
    return 0;
}

static bool none_left(const struct path_list *list) {
    for (int32_t i = 0; i < list->reading->input_count; i++)
        if (!list->reading->inputs[i].used) return false;
    return true;
}

static bool take_paths(struct path_list *list, const char *text);

/* Whether the list may go on with this file; a name can end at more than one place. */
static bool try_path(struct path_list *list, const char *text, int32_t index) {
    struct world_input *input = &list->reading->inputs[index];
    for (size_t length = 0;;) {
        length = path_length(list, text, input->path, length);
        if (length == 0) return false;
        input->used = true;
        list->order[list->found++] = index;
        if (text[length] == '\0' ? !list->all || none_left(list) : take_paths(list, text + length + 1)) return true;
        list->found--;
        input->used = false;
    }
}

static bool take_paths(struct path_list *list, const char *text) {
    for (int32_t i = 0; i < list->reading->input_count && list->left > 0; i++) {
        if (list->reading->inputs[i].used) continue;
        list->left--;
        if (try_path(list, text, i)) return true;
    }
    return false;
}

/* The same files read from another folder have the same fingerprint, and are kept under the paths of the first time:
 * then only the names of the files tell, and that nothing else was read. */
static bool find_schedules(struct world_reading *reading, struct path_list *list) {
    enum { MOST_TRIES = 10000 };
    static const struct path_list ways[] = {{.all = true}, {.all = false}, {.all = true, .by_name = true}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        *list = (struct path_list){.reading = reading,
                                   .by_name = ways[i].by_name,
                                   .all = ways[i].all,
                                   .order = list->order,
                                   .left = MOST_TRIES};
        if (take_paths(list, reading->schedule)) return true;
    }
    world_problem(reading, "the schedule '%.*s' of the run is not among its files", text_shown(reading->schedule),
                  reading->schedule);
    return false;
}

static bool read_schedule_files(struct world_reading *reading) {
    if (reading->schedule == NULL) return world_problem(reading, "the run names no schedule"), true;
    struct path_list list = {.order = malloc(((size_t)reading->input_count + 1) * sizeof *list.order)};
    reading->schedules = calloc((size_t)reading->input_count + 1, sizeof *reading->schedules);
    bool good = list.order != NULL && reading->schedules != NULL;
    if (!good) world_no_memory(reading);
    if (good && find_schedules(reading, &list))
        for (int32_t i = 0; good && i < list.found; i++) good = read_schedule(reading, &reading->inputs[list.order[i]]);
    free(list.order);
    return good;
}

bool world_read_tables(struct world_reading *reading) {
    const char *path;
    const int64_t folder = find_folder(reading, &path);
    if (folder < 0) return true;
    return read_folder(reading, path, (size_t)folder) && read_schedule_files(reading);
}

static void free_table(struct world_table *table) {
    free((void *)table->cells);
    free(table->changed);
    csv_table_free(&table->csv);
}

void world_reading_free(struct world_reading *reading) {
    for (int32_t i = 0; i < reading->input_count; i++) free(reading->inputs[i].content);
    for (int i = 0; i < WORLD_TABLES; i++) free_table(&reading->tables[i]);
    for (int32_t i = 0; i < reading->schedule_count; i++) free_table(&reading->schedules[i]);
    free(reading->inputs);
    free(reading->settings);
    free(reading->schedules);
    free(reading->returns);
    struct world_names *const names[] = {&reading->options, &reading->stations, &reading->sections, &reading->types,
                                         &reading->plans,   &reading->tracks,   &reading->flows};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) world_names_free(names[i]);
}
