#include "chart/money_unit.h"

#include <math.h>
#include <stdio.h>

struct money_unit money_unit_for(double usd) {
    static const struct money_unit units[] = {
        {1e12, "trillions of dollars", " tn"}, {1e9, "billions of dollars", " bn"}, {1e6, "millions of dollars", " m"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (fabs(usd) >= units[i].usd) return units[i];
    return (struct money_unit){1, "dollars", ""};
}

void money_format(const struct money_unit *unit, double usd, char *text, size_t size) {
    const double amount = fabs(usd) / unit->usd;
    const int decimals = (int)fmax(0, fmin(2, amount > 0 ? 2 - floor(log10(amount) + 1e-9) : 0));
    const double least = pow(10, -decimals) / 2; /* what rounds to nothing has no sign */
    snprintf(text, size, "%s$%.*f%s", usd < 0 && amount >= least ? "−" : "", decimals, amount, unit->mark);
}
