/* Whether something found out before was found out under the same settings: a hash over those that can have made a
 * difference to it. Input files, options and variant are not in it but where settings repeat them; input_sha256 speaks
 * for the files. */
#ifndef BERING_STUDY_SETTINGS_FINGERPRINT_H
#define BERING_STUDY_SETTINGS_FINGERPRINT_H

#include "scenario/scenario.h"
#include "scenario/sha256.h"

/* What is asked. Neither answer depends on names, on how much is kept, or on what money is worth. */
enum fingerprint_of {
    FINGERPRINT_OF_CAPACITY, /* nor on how long and how often the scenario itself is to be simulated */
    FINGERPRINT_OF_RUNS,
};

struct settings_fingerprint {
    enum fingerprint_of of;
    struct sha256 hash;
};

/* Settings one by one, in the order of settings_used. */
void settings_fingerprint_begin(struct settings_fingerprint *fingerprint, enum fingerprint_of of);
void settings_fingerprint_add(struct settings_fingerprint *fingerprint, const char *key, const char *value);
void settings_fingerprint_end(struct settings_fingerprint *fingerprint, char text[SHA256_TEXT_SIZE]);

/* Of all settings of a scenario. */
void scenario_fingerprint(const struct scenario *scenario, enum fingerprint_of of, char text[SHA256_TEXT_SIZE]);

#endif
