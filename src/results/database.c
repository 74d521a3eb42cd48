#include "results/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "results/schema.h"

struct database {
    sqlite3 *handle;
    char *path;
    bool writable;
    int32_t patience_ms;
};

/* A limit on the size of files (ulimit -f) ends what can be written just as a full disk does; SQLite does not tell it
 * from other errors of writing. */
static bool is_full(sqlite3 *handle) {
    struct rlimit limit;
    const int code = sqlite3_extended_errcode(handle);
    if ((code & 0xff) == SQLITE_FULL) return true;
    const int number = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(handle) : 0;
    if (number == ENOSPC || number == EDQUOT) return true;
    return (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE) && getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           limit.rlim_cur != RLIM_INFINITY;
}

/* Whether what was written last (wal), or stood there before (journal), lies beside the file. */
static bool has_beside(const char *path, const char *what) {
    char *name = sqlite3_mprintf("%s-%s", path, what);
    struct stat status;
    const bool has = name != NULL && stat(name, &status) == 0 && status.st_size > 0;
    sqlite3_free(name);
    return has;
}

static bool explain_cut_off(const char *path, struct failure *failure) {
    return failure_set(
        failure,
        "%s: cut off while it was written to, and is not whole without %s-%s, which cannot be used where "
        "nothing can be written: make room, or copy both to another folder",
        path, path, has_beside(path, "journal") ? "journal" : "wal");
}

static bool explain_moved(const char *path, struct failure *failure) {
    return failure_set(failure,
                       "%s: deleted, renamed or replaced while it was written to; a file that was renamed has all runs "
                       "that were finished",
                       path);
}

static bool explain(sqlite3 *handle, const char *path, struct failure *failure) {
    char reason[FAILURE_REASON_SIZE];
    const int code = sqlite3_extended_errcode(handle);
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
        return failure_set(failure, "%s: the run that was to be written has been deleted meanwhile", path);
    if (is_full(handle))
        return failure_set(failure, "%s: no space left to write to it; make room and try again: finished runs are kept",
                           path);
    switch (sqlite3_errcode(handle) & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure_set(failure, "%s: locked by another program that writes to it; try again when it is done", path);
    case SQLITE_READONLY:
        if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_CANTINIT || code == SQLITE_READONLY_RECOVERY)
            return explain_cut_off(path, failure);
        if (code == SQLITE_READONLY_DBMOVED) return explain_moved(path, failure);
        return failure_set(failure, "%s: cannot be written to: it, or its folder, is read-only", path);
    case SQLITE_NOTADB:
        return failure_set(failure, "%s: not a database", path);
    case SQLITE_CORRUPT:
        return failure_set(failure,
                           "%s: the database is damaged (%s), or its disk can no longer be read; `sqlite3 FILE "
                           ".recover` gives what can be saved",
                           path, sqlite3_errmsg(handle));
    case SQLITE_NOMEM:
        return failure_set(failure, "%s: out of memory", path);
    case SQLITE_CANTOPEN:
        if (has_beside(path, "wal")) return explain_cut_off(path, failure);
        if (sqlite3_system_errno(handle) == ENOENT && access(path, F_OK) == 0)
            return failure_set(
                failure, "%s: no file can be made beside it, which writing needs; see whether the disk is full", path);
        return failure_set(failure, "%s: cannot be opened: %s", path,
                           sqlite3_system_errno(handle) != 0 ? failure_reason(sqlite3_system_errno(handle), reason)
                                                             : sqlite3_errmsg(handle));
    case SQLITE_PROTOCOL:
        return failure_set(failure,
                           "%s: its locks cannot be had; if it lies on a network drive, name another place for it, "
                           "and else try again",
                           path);
    case SQLITE_IOERR:
        return failure_set(
            failure,
            "%s: reading or writing failed: %s; see whether its disk is full or gone, and try again: "
            "finished runs are kept",
            path, sqlite3_system_errno(handle) != 0 ? strerror(sqlite3_system_errno(handle)) : sqlite3_errmsg(handle));
    case SQLITE_ERROR:
        return failure_set(failure, "%s: not as Bering made it: %s", path, sqlite3_errmsg(handle));
    default:
        return failure_set(failure, "%s: %s", path, sqlite3_errmsg(handle));
    }
}

bool database_explain(struct database *database, struct failure *failure) {
    return explain(database->handle, database->path, failure);
}

bool database_execute(struct database *database, const char *sql, struct failure *failure) {
    if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) != SQLITE_OK) return database_explain(database, failure);
    return true;
}

sqlite3_stmt *database_prepare(struct database *database, const char *sql, struct failure *failure) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL) != SQLITE_OK) {
        database_explain(database, failure);
        return NULL;
    }
    return statement;
}

const char *database_text(sqlite3_stmt *statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return "";
    return (const char *)sqlite3_column_text(statement, column);
}

/* The one integer that a query gives. */
static bool query_integer(struct database *database, const char *sql, int64_t *value, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    const bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return found || database_explain(database, failure);
}

/* What the file says it is. An empty file, one not yet there, or one marked but never filled has version 0. */
static bool read_version(struct database *database, int64_t *version, struct failure *failure) {
    int64_t application = 0;
    int64_t tables = 0;
    if (!query_integer(database, "PRAGMA application_id", &application, failure) ||
        !query_integer(database, "PRAGMA user_version", version, failure) ||
        !query_integer(database, "SELECT count(*) FROM sqlite_schema WHERE type IN ('table', 'view')", &tables,
                       failure))
        return false;
    const bool ours = application == SCHEMA_APPLICATION_ID;
    if ((ours || application == 0) && *version == 0 && tables == 0) return true;
    if (!ours)
        return failure_set(failure, "%s: a database, but not one of Bering's; it is left as it is", database->path);
    if (*version < 1)
        return failure_set(failure,
                           "%s: marked as Bering's, but with a schema that no Bering has written (user_version %d, "
                           "%d tables and views); it is left as it is",
                           database->path, (int)*version, (int)tables);
    if (*version > SCHEMA_VERSION)
        return failure_set(failure,
                           "%s: written by a newer version of Bering (schema %d, this one knows up to %d); it is left "
                           "as it is",
                           database->path, (int)*version, SCHEMA_VERSION);
    return true;
}

/* A table is not altered while a view of it is at odds with it. */
static bool drop_views(struct database *database, struct failure *failure) {
    for (const struct schema_view *view = schema_views; view->name != NULL; view++) {
        char drop[100];
        sqlite3_snprintf(sizeof drop, drop, "DROP VIEW IF EXISTS %w", view->name);
        if (!database_execute(database, drop, failure)) return false;
    }
    return true;
}

/* `temporary`: of this connection alone. */
static bool make_views(struct database *database, bool temporary, struct failure *failure) {
    static const char create[] = "CREATE ";
    bool well = true;
    for (const struct schema_view *view = schema_views; well && view->name != NULL; view++) {
        char *statement = sqlite3_mprintf("CREATE %s%s", temporary ? "TEMP " : "", view->statement + sizeof create - 1);
        well = statement != NULL ? database_execute(database, statement, failure)
                                 : failure_set(failure, "%s: out of memory", database->path);
        sqlite3_free(statement);
    }
    return well;
}

static bool apply_steps(struct database *database, int64_t version, struct failure *failure) {
    if (!drop_views(database, failure)) return false;
    for (; version < SCHEMA_VERSION; version++)
        for (const char *const *statement = schema_steps[version]; *statement != NULL; statement++)
            if (!database_execute(database, *statement, failure)) return false;
    char mark[100];
    sqlite3_snprintf(sizeof mark, mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", SCHEMA_APPLICATION_ID,
                     SCHEMA_VERSION);
    return make_views(database, false, failure) && database_execute(database, mark, failure);
}

/* Makes or updates the schema in one transaction. The version is read again inside it: another process may have been
 * first. */
static bool migrate(struct database *database, struct failure *failure) {
    if (!database_execute(database, "BEGIN IMMEDIATE", failure)) return false;
    int64_t version = 0;
    if (read_version(database, &version, failure) &&
        (version == SCHEMA_VERSION || apply_steps(database, version, failure)) &&
        database_execute(database, "COMMIT", failure))
        return true;
    sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* Whether a database that is not there can be made: SQLite itself would only say that it cannot. */
static bool folder_usable(const char *path, struct failure *failure) {
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (folder == NULL) return failure_set(failure, "%s: out of memory", path);
    const int number = faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
    free(folder);
    if (number == 0) return true;
    if (number == ENOENT)
        return failure_set(failure, "%s: cannot be made: its folder is not there; make it, or name another", path);
    return failure_set(failure, "%s: cannot be made: nothing can be written in its folder (%s)", path,
                       strerror(number));
}

/* Whether something that is no regular file, or nothing, stands where the database is looked for. */
static bool path_usable(const char *path, enum database_mode mode, struct failure *failure) {
    struct stat status;
    if (stat(path, &status) != 0) {
        char reason[FAILURE_REASON_SIZE];
        if (errno != ENOENT)
            return failure_set(failure, "%s: cannot be opened: %s", path, failure_reason(errno, reason));
        if (mode != DATABASE_WRITE) return failure_set(failure, "%s: no such database; `bering run` makes one", path);
        return folder_usable(path, failure);
    }
    if (S_ISDIR(status.st_mode)) return failure_set(failure, "%s: a folder, not a database", path);
    if (!S_ISREG(status.st_mode)) return failure_set(failure, "%s: not a file", path);
    return true;
}

static struct database *database_connect(const char *path, enum database_mode mode, int32_t patience_ms,
                                         struct failure *failure) {
    struct database *database = calloc(1, sizeof *database);
    if (database != NULL) database->path = strdup(path);
    if (database == NULL || database->path == NULL) {
        free(database);
        failure_set(failure, "%s: out of memory", path);
        return NULL;
    }
    database->writable = mode != DATABASE_READ;
    database->patience_ms = patience_ms;
    const int flags = mode == DATABASE_READ    ? SQLITE_OPEN_READONLY
                      : mode == DATABASE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                               : SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(path, &database->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(database->handle, patience_ms);
        return database;
    }
    if (database->handle == NULL)
        failure_set(failure, "%s: out of memory", path);
    else if (code == SQLITE_CANTOPEN && access(path, F_OK) != 0) /* SQLite tells of its second attempt alone */
        failure_set(failure, "%s: cannot be made; see whether the disk is full", path);
    else
        database_explain(database, failure);
    database->writable = false;
    database_close(database);
    return NULL;
}

/* What cannot be found out is taken to be so: then nobody's runs are marked, and somebody may be at work. */
bool database_in_wal(struct database *database) {
    sqlite3_stmt *statement = NULL;
    bool wal = true;
    if (sqlite3_prepare_v2(database->handle, "PRAGMA journal_mode", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *mode = database_text(statement, 0);
        wal = mode == NULL || strcmp(mode, "wal") == 0;
    }
    sqlite3_finalize(statement);
    return wal;
}

/* Back from WAL to one file. Fails, at once, where somebody else has it open. */
static bool leave_wal(struct database *database) {
    sqlite3_busy_timeout(database->handle, 0);
    const bool left = sqlite3_exec(database->handle, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK &&
                      !database_in_wal(database);
    sqlite3_busy_timeout(database->handle, database->patience_ms);
    return left;
}

bool database_in_place(struct database *database, struct failure *failure) {
    int moved = 0;
    sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved == 0 || explain_moved(database->path, failure);
}

static bool any_running(struct database *database) {
    int64_t any = 0;
    return query_integer(database, "SELECT EXISTS (SELECT 1 FROM main.runs WHERE status = 'running')", &any,
                         &(struct failure){0}) &&
           any != 0;
}

/* Marks the runs that are `running` though nobody works on them: their process was killed, or could not write any more.
 * Whoever writes runs has the file open, in WAL mode, from before their rows are there until they are finished. So once
 * this connection has taken the file back from WAL, which it can only do while it is alone, and then has it to itself
 * and still not in WAL mode, all such rows are of the dead. What fails here can be done by the next. */
static void mark_cut_off(struct database *database) {
    if (sqlite3_exec(database->handle, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK) return;
    const bool marked =
        !database_in_wal(database) &&
        sqlite3_exec(database->handle, "UPDATE main.runs SET status = 'interrupted' WHERE status = 'running'", NULL,
                     NULL, NULL) == SQLITE_OK;
    if (!marked || sqlite3_exec(database->handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
}

static void pause_for(int32_t milliseconds) {
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

/* Where two want this at once SQLite refuses one of them without waiting, as it does with any two that read and then
 * both want to write: so the waiting is done here. */
static bool set_wal(struct database *database, struct failure *failure) {
    int code;
    sqlite3_busy_timeout(database->handle, 0);
    for (int32_t waited_ms = 0;; waited_ms += 1 + getpid() % 9) {
        code = sqlite3_exec(database->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if ((code & 0xff) != SQLITE_BUSY || waited_ms >= database->patience_ms) break;
        pause_for(1 + getpid() % 9);
    }
    sqlite3_busy_timeout(database->handle, database->patience_ms);
    return code == SQLITE_OK || database_explain(database, failure);
}

/* WAL lets others read while a run is written; a file system that cannot do it just keeps the rollback journal. A
 * connection holds on to the file, and so keeps others from taking it back from WAL, only once it has read in WAL
 * mode: until then another one that closes may have undone it. */
static bool enter_wal(struct database *database, struct failure *failure) {
    do {
        int64_t read = 0;
        if (!set_wal(database, failure)) return false;
        if (!database_in_wal(database)) return true;
        if (!query_integer(database, "SELECT count(*) FROM sqlite_schema", &read, failure)) return false;
    } while (!database_in_wal(database));
    return true;
}

static bool prepare_for_writing(struct database *database, int64_t version, struct failure *failure) {
    if (sqlite3_db_readonly(database->handle, "main") == 1)
        return failure_set(failure, "%s: cannot be written to: it, or its folder, is read-only", database->path);
    if (!database_execute(database, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384",
                          failure) ||
        !enter_wal(database, failure))
        return false;
    if (version == 0 || !database_in_wal(database) || !any_running(database)) return true;
    if (leave_wal(database)) mark_cut_off(database);
    return enter_wal(database, failure);
}

/* An older file that is only to be read is left as it is: it may be on a disk that cannot be written to, or still be
 * used by the Bering that made it. */
static bool read_as_newest(struct database *database, int64_t version, struct failure *failure) {
    if (!database_execute(database, "PRAGMA temp_store = MEMORY", failure)) return false;
    for (const char *const *statement = schema_reading[version]; *statement != NULL; statement++)
        if (!database_execute(database, *statement, failure)) return false;
    return make_views(database, true, failure);
}

/* All of it from one moment: another process may be making the schema. */
static bool read_version_at_once(struct database *database, int64_t *version, struct failure *failure) {
    if (!database_execute(database, "BEGIN", failure)) return false;
    const bool well = read_version(database, version, failure);
    return database_execute(database, "ROLLBACK", well ? failure : &(struct failure){0}) && well;
}

static bool database_ready(struct database *database, enum database_mode mode, struct failure *failure) {
    int64_t version = 0;
    if (!read_version_at_once(database, &version, failure)) return false;
    if (version == 0 && mode != DATABASE_WRITE)
        return failure_set(failure, "%s: empty, not a database of Bering's", database->path);
    if (mode == DATABASE_READ) return version == SCHEMA_VERSION || read_as_newest(database, version, failure);
    return prepare_for_writing(database, version, failure) && (version == SCHEMA_VERSION || migrate(database, failure));
}

/* What a process that was killed had begun to write is taken back, which a connection that only reads cannot do. Where
 * this fails, it will say so. */
static void take_back(const char *path, int32_t patience_ms) {
    sqlite3 *handle = NULL;
    if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(handle, patience_ms);
        sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
    sqlite3_close(handle);
}

static struct database *open_file(const char *path, enum database_mode mode, int32_t patience_ms,
                                  struct failure *failure) {
    if (!path_usable(path, mode, failure)) return NULL;
    if (mode == DATABASE_READ && has_beside(path, "journal")) take_back(path, patience_ms);
    struct database *database = database_connect(path, mode, patience_ms, failure);
    if (database == NULL) return NULL;
    if (database_ready(database, mode, failure)) return database;
    database->writable = false; /* refused: do not touch it in closing either */
    database_close(database);
    return NULL;
}

/* SQLite takes `:memory:` and `file:…` for something else than a file of that name, and what was written would be lost.
 */
struct database *database_open(const char *path, enum database_mode mode, int32_t patience_ms,
                               struct failure *failure) {
    const bool special = path[0] == ':' || strncmp(path, "file:", 5) == 0;
    if (!special) return open_file(path, mode, patience_ms, failure);
    char *name = sqlite3_mprintf("./%s", path);
    if (name == NULL) failure_set(failure, "%s: out of memory", path);
    struct database *database = name != NULL ? open_file(name, mode, patience_ms, failure) : NULL;
    sqlite3_free(name);
    return database;
}

bool database_can_be_written(const char *path, int32_t patience_ms, struct failure *failure) {
    if (!path_usable(path, DATABASE_WRITE, failure)) return false;
    if (access(path, F_OK) != 0) return true;
    struct database *database = database_open(path, DATABASE_WRITE, patience_ms, failure);
    database_close(database);
    return database != NULL;
}

struct database *database_in_memory(struct failure *failure) {
    struct database *database = database_connect(":memory:", DATABASE_WRITE, 0, failure);
    if (database == NULL || database_ready(database, DATABASE_WRITE, failure)) return database;
    database_close(database);
    return NULL;
}

/* Back to one file, in which no run of the dead is `running`. False where somebody else has it open. */
static bool come_to_rest(struct database *database) {
    if (!leave_wal(database)) return false;
    if (any_running(database)) mark_cut_off(database);
    return true;
}

/* The same for a file that this process does not have open any more. */
static bool come_to_rest_anew(const char *path) {
    struct database again = {.path = (char *)(uintptr_t)path, .writable = true};
    if (!has_beside(path, "wal")) return true; /* somebody else has done it */
    const bool well =
        sqlite3_open_v2(path, &again.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        come_to_rest(&again);
    sqlite3_close(again.handle);
    return well;
}

/* Two that close at the same moment are in each other's way, since each still has the file open: whoever fails lets go
 * of it and tries again, a little later. Where another one goes on, it is left to that. */
static void leave_to_the_last(const char *path) {
    for (int attempt = 0; attempt < 4; attempt++) {
        if (attempt > 0) pause_for((1 + getpid() % 5) << attempt);
        if (come_to_rest_anew(path)) return;
    }
}

void database_close(struct database *database) {
    if (database == NULL) return;
    const bool others =
        database->handle != NULL && database->writable && database_in_wal(database) && !come_to_rest(database);
    sqlite3_close(database->handle);
    if (others) leave_to_the_last(database->path);
    free(database->path);
    free(database);
}

sqlite3 *database_handle(struct database *database) {
    return database->handle;
}
const char *database_path(const struct database *database) {
    return database->path;
}
