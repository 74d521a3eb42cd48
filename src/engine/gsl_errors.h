/* GSL ends the process on an error unless told otherwise. Whoever calls a function of GSL that can fail calls this
 * first; from then on it returns its error code (and NaN or infinity for a value). Any thread may call it, any number
 * of times. */
#ifndef BERING_ENGINE_GSL_ERRORS_H
#define BERING_ENGINE_GSL_ERRORS_H

void gsl_errors_as_values(void);

#endif
