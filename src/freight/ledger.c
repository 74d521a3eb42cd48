#include "freight/ledger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "railway/network.h"

enum { DAYS_PER_YEAR = 365 };

const char *account_name(enum account account) {
    static const char *const names[ACCOUNT_COUNT] = {
        [ACCOUNT_TARIFF] = "tariff",
        [ACCOUNT_LATE_PENALTY] = "late_penalty",
        [ACCOUNT_TRAIN_REVENUE] = "train_revenue",
        [ACCOUNT_ENERGY] = "energy",
        [ACCOUNT_TRAIN_HOURS] = "train_hours",
        [ACCOUNT_TRAIN_KM] = "train_km",
        [ACCOUNT_TRACK_ACCESS_PAID] = "track_access_paid",
        [ACCOUNT_TRACK_ACCESS_RECEIVED] = "track_access_received",
        [ACCOUNT_LIFTS] = "lifts",
        [ACCOUNT_YARD] = "yard",
        [ACCOUNT_FIXED] = "fixed",
    };
    return names[account];
}

void ledger_start(struct ledger *ledger, int64_t window_from_ms, int64_t window_to_ms) {
    *ledger = (struct ledger){.window_from_ms = window_from_ms, .window_to_ms = window_to_ms};
}

static bool make_room(struct ledger *ledger, int64_t days) {
    if (days <= ledger->day_room) return true;
    int64_t room = ledger->day_room ? ledger->day_room : DAYS_PER_YEAR + 1;
    while (room < days) room *= 2;
    int64_t(*more)[ACCOUNT_COUNT] = realloc(ledger->days, (size_t)room * sizeof *more);
    if (!more) return false;
    memset(more + ledger->day_room, 0, (size_t)(room - ledger->day_room) * sizeof *more);
    ledger->days = more;
    ledger->day_room = room;
    return true;
}

void ledger_post(struct ledger *ledger, enum account account, int64_t time_ms, int64_t cents) {
    assert(time_ms >= 0 && account < ACCOUNT_COUNT);
    const int64_t day = time_ms / MILLISECONDS_PER_DAY;
    if (day >= ledger->day_count) {
        if (!make_room(ledger, day + 1)) {
            ledger->no_memory = true;
            return;
        }
        ledger->day_count = day + 1;
    }
    ledger->days[day][account] += cents;
    if (time_ms >= ledger->window_from_ms && time_ms < ledger->window_to_ms) ledger->window[account] += cents;
}

bool ledger_copy(struct ledger *target, const struct ledger *source) {
    struct ledger copy = *source;
    copy.days = NULL;
    copy.day_room = 0;
    if (!make_room(&copy, source->day_count)) return false;
    if (source->day_count > 0) memcpy(copy.days, source->days, (size_t)source->day_count * sizeof *copy.days);
    free(target->days);
    *target = copy;
    return true;
}

void ledger_free(struct ledger *ledger) {
    free(ledger->days);
    *ledger = (struct ledger){0};
}

int64_t ledger_total(const struct ledger *ledger, enum account account) {
    int64_t total = 0;
    for (int64_t day = 0; day < ledger->day_count; day++) total += ledger->days[day][account];
    return total;
}

int64_t ledger_daily_share(int64_t cents_per_year, int64_t day) {
    const int64_t whole = cents_per_year / DAYS_PER_YEAR, rest = cents_per_year % DAYS_PER_YEAR;
    const int64_t place = day % DAYS_PER_YEAR;
    return whole + rest * (place + 1) / DAYS_PER_YEAR - rest * place / DAYS_PER_YEAR;
}
