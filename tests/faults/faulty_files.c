/* Preloaded into Bering: makes the n-th thing done to certain files go wrong, as a full or broken disk or a sudden end
 * would.
 *
 *     FAULT_PATH   what the paths of these files contain
 *     FAULT_AT     which one goes wrong, from 1: of making a file, writing, setting its length, syncing, renaming
 *     FAULT_ALL    any text: also of opening, reading, locking, mapping into memory and removing
 *     FAULT_KIND   `full`: an error from there on; `once`: there alone; `short`: half of what is to be written is, and
 *                  an error from there on; `kill`: SIGKILL before it; `torn`: SIGKILL after half of what is to be
 *                  written
 *     FAULT_ERROR  the number of the error; ENOSPC if there is none
 *     FAULT_COUNT  a file that receives, at the end, how many there were
 *     FAULT_HURRY  nobody sleeps: who waits for a lock has soon waited long enough
 *
 * What stdio writes goes by ways that nobody can come between; that it cannot be written shows at the latest when the
 * file is closed, and here always then. */
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
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum fault { WELL, FULL, HALF };
enum act { CHANGE, OTHER }; /* OTHER: only with FAULT_ALL */

static atomic_long done;

__attribute__((constructor)) static void prepare(void) {
    unsetenv("LD_PRELOAD"); /* gnuplot's files are its own affair */
}

static bool is_meant(const char *path) {
    const char *part = getenv("FAULT_PATH");
    return part != NULL && strstr(path, part) != NULL;
}

static bool kind_is(const char *kind) {
    const char *wanted = getenv("FAULT_KIND");
    return wanted != NULL && strcmp(wanted, kind) == 0;
}

/* One more thing is to be done to one of the files. `size`: bytes to write, 0 where nothing is written. */
static enum fault next_fault(enum act act, size_t size) {
    if (act == OTHER && getenv("FAULT_ALL") == NULL) return WELL;
    const char *text = getenv("FAULT_AT");
    const long at = text != NULL ? atol(text) : 0, number = atomic_fetch_add(&done, 1) + 1;
    if (at == 0 || number < at || (number > at && !kind_is("full") && !kind_is("short"))) return WELL;
    if (kind_is("kill") || (kind_is("torn") && size < 2)) kill(getpid(), SIGKILL);
    if (kind_is("torn") || (kind_is("short") && number == at && size >= 2)) return HALF;
    return FULL;
}

static enum fault fault_of(int file, enum act act, size_t size) {
    char link[40], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return WELL;
    path[length] = '\0';
    return is_meant(path) ? next_fault(act, size) : WELL;
}

static enum fault fault_at(const char *path, enum act act) {
    return is_meant(path) ? next_fault(act, 0) : WELL;
}

static int refuse(void) {
    const char *number = getenv("FAULT_ERROR");
    errno = number != NULL ? atoi(number) : ENOSPC;
    return -1;
}

static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

/* ---------------------------------------------------------------------------------------------- reading and writing */

static ssize_t write_at(const char *name, int file, const void *bytes, size_t size, off_t offset) {
    ssize_t (*function)(int, const void *, size_t, off_t);
    *(void **)&function = next(name);
    const enum fault fault = fault_of(file, CHANGE, size);
    if (fault == FULL) return refuse();
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
    return fault_of(file, CHANGE, size) != WELL ? refuse() : function(file, bytes, size);
}

static ssize_t read_at(const char *name, int file, void *bytes, size_t size, off_t offset) {
    ssize_t (*function)(int, void *, size_t, off_t);
    *(void **)&function = next(name);
    return fault_of(file, OTHER, 0) != WELL ? refuse() : function(file, bytes, size, offset);
}

ssize_t pread(int file, void *bytes, size_t size, off_t offset) {
    return read_at("pread", file, bytes, size, offset);
}

ssize_t pread64(int file, void *bytes, size_t size, off_t offset) {
    return read_at("pread64", file, bytes, size, offset);
}

ssize_t read(int file, void *bytes, size_t size) {
    ssize_t (*function)(int, void *, size_t);
    *(void **)&function = next("read");
    return fault_of(file, OTHER, 0) != WELL ? refuse() : function(file, bytes, size);
}

static int set_length(const char *name, int file, off_t length) {
    int (*function)(int, off_t);
    *(void **)&function = next(name);
    return fault_of(file, CHANGE, 0) != WELL ? refuse() : function(file, length);
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
    return fault_of(file, CHANGE, 0) != WELL ? refuse() : function(file);
}

int fsync(int file) {
    return sync_file("fsync", file);
}

int fdatasync(int file) {
    return sync_file("fdatasync", file);
}

static void *map(const char *name, void *place, size_t size, int protection, int flags, int file, off_t offset) {
    void *(*function)(void *, size_t, int, int, int, off_t);
    *(void **)&function = next(name);
    if (file < 0 || fault_of(file, OTHER, 0) == WELL) return function(place, size, protection, flags, file, offset);
    refuse();
    return MAP_FAILED;
}

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t offset) {
    return map("mmap", place, size, protection, flags, file, offset);
}

void *mmap64(void *place, size_t size, int protection, int flags, int file, off_t offset) {
    return map("mmap64", place, size, protection, flags, file, offset);
}

/* Taking locks; giving them back goes well. */
static int control(const char *name, int file, int command, void *argument) {
    int (*function)(int, int, ...);
    *(void **)&function = next(name);
    const bool locking = command == F_SETLK && ((const struct flock *)argument)->l_type != F_UNLCK;
    return locking && fault_of(file, OTHER, 0) != WELL ? refuse() : function(file, command, argument);
}

int fcntl(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return control("fcntl", file, command, argument);
}

int fcntl64(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return control("fcntl64", file, command, argument);
}

/* ------------------------------------------------------------------------------------------------------------ names */

/* A file that is there needs no room to be opened. */
static enum act act_of_opening(const char *path, bool makes) {
    return makes && access(path, F_OK) != 0 ? CHANGE : OTHER;
}

static int open_file(const char *name, const char *path, int flags, mode_t mode) {
    int (*function)(const char *, int, ...);
    *(void **)&function = next(name);
    if (fault_at(path, act_of_opening(path, (flags & O_CREAT) != 0)) != WELL) return refuse();
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

static FILE *open_stream(const char *name, const char *path, const char *mode) {
    FILE *(*function)(const char *, const char *);
    *(void **)&function = next(name);
    if (fault_at(path, act_of_opening(path, mode[0] != 'r')) == WELL) return function(path, mode);
    refuse();
    return NULL;
}

FILE *fopen(const char *path, const char *mode) {
    return open_stream("fopen", path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    return open_stream("fopen64", path, mode);
}

int fclose(FILE *stream) {
    int (*function)(FILE *);
    *(void **)&function = next("fclose");
    const int file = fileno(stream);
    const bool written = file >= 0 && (fcntl(file, F_GETFL, NULL) & O_ACCMODE) != O_RDONLY;
    const enum fault fault = written ? fault_of(file, CHANGE, 0) : WELL;
    const int result = function(stream);
    return fault != WELL ? refuse() : result;
}

static int make_beside(const char *name, char *path) {
    int (*function)(char *);
    *(void **)&function = next(name);
    return fault_at(path, CHANGE) != WELL ? refuse() : function(path);
}

int mkstemp(char *path) {
    return make_beside("mkstemp", path);
}

int mkstemp64(char *path) {
    return make_beside("mkstemp64", path);
}

char *mkdtemp(char *path) {
    char *(*function)(char *);
    *(void **)&function = next("mkdtemp");
    if (fault_at(path, CHANGE) == WELL) return function(path);
    refuse();
    return NULL;
}

int rename(const char *from, const char *to) {
    int (*function)(const char *, const char *);
    *(void **)&function = next("rename");
    return fault_at(to, CHANGE) != WELL ? refuse() : function(from, to);
}

int unlink(const char *path) {
    int (*function)(const char *);
    *(void **)&function = next("unlink");
    return fault_at(path, OTHER) != WELL ? refuse() : function(path);
}

/* ------------------------------------------------------------------------------------------------------------- time */

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
