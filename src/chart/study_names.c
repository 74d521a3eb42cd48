#include "chart/study_names.h"

#include <stdio.h>
#include <string.h>

enum { ID_SIZE = 256 };
static const char between[] = " – ";

bool study_names_read(struct database *database, const char *input_sha256, struct study_names *names,
                      struct failure *failure) {
    *names = (struct study_names){0};
    if (!input_table_read_inputs(database, input_sha256, "sections.csv", &names->sections, failure)) return false;
    if (input_table_read_inputs(database, input_sha256, "stations.csv", &names->stations, failure)) return true;
    study_names_free(names);
    return false;
}

void study_names_free(struct study_names *names) {
    input_table_free(&names->sections);
    input_table_free(&names->stations);
}

/* The first row whose column has that id; −1: none. */
static int32_t row_of(const struct input_table *table, const char *column, const char *id) {
    for (int32_t row = 0; row < table->csv.row_count; row++)
        if (strcmp(input_table_cell(table, row, column), id) == 0) return row;
    return -1;
}

static const char *station_name(const struct study_names *names, const char *id) {
    const int32_t row = row_of(&names->stations, "station", id);
    const char *name = row >= 0 ? input_table_cell(&names->stations, row, "name") : "";
    return name[0] != '\0' ? name : id;
}

void study_names_section(const struct study_names *names, const char *section, char *text, size_t size) {
    const int32_t row = row_of(&names->sections, "section", section);
    if (row < 0)
        snprintf(text, size, "%s", section);
    else
        snprintf(text, size, "%s%s%s", station_name(names, input_table_cell(&names->sections, row, "from")), between,
                 station_name(names, input_table_cell(&names->sections, row, "to")));
}

void study_names_place(const struct study_names *names, const char *place, char *text, size_t size) {
    const char *middle = strstr(place, between);
    char from[ID_SIZE];
    if (middle == NULL || row_of(&names->sections, "section", place) >= 0) {
        study_names_section(names, place, text, size);
        return;
    }
    snprintf(from, sizeof from, "%.*s", (int)(middle - place), place);
    snprintf(text, size, "%s%s%s", station_name(names, from), between, station_name(names, middle + strlen(between)));
}
