/* Arithmetic of the Gregorian calendar. */
#ifndef BERING_ENGINE_CALENDAR_DATE_H
#define BERING_ENGINE_CALENDAR_DATE_H

#include <stdint.h>

/* Days that a month (1 … 12) has in a year. */
int32_t days_of_month(int32_t year, int32_t month);

#endif
