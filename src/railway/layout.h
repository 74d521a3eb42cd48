/* A network seen as trains use it: places to stand at, their tracks, and the roads that trains exclude each other from.
 *
 * Places are stations, and the line tracks of two-track sections (whose blocks count as their tracks). Numbered once
 * for a network; everything above speaks of places, tracks and roads by these numbers. */
#ifndef BERING_RAILWAY_LAYOUT_H
#define BERING_RAILWAY_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/network.h"

struct place {
    int32_t station;     /* −1: a line track */
    int32_t section;     /* of a line track, −1: a station */
    int32_t first_track; /* in layout.tracks */
    int32_t track_count;
    int32_t capacity; /* most trains committed to it; −1: no limit */
    bool one_way;     /* a line track: trains leave it in the order they came */
    bool alike;       /* its tracks differ neither in length nor in speed */
};

struct layout_track {
    int32_t place;
    double length_m; /* INFINITY: any */
    double speed_ms; /* INFINITY: line speed */
};

/* How a line track of a section separates trains. */
enum road_kind {
    ROAD_WHOLE,  /* a train runs it in one go, with a track reserved beyond: all single track, and two-track sections
                    with possessions or a purge (whose clearing time must be known before a train is let in) */
    ROAD_BLOCKS, /* two tracks: from block to block */
    ROAD_LINE,   /* two tracks with a headway or moving block: to the far entry signal, in order */
};

/* A road is a line track: road 2 s + 0 carries both directions of a one-track section s, or forward; 2 s + 1 backward.
 */
struct road {
    enum road_kind kind;
    int32_t section;
    int32_t block_count;  /* blocks, or (moving block) points at which followers are compared */
    int32_t place;        /* of ROAD_BLOCKS and ROAD_LINE; −1 */
    bool closed_at_times; /* it has possessions */
    int32_t longest_ms;   /* longest running time any path needs over it (for dispatch policies) */
};

struct layout {
    const struct network *network;
    struct place *places;
    int32_t place_count;
    struct layout_track *tracks; /* the network's tracks first, with the same indices; then line blocks */
    int32_t track_count;
    struct road *roads; /* 2 per section */
    int32_t road_count;
};

struct layout *layout_create(const struct network *network); /* NULL: out of memory. The network must outlive it */
void layout_destroy(struct layout *layout);
int32_t layout_road(const struct layout *layout, int32_t section, int32_t direction);

#endif
