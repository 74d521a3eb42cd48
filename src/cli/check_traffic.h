/* What `bering check` prints of the containers: how each flow travels and whether the trains have room for it, and what
 * each terminal can handle. Nothing is printed of a scenario without. */
#ifndef BERING_CLI_CHECK_TRAFFIC_H
#define BERING_CLI_CHECK_TRAFFIC_H

#include "cli/output.h"
#include "scenario/scenario.h"

void check_traffic_text(const struct scenario *scenario);
/* "flows" and "terminals" of the object being written; empty arrays where there are none. */
void check_traffic_json(struct json *json, const struct scenario *scenario);

#endif
