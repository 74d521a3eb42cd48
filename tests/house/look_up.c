/* Prints what a query finds, a value a line: look_up DATABASE SQL [FILE], the text of FILE being ?1 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* Binds what a file holds. */
static int bind_file(sqlite3_stmt *statement, const char *path) {
    enum { MOST = 1 << 24 };
    FILE *file = fopen(path, "rb");
    char *text = file != NULL ? malloc(MOST) : NULL;
    const size_t size = text != NULL ? fread(text, 1, MOST, file) : 0;
    if (file != NULL) fclose(file);
    return text != NULL ? sqlite3_bind_text(statement, 1, text, (int)size, free) : SQLITE_CANTOPEN;
}

int main(int argc, char **argv) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    if (argc < 3 || sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) return 2;
    int code = sqlite3_prepare_v2(database, argv[2], -1, &statement, NULL);
    if (code == SQLITE_OK && argc > 3) code = bind_file(statement, argv[3]);
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(statement); column++) {
            const char *text = (const char *)sqlite3_column_text(statement, column);
            printf("%s\n", text ? text : "");
        }
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE) fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return code == SQLITE_DONE ? 0 : 1;
}
