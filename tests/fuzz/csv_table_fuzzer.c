/* Any bytes as a CSV file: no crash, and what is kept has its promised shape. */
#include "scenario/csv_table.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static bool every_other_column(const void *context, const char *column) {
    (void)context;
    return strlen(column) % 2 == 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    const struct csv_hints hints = {every_other_column, NULL};
    struct diagnostics diagnostics = {0};
    struct csv_table table;
    if (csv_table_read("fuzz.csv", (const char *)data, size, &hints, &diagnostics, &table)) {
        assert(table.damaged == (diagnostics.errors > 0));
        assert(table.row_count == 0 || table.width > 0);
        for (int32_t row = 1; row < table.row_count; row++) assert(table.lines[row] > table.lines[row - 1]);
        for (int64_t cell = 0; cell < (int64_t)table.row_count * table.width; cell++)
            assert(utf8_length((const unsigned char *)table.cells[cell], 1 + strlen(table.cells[cell])) > 0);
        csv_table_free(&table);
    }
    diagnostics_free(&diagnostics);
    return 0;
}
