/* Charts of runs that are simulated in the test. */
#ifndef BERING_TESTS_CHART_SIMULATED_H
#define BERING_TESTS_CHART_SIMULATED_H

#include "../scenario/folder.h"
#include "results/database.h"

/* Simulates what the folder says into a new database of that name, and opens it to be read. The folder is freed. */
struct database *simulate_folder(struct folder *folder, const char *file);

#endif
