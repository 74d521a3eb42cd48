#include "scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

/* ---- files ---- */

/* Columns where a decimal comma can be meant; one of whole numbers is not, one of values of keys is. */
static bool is_number_column(const void *description, const char *name) {
    const struct table_description *table = description;
    const int32_t column = table_column(table, name);
    if (table->columns == table_description(TABLE_SCENARIO)->columns) return column == SCENARIO_VALUE;
    return column >= 0 && table->columns[column].kind == CELL_NUMBER;
}

static bool is_schedule_number(const void *nothing, const char *name) {
    (void)nothing;
    return is_number_column(table_description(TABLE_SERVICES), name) ||
           is_number_column(table_description(TABLE_TIMETABLE), name);
}

/* What a file's header makes of it; NULL and reported when neither form of schedule fits. */
static const struct table_description *schedule_form(struct reader *reader, const char *file,
                                                     const struct csv_table *csv) {
    bool train = false, service = false;
    for (int32_t i = 0; i < csv->width; i++) {
        train = train || strcmp(csv->header[i], "train") == 0;
        service = service || strcmp(csv->header[i], "service") == 0;
    }
    if (train != service || csv->header_line == 0) return table_description(train ? TABLE_TIMETABLE : TABLE_SERVICES);
    diagnostics_error(reader->diagnostics, file, csv->header_line, 0,
                      train ? "both columns 'train' and 'service', expected one of them"
                            : "neither column 'train' nor 'service', expected a timetable or a table of services");
    return NULL;
}

/* `description` NULL: a schedule, of the form its header says. */
static bool read_table(struct reader *reader, const char *path, const struct table_description *description,
                       struct table *table, enum input_state *state) {
    const struct input_file *file = NULL;
    struct csv_table csv;
    *state = input_files_read(&reader->files, path, reader->diagnostics, &file);
    table->damaged = *state == INPUT_REFUSED;
    if (*state != INPUT_READ) return *state != INPUT_NO_MEMORY;
    const struct csv_hints hints = {description ? is_number_column : is_schedule_number, description};
    const char *name = file->path; /* outlives the table: the scenario owns it */
    if (!csv_table_read(name, file->content, file->size, &hints, reader->diagnostics, &csv)) return false;
    if (!description) description = schedule_form(reader, name, &csv);
    if (description) return table_build(table, description, name, &csv, reader->diagnostics);
    table->damaged = true;
    csv_table_free(&csv);
    return true;
}

static bool read_folder_table(struct reader *reader, enum table_name name) {
    const struct table_description *description = table_description(name);
    struct table *table = &reader->tables[name];
    enum input_state state;
    char *path = input_files_path(&reader->files, description->file);
    if (!path) return false;
    const bool done = read_table(reader, path, description, table, &state);
    table->description = description; /* of a missing file, too */
    if (!table->file) table->file = description->file;
    if (done && state == INPUT_MISSING && description->needed) {
        diagnostics_error(reader->diagnostics, path, 0, 0, "no such file, expected one in every scenario");
        table->damaged = true;
    } else if (done && description->needed && name != TABLE_SCENARIO && table->present && table->row_count == 0 &&
               !table->damaged) {
        diagnostics_error(reader->diagnostics, path, table->csv.header_line, 0, "no rows, expected at least one %s",
                          description->columns[0].name);
        table->damaged = true;
    }
    free(path);
    return done;
}

static bool read_tables(struct reader *reader) {
    for (int32_t name = 0; name < TABLE_FILES; name++)
        if (!read_folder_table(reader, name)) return false;
    return true;
}

/* ---- schedules ---- */

/* Takes over `path`. */
static bool read_schedule_file(struct reader *reader, char *path, const struct override *origin, int32_t line,
                               int32_t column) {
    struct table *table = &reader->schedules[reader->schedule_count];
    enum input_state state;
    if (!path) return false;
    for (int32_t i = 0; i < reader->files.count; i++) {
        if (strcmp(reader->files.files[i].path, path) != 0) continue;
        diagnostics_error(reader->diagnostics, path, 0, 0, "read already, expected a schedule that is named once");
        free(path);
        return true;
    }
    const bool done = read_table(reader, path, NULL, table, &state);
    if (done && state == INPUT_MISSING && origin)
        diagnostics_error(reader->diagnostics, origin->file, line, column, "no such schedule: %s", path);
    else if (done && state == INPUT_MISSING)
        diagnostics_error(reader->diagnostics, path, 0, 0, "no such file, expected a schedule");
    if (state == INPUT_MISSING) table->damaged = true;
    if (table->description) reader->schedule_count++;
    free(path);
    return done;
}

static bool join_schedule_path(struct reader *reader, const char *path) {
    struct scenario *scenario = reader->scenario;
    char *joined = scenario->schedule_path ? text_format("%s %s", scenario->schedule_path, path) : text_copy(path);
    free(scenario->schedule_path);
    scenario->schedule_path = joined;
    return joined != NULL;
}

static bool read_own_schedule(struct reader *reader) {
    const struct table *settings = &reader->settings;
    const char *schedule = reader->scenario->settings.schedule;
    if (!schedule) {
        if (!reader->tables[TABLE_SCENARIO].damaged)
            diagnostics_error(reader->diagnostics, reader->tables[TABLE_SCENARIO].file, 0, 0,
                              "no schedule, expected the key 'schedule' or --schedule");
        return true;
    }
    char *path = input_files_path(&reader->files, schedule);
    if (!path || !join_schedule_path(reader, path)) return free(path), false;
    const struct override *set = settings->origins ? settings->origins[SETTING_SCHEDULE] : NULL;
    const struct override from_file = {.file = settings->file,
                                       .line = settings->lines[SETTING_SCHEDULE],
                                       .column = settings->places[SETTING_SCHEDULE]};
    const struct override *origin = set ? set : &from_file;
    return read_schedule_file(reader, path, origin, origin->line, origin->column);
}

static bool read_schedule_files(struct reader *reader) {
    const struct scenario_request *request = reader->request;
    reader->schedules = calloc((size_t)request->schedule_count + 1, sizeof *reader->schedules);
    if (!reader->schedules) return false;
    if (request->schedule_count == 0) return read_own_schedule(reader);
    for (int32_t i = 0; i < request->schedule_count; i++) {
        if (!join_schedule_path(reader, request->schedules[i])) return false;
        if (!read_schedule_file(reader, text_copy(request->schedules[i]), NULL, 0, 0)) return false;
    }
    return true;
}

/* ---- all of it ---- */

static bool add_not_used(struct scenario *scenario, const char *text) {
    char *copy = text_copy(text);
    if (copy) scenario->not_used_yet[scenario->not_used_yet_count++] = copy;
    return copy != NULL;
}

static bool list_not_used(struct reader *reader) {
    struct scenario *scenario = reader->scenario;
    scenario->not_used_yet = calloc(TABLE_FILES, sizeof *scenario->not_used_yet);
    if (!scenario->not_used_yet) return false;
    for (int32_t name = 0; name < TABLE_FILES; name++) {
        const struct table *table = &reader->tables[name];
        if (!table->present || table->description->used) continue;
        if (!add_not_used(scenario, table->description->file)) return false;
    }
    return true;
}

static bool read_network(struct reader *reader) {
    const int32_t errors = reader->diagnostics->errors;
    if (!read_stations(reader) || !read_tracks(reader) || !read_sections(reader)) return false;
    reader->network_damaged = reader->diagnostics->errors > errors || reader->stations.damaged ||
                              reader->sections.damaged || reader->tables[TABLE_TRACKS].damaged;
    return read_alignment(reader) && read_possessions(reader) && read_terminals(reader) && read_flows(reader);
}

/* What needs routes is only told of a network and plans that are whole. */
static bool check_all(struct reader *reader) {
    if (!reader->network_damaged && !check_network(reader)) return false;
    if (reader->network_damaged) return true;
    const struct table *schedule = reader->schedule_count > 0 ? &reader->schedules[0] : NULL;
    if (schedule && reader->scenario->timetable.plan_count == 0 && reader->diagnostics->errors == 0)
        diagnostics_error(reader->diagnostics, schedule->file, 0, 0,
                          "every train is switched off, expected at least one that runs");
    if (!find_routes(reader) || !check_plans(reader) || !check_standing(reader)) return false;
    return reader->diagnostics->errors > 0 ||
           (check_amount(reader) && check_possessions(reader) && check_flows(reader));
}

static bool read_everything(struct reader *reader) {
    if (!input_files_check_folder(&reader->files, reader->diagnostics)) return true;
    if (!read_tables(reader) || !gather_overrides(reader)) return false;
    if (!table_build_keys(&reader->settings, TABLE_SETTINGS, &reader->tables[TABLE_SCENARIO], reader->diagnostics) ||
        !table_build_keys(&reader->economics, TABLE_ECONOMIC_KEYS, &reader->tables[TABLE_ECONOMICS],
                          reader->diagnostics))
        return false;
    if (!apply_setting_overrides(reader) || !read_settings(reader)) return false;
    if (!read_schedule_files(reader) || !apply_table_overrides(reader) || !read_options(reader)) return false;
    if (!read_network(reader) || !read_train_types(reader) || !read_running_times(reader)) return false;
    if (!read_economics(reader) || !try_unused_tables(reader)) return false;
    if (!read_schedules(reader) || !check_all(reader)) return false;
    return list_settings_used(reader) && list_offers(reader) && list_not_used(reader);
}

static bool fill_names(struct reader *reader) {
    struct scenario *scenario = reader->scenario;
    scenario->folder = text_copy(reader->files.folder);
    if (reader->request->variant) scenario->variant = text_copy(reader->request->variant);
    return scenario->folder && (!reader->request->variant || scenario->variant);
}

/* Hands what was read over to the scenario. */
static bool keep_inputs(struct reader *reader) {
    struct scenario *scenario = reader->scenario;
    if (!input_files_finish(&reader->files, scenario->input_sha256)) return false;
    scenario->inputs = reader->files.files;
    scenario->input_count = reader->files.count;
    reader->files.files = NULL;
    reader->files.count = 0;
    return true;
}

static void free_reader(struct reader *reader) {
    for (int32_t i = 0; i < TABLE_FILES; i++) table_free(&reader->tables[i]);
    for (int32_t i = 0; reader->schedules && i <= reader->request->schedule_count; i++)
        table_free(&reader->schedules[i]);
    table_free(&reader->settings);
    table_free(&reader->economics);
    names_free(&reader->options);
    names_free(&reader->stations);
    names_free(&reader->sections);
    names_free(&reader->train_types);
    names_free(&reader->flows);
    names_free(&reader->trains);
    input_files_free(&reader->files);
    text_pool_free(&reader->texts);
    void *const arrays[] = {reader->schedules,       reader->overrides,      reader->options_on,
                            reader->station_rows,    reader->track_rows,     reader->section_rows,
                            reader->train_type_rows, reader->alignment_rows, reader->possession_rows,
                            reader->plan_places,     reader->call_rows,      reader->flow_rows,
                            reader->terminal_rows};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) free(arrays[i]);
}

static struct scenario *read_with(struct reader *reader) {
    const int32_t errors_before = reader->diagnostics->errors;
    reader->scenario = calloc(1, sizeof *reader->scenario);
    bool done = reader->scenario && fill_names(reader) && read_everything(reader);
    const bool right = reader->diagnostics->errors == errors_before;
    if (done && right) done = keep_inputs(reader);
    if (!done) diagnostics_no_memory(reader->diagnostics, reader->files.folder);
    struct scenario *scenario = reader->scenario;
    free_reader(reader);
    diagnostics_sort(reader->diagnostics);
    if (done && right) return scenario;
    scenario_free(scenario);
    return NULL;
}

struct scenario *scenario_read(const struct scenario_request *request, struct diagnostics *diagnostics) {
    struct reader reader = {.request = request, .diagnostics = diagnostics, .files.folder = request->folder};
    return read_with(&reader);
}

/* How much of the path of the stored scenario.csv is its folder; NULL: none is there. */
static const char *stored_folder(const struct input_file *files, int32_t count, int *length) {
    static const char name[] = "scenario.csv";
    for (int32_t i = 0; i < count; i++) {
        const size_t size = strlen(files[i].path), tail = sizeof name - 1;
        if (size < tail || strcmp(files[i].path + size - tail, name) != 0) continue;
        *length = (int)(size - tail);
        if (size == tail || files[i].path[size - tail - 1] == '/') return files[i].path;
    }
    return NULL;
}

struct scenario *scenario_read_inputs(const struct scenario_request *request, const struct input_file *files,
                                      int32_t count, struct diagnostics *diagnostics) {
    int length = 0;
    const char *path = request->folder;
    if (path)
        length = (int)strlen(path);
    else
        path = stored_folder(files, count, &length);
    if (!path) {
        diagnostics_error(diagnostics, "scenario.csv", 0, 0, "no such file among the stored ones");
        return NULL;
    }
    char *folder = text_format("%.*s", length, path);
    if (!folder) {
        diagnostics_no_memory(diagnostics, "scenario.csv");
        return NULL;
    }
    struct reader reader = {.request = request,
                            .diagnostics = diagnostics,
                            .files = {.folder = folder, .stored = files, .stored_count = count}};
    struct scenario *scenario = read_with(&reader);
    free(folder);
    return scenario;
}

void scenario_free(struct scenario *scenario) {
    if (!scenario) return;
    offers_free(scenario);
    free(scenario->folder);
    free(scenario->settings.name);
    free(scenario->settings.description);
    free(scenario->settings.schedule);
    network_free(&scenario->network);
    traffic_free(&scenario->traffic);
    economics_free(&scenario->economics);
    for (int32_t i = 0; i < scenario->train_type_count; i++) train_type_free(&scenario->train_types[i]);
    free(scenario->train_types);
    free(scenario->running_times);
    timetable_free(&scenario->timetable);
    free(scenario->schedule_path);
    free(scenario->variant);
    for (int32_t i = 0; i < scenario->input_count; i++) {
        free(scenario->inputs[i].path);
        free(scenario->inputs[i].content);
    }
    free(scenario->inputs);
    for (int32_t i = 0; i < scenario->settings_used_count; i++) {
        free(scenario->settings_used[i].key);
        free(scenario->settings_used[i].value);
    }
    free(scenario->settings_used);
    for (int32_t i = 0; i < scenario->not_used_yet_count; i++) free(scenario->not_used_yet[i]);
    free(scenario->not_used_yet);
    free(scenario);
}
