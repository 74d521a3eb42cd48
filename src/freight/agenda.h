/* What the cranes of a terminal have been asked to do and have not done yet, by when it will be done. Times come in
 * nearly ascending, since lifts are made in the order asked: a new entry looks for its place from the end. */
#ifndef BERING_FREIGHT_AGENDA_H
#define BERING_FREIGHT_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

/* What is done then; a lift can be one without ending anything (the wagon of a container that needs two). */
enum work_ends { WORK_NOTHING, WORK_LOADING, WORK_UNLOADING };

struct work {
    int64_t end_ms;
    int64_t begin_ms; /* of the lift */
    int32_t container;
    int16_t lift; /* 1: a lift, paid by the container; 0: none is needed */
    int16_t ends; /* enum work_ends, for the container */
};

struct agenda {
    struct work *works; /* a ring, ascending; entries of one instant in the order they were added */
    int64_t first, count, room;
};

/* A zeroed agenda is empty. False: out of memory, nothing is added. */
bool agenda_add(struct agenda *agenda, const struct work *work);
bool agenda_copy(struct agenda *target, const struct agenda *source); /* target: zeroed */
void agenda_free(struct agenda *agenda);

static inline const struct work *agenda_at(const struct agenda *agenda, int64_t place) {
    return &agenda->works[(agenda->first + place) & (agenda->room - 1)];
}

static inline int64_t agenda_next_ms(const struct agenda *agenda) { /* INT64_MAX: it is empty */
    return agenda->count > 0 ? agenda->works[agenda->first].end_ms : INT64_MAX;
}

static inline struct work agenda_take(struct agenda *agenda) { /* the first; there is one */
    const struct work work = agenda->works[agenda->first];
    agenda->first = (agenda->first + 1) & (agenda->room - 1);
    agenda->count--;
    return work;
}

#endif
