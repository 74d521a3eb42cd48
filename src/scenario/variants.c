#include <stdlib.h>

#include "scenario/reader.h"

static bool take_names(const struct table *table, char ***names, int32_t *count) {
    *names = calloc((size_t)table->row_count + 1, sizeof **names);
    if (!*names) return false;
    for (int32_t row = 0; row < table->row_count; row++) {
        (*names)[*count] = text_copy(table->cells[(size_t)row * VARIANTS_COLUMNS + VARIANTS_VARIANT]);
        if (!(*names)[*count]) return false;
        ++*count;
    }
    return true;
}

static bool read_file(struct input_files *files, const char *path, struct diagnostics *diagnostics, char ***names,
                      int32_t *count) {
    const struct input_file *file = NULL;
    struct csv_table csv;
    struct table table;
    const enum input_state state = input_files_read(files, path, diagnostics, &file);
    if (state != INPUT_READ) return state != INPUT_NO_MEMORY;
    if (!csv_table_read(file->path, file->content, file->size, NULL, diagnostics, &csv)) return false;
    const bool built = table_build(&table, table_description(TABLE_VARIANTS), file->path, &csv, diagnostics);
    const bool taken = built && (!table.present || take_names(&table, names, count));
    table_free(&table);
    return taken;
}

bool scenario_variant_names(const char *folder, struct diagnostics *diagnostics, char ***names, int32_t *count) {
    struct input_files files = {.folder = folder};
    *names = NULL;
    *count = 0;
    if (!input_files_check_folder(&files, diagnostics)) return true;
    char *path = input_files_path(&files, table_description(TABLE_VARIANTS)->file);
    const bool done = path && read_file(&files, path, diagnostics, names, count);
    free(path);
    input_files_free(&files);
    if (done) return true;
    diagnostics_no_memory(diagnostics, folder);
    scenario_variant_names_free(*names, *count);
    *names = NULL;
    *count = 0;
    return false;
}

void scenario_variant_names_free(char **names, int32_t count) {
    for (int32_t index = 0; index < count; index++) free(names[index]);
    free(names);
}
