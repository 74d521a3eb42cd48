/* Files that cannot be opened, or lose what was written when they are closed. */
#include <errno.h>
#include <stdio.h>

#include "injected.h"

extern FILE *__real_fopen64(const char *path, const char *mode);
extern FILE *__real_fopen(const char *path, const char *mode);
extern int __real_fclose(FILE *file);

FILE *__wrap_fopen64(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
int __wrap_fclose(FILE *file);

FILE *__wrap_fopen64(const char *path, const char *mode) {
    if (!injected_refuses()) return __real_fopen64(path, mode);
    errno = EMFILE;
    return NULL;
}

FILE *__wrap_fopen(const char *path, const char *mode) {
    if (!injected_refuses()) return __real_fopen(path, mode);
    errno = EMFILE;
    return NULL;
}

int __wrap_fclose(FILE *file) {
    const bool refused = injected_refuses();
    const int code = __real_fclose(file);
    if (!refused) return code;
    errno = EIO;
    return EOF;
}
