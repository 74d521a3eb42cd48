/* Money by day and account, in whole cents. What is posted is never changed; sums are exact. */
#ifndef BERING_FREIGHT_LEDGER_H
#define BERING_FREIGHT_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

/* Signed from the whole project's side: what comes in is positive. Track access is paid by the operator and received by
 * the infrastructure manager: two accounts that cancel. */
enum account {
    ACCOUNT_TARIFF,                /* of containers delivered */
    ACCOUNT_LATE_PENALTY,          /* of those delivered late */
    ACCOUNT_TRAIN_REVENUE,         /* passengers and bulk, per train that arrived */
    ACCOUNT_ENERGY,                /* per train that arrived */
    ACCOUNT_TRAIN_HOURS,           /* crew and rolling stock, from departure to arrival */
    ACCOUNT_TRAIN_KM,              /* track and vehicle wear, per train-km */
    ACCOUNT_TRACK_ACCESS_PAID,     /* per train-km */
    ACCOUNT_TRACK_ACCESS_RECEIVED, /* the same from the other side */
    ACCOUNT_LIFTS,                 /* per lift */
    ACCOUNT_YARD,                  /* per TEU and day in a yard */
    ACCOUNT_FIXED,                 /* operating cost that comes whatever runs, day by day */
    ACCOUNT_COUNT
};
const char *account_name(enum account account); /* as in the table `ledger` */

struct ledger {
    int64_t (*days)[ACCOUNT_COUNT]; /* [day] from 0 = the day of time 0; cents */
    int64_t day_count;              /* days with an entry, and all before them */
    int64_t day_room;
    int64_t window[ACCOUNT_COUNT];  /* posted within the measured window */
    int64_t window_from_ms, window_to_ms;
    bool no_memory; /* an entry was lost: the run has failed */
};

/* Empty; the window is [from, to). */
void ledger_start(struct ledger *ledger, int64_t window_from_ms, int64_t window_to_ms);
void ledger_post(struct ledger *ledger, enum account account, int64_t time_ms, int64_t cents);
bool ledger_copy(struct ledger *target, const struct ledger *source); /* target: started; false: out of memory */
void ledger_free(struct ledger *ledger);

int64_t ledger_total(const struct ledger *ledger, enum account account); /* of all days */

/* Share of a yearly sum that falls on a day, in cents: whole cents each day, exact over any 365 days in a row. */
int64_t ledger_daily_share(int64_t cents_per_year, int64_t day);

#endif
