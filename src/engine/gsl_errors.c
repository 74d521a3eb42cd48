#include "engine/gsl_errors.h"

#include <gsl/gsl_errno.h>
#include <pthread.h>

/* GSL's handler is one pointer for the whole process: written once, before the first use, it is never written while
 * another thread reads it. */
static void switch_handler_off(void) {
    gsl_set_error_handler_off();
}

void gsl_errors_as_values(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, switch_handler_off);
}
