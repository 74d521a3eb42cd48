/* In what charts count money. */
#ifndef BERING_CHART_MONEY_UNIT_H
#define BERING_CHART_MONEY_UNIT_H

#include <stddef.h>

struct money_unit {
    double usd;
    const char *words; /* "billions of dollars" */
    const char *mark;  /* " bn", behind an amount */
};

/* For amounts up to this one, of either sign. */
struct money_unit money_unit_for(double usd);

/* "−$12.3 bn", in three digits. */
void money_format(const struct money_unit *unit, double usd, char *text, size_t size);

#endif
