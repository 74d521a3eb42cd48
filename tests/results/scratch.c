#include "scratch.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[SCRATCH_PATH / 2];

void scratch_make(void) {
    const char *root = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/bering-test-XXXXXX", root != NULL ? root : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

void scratch_remove(void) {
    chmod(folder, 0700);
    DIR *files = opendir(folder);
    ck_assert_ptr_nonnull(files);
    for (const struct dirent *entry = readdir(files); entry != NULL; entry = readdir(files)) {
        char path[2 * SCRATCH_PATH];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        remove(path);
    }
    closedir(files);
    rmdir(folder);
}

const char *scratch_folder(void) {
    return folder;
}

const char *scratch_file(const char *name, char path[SCRATCH_PATH]) {
    snprintf(path, SCRATCH_PATH, "%s/%s", folder, name);
    return path;
}

static sqlite3_stmt *first_row(struct database *database, const char *sql) {
    struct failure failure = {.text = ""};
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s: %s", sql, failure.text);
    ck_assert_msg(sqlite3_step(statement) == SQLITE_ROW, "no row: %s", sql);
    return statement;
}

int64_t ask_integer(struct database *database, const char *sql) {
    sqlite3_stmt *statement = first_row(database, sql);
    const int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

double ask_real(struct database *database, const char *sql) {
    sqlite3_stmt *statement = first_row(database, sql);
    const double value =
        sqlite3_column_type(statement, 0) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

const char *ask_text(struct database *database, const char *sql) {
    static char text[4096];
    sqlite3_stmt *statement = first_row(database, sql);
    const char *value = (const char *)sqlite3_column_text(statement, 0);
    snprintf(text, sizeof text, "%s", value != NULL ? value : "NULL");
    sqlite3_finalize(statement);
    return text;
}

int run_suite_in_scratch(const char *name, const TTest *const *tests, size_t count, void (*set_up)(void)) {
    Suite *suite = suite_create(name);
    TCase *test_case = tcase_create(name);
    tcase_set_timeout(test_case, 0); /* the runner of all suites has a limit of its own */
    tcase_add_checked_fixture(test_case, set_up, scratch_remove);
    for (size_t index = 0; index < count; index++) tcase_add_test(test_case, tests[index]);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
