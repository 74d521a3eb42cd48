#include "injected.h"

#include <execinfo.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    OWN_FRAMES = 3, /* of this file, in every chain */
    DEPTH = 6,      /* calls that make a place */
    MOST_PLACES = 8192
};

/* How often a place asked. */
struct place {
    uint64_t hash;
    int64_t asked;
};

/* Of the program, as what it stands in for is. */
static struct {
    bool watching, armed, happened;
    struct place places[MOST_PLACES];
    int32_t count;
    uint64_t hash;    /* of the place whose turn it is, */
    int64_t turn;     /* the how manieth time it asks, */
    int64_t asked;    /* and how often it has */
    sqlite3 *refused; /* the last call on this was refused */
} injected;

static __attribute__((noinline)) uint64_t place_here(void) {
    void *frames[OWN_FRAMES + DEPTH];
    const int count = backtrace(frames, OWN_FRAMES + DEPTH);
    uint64_t hash = 14695981039346656037u;
    for (int i = OWN_FRAMES; i < count; i++) hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211u;
    return hash;
}

static void remember(uint64_t hash) {
    for (int32_t i = 0; i < injected.count; i++)
        if (injected.places[i].hash == hash) {
            injected.places[i].asked++;
            return;
        }
    if (injected.count == MOST_PLACES) abort();
    injected.places[injected.count++] = (struct place){hash, 1};
}

bool __attribute__((noinline)) injected_refuses(void) {
    if (injected.watching) remember(place_here());
    if (!injected.armed || injected.happened || place_here() != injected.hash) return false;
    injected.happened = ++injected.asked == injected.turn;
    return injected.happened;
}

/* Two for a place that asked more than once: the first time, and the last. */
static int32_t faults_of(const struct place *place) {
    return place->asked > 1 ? 2 : 1;
}

int32_t injected_faults(void) {
    int32_t faults = 0;
    for (int32_t i = 0; i < injected.count; i++) faults += faults_of(&injected.places[i]);
    return faults;
}

static void watch(void) {
    void *frame;
    backtrace(&frame, 1); /* the first time it loads a library */
    injected.count = 0;
    injected.watching = true;
}

static void arm(int32_t fault) {
    const struct place *place = injected.places;
    while (fault >= faults_of(place)) fault -= faults_of(place++);
    injected.hash = place->hash;
    injected.turn = fault == 0 ? 1 : place->asked;
    injected.asked = 0;
    injected.armed = true;
}

void injected_begin(int32_t fault) {
    injected.happened = false;
    if (fault == INJECTED_NONE)
        watch();
    else
        arm(fault);
}

bool injected_end(void) {
    injected.watching = injected.armed = false;
    return injected.happened;
}

/* ---- what stands in for what: the linker's --wrap ---- */

extern void *__real_malloc(size_t size);
extern void *__real_calloc(size_t count, size_t size);
extern void *__real_realloc(void *block, size_t size);
extern char *__real_strdup(const char *text);
extern char *__real_strndup(const char *text, size_t size);
extern locale_t __real_newlocale(int mask, const char *name, locale_t base);
extern int __real_sqlite3_prepare_v2(sqlite3 *handle, const char *sql, int size, sqlite3_stmt **statement,
                                     const char **end);
extern int __real_sqlite3_step(sqlite3_stmt *statement);
extern int __real_sqlite3_exec(sqlite3 *handle, const char *sql, int (*row)(void *, int, char **, char **),
                               void *context, char **told);
extern int __real_sqlite3_errcode(sqlite3 *handle);
extern int __real_sqlite3_extended_errcode(sqlite3 *handle);
extern const char *__real_sqlite3_errmsg(sqlite3 *handle);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
locale_t __wrap_newlocale(int mask, const char *name, locale_t base);
int __wrap_sqlite3_prepare_v2(sqlite3 *handle, const char *sql, int size, sqlite3_stmt **statement, const char **end);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_exec(sqlite3 *handle, const char *sql, int (*row)(void *, int, char **, char **), void *context,
                        char **told);
int __wrap_sqlite3_errcode(sqlite3 *handle);
int __wrap_sqlite3_extended_errcode(sqlite3 *handle);
const char *__wrap_sqlite3_errmsg(sqlite3 *handle);

void *__wrap_malloc(size_t size) {
    return injected_refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return injected_refuses() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
    return injected_refuses() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text) {
    return injected_refuses() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size) {
    return injected_refuses() ? NULL : __real_strndup(text, size);
}

locale_t __wrap_newlocale(int mask, const char *name, locale_t base) {
    return injected_refuses() ? (locale_t)0 : __real_newlocale(mask, name, base);
}

int __wrap_sqlite3_prepare_v2(sqlite3 *handle, const char *sql, int size, sqlite3_stmt **statement, const char **end) {
    injected.refused = injected_refuses() ? handle : NULL;
    if (injected.refused == NULL) return __real_sqlite3_prepare_v2(handle, sql, size, statement, end);
    *statement = NULL;
    return SQLITE_IOERR;
}

int __wrap_sqlite3_step(sqlite3_stmt *statement) {
    injected.refused = injected_refuses() ? sqlite3_db_handle(statement) : NULL;
    return injected.refused != NULL ? SQLITE_IOERR : __real_sqlite3_step(statement);
}

int __wrap_sqlite3_exec(sqlite3 *handle, const char *sql, int (*row)(void *, int, char **, char **), void *context,
                        char **told) {
    injected.refused = injected_refuses() ? handle : NULL;
    return injected.refused != NULL ? SQLITE_IOERR : __real_sqlite3_exec(handle, sql, row, context, told);
}

int __wrap_sqlite3_errcode(sqlite3 *handle) {
    return handle == injected.refused ? SQLITE_IOERR : __real_sqlite3_errcode(handle);
}

int __wrap_sqlite3_extended_errcode(sqlite3 *handle) {
    return handle == injected.refused ? SQLITE_IOERR : __real_sqlite3_extended_errcode(handle);
}

const char *__wrap_sqlite3_errmsg(sqlite3 *handle) {
    return handle == injected.refused ? "refused" : __real_sqlite3_errmsg(handle);
}
