#include "cli/scenario_options.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/words.h"
#include "scenario/columns.h"

/* The flags that stand for a setting take what the setting takes. */
static const struct column *setting(const char *key) {
    const struct table_description *settings = table_description(TABLE_SETTINGS);
    const int32_t column = table_column(settings, key);
    assert(column >= 0);
    return &settings->columns[column];
}

void scenario_options_declare(struct scenario_options *values, struct option *options) {
    const struct column *const days = setting("horizon_days"), *const warmup = setting("warmup_days"),
                               *const replications = setting("replications"), *const seed = setting("seed");
    const struct option shared[SCENARIO_OPTION_COUNT] = {
        {.name = "schedule",
         .kind = OPTION_LIST,
         .value = "FILE",
         .target = &values->schedules,
         .help = "a timetable or services in place of the scenario's own"},
        {.name = "days",
         .kind = OPTION_NUMBER,
         .value = "N",
         .target = &values->days,
         .least = days->minimum,
         .most = days->maximum,
         .help = "days to measure (horizon_days)"},
        {.name = "warmup",
         .kind = OPTION_NUMBER,
         .value = "N",
         .target = &values->warmup,
         .choices = "auto",
         .least = warmup->minimum,
         .most = warmup->maximum,
         .help = "days before that, not measured (warmup_days), or auto"},
        {.name = "replications",
         .kind = OPTION_INTEGER,
         .value = "N",
         .target = &values->replications,
         .minimum = (int64_t)replications->minimum,
         .maximum = (int64_t)replications->maximum,
         .help = "how often to repeat with other random numbers"},
        {.name = "seed",
         .kind = OPTION_INTEGER,
         .value = "N",
         .target = &values->seed,
         .minimum = (int64_t)seed->minimum,
         .maximum = (int64_t)seed->maximum,
         .help = "where the random numbers start"},
        {.name = "with",
         .kind = OPTION_LIST,
         .value = "OPTION",
         .target = &values->with,
         .help = "an investment of options.csv that is built"},
        {.name = "variant",
         .kind = OPTION_TEXT,
         .value = "NAME",
         .target = &values->variant,
         .help = "a row of variants.csv"},
        {.name = "set",
         .kind = OPTION_LIST,
         .value = "KEY=VALUE",
         .target = &values->overrides,
         .pair = true,
         .help = "another value, as in seed=3 or sections[A-B].speed_kmh=80"},
        {.name = "detail",
         .kind = OPTION_CHOICE,
         .choices = "summary|trains|calls|blocks|containers|full",
         .target = &values->detail,
         .value = "LEVEL",
         .help = "how much to keep: summary, trains, calls, blocks, containers, full"},
    };
    memcpy(options, shared, sizeof shared);
}

/* The flags as overrides: they come after --set, as the narrower wish. */
static int32_t flags_as_overrides(const struct scenario_options *values, char texts[][FLAG_OVERRIDE_SIZE]) {
    int32_t count = 0;
    if (values->days != NULL) snprintf(texts[count++], FLAG_OVERRIDE_SIZE, "horizon_days=%s", values->days);
    if (values->warmup != NULL) snprintf(texts[count++], FLAG_OVERRIDE_SIZE, "warmup_days=%s", values->warmup);
    if (values->replications >= 0)
        snprintf(texts[count++], FLAG_OVERRIDE_SIZE, "replications=%" PRId64, values->replications);
    if (values->seed >= 0) snprintf(texts[count++], FLAG_OVERRIDE_SIZE, "seed=%" PRId64, values->seed);
    if (values->detail >= 0)
        snprintf(texts[count++], FLAG_OVERRIDE_SIZE, "detail=%s", detail_name((enum detail_level)values->detail));
    return count;
}

bool scenario_options_request(const struct scenario_options *values, const char *folder,
                              struct scenario_options_texts *texts, struct scenario_request *request) {
    const int32_t flag_count = flags_as_overrides(values, texts->flags);
    const int32_t set_count = values->overrides.count;
    texts->overrides = calloc((size_t)(set_count + flag_count + 1), sizeof *texts->overrides);
    if (texts->overrides == NULL) return false;
    for (int32_t index = 0; index < set_count; index++) texts->overrides[index] = values->overrides.values[index];
    for (int32_t index = 0; index < flag_count; index++) texts->overrides[set_count + index] = texts->flags[index];
    *request = (struct scenario_request){.folder = folder,
                                         .schedules = values->schedules.values,
                                         .schedule_count = values->schedules.count,
                                         .with_options = values->with.values,
                                         .with_option_count = values->with.count,
                                         .variant = values->variant,
                                         .overrides = texts->overrides,
                                         .override_count = set_count + flag_count,
                                         .line_only = values->line_only};
    return true;
}

void scenario_options_release(struct scenario_options_texts *texts) {
    free(texts->overrides);
}

struct scenario *scenario_options_read(const struct scenario_options *values, const char *folder,
                                       struct diagnostics *diagnostics) {
    struct scenario_options_texts texts;
    struct scenario_request request;
    if (!scenario_options_request(values, folder, &texts, &request)) {
        diagnostics_no_memory(diagnostics, folder);
        return NULL;
    }
    struct scenario *scenario = scenario_read(&request, diagnostics);
    scenario_options_release(&texts);
    return scenario;
}
