#include "study/settings_fingerprint.h"

#include <string.h>

static bool is_among(const char *key, const char *const *keys, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return false;
}

static bool matters(enum fingerprint_of of, const char *key) {
    static const char *const never[] = {"name", "description", "detail", "price_year"};
    static const char *const not_to_capacity[] = {"horizon_days", "warmup_days", "replications"};
    static const char economics[] = "economics["; /* cells of economics.csv */
    if (strncmp(key, economics, sizeof economics - 1) == 0) return false;
    if (is_among(key, never, sizeof never / sizeof *never)) return false;
    return of != FINGERPRINT_OF_CAPACITY ||
           !is_among(key, not_to_capacity, sizeof not_to_capacity / sizeof *not_to_capacity);
}

void settings_fingerprint_begin(struct settings_fingerprint *fingerprint, enum fingerprint_of of) {
    fingerprint->of = of;
    sha256_init(&fingerprint->hash);
}

void settings_fingerprint_add(struct settings_fingerprint *fingerprint, const char *key, const char *value) {
    if (!matters(fingerprint->of, key)) return;
    sha256_update(&fingerprint->hash, key, strlen(key) + 1); /* with its NUL: where one text ends is told, too */
    sha256_update(&fingerprint->hash, value, strlen(value) + 1);
}

void settings_fingerprint_end(struct settings_fingerprint *fingerprint, char text[SHA256_TEXT_SIZE]) {
    unsigned char digest[SHA256_BYTES];
    sha256_finish(&fingerprint->hash, digest);
    sha256_text(digest, text);
}

void scenario_fingerprint(const struct scenario *scenario, enum fingerprint_of of, char text[SHA256_TEXT_SIZE]) {
    struct settings_fingerprint fingerprint;
    settings_fingerprint_begin(&fingerprint, of);
    for (int32_t i = 0; i < scenario->settings_used_count; i++)
        settings_fingerprint_add(&fingerprint, scenario->settings_used[i].key, scenario->settings_used[i].value);
    settings_fingerprint_end(&fingerprint, text);
}
