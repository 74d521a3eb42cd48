#include "results/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool failure_set(struct failure *failure, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    return false;
}

static const char *remedy(int number) {
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return "; make room and try again";
    case EIO:
        return "; see whether its disk is full or gone, and try again";
    case EROFS:
        return "; name another place for it";
    case EMFILE:
    case ENFILE:
        return "; too few files may be open at once: see `ulimit -n`";
    default:
        return "";
    }
}

const char *failure_reason(int number, char text[FAILURE_REASON_SIZE]) {
    snprintf(text, FAILURE_REASON_SIZE, "%s%s", strerror(number), remedy(number));
    return text;
}
