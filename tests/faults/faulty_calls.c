/* Preloaded into Bering: makes a call of SQLite, or one of the system that Bering makes itself, fail at the place that
 * FAULT_SITE names (see sites.h). SQLite then says that it is out of memory, the system that something is wrong with
 * the disk or that there are too many processes or open files. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "sites.h"

static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

#define NEXT(function)                                                                                                 \
    __typeof__(&function) real = 0;                                                                                    \
    *(void **)&real = next(#function)

#define FAILS(kind) (program_runs(__builtin_return_address(0)) && site_fails(kind, __builtin_return_address(0)))

/* -------------------------------------------------------------------------------------------------------- SQLite */

/* SQLite calls its own functions, too: only what Bering calls fails. */
static _Thread_local int within;
static _Atomic(sqlite3 *) faulty; /* whose last call failed here */

static int fail(sqlite3 *handle) {
    atomic_store(&faulty, handle);
    return SQLITE_NOMEM;
}

static void well(sqlite3 *handle) {
    if (within == 0 && atomic_load(&faulty) == handle) atomic_store(&faulty, NULL);
}

int sqlite3_prepare_v2(sqlite3 *handle, const char *sql, int size, sqlite3_stmt **statement, const char **rest) {
    NEXT(sqlite3_prepare_v2);
    if (within == 0 && FAILS(1)) {
        *statement = NULL;
        return fail(handle);
    }
    well(handle);
    within++;
    const int code = real(handle, sql, size, statement, rest);
    within--;
    return code;
}

int sqlite3_step(sqlite3_stmt *statement) {
    NEXT(sqlite3_step);
    if (within == 0 && FAILS(2)) return fail(sqlite3_db_handle(statement));
    well(sqlite3_db_handle(statement));
    within++;
    const int code = real(statement);
    within--;
    return code;
}

int sqlite3_exec(sqlite3 *handle, const char *sql, int (*take)(void *, int, char **, char **), void *data,
                 char **message) {
    NEXT(sqlite3_exec);
    if (within == 0 && FAILS(3)) return fail(handle);
    well(handle);
    within++;
    const int code = real(handle, sql, take, data, message);
    within--;
    return code;
}

int sqlite3_errcode(sqlite3 *handle) {
    NEXT(sqlite3_errcode);
    return handle != NULL && atomic_load(&faulty) == handle ? SQLITE_NOMEM : real(handle);
}

int sqlite3_extended_errcode(sqlite3 *handle) {
    NEXT(sqlite3_extended_errcode);
    return handle != NULL && atomic_load(&faulty) == handle ? SQLITE_NOMEM : real(handle);
}

const char *sqlite3_errmsg(sqlite3 *handle) {
    NEXT(sqlite3_errmsg);
    return handle != NULL && atomic_load(&faulty) == handle ? "out of memory" : real(handle);
}

/* ----------------------------------------------------------------------------------------------------- the system */

FILE *fopen64(const char *path, const char *mode) {
    NEXT(fopen64);
    if (!FAILS(10)) return real(path, mode);
    errno = EMFILE;
    return NULL;
}

FILE *fdopen(int file, const char *mode) {
    NEXT(fdopen);
    if (!FAILS(11)) return real(file, mode);
    errno = EMFILE;
    return NULL;
}

DIR *opendir(const char *path) {
    NEXT(opendir);
    if (!FAILS(12)) return real(path);
    errno = EMFILE;
    return NULL;
}

/* What was still to be written is lost. */
int fclose(FILE *file) {
    NEXT(fclose);
    const bool fails = FAILS(13);
    const int code = real(file);
    if (!fails) return code;
    errno = EIO;
    return EOF;
}

char *mkdtemp(char *pattern) {
    NEXT(mkdtemp);
    if (!FAILS(14)) return real(pattern);
    errno = ENOSPC;
    return NULL;
}

int mkstemp64(char *pattern) {
    NEXT(mkstemp64);
    if (!FAILS(15)) return real(pattern);
    errno = ENOSPC;
    return -1;
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    if (!FAILS(16)) return real(from, to);
    errno = EIO;
    return -1;
}

int fstat64(int file, struct stat64 *status) {
    NEXT(fstat64);
    if (!FAILS(17)) return real(file, status);
    errno = EIO;
    return -1;
}

pid_t fork(void) {
    NEXT(fork);
    if (!FAILS(18)) return real();
    errno = EAGAIN;
    return -1;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *data) {
    NEXT(pthread_create);
    return FAILS(19) ? EAGAIN : real(thread, attributes, work, data);
}

int close(int file) {
    NEXT(close);
    const bool fails = within == 0 && FAILS(20);
    const int code = real(file);
    if (!fails) return code;
    errno = EIO;
    return -1;
}

ssize_t write(int file, const void *bytes, size_t size) {
    NEXT(write);
    if (within > 0 || !FAILS(21)) return real(file, bytes, size);
    errno = EIO;
    return -1;
}

int fflush(FILE *file) {
    NEXT(fflush);
    const bool fails = FAILS(22);
    const int code = real(file);
    if (!fails) return code;
    errno = EIO;
    return EOF;
}

__attribute__((destructor)) static void tell(void) {
    sites_tell();
}
