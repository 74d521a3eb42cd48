#include "freight/agenda.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct agenda *agenda) {
    if (agenda->count < agenda->room) return true;
    const int64_t room = agenda->room ? 2 * agenda->room : 64;
    struct work *works = malloc((size_t)room * sizeof *works);
    if (!works) return false;
    for (int64_t i = 0; i < agenda->count; i++) works[i] = *agenda_at(agenda, i);
    free(agenda->works);
    *agenda = (struct agenda){works, 0, agenda->count, room};
    return true;
}

bool agenda_add(struct agenda *agenda, const struct work *work) {
    if (!make_room(agenda)) return false;
    const int64_t mask = agenda->room - 1;
    int64_t place = agenda->count++;
    for (; place > 0; place--) {
        const struct work *before = agenda_at(agenda, place - 1);
        if (before->end_ms <= work->end_ms) break;
        agenda->works[(agenda->first + place) & mask] = *before;
    }
    agenda->works[(agenda->first + place) & mask] = *work;
    return true;
}

bool agenda_copy(struct agenda *target, const struct agenda *source) {
    *target = *source;
    if (source->room == 0) return true;
    target->works = malloc((size_t)source->room * sizeof *target->works);
    if (!target->works) return false;
    memcpy(target->works, source->works, (size_t)source->room * sizeof *target->works);
    return true;
}

void agenda_free(struct agenda *agenda) {
    free(agenda->works);
    *agenda = (struct agenda){0};
}
