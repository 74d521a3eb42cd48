#define _GNU_SOURCE
#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "results/results_hash.h"

enum { PATH_SIZE = 512, MOST_ARGUMENTS = 40, NOBODY = 65534 };

static char place[PATH_SIZE];
static int64_t passed;

/* ------------------------------------------------------------------------------------------------------- the place */

static const char *needed(const char *variable) {
    const char *value = getenv(variable);
    ck_assert_msg(value != NULL, "%s is not set: run it with meson test", variable);
    return value;
}

void copy_file(const char *from, const char *to) {
    static char bytes[65536];
    const int source = open(from, O_RDONLY), target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ck_assert_msg(source >= 0 && target >= 0, "%s, %s: %s", from, to, strerror(errno));
    for (ssize_t size; (size = read(source, bytes, sizeof bytes)) > 0;)
        ck_assert_int_eq(write(target, bytes, (size_t)size), size);
    close(source);
    close(target);
}

static void copy_scenario(const char *folder, const char *name) {
    DIR *files = opendir(folder);
    ck_assert_msg(files != NULL, "%s: %s", folder, strerror(errno));
    ck_assert_int_eq(mkdir(name, 0755), 0);
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
        char from[2 * PATH_SIZE], to[PATH_SIZE];
        if (entry->d_name[0] == '.') continue;
        snprintf(from, sizeof from, "%s/%s", folder, entry->d_name);
        snprintf(to, sizeof to, "%s/%s", name, entry->d_name);
        copy_file(from, to);
    }
    closedir(files);
}

void place_make(void) {
    const char *root = getenv("TMPDIR");
    snprintf(place, sizeof place, "%s/bering-faults-XXXXXX", root != NULL ? root : "/tmp");
    ck_assert_msg(mkdtemp(place) != NULL && chmod(place, 0755) == 0 && chdir(place) == 0, "%s", strerror(errno));
    copy_scenario(needed("FAULTS_LINE"), "line");
    copy_scenario(needed("FAULTS_PAYS"), "pays");
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *depth) {
    (void)status, (void)kind, (void)depth;
    return remove(path);
}

void place_remove(void) {
    ck_assert_int_eq(chdir("/"), 0);
    nftw(place, remove_one, 20, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int64_t moments(int64_t few, int64_t many) {
    return getenv("BERING_TEST_LONG") != NULL ? many : few;
}

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void sleep_for(double seconds) {
    const struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
}

void write_file(const char *name, const char *text, mode_t mode) {
    FILE *file = fopen(name, "w");
    ck_assert_msg(file != NULL, "%s: %s", name, strerror(errno));
    fputs(text, file);
    fclose(file);
    chmod(name, mode);
}

void make_folder(const char *name) {
    ck_assert_msg(mkdir(name, 0755) == 0, "%s: %s", name, strerror(errno));
}

bool exists(const char *name) {
    struct stat status;
    return lstat(name, &status) == 0;
}

bool same_bytes(const char *one, const char *other) {
    FILE *left = fopen(one, "r"), *right = fopen(other, "r");
    ck_assert_msg(left != NULL && right != NULL, "%s, %s: %s", one, other, strerror(errno));
    int byte;
    bool same;
    do {
        byte = fgetc(left);
        same = byte == fgetc(right);
    } while (same && byte != EOF);
    fclose(left);
    fclose(right);
    return same;
}

bool mount_small(int kilobytes) {
    char size[40];
    snprintf(size, sizeof size, "size=%dk", kilobytes);
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mkdir("small", 0755) == 0 && mount("none", "small", "tmpfs", 0, size) == 0;
}

int files_like(const char *folder, const char *beginning) {
    DIR *files = opendir(folder);
    int count = 0;
    ck_assert_ptr_nonnull(files);
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;)
        count += strncmp(entry->d_name, beginning, strlen(beginning)) == 0;
    closedir(files);
    return count;
}

/* ------------------------------------------------------------------------------------------------------ the program */

/* The address sanitizer would come first, and is told that it need not. */
static void preload(const char *library) {
    char options[500];
    const char *before = getenv("ASAN_OPTIONS");
    snprintf(options, sizeof options, "%s%sverify_asan_link_order=0", before != NULL ? before : "",
             before != NULL ? ":" : "");
    setenv("ASAN_OPTIONS", options, 1);
    setenv("LD_PRELOAD", library, 1);
}

static void set_conditions(const struct conditions *conditions) {
    for (int index = 0; index < 8 && conditions->variables[index] != NULL; index++)
        putenv((char *)(uintptr_t)conditions->variables[index]);
    if (conditions->preloaded != NULL) preload(getenv(conditions->preloaded));
    const struct rlimit memory = {conditions->memory, conditions->memory};
    if (conditions->memory > 0) setrlimit(RLIMIT_AS, &memory);
    const struct rlimit files = {conditions->files, conditions->files};
    if (conditions->files > 0) setrlimit(RLIMIT_NOFILE, &files);
    if (!conditions->nobody || geteuid() != 0) return;
    setenv("GCOV_PREFIX", "counts", 1); /* a build that counts its branches may not write to the other counts then */
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0) _exit(126);
}

/* The reader is a process of its own, which ends as the pipe is closed or it has read a line. */
static void read_a_line(int from) {
    if (fork() != 0) return;
    char byte = '\0';
    while (byte != '\n' && read(from, &byte, 1) == 1) continue;
    _exit(0);
}

static void set_output(enum output_to output) {
    int ends[2];
    if (output == TO_NOTHING) close(1);
    if (output == TO_A_FULL_DISK && dup2(open("/dev/full", O_WRONLY), 1) < 0) _exit(125);
    if (output != TO_NOBODY && output != TO_A_READER) return;
    if (pipe(ends) != 0) _exit(125);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    if (output == TO_A_READER) read_a_line(ends[0]);
    if (dup2(ends[1], 1) < 0) _exit(125);
    close(ends[0]);
    close(ends[1]);
}

/* Until it is Bering, a signal would be answered as Check's own, which kills the test: it has to wait. */
static void hold_signals(sigset_t *before) {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigprocmask(SIG_BLOCK, &held, before);
}

static void become_bering(const struct conditions *conditions, char *arguments, const sigset_t *signals) {
    char *words[MOST_ARGUMENTS + 1] = {(char *)(uintptr_t)getenv("BERING")}, *rest = arguments;
    for (int count = 1; count < MOST_ARGUMENTS && (words[count] = strtok_r(rest, " ", &rest)) != NULL;) count++;
    char printed[40], said[40];
    snprintf(printed, sizeof printed, "printed.%d", (int)getpid());
    snprintf(said, sizeof said, "said.%d", (int)getpid());
    const int output = open(printed, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int errors = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (output < 0 || errors < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) _exit(125);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, signals, NULL);
    set_output(conditions->output);
    set_conditions(conditions);
    execv(words[0], words);
    _exit(127);
}

pid_t bering_start(const struct conditions *conditions, const char *arguments) {
    static const struct conditions ordinary;
    needed("BERING");
    char *copy = strdup(arguments);
    sigset_t before;
    hold_signals(&before);
    const pid_t process = fork();
    if (process == 0) become_bering(conditions != NULL ? conditions : &ordinary, copy, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    ck_assert_int_ge(process, 0);
    free(copy);
    return process;
}

static void read_ending(pid_t process, int status, struct ending *ending) {
    char said[40], printed[40];
    snprintf(said, sizeof said, "said.%d", (int)process);
    snprintf(printed, sizeof printed, "printed.%d", (int)process);
    ending->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    FILE *file = fopen(said, "r");
    ending->said[file != NULL ? fread(ending->said, 1, sizeof ending->said - 1, file) : 0] = '\0';
    if (file != NULL) fclose(file);
    unlink(said);
    rename(printed, "printed");
}

struct ending bering_end(pid_t process) {
    struct ending ending = {0};
    int status = 0;
    ck_assert_int_eq(waitpid(process, &status, 0), process);
    read_ending(process, status, &ending);
    return ending;
}

bool bering_gone(pid_t process, struct ending *ending) {
    int status = 0;
    const pid_t gone = waitpid(process, &status, WNOHANG);
    ck_assert_int_ge(gone, 0);
    if (gone == process) read_ending(process, status, ending);
    return gone == process;
}

struct ending bering_run(const struct conditions *conditions, const char *arguments) {
    return bering_end(bering_start(conditions, arguments));
}

void forget(const char *path) {
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (int index = 0; index < 4; index++) {
        char name[PATH_SIZE];
        snprintf(name, sizeof name, "%s%s", path, endings[index]);
        unlink(name);
    }
}

void must(const char *arguments) {
    const struct ending ending = bering_run(NULL, arguments);
    ck_assert_msg(ending.status == 0, "bering %s: exit status %d: %s", arguments, ending.status, ending.said);
}

void make_kept(void) {
    must("run line --detail full --jobs 1 --db kept.db");
    must("run line --jobs 1 --seed 2 --db kept.db");
    must("capacity line --days 3 --jobs 1 --db kept.db");
    must("capacity pays --theory --db kept.db");
    must("appraise pays --samples 32 --jobs 1 --db kept.db");
    must("appraise pays --set economics[capex_usd].value=triangular(7e9,8e9,1e10) --samples 32 --jobs 1 --db kept.db");
    must("sweep line --vary seed=3,4 --jobs 1 --db kept.db");
    must("run line --jobs 1 --db kept.db");
}

/* ----------------------------------------------------------------------------------------------------- the database */

/* The first column of the first row: a number, or NULL as −1. */
static int64_t ask_handle(sqlite3 *handle, const char *sql) {
    sqlite3_stmt *statement = NULL;
    ck_assert_msg(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK, "%s: %s", sql,
                  sqlite3_errmsg(handle));
    ck_assert_msg(sqlite3_step(statement) == SQLITE_ROW, "%s: %s", sql, sqlite3_errmsg(handle));
    const int64_t value = sqlite3_column_type(statement, 0) == SQLITE_NULL ? -1 : sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

int64_t ask(const char *path, const char *sql) {
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    const int64_t value = ask_handle(handle, sql);
    sqlite3_close(handle);
    return value;
}

static void check_whole(sqlite3 *handle, const char *path) {
    sqlite3_stmt *statement = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    const char *answer = (const char *)sqlite3_column_text(statement, 0);
    ck_assert_msg(strcmp(answer, "ok") == 0, "%s: integrity_check: %s", path, answer);
    sqlite3_finalize(statement);
    ck_assert_int_eq(sqlite3_prepare_v2(handle, "PRAGMA foreign_key_check", -1, &statement, NULL), SQLITE_OK);
    ck_assert_msg(sqlite3_step(statement) == SQLITE_DONE, "%s: foreign_key_check", path);
    sqlite3_finalize(statement);
}

/* No rows but those of finished runs; `settings` are written with the end of any run. */
static void check_tables(sqlite3 *handle, const char *path) {
    sqlite3_stmt *tables = NULL;
    ck_assert_int_eq(
        sqlite3_prepare_v2(handle,
                           "SELECT t.name FROM sqlite_schema AS t WHERE type = 'table' AND t.name <> 'runs' "
                           "AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) AS c WHERE c.name = "
                           "'run_id')",
                           -1, &tables, NULL),
        SQLITE_OK);
    int count = 0;
    for (; sqlite3_step(tables) == SQLITE_ROW; count++) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        char sql[300];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM %s WHERE run_id NOT IN (SELECT run_id FROM runs WHERE status = 'complete'%s)",
                 table, strcmp(table, "settings") == 0 ? " OR wall_s IS NOT NULL" : "");
        ck_assert_msg(ask_handle(handle, sql) == 0, "%s: rows of unfinished runs in %s", path, table);
    }
    ck_assert_int_ge(count, 10);
    sqlite3_finalize(tables);
}

static void check_hashes(const char *path) {
    struct failure failure = {""};
    struct database *database = database_open(path, DATABASE_READ, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    sqlite3_stmt *statement =
        database_prepare(database, "SELECT run_id, results_sha256 FROM runs WHERE status = 'complete'", &failure);
    ck_assert_msg(statement != NULL, "%s", failure.text);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        char found[SHA256_TEXT_SIZE];
        ck_assert_msg(results_hash_of_run(database, sqlite3_column_int64(statement, 0), found, &failure), "%s",
                      failure.text);
        ck_assert_str_eq(found, (const char *)sqlite3_column_text(statement, 1));
    }
    sqlite3_finalize(statement);
    database_close(database);
}

/* What is kept is whole to the cent: the ledger of each run comes to what its containers and its trains do. */
static void check_money(sqlite3 *handle, const char *path) {
    static const char unbalanced[] =
        "SELECT count(*) FROM runs WHERE status = 'complete' AND detail = 'containers' AND "
        "(SELECT coalesce(sum(amount_cents), 0) FROM ledger WHERE ledger.run_id = runs.run_id) <> "
        "(SELECT coalesce(sum(revenue_cents - penalty_cents - cost_cents), 0) FROM containers WHERE "
        "containers.run_id = runs.run_id) + "
        "(SELECT coalesce(sum(revenue_cents - cost_cents), 0) FROM trains WHERE trains.run_id = runs.run_id)";
    static const char without[] =
        "SELECT count(*) FROM runs WHERE status = 'complete' AND detail = 'containers' AND (NOT EXISTS (SELECT 1 FROM "
        "containers WHERE containers.run_id = runs.run_id AND status = 'delivered') OR NOT EXISTS (SELECT 1 FROM "
        "ledger WHERE ledger.run_id = runs.run_id AND account = 'tariff'))";
    ck_assert_msg(ask_handle(handle, unbalanced) == 0, "%s: a ledger is not what its containers and trains make", path);
    ck_assert_msg(ask_handle(handle, without) == 0, "%s: a run without containers or tariffs", path);
}

static void compare_with(sqlite3 *handle, const char *path, const char *reference) {
    char *attach = sqlite3_mprintf("ATTACH %Q AS reference", reference);
    ck_assert_int_eq(sqlite3_exec(handle, attach, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_free(attach);
    const int64_t strangers = ask_handle(
        handle, "SELECT count(*) FROM main.runs WHERE status = 'complete' AND NOT EXISTS (SELECT 1 FROM reference.runs "
                "AS kept WHERE kept.seed = runs.seed AND kept.replication = runs.replication AND kept.horizon_ms = "
                "runs.horizon_ms AND kept.detail = runs.detail AND kept.results_sha256 = runs.results_sha256)");
    ck_assert_msg(strangers == 0, "%s: %d complete runs are not those of %s", path, (int)strangers, reference);
}

static int64_t count_of(sqlite3 *handle, const char *status) {
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM runs WHERE status = '%s'", status);
    return ask_handle(handle, sql);
}

static void copy_database(const char *path) {
    static const char *const endings[] = {"", "-wal", "-journal"}; /* -shm is made anew from -wal */
    for (int index = 0; index < 3; index++) {
        char from[PATH_SIZE], to[PATH_SIZE];
        snprintf(from, sizeof from, "%s%s", path, endings[index]);
        snprintf(to, sizeof to, "copy-of.db%s", endings[index]);
        unlink(to);
        if (exists(from)) copy_file(from, to);
    }
    unlink("copy-of.db-shm");
}

struct standing check_database(const char *path, const char *reference) {
    struct standing standing = {0};
    if (!exists(path)) return standing;
    copy_database(path);
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open("copy-of.db", &handle), SQLITE_OK);
    check_whole(handle, path);
    standing.made = ask_handle(handle, "SELECT count(*) FROM sqlite_schema WHERE name = 'runs'") == 1;
    if (standing.made) {
        check_tables(handle, path);
        check_money(handle, path);
        standing.runs = ask_handle(handle, "SELECT count(*) FROM runs");
        standing.complete = count_of(handle, "complete");
        standing.running = count_of(handle, "running");
        standing.interrupted = count_of(handle, "interrupted");
        standing.failed = count_of(handle, "failed");
        standing.experiments = ask_handle(handle, "SELECT count(*) FROM experiments");
        standing.answers = ask_handle(handle, "SELECT count(*) FROM capacity");
        standing.appraisals = ask_handle(handle, "SELECT count(*) FROM appraisals");
        if (reference != NULL) compare_with(handle, path, reference);
        check_hashes("copy-of.db");
    }
    sqlite3_close(handle);
    passed++;
    return standing;
}

bool same_finished(const struct standing *one, const struct standing *other) {
    return one->complete == other->complete && one->experiments == other->experiments &&
           one->answers == other->answers && one->appraisals == other->appraisals;
}

int64_t checks_passed(void) {
    return passed;
}

void check_at_rest(const char *path) {
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    for (int index = 0; index < 3; index++) {
        char beside[PATH_SIZE];
        snprintf(beside, sizeof beside, "%s%s", path, endings[index]);
        ck_assert_msg(!exists(beside), "%s is left", beside);
    }
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM runs WHERE status = 'running'"), 0);
}

void read_count(const char *name, int64_t *first, int64_t *second) {
    long long one = -1, two = -1;
    FILE *file = fopen(name, "r");
    ck_assert_msg(file != NULL, "%s: the library was not loaded", name);
    ck_assert_int_ge(fscanf(file, "%lld %lld", &one, &two), 1);
    fclose(file);
    *first = one;
    if (second != NULL) *second = two;
}

int run_fault_suite(const char *name, const TTest *const *tests, size_t count) {
    setvbuf(stdout, NULL, _IOLBF, 0); /* of a test that fails, too */
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 0); /* meson's counts */
    tcase_add_checked_fixture(tcase, place_make, place_remove);
    for (size_t index = 0; index < count; index++) tcase_add_test(tcase, tests[index]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
