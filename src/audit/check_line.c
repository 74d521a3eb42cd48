#include "audit/checks.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "audit/movements.h"

#define DAY_MS INT64_C(86400000)
static const char needs_blocks[] = "needs detail blocks or full";
static const char needs_calls[] = "needs detail calls or more";

struct line_audit {
    const struct audit_world *world;
    const struct audit_rows *rows;
    const struct audit_movements *movements;
    struct audit_report *report;
};

static const char *train_of(const struct line_audit *audit, const struct audit_hop *hop) {
    return audit->rows->trains[hop->train].train;
}

static double seconds(int64_t milliseconds) {
    return (double)milliseconds / 1000;
}

/* A time that had not come when the run ended lies beyond all others. */
static int64_t or_never(int64_t time_ms) {
    return time_ms == AUDIT_NULL_MS ? INT64_MAX : time_ms;
}

static bool has_blocks(const struct audit_section *section) {
    return section->headway_ms < 0 && !section->moving;
}

/* ---- blocks ---- */

static int by_block(const void *left, const void *right) {
    const struct audit_occupation_row *a = *(const struct audit_occupation_row *const *)left;
    const struct audit_occupation_row *b = *(const struct audit_occupation_row *const *)right;
    if (a->section != b->section) return a->section < b->section ? -1 : 1;
    if (a->line_track != b->line_track) return a->line_track < b->line_track ? -1 : 1;
    if (a->block != b->block) return a->block < b->block ? -1 : 1;
    if (a->enter_ms != b->enter_ms) return a->enter_ms < b->enter_ms ? -1 : 1;
    return a < b ? -1 : a > b;
}

static void compare_in_block(const struct line_audit *audit, const struct audit_occupation_row *ahead,
                             const struct audit_occupation_row *next) {
    audit_tested(audit->report, AUDIT_BLOCK, 1);
    if (next->enter_ms >= or_never(ahead->release_ms)) return;
    const char *other = ahead->train >= 0 ? audit->rows->trains[ahead->train].train : "another train";
    const char *name = next->train >= 0 ? audit->rows->trains[next->train].train : NULL;
    if (ahead->release_ms == AUDIT_NULL_MS)
        audit_violation(audit->report, AUDIT_BLOCK, name, next->section_id, next->enter_ms,
                        "enters block %" PRId64 ", which %s never left", next->block, other);
    else
        audit_violation(audit->report, AUDIT_BLOCK, name, next->section_id, next->enter_ms,
                        "enters block %" PRId64 " %.3f s before %s has released it", next->block,
                        seconds(ahead->release_ms - next->enter_ms), other);
}

static bool check_blocks(const struct line_audit *audit) {
    const struct audit_rows *rows = audit->rows;
    const struct audit_occupation_row **held = calloc((size_t)rows->occupation_count + 1, sizeof *held);
    if (held == NULL) return false;
    size_t count = 0;
    for (int32_t i = 0; i < rows->occupation_count; i++) {
        const struct audit_occupation_row *row = &rows->occupations[i];
        if (row->section >= 0 && has_blocks(&audit->world->sections[row->section])) held[count++] = row;
    }
    qsort(held, count, sizeof *held, by_block);
    const struct audit_occupation_row *last = NULL; /* of those before in the block, the one that holds it longest */
    for (size_t i = 0; i < count; i++) {
        const bool same = last != NULL && last->section == held[i]->section &&
                          last->line_track == held[i]->line_track && last->block == held[i]->block;
        if (same) compare_in_block(audit, last, held[i]);
        if (!same || or_never(held[i]->release_ms) >= or_never(last->release_ms)) last = held[i];
    }
    free(held);
    return true;
}

/* ---- the order of things within one hop ---- */

static void check_release(const struct line_audit *audit, const struct audit_occupation_row *row) {
    const char *train = audit->rows->trains[row->train].train;
    const int64_t release = audit->world->sections[row->section].release_ms;
    audit_tested(audit->report, AUDIT_RELEASE, 1);
    if (row->clear_ms == AUDIT_NULL_MS) {
        if (row->release_ms != AUDIT_NULL_MS)
            audit_violation(audit->report, AUDIT_RELEASE, train, row->section_id, row->release_ms,
                            "block %" PRId64 " is released without having been left", row->block);
        return;
    }
    if (row->clear_ms < row->enter_ms)
        audit_violation(audit->report, AUDIT_RELEASE, train, row->section_id, row->enter_ms,
                        "leaves block %" PRId64 " %.3f s before it enters", row->block,
                        seconds(row->enter_ms - row->clear_ms));
    const int64_t due = row->clear_ms + release;
    if (row->release_ms == AUDIT_NULL_MS ? audit->rows->end_ms != AUDIT_NULL_MS && due < audit->rows->end_ms
                                         : row->release_ms != due)
        audit_violation(audit->report, AUDIT_RELEASE, train, row->section_id, row->clear_ms,
                        "block %" PRId64 " is not released %.3f s after it was left", row->block, seconds(release));
}

/* The number of the n-th block (from 0) that a train meets. */
static int64_t block_met(const struct audit_section *section, int32_t direction, int32_t n) {
    if (!has_blocks(section)) return 0;
    return direction == AUDIT_FORWARD ? n + 1 : audit_section_blocks(section) - n;
}

static void check_blocks_met(const struct line_audit *audit, const struct audit_hop *hop) {
    const struct audit_section *section = &audit->world->sections[hop->section];
    const int32_t blocks = has_blocks(section) ? audit_section_blocks(section) : 1;
    for (int32_t n = 0; n < hop->occupation_count; n++) {
        const struct audit_occupation_row *row = &audit->rows->occupations[hop->first_occupation + n];
        audit_tested(audit->report, AUDIT_PATH, 1);
        if (row->block != block_met(section, hop->direction, n) || row->line_track != hop->line_track)
            audit_violation(audit->report, AUDIT_PATH, train_of(audit, hop), section->id, row->enter_ms,
                            "block %" PRId64 " of line track %" PRId64 " where block %" PRId64
                            " of line track %d comes next",
                            row->block, row->line_track, block_met(section, hop->direction, n), hop->line_track);
        if (n > 0 && (row->enter_ms < row[-1].enter_ms || or_never(row->clear_ms) < or_never(row[-1].clear_ms)))
            audit_violation(audit->report, AUDIT_PATH, train_of(audit, hop), section->id, row->enter_ms,
                            "enters or leaves block %" PRId64 " before the one ahead of it", row->block);
    }
    if (hop->arrival_ms != AUDIT_NULL_MS && hop->occupation_count != blocks)
        audit_violation(audit->report, AUDIT_PATH, train_of(audit, hop), section->id, hop->departure_ms,
                        "runs through with %d of %d blocks", hop->occupation_count, blocks);
}

static void check_path(const struct line_audit *audit, const struct audit_hop *hop) {
    const struct audit_section *section = &audit->world->sections[hop->section];
    audit_tested(audit->report, AUDIT_PATH, 1);
    if (hop->occupation_count == 0) {
        audit_violation(audit->report, AUDIT_PATH, train_of(audit, hop), section->id, hop->departure_ms,
                        "runs without holding a block");
        return;
    }
    const int64_t enter = audit->rows->occupations[hop->first_occupation].enter_ms;
    if (enter != hop->departure_ms)
        audit_violation(audit->report, AUDIT_PATH, train_of(audit, hop), section->id, enter,
                        "enters %.3f s after its departure", seconds(enter - hop->departure_ms));
    check_blocks_met(audit, hop);
}

/* Every occupation belongs to a hop of its train, and is numbered. */
static void check_strays(const struct line_audit *audit) {
    const struct audit_rows *rows = audit->rows;
    int64_t held = 0;
    for (int32_t i = 0; i < audit->movements->hop_count; i++) held += audit->movements->hops[i].occupation_count;
    if (held == rows->occupation_count) return;
    for (int32_t t = 0; t < rows->train_count; t++) {
        const struct audit_train_row *train = &rows->trains[t];
        int32_t of_train = 0;
        for (int32_t i = 0; i < audit->movements->hop_count; i++)
            if (audit->movements->hops[i].train == t) of_train += audit->movements->hops[i].occupation_count;
        if (of_train == train->occupation_count) continue;
        const struct audit_occupation_row *first = &rows->occupations[train->first_occupation + of_train];
        audit_violation(audit->report, AUDIT_PATH, train->train, first->section_id, first->enter_ms,
                        "holds blocks that do not follow from its calls");
        return; /* one is enough: it costs a pass over all hops */
    }
}

/* ---- trains against each other on one line track ---- */

/* The least time until the tail is out, whatever the train does; for a run whose blocks were not kept. */
static int64_t least_clear_ms(const struct line_audit *audit, const struct audit_hop *hop) {
    const struct audit_world *world = audit->world;
    const struct audit_section *section = &world->sections[hop->section];
    const int32_t type_index = audit->rows->trains[hop->train].type;
    const struct audit_fixed_time *fixed =
        audit_world_fixed_time(world, hop->section, type_index, (enum audit_direction)hop->direction);
    if (fixed != NULL && !world->clear_by_length && hop->arrival_ms != AUDIT_NULL_MS) return hop->arrival_ms;
    if (fixed != NULL || type_index < 0) return hop->departure_ms;
    const struct audit_type loaded = audit_rows_type(world, &audit->rows->trains[hop->train]), *type = &loaded;
    const double zones =
        audit_world_zone(world, section->from, type->length_m) + audit_world_zone(world, section->to, type->length_m);
    const double line_m = section->length_m - zones / 2;
    const double least_s = fmax(0, line_m + type->length_m) / fmin(type->max_speed_ms, section->speed_ms);
    return hop->departure_ms + (int64_t)floor(least_s * 1000);
}

static int64_t clear_of(const struct line_audit *audit, const struct audit_hop *hop) {
    if (audit->rows->detail.blocks) return or_never(hop->clear_ms);
    return least_clear_ms(audit, hop);
}

/* `first` went in before `second`, the other way. */
static void compare_opposing(const struct line_audit *audit, const struct audit_hop *first,
                             const struct audit_hop *second) {
    const struct audit_section *section = &audit->world->sections[second->section];
    const struct audit_station *station =
        &audit->world->stations[second->direction == AUDIT_FORWARD ? section->from : section->to];
    audit_tested(audit->report, AUDIT_OPPOSING, 1);
    const int64_t clear = clear_of(audit, first);
    const bool never = clear == INT64_MAX;
    const int64_t free_ms = never ? INT64_MAX : clear + section->release_ms;
    if (second->departure_ms < free_ms) {
        audit_violation(audit->report, AUDIT_OPPOSING, train_of(audit, second), section->id, second->departure_ms,
                        "enters against %s, which %s", train_of(audit, first),
                        never ? "has not left it" : "has not left and released it");
        return;
    }
    if (station->crossing_interval_ms == 0) return;
    audit_tested(audit->report, AUDIT_CROSSING_INTERVAL, 1);
    if (second->departure_ms < free_ms + station->crossing_interval_ms)
        audit_violation(audit->report, AUDIT_CROSSING_INTERVAL, train_of(audit, second), station->id,
                        second->departure_ms, "departs %.3f s after the section was released by %s, not %.3f s",
                        seconds(second->departure_ms - free_ms), train_of(audit, first),
                        seconds(station->crossing_interval_ms));
}

/* Under moving block the tail of the train ahead is in, and the margin's time gone, before another enters. The braking
 * distance comes on top and is left out: this is the least that must hold. */
static double least_gap_s(const struct audit_type *ahead, const struct audit_type *follower, double margin_m) {
    return ahead->length_m / ahead->max_speed_ms + margin_m / fmax(ahead->max_speed_ms, follower->max_speed_ms);
}

static void compare_moving(const struct line_audit *audit, const struct audit_hop *ahead,
                           const struct audit_hop *follower) {
    const struct audit_world *world = audit->world;
    const int32_t type = audit->rows->trains[ahead->train].type, own = audit->rows->trains[follower->train].type;
    audit_tested(audit->report, AUDIT_HEADWAY, 1);
    if (type < 0 || own < 0) return;
    const bool fixed =
        audit_world_fixed_time(world, ahead->section, type, (enum audit_direction)ahead->direction) != NULL;
    const struct audit_type loaded = audit_rows_type(world, &audit->rows->trains[ahead->train]);
    const double least_s = fixed ? 0 : least_gap_s(&loaded, &world->types[own], world->moving_margin_m);
    const int64_t gap = follower->departure_ms - ahead->departure_ms;
    if (gap < (int64_t)floor(least_s * 1000) - 1 || gap <= 0)
        audit_violation(audit->report, AUDIT_HEADWAY, train_of(audit, follower), world->sections[ahead->section].id,
                        follower->departure_ms, "enters %.3f s after %s, too close behind its tail", seconds(gap),
                        train_of(audit, ahead));
}

static void compare_headway(const struct line_audit *audit, const struct audit_hop *ahead,
                            const struct audit_hop *follower) {
    const struct audit_section *section = &audit->world->sections[follower->section];
    audit_tested(audit->report, AUDIT_HEADWAY, 1);
    const int64_t gap_in = follower->departure_ms - ahead->departure_ms;
    if (gap_in < section->headway_ms)
        audit_violation(audit->report, AUDIT_HEADWAY, train_of(audit, follower), section->id, follower->departure_ms,
                        "enters %.3f s after %s, not %.3f s", seconds(gap_in), train_of(audit, ahead),
                        seconds(section->headway_ms));
    if (follower->arrival_ms == AUDIT_NULL_MS) return;
    if (ahead->arrival_ms == AUDIT_NULL_MS || follower->arrival_ms - ahead->arrival_ms < section->headway_ms)
        audit_violation(audit->report, AUDIT_HEADWAY, train_of(audit, follower), section->id, follower->arrival_ms,
                        "arrives less than %.3f s after %s", seconds(section->headway_ms), train_of(audit, ahead));
}

static void compare_followers(const struct line_audit *audit, const struct audit_hop *ahead,
                              const struct audit_hop *follower) {
    const struct audit_section *section = &audit->world->sections[follower->section];
    if (section->headway_ms >= 0)
        compare_headway(audit, ahead, follower);
    else if (section->moving)
        compare_moving(audit, ahead, follower);
    if (!audit->rows->detail.blocks) return;
    audit_tested(audit->report, AUDIT_HEADWAY, 1);
    if (or_never(follower->clear_ms) < or_never(ahead->clear_ms))
        audit_violation(audit->report, AUDIT_HEADWAY, train_of(audit, follower), section->id, follower->clear_ms,
                        "overtakes %s on the line", train_of(audit, ahead));
}

/* Neighbours in time settle it for all: who comes before the one ahead was compared with that one. For opposing
 * trains the one that is out last counts, which need not be the last one in. */
static void check_pairs(const struct line_audit *audit, int32_t first, int32_t end) {
    const struct audit_hop *hops = audit->movements->hops;
    const struct audit_hop *last_in[2] = {NULL, NULL}, *last_out[2] = {NULL, NULL};
    for (int32_t i = first; i < end; i++) {
        const struct audit_hop *hop = &hops[i];
        const int same = hop->direction, other = 1 - same;
        if (last_out[other] != NULL) compare_opposing(audit, last_out[other], hop);
        if (last_in[same] != NULL) compare_followers(audit, last_in[same], hop);
        last_in[same] = hop;
        if (last_out[same] == NULL || clear_of(audit, hop) >= clear_of(audit, last_out[same])) last_out[same] = hop;
    }
}

static void check_purge(const struct line_audit *audit, int32_t first, int32_t end) {
    const struct audit_hop *hops = audit->movements->hops;
    const struct audit_section *section = &audit->world->sections[hops[first].section];
    if (section->purge_ms <= 0) return;
    for (int32_t i = first; i < end; i++) {
        if (hops[i].clear_ms == AUDIT_NULL_MS || !section->purge_after[hops[i].direction]) continue;
        /* they come in the order of departure: look on from here for those that begin while it is ventilated */
        for (int32_t k = i + 1; k < end && hops[k].departure_ms < hops[i].clear_ms + section->purge_ms; k++) {
            if (!section->purge_before[hops[k].direction]) continue;
            audit_tested(audit->report, AUDIT_PURGE, 1);
            if (hops[k].departure_ms >= hops[i].clear_ms)
                audit_violation(audit->report, AUDIT_PURGE, train_of(audit, &hops[k]), section->id,
                                hops[k].departure_ms, "enters %.3f s after %s left, not %.3f s",
                                seconds(hops[k].departure_ms - hops[i].clear_ms), train_of(audit, &hops[i]),
                                seconds(section->purge_ms));
        }
        audit_tested(audit->report, AUDIT_PURGE, 1);
    }
}

static int by_time(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Those inside as one enters: all that have entered less all that have left by then. */
static bool check_number(const struct line_audit *audit, int32_t first, int32_t end) {
    const struct audit_hop *hops = audit->movements->hops;
    const struct audit_section *section = &audit->world->sections[hops[first].section];
    const int32_t most = section->max_trains > 0 ? section->max_trains : section->purge_ms > 0 ? 1 : 0;
    if (most == 0) return true;
    const int32_t count = end - first;
    int64_t *left = malloc((size_t)count * sizeof *left);
    if (left == NULL) return false;
    for (int32_t i = 0; i < count; i++) left[i] = or_never(hops[first + i].clear_ms);
    qsort(left, (size_t)count, sizeof *left, by_time);
    for (int32_t i = 0, gone = 0; i < count; i++) {
        const struct audit_hop *hop = &hops[first + i];
        while (gone < count && left[gone] <= hop->departure_ms) gone++;
        audit_tested(audit->report, AUDIT_MAX_TRAINS, 1);
        if (i + 1 - gone > most)
            audit_violation(audit->report, AUDIT_MAX_TRAINS, train_of(audit, hop), section->id, hop->departure_ms,
                            "enters while %d trains are inside, of at most %d", i - gone, most);
    }
    free(left);
    return true;
}

/* ---- possessions ---- */

static int64_t floor_day(int64_t time_ms) {
    return time_ms >= 0 ? time_ms / DAY_MS : -((DAY_MS - 1 - time_ms) / DAY_MS);
}

static void compare_window(const struct line_audit *audit, const struct audit_hop *hop,
                           const struct audit_possession *possession) {
    const struct audit_section *section = &audit->world->sections[hop->section];
    const int64_t end = hop->clear_ms == AUDIT_NULL_MS
                            ? (audit->rows->end_ms == AUDIT_NULL_MS ? hop->departure_ms + 1 : audit->rows->end_ms)
                            : hop->clear_ms + section->release_ms;
    for (int64_t day = floor_day(hop->departure_ms) - 1; day <= floor_day(end); day++) {
        const int64_t weekday = ((day + audit->world->first_weekday) % 7 + 7) % 7;
        if (!(possession->weekdays >> weekday & 1)) continue;
        const int64_t from = day * DAY_MS + possession->from_ms, to = day * DAY_MS + possession->to_ms;
        audit_tested(audit->report, AUDIT_POSSESSION, 1);
        if (hop->departure_ms < to && end > from)
            audit_violation(audit->report, AUDIT_POSSESSION, train_of(audit, hop), section->id, hop->departure_ms,
                            "holds the section while it is closed from day %" PRId64 " %02d:%02d", day + 1,
                            (int)(possession->from_ms / 3600000), (int)(possession->from_ms / 60000 % 60));
    }
}

static void check_possessions(const struct line_audit *audit, int32_t first, int32_t end) {
    const struct audit_hop *hops = audit->movements->hops;
    for (int32_t p = 0; p < audit->world->possession_count; p++) {
        const struct audit_possession *possession = &audit->world->possessions[p];
        if (possession->section != hops[first].section) continue;
        if (possession->line_track != 0 && possession->line_track != hops[first].line_track) continue;
        for (int32_t i = first; i < end; i++)
            if (possession->direction[hops[i].direction]) compare_window(audit, &hops[i], possession);
    }
}

/* ---- all of it ---- */

static void skip_without_blocks(struct audit_report *report) {
    static const enum audit_check checks[] = {AUDIT_BLOCK,      AUDIT_RELEASE,    AUDIT_PURGE,
                                              AUDIT_MAX_TRAINS, AUDIT_POSSESSION, AUDIT_PATH};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) audit_skip(report, checks[i], needs_blocks);
}

static void skip_all(struct audit_report *report) {
    for (int check = AUDIT_BLOCK; check <= AUDIT_PATH; check++)
        audit_skip(report, (enum audit_check)check,
                   check == AUDIT_OPPOSING || check == AUDIT_HEADWAY ? needs_calls : needs_blocks);
}

static void check_hops(const struct line_audit *audit) {
    const struct audit_movements *movements = audit->movements;
    for (int32_t i = 0; i < movements->hop_count; i++)
        if (movements->hops[i].section >= 0) check_path(audit, &movements->hops[i]);
    check_strays(audit);
    for (int32_t i = 0; i < audit->rows->occupation_count; i++) {
        const struct audit_occupation_row *row = &audit->rows->occupations[i];
        if (row->section >= 0 && row->train >= 0) check_release(audit, row);
    }
}

static bool check_line_tracks(const struct line_audit *audit) {
    const struct audit_movements *movements = audit->movements;
    int32_t end;
    bool good = true;
    for (int32_t first = 0; good && first < movements->hop_count; first = end) {
        end = audit_movements_end(movements, first);
        if (movements->hops[first].section < 0) continue;
        check_pairs(audit, first, end);
        if (!audit->rows->detail.blocks) continue;
        check_purge(audit, first, end);
        good = check_number(audit, first, end);
        check_possessions(audit, first, end);
    }
    return good;
}

bool audit_check_line(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report) {
    if (!rows->detail.calls) {
        skip_all(report);
        return true;
    }
    struct audit_movements movements;
    if (!audit_movements_find(world, rows, &movements)) return false;
    const struct line_audit audit = {world, rows, &movements, report};
    bool good = true;
    if (rows->detail.blocks) {
        good = check_blocks(&audit);
        check_hops(&audit);
    } else
        skip_without_blocks(report);
    good = check_line_tracks(&audit) && good;
    audit_movements_free(&movements);
    return good;
}
