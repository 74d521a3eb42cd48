#include "results/database.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "results/schema.h"

struct database {
    sqlite3 *handle;
    char *path;
    bool writable;
};

/* A limit on the size of files (ulimit -f) ends what can be written just as a full disk does; SQLite does not tell it
 * from other errors of writing. */
static bool is_full(sqlite3 *handle) {
    struct rlimit limit;
    const int code = sqlite3_extended_errcode(handle);
    if ((code & 0xff) == SQLITE_FULL) return true;
    return (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE) && getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           limit.rlim_cur != RLIM_INFINITY;
}

static bool explain(sqlite3 *handle, const char *path, struct failure *failure) {
    if (sqlite3_extended_errcode(handle) == SQLITE_CONSTRAINT_FOREIGNKEY)
        return failure_set(failure, "%s: the run that was to be written has been deleted meanwhile", path);
    if (is_full(handle)) return failure_set(failure, "%s: no space left to write to it", path);
    switch (sqlite3_errcode(handle) & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure_set(failure, "%s: locked by another program that writes to it; try again when it is done", path);
    case SQLITE_READONLY:
        return failure_set(failure, "%s: cannot be written to: it, or its folder, is read-only", path);
    case SQLITE_NOTADB:
        return failure_set(failure, "%s: not a database", path);
    case SQLITE_CORRUPT:
        return failure_set(failure, "%s: the database is damaged (%s)", path, sqlite3_errmsg(handle));
    case SQLITE_CANTOPEN:
        return failure_set(failure, "%s: cannot be opened: %s", path,
                           sqlite3_system_errno(handle) != 0 ? strerror(sqlite3_system_errno(handle))
                                                             : sqlite3_errmsg(handle));
    case SQLITE_IOERR:
        return failure_set(failure, "%s: reading or writing failed: %s", path,
                           sqlite3_system_errno(handle) != 0 ? strerror(sqlite3_system_errno(handle))
                                                             : sqlite3_errmsg(handle));
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

/* Whether something that is no regular file, or nothing, stands where the database is looked for. */
static bool path_usable(const char *path, enum database_mode mode, struct failure *failure) {
    struct stat status;
    if (stat(path, &status) != 0) {
        if (errno != ENOENT) return failure_set(failure, "%s: cannot be opened: %s", path, strerror(errno));
        if (mode != DATABASE_WRITE) return failure_set(failure, "%s: no such database; `bering run` makes one", path);
        return true;
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
    else
        database_explain(database, failure);
    database->writable = false;
    database_close(database);
    return NULL;
}

/* WAL lets others read while a run is written; a file system that cannot do it just keeps the rollback journal. */
static bool prepare_for_writing(struct database *database, struct failure *failure) {
    if (sqlite3_db_readonly(database->handle, "main") == 1)
        return failure_set(failure, "%s: cannot be written to: it, or its folder, is read-only", database->path);
    return database_execute(database,
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                            "PRAGMA cache_size = -16384",
                            failure);
}

/* An older file that is only to be read is left as it is: it may be on a disk that cannot be written to, or still be
 * used by the Bering that made it. */
static bool read_as_newest(struct database *database, int64_t version, struct failure *failure) {
    if (!database_execute(database, "PRAGMA temp_store = MEMORY", failure)) return false;
    for (const char *const *statement = schema_reading[version]; *statement != NULL; statement++)
        if (!database_execute(database, *statement, failure)) return false;
    return make_views(database, true, failure);
}

static bool database_ready(struct database *database, struct failure *failure) {
    int64_t version = 0;
    if (!read_version(database, &version, failure)) return false;
    if (!database->writable) {
        if (version == 0) return failure_set(failure, "%s: empty, not a database of Bering's", database->path);
        return version == SCHEMA_VERSION || read_as_newest(database, version, failure);
    }
    return prepare_for_writing(database, failure) && (version == SCHEMA_VERSION || migrate(database, failure));
}

struct database *database_open(const char *path, enum database_mode mode, int32_t patience_ms,
                               struct failure *failure) {
    if (!path_usable(path, mode, failure)) return NULL;
    struct database *database = database_connect(path, mode, patience_ms, failure);
    if (database == NULL) return NULL;
    if (database_ready(database, failure)) return database;
    database->writable = false; /* refused: do not touch it in closing either */
    database_close(database);
    return NULL;
}

struct database *database_in_memory(struct failure *failure) {
    struct database *database = database_connect(":memory:", DATABASE_WRITE, 0, failure);
    if (database == NULL || database_ready(database, failure)) return database;
    database_close(database);
    return NULL;
}

void database_close(struct database *database) {
    if (database == NULL) return;
    if (database->handle != NULL && database->writable) {
        /* Fails at once, and is left to the last one, where another connection is open. */
        sqlite3_busy_timeout(database->handle, 0);
        sqlite3_exec(database->handle, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    sqlite3_close(database->handle);
    free(database->path);
    free(database);
}

sqlite3 *database_handle(struct database *database) {
    return database->handle;
}
const char *database_path(const struct database *database) {
    return database->path;
}
