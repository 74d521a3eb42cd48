#include "audit/movements.h"

#include <stdlib.h>

static int by_place(const void *left, const void *right) {
    const struct audit_hop *a = left, *b = right;
    if (a->section != b->section) return a->section < b->section ? -1 : 1;
    if (a->line_track != b->line_track) return a->line_track < b->line_track ? -1 : 1;
    if (a->departure_ms != b->departure_ms) return a->departure_ms < b->departure_ms ? -1 : 1;
    return a->call < b->call ? -1 : a->call > b->call;
}

/* Hands the next occupations of the train to the hop. */
static void take_occupations(const struct audit_rows *rows, struct audit_hop *hop, int32_t *next) {
    const struct audit_train_row *train = &rows->trains[hop->train];
    const int32_t end = train->first_occupation + train->occupation_count;
    hop->first_occupation = *next;
    while (*next < end && rows->occupations[*next].section == hop->section &&
           rows->occupations[*next].direction == hop->direction)
        (*next)++;
    hop->occupation_count = *next - hop->first_occupation;
    if (hop->occupation_count == 0) return;
    hop->clear_ms = rows->occupations[*next - 1].clear_ms;
    hop->release_ms = rows->occupations[*next - 1].release_ms;
}

static void find_hops(const struct audit_world *world, const struct audit_rows *rows, int32_t train_index,
                      struct audit_movements *movements) {
    const struct audit_train_row *train = &rows->trains[train_index];
    int32_t next = train->first_occupation;
    for (int32_t k = 0; k + 1 < train->call_count; k++) {
        const int32_t call = train->first_call + k;
        const struct audit_call_row *here = &rows->calls[call], *there = here + 1;
        if (here->departure_ms == AUDIT_NULL_MS) break;
        enum audit_direction direction = AUDIT_FORWARD;
        const int32_t section = audit_rows_section(world, rows, call, &direction);
        struct audit_hop hop = {.train = train_index,
                                .call = call,
                                .section = section,
                                .direction = (int32_t)direction,
                                .departure_ms = here->departure_ms,
                                .arrival_ms = there->arrival_ms,
                                .clear_ms = AUDIT_NULL_MS,
                                .release_ms = AUDIT_NULL_MS};
        if (section >= 0) {
            const bool backward_road = world->sections[section].line_tracks == 2 && direction == AUDIT_BACKWARD;
            hop.line_track = backward_road ? 2 : 1;
            take_occupations(rows, &hop, &next);
        }
        movements->hops[movements->hop_count++] = hop;
    }
}

bool audit_movements_find(const struct audit_world *world, const struct audit_rows *rows,
                          struct audit_movements *movements) {
    *movements = (struct audit_movements){.hops = calloc((size_t)rows->call_count + 1, sizeof *movements->hops)};
    if (movements->hops == NULL) return false;
    for (int32_t train = 0; train < rows->train_count; train++) find_hops(world, rows, train, movements);
    qsort(movements->hops, (size_t)movements->hop_count, sizeof *movements->hops, by_place);
    return true;
}

void audit_movements_free(struct audit_movements *movements) {
    free(movements->hops);
    *movements = (struct audit_movements){0};
}

int32_t audit_movements_end(const struct audit_movements *movements, int32_t first) {
    const struct audit_hop *hop = &movements->hops[first];
    int32_t end = first + 1;
    while (end < movements->hop_count && movements->hops[end].section == hop->section &&
           movements->hops[end].line_track == hop->line_track)
        end++;
    return end;
}
