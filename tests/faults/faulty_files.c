/* Preloaded into Bering: makes the n-th thing done to certain files go wrong, as a full disk or a sudden end would.
 *
 *     FAULT_PATH   what the paths of these files contain
 *     FAULT_AT     which one goes wrong: opening to make the file, writing, setting its length, syncing; from 1
 *     FAULT_KIND   `full`: ENOSPC from there on; `once`: ENOSPC there alone; `short`: half of what is to be written is,
 *                  and ENOSPC from there on; `kill`: SIGKILL before it; `torn`: SIGKILL after half of what is to be
 * written FAULT_COUNT  a file that receives, at the end, how many there were FAULT_HURRY  nobody sleeps: who waits for
 * a lock has soon waited long enough */
#undef _FILE_OFFSET_BITS /* both names of each function are meant */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum fault { WELL, FULL, HALF };

static atomic_long done;

static bool is_meant(const char *path) {
    const char *part = getenv("FAULT_PATH");
    return part != NULL && strstr(path, part) != NULL;
}

static bool kind_is(const char *kind) {
    const char *wanted = getenv("FAULT_KIND");
    return wanted != NULL && strcmp(wanted, kind) == 0;
}

/* One more thing is to be done to one of the files. `size`: bytes to write, 0 where nothing is written. */
static enum fault next_fault(size_t size) {
    const char *text = getenv("FAULT_AT");
    const long at = text != NULL ? atol(text) : 0, number = atomic_fetch_add(&done, 1) + 1;
    if (at == 0 || number < at || (number > at && !kind_is("full") && !kind_is("short"))) return WELL;
    if (kind_is("kill") || (kind_is("torn") && size < 2)) kill(getpid(), SIGKILL);
    if (kind_is("torn") || (kind_is("short") && number == at && size >= 2)) return HALF;
    return FULL;
}

static enum fault fault_of(int file, size_t size) {
    char link[40], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return WELL;
    path[length] = '\0';
    return is_meant(path) ? next_fault(size) : WELL;
}

static int no_space(void) {
    errno = ENOSPC;
    return -1;
}

static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

static ssize_t write_at(const char *name, int file, const void *bytes, size_t size, off_t offset) {
    ssize_t (*function)(int, const void *, size_t, off_t);
    *(void **)&function = next(name);
    const enum fault fault = fault_of(file, size);
    if (fault == FULL) return no_space();
    const ssize_t written = function(file, bytes, fault == HALF ? size / 2 : size, offset);
    if (fault == HALF && kind_is("torn")) kill(getpid(), SIGKILL);
    return written;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    return write_at("pwrite", file, bytes, size, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) {
    return write_at("pwrite64", file, bytes, size, offset);
}

ssize_t write(int file, const void *bytes, size_t size) {
    ssize_t (*function)(int, const void *, size_t);
    *(void **)&function = next("write");
    return fault_of(file, size) != WELL ? no_space() : function(file, bytes, size);
}

static int set_length(const char *name, int file, off_t length) {
    int (*function)(int, off_t);
    *(void **)&function = next(name);
    return fault_of(file, 0) != WELL ? no_space() : function(file, length);
}

int ftruncate(int file, off_t length) {
    return set_length("ftruncate", file, length);
}

int ftruncate64(int file, off_t length) {
    return set_length("ftruncate64", file, length);
}

static int sync_file(const char *name, int file) {
    int (*function)(int);
    *(void **)&function = next(name);
    return fault_of(file, 0) != WELL ? no_space() : function(file);
}

int fsync(int file) {
    return sync_file("fsync", file);
}

int fdatasync(int file) {
    return sync_file("fdatasync", file);
}

static int open_file(const char *name, const char *path, int flags, mode_t mode) {
    int (*function)(const char *, int, ...);
    *(void **)&function = next(name);
    /* A file that is there needs no room to be opened. */
    if ((flags & O_CREAT) != 0 && is_meant(path) && access(path, F_OK) != 0 && next_fault(0) != WELL) return no_space();
    return function(path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file("open64", path, flags, mode);
}

static bool hurry(void) {
    return getenv("FAULT_HURRY") != NULL;
}

int usleep(useconds_t microseconds) {
    int (*function)(useconds_t);
    *(void **)&function = next("usleep");
    return hurry() ? 0 : function(microseconds);
}

int nanosleep(const struct timespec *wanted, struct timespec *left) {
    int (*function)(const struct timespec *, struct timespec *);
    *(void **)&function = next("nanosleep");
    return hurry() ? 0 : function(wanted, left);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("FAULT_COUNT");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL) return;
    fprintf(file, "%ld\n", atomic_load(&done));
    fclose(file);
}
