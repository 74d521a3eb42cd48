/* What `bering appraise` prints: scenarios and variants side by side, and what it comes to in plain words. */
#ifndef BERING_CLI_APPRAISE_PRINT_H
#define BERING_CLI_APPRAISE_PRINT_H

#include "study/project_appraisal.h"

/* One column of the answer. */
struct appraise_column {
    char *label;
    struct scenario *scenario;
    struct project_appraisal project;
};

struct appraise_report {
    const struct appraise_column *columns;
    int32_t count;
    const char *database; /* its path */
    int64_t experiment_id;
};

void appraise_print_text(const struct appraise_report *report);
void appraise_print_json(const struct appraise_report *report);
void appraise_print_csv(const struct appraise_report *report);

/* Money as read by people: "$8.00 bn", "−$12.3 m", "$381"; no digit is smaller than about a tenth of half_width (NAN or
 * 0: three digits). Returns `text`. */
enum { MONEY_SIZE = 48 };
char *format_money(double usd, double half_width, char text[MONEY_SIZE]);

#endif
