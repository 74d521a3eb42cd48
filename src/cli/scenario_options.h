/* The options that every command with a scenario shares, and the scenario read as they ask. */
#ifndef BERING_CLI_SCENARIO_OPTIONS_H
#define BERING_CLI_SCENARIO_OPTIONS_H

#include <stdint.h>

#include "cli/options.h"
#include "scenario/scenario.h"

struct scenario_options {
    struct option_list schedules, with, overrides;
    const char *variant, *days, *warmup; /* NULL: not given */
    int64_t replications, seed;          /* −1: not given */
    int detail;                          /* −1: not given; else enum detail_level */
    bool line_only;                      /* no flag: the command does not ask about containers */
};

#define SCENARIO_OPTIONS_NONE ((struct scenario_options){.replications = -1, .seed = -1, .detail = -1})
enum { SCENARIO_OPTION_COUNT = 9 };

/* Writes SCENARIO_OPTION_COUNT options that store into *values. */
void scenario_options_declare(struct scenario_options *values, struct option *options);

/* What scenario_read is to be asked. *texts holds what the request points to, and is to be freed by
 * scenario_options_release. False when out of memory. */
enum { FLAG_OVERRIDES = 5, FLAG_OVERRIDE_SIZE = 128 };
struct scenario_options_texts {
    char flags[FLAG_OVERRIDES][FLAG_OVERRIDE_SIZE];
    const char **overrides;
};
bool scenario_options_request(const struct scenario_options *values, const char *folder,
                              struct scenario_options_texts *texts, struct scenario_request *request);
void scenario_options_release(struct scenario_options_texts *texts);

/* Reads the scenario in `folder`; NULL if it has errors, which are then in `diagnostics`. */
struct scenario *scenario_options_read(const struct scenario_options *values, const char *folder,
                                       struct diagnostics *diagnostics);

#endif
