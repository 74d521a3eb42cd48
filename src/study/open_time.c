#include "study/open_time.h"

#include <stdlib.h>

enum { DAYS_PER_WEEK = 7 };
static const int64_t WEEK_MS = DAYS_PER_WEEK * MILLISECONDS_PER_DAY;

static bool concerns(const struct possession *possession, int32_t road) {
    return possession->section == road / 2 && (possession->line_track == 0 || possession->line_track == 1 + road % 2);
}

/* Whether a possession's windows, repeated every week, have this moment of the week in them. */
static bool has(const struct possession *possession, int64_t time_ms) {
    for (int64_t day = 0; day < DAYS_PER_WEEK; day++) {
        if (!(possession->weekdays >> day & 1)) continue;
        const int64_t into =
            ((time_ms - day * MILLISECONDS_PER_DAY - possession->from_ms) % WEEK_MS + WEEK_MS) % WEEK_MS;
        if (into < possession->to_ms - possession->from_ms) return true;
    }
    return false;
}

static bool is_closed(const struct network *network, int32_t road, unsigned directions, int64_t time_ms) {
    for (int32_t i = 0; i < network->possession_count; i++) {
        const struct possession *possession = &network->possessions[i];
        if (concerns(possession, road) && has(possession, time_ms)) directions &= ~possession->directions;
    }
    return directions == 0;
}

static int compare_times(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The moments of the week at which something may open or close, in order, 0 and the week's end among them. */
static int32_t list_changes(const struct network *network, int32_t road, int64_t *times) {
    int32_t count = 0;
    times[count++] = 0;
    times[count++] = WEEK_MS;
    for (int32_t i = 0; i < network->possession_count; i++) {
        const struct possession *possession = &network->possessions[i];
        for (int64_t day = 0; concerns(possession, road) && day < DAYS_PER_WEEK; day++) {
            times[count++] = (day * MILLISECONDS_PER_DAY + possession->from_ms) % WEEK_MS;
            times[count++] = (day * MILLISECONDS_PER_DAY + possession->to_ms) % WEEK_MS;
        }
    }
    qsort(times, (size_t)count, sizeof *times, compare_times);
    return count;
}

bool open_time_find(const struct network *network, int32_t road, unsigned directions, struct open_time *open) {
    int64_t *times = malloc((2 + 2 * DAYS_PER_WEEK * (size_t)network->possession_count) * sizeof *times);
    if (times == NULL) return false;
    const int32_t count = list_changes(network, road, times);
    int64_t open_ms = 0, windows = 0;
    bool was_closed = is_closed(network, road, directions, WEEK_MS - 1); /* the week goes round */
    for (int32_t i = 0; i + 1 < count; i++) {
        if (times[i] == times[i + 1]) continue;
        const bool closed = is_closed(network, road, directions, times[i]);
        if (!closed) open_ms += times[i + 1] - times[i];
        windows += was_closed && !closed;
        was_closed = closed;
    }
    free(times);
    *open = (struct open_time){(double)open_ms / (double)WEEK_MS, (double)windows / DAYS_PER_WEEK};
    return true;
}
