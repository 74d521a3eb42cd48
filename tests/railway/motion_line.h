/* Lines and trains for the tests of motion. */
#ifndef BERING_TESTS_RAILWAY_MOTION_LINE_H
#define BERING_TESTS_RAILWAY_MOTION_LINE_H

#include <stdint.h>

#include "railway/motion.h"

enum { LINE_SECTIONS = 8, LINE_ALIGNMENTS = 512 };

/* A chain of sections and the route over it. Holds pointers into itself: use it where it stands. */
struct line {
    struct network network;
    struct section sections[LINE_SECTIONS];
    struct alignment alignments[LINE_ALIGNMENTS];
    struct route_leg route[LINE_SECTIONS];
    int32_t route_length;
};

void line_begin(struct line *line);
void line_add_section(struct line *line, double length_m, double speed_ms, enum direction direction);
/* To the section added last, ascending from its `from` end. */
void line_add_alignment(struct line *line, struct alignment alignment);
struct motion_path *line_path(const struct line *line, const struct train_type *type);

/* The freight train of constant acceleration: 200 kN on 4,000 t and no resistance is 0.05 m/s², braking 0.3 m/s². */
struct train_type plain_train(void);
/* A heavy freight train with physics: 4,000 t, 6 MW, 400 kN. */
struct train_type heavy_train(void);

/* From rest at 0 to rest at to_m, without turnouts and sighting. */
struct motion_request plain_request(double to_m);

/* SplitMix64: a small stream of numbers for test cases, the same everywhere. */
struct numbers {
    uint64_t state;
};
double numbers_between(struct numbers *numbers, double low, double high);
double numbers_whole(struct numbers *numbers, double low, double high); /* a whole number, both ends included */
bool numbers_chance(struct numbers *numbers, double probability);

/* Rolling country: sections of 2 to 12 km with gradients, curves, slow zones and tunnels, all at whole metres. */
void random_line(struct line *line, struct numbers *numbers);
struct train_type random_train(struct numbers *numbers);

#endif
