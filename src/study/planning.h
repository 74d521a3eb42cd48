/* A scenario's plan, or what stands against it, told at the rows of the schedule. */
#ifndef BERING_STUDY_PLANNING_H
#define BERING_STUDY_PLANNING_H

#include "scenario/diagnostics.h"
#include "simulation/simulation.h"

/* NULL when a train stalls on a gradient, each train type on each route told once, or when memory ran out. */
struct simulation_plan *planning_create(const struct scenario *scenario, struct diagnostics *diagnostics);

#endif
