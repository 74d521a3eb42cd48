/* Prints what a query finds, a value a line: look_up DATABASE SQL */
#include <sqlite3.h>
#include <stdio.h>

int main(int argc, char **argv) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    if (argc != 3 || sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) return 2;
    int code = sqlite3_prepare_v2(database, argv[2], -1, &statement, NULL);
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
