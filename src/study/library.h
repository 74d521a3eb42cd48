/* What is behind the opaque types of include/bering/. */
#ifndef BERING_STUDY_LIBRARY_H
#define BERING_STUDY_LIBRARY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "bering/bering.h"
#include "scenario/scenario.h"
#include "simulation/simulation.h"

struct bering_scenario {
    struct scenario *scenario;
    struct simulation_plan *plan;
    char name[256];
    pthread_mutex_t mutex; /* guards the settling of the warm-up, after which nothing changes any more */
    bool settled;
};

struct bering_stop {
    atomic_bool set;
};

#endif
