#include "scenario/reader.h"

/* Trains in one replication: a simulation of so many takes some ten minutes. Trains that find no room on the line wait
 * outside without limit, so that ten times as many need more memory than most computers have. */
enum { MOST_TRAINS = 100000000 };

static double days(const struct settings *settings) {
    return settings->repeat_once ? 1
                                 : (double)(settings->warmup_ms + settings->horizon_ms) / (double)MILLISECONDS_PER_DAY;
}

bool check_amount(struct reader *reader) {
    const struct scenario *scenario = reader->scenario;
    const struct timetable *timetable = &scenario->timetable;
    double all = 0, greatest = 0;
    int32_t plan = -1;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        if (timetable_root(timetable, &timetable->plans[i])->arrivals == ARRIVALS_SATURATED)
            continue; /* as many as fit */
        const double trains = timetable_trains_per_day(timetable, i) * days(&scenario->settings);
        all += trains;
        if (trains <= greatest) continue;
        greatest = trains;
        plan = i;
    }
    if (all <= MOST_TRAINS) return true;
    const struct plan_place *place = &reader->plan_places[plan];
    const struct row row = reader_row(reader, &reader->schedules[place->table], place->row);
    row_error(&row, 0, "'%s' makes %.0f trains in %.6g days, %.0f with all others, expected at most %d in a run",
              timetable->plans[plan].id, greatest, days(&scenario->settings), all, (int)MOST_TRAINS);
    return true;
}
