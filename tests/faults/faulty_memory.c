/* Preloaded into Bering: makes an allocation fail, and counts those that were never freed.
 *
 *     FAULT_AT     which allocation fails, from 1; or FAULT_SITE, see sites.h
 *     FAULT_KIND   `full`: those after it, too; `once`: it alone
 *     FAULT_COUNT  a file that receives, at the end, how many there were, and how many blocks were not freed
 *
 * SQLite is told to take small blocks, too, from the common store, and not from one of its own, where none fails. */
#define _GNU_SOURCE
#include "faulty_memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sites.h"

enum { LOOKASIDE = 13 /* SQLITE_CONFIG_LOOKASIDE */ };

/* glibc's own, below whatever is preloaded. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static long at;
static bool for_good;
static atomic_long asked, live;

__attribute__((constructor)) static void prepare(void) {
    const char *number = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND");
    int (*configure)(int, ...);
    unsetenv("LD_PRELOAD"); /* gnuplot has memory */
    *(void **)&configure = dlsym(RTLD_DEFAULT, "sqlite3_config");
    if (configure != NULL) configure(LOOKASIDE, 0, 0);
    for_good = kind != NULL && strcmp(kind, "full") == 0;
    atomic_store(&asked, 0);
    at = number != NULL ? atol(number) : 0;
}

void faulty_memory_at(int64_t number, bool those_after_it) {
    for_good = those_after_it;
    atomic_store(&asked, 0);
    at = (long)number;
}

int64_t faulty_memory_asked(void) {
    return atomic_load(&asked);
}

int64_t faulty_memory_live(void) {
    return atomic_load(&live);
}

static bool at_this_one(void) {
    const long number = atomic_fetch_add(&asked, 1) + 1;
    return at != 0 && (number == at || (number > at && for_good));
}

static bool fails(const void *caller) {
    const bool asked_for = at_this_one() || site_fails(0, caller);
    if (!program_runs(caller) || !asked_for) return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *block) {
    if (block != NULL) atomic_fetch_add(&live, 1);
    return block;
}

void *malloc(size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
    if (size > 0 && fails(__builtin_return_address(0))) return NULL;
    if (block == NULL) return counted(__libc_realloc(NULL, size));
    if (size == 0) atomic_fetch_sub(&live, 1);
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *made = fails(__builtin_return_address(0)) ? NULL : counted(__libc_memalign(alignment, size));
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

void free(void *block) {
    if (block != NULL) atomic_fetch_sub(&live, 1);
    __libc_free(block);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("FAULT_COUNT");
    const long count = atomic_load(&asked), left = atomic_load(&live);
    at = 0; /* the file needs a buffer */
    sites_tell();
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL) return;
    fprintf(file, "%ld %ld\n", count, left);
    fclose(file);
}
