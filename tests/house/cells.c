/* Whether a file is CSV as Bering reads it, and the cells of one column, each on a line: cells FILE [COLUMN] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/csv_table.h"

static char *content_of(const char *path, size_t *size) {
    enum { MOST = 1 << 24 };
    FILE *file = fopen(path, "rb");
    char *bytes = file != NULL ? malloc(MOST) : NULL;
    *size = bytes != NULL ? fread(bytes, 1, MOST, file) : 0;
    if (file != NULL) fclose(file);
    return bytes;
}

int main(int argc, char **argv) {
    size_t size = 0;
    char *bytes = argc > 1 ? content_of(argv[1], &size) : NULL;
    struct diagnostics diagnostics = {0};
    struct csv_table table;
    if (bytes == NULL || !csv_table_read(argv[1], bytes, size, NULL, &diagnostics, &table)) return 2;
    const int status = diagnostics.errors > 0 || table.row_count == 0 ? 1 : 0;
    for (int32_t column = 0; argc > 2 && column < table.width; column++)
        for (int32_t row = 0; strcmp(table.header[column], argv[2]) == 0 && row < table.row_count; row++)
            puts(table.cells[(size_t)row * (size_t)table.width + (size_t)column]);
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    csv_table_free(&table);
    free(bytes);
    return status;
}
