#include "support/random_railway.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/railway_draft.h"

static const char *const FEATURES[RAILWAY_FEATURE_COUNT] = {
    [RAILWAY_LINE] = "line",
    [RAILWAY_TREE] = "tree",
    [RAILWAY_RING] = "ring",
    [RAILWAY_TWO_TRACKS] = "two-track section",
    [RAILWAY_BLOCK_POST] = "block post",
    [RAILWAY_LIMITED_TERMINAL] = "limited terminal",
    [RAILWAY_SHORT_TRACKS] = "short tracks",
    [RAILWAY_TURNOUT_SPEEDS] = "turnout speeds",
    [RAILWAY_OPTIONS] = "options",
    [RAILWAY_OVERRIDES] = "overrides",
    [RAILWAY_FIXED_TIMES] = "fixed times",
    [RAILWAY_PHYSICS] = "physics",
    [RAILWAY_ALIGNMENT] = "alignment",
    [RAILWAY_GAUGES] = "gauges",
    [RAILWAY_CLEARANCE] = "clearance",
    [RAILWAY_BLOCKS] = "fixed blocks",
    [RAILWAY_MOVING_BLOCK] = "moving block",
    [RAILWAY_HEADWAY] = "headway",
    [RAILWAY_RELEASE] = "release",
    [RAILWAY_CROSSING_INTERVAL] = "crossing interval",
    [RAILWAY_ARRIVAL_INTERVAL] = "arrival interval",
    [RAILWAY_PURGE] = "purge",
    [RAILWAY_PURGE_ONE_WAY] = "purge one way",
    [RAILWAY_MAX_TRAINS] = "max_trains",
    [RAILWAY_POSSESSION] = "possession",
    [RAILWAY_CLEAR_BY_LENGTH] = "clear by length",
    [RAILWAY_TIMETABLE] = "timetable",
    [RAILWAY_STOPS] = "stops",
    [RAILWAY_STOP_ON_SINGLE_LINE] = "stops on single line",
    [RAILWAY_TIMED_PASS] = "timed pass",
    [RAILWAY_BINDING_TRACK] = "binding track",
    [RAILWAY_ENTRY_DELAY] = "entry delay",
    [RAILWAY_DWELL_LAW] = "dwell law",
    [RAILWAY_STANDING] = "standing at the start",
    [RAILWAY_SERVICES] = "services",
    [RAILWAY_REGULAR] = "regular",
    [RAILWAY_POISSON] = "poisson",
    [RAILWAY_SATURATED] = "saturated",
    [RAILWAY_RETURN] = "return_of",
    [RAILWAY_WEEKDAYS] = "weekdays",
    [RAILWAY_SEVERAL_SCHEDULES] = "several schedules",
    [RAILWAY_RUNNING_FACTOR] = "running factor",
    [RAILWAY_DAILY] = "daily",
    [RAILWAY_ONCE] = "once",
    [RAILWAY_WARMUP] = "warm-up",
    [RAILWAY_FLEET_WINDOW] = "fleet window",
    [RAILWAY_FLOWS] = "flows",
    [RAILWAY_CHANGES] = "changes of trains",
    [RAILWAY_BATCHES] = "batches",
    [RAILWAY_FORTIES] = "40-foot containers",
    [RAILWAY_SEASONS] = "seasons",
    [RAILWAY_EMPTIES] = "empties",
    [RAILWAY_LOAD_DEPENDENT] = "load-dependent trains",
    [RAILWAY_CRANES] = "cranes",
    [RAILWAY_SHIFTS] = "shifts",
    [RAILWAY_SMALL_YARD] = "small yard",
    [RAILWAY_HOLD] = "hold for full",
    [RAILWAY_PICKUP] = "pickup",
    [RAILWAY_TRANSSHIPMENT] = "transshipment",
    [RAILWAY_BOGIE_EXCHANGE] = "bogie exchange",
    [RAILWAY_PRICES] = "prices",
};

const char *railway_feature_name(enum railway_feature feature) {
    return FEATURES[feature];
}

/* ---- dice ---- */

static double uniform(struct draft *draft) {
    const uint64_t seed = draft->railway->seed;
    if (draft->freight_dice) return stream_uniform(&draft->stream, ~seed, draft->freight_draws++);
    return stream_uniform(&draft->stream, seed, draft->draws++);
}

int32_t roll(struct draft *draft, int32_t faces) {
    return (int32_t)(uniform(draft) * faces);
}

bool chance(struct draft *draft, int32_t percent) {
    return roll(draft, 100) < percent;
}

double between(struct draft *draft, double low, double high) {
    return low + (high - low) * uniform(draft);
}

/* ---- files ---- */

static const char *const PATHS[FILE_COUNT] = {
    [FILE_SCENARIO] = "random/scenario.csv",
    [FILE_STATIONS] = "random/stations.csv",
    [FILE_TRACKS] = "random/tracks.csv",
    [FILE_SECTIONS] = "random/sections.csv",
    [FILE_TRAIN_TYPES] = "random/train_types.csv",
    [FILE_ALIGNMENT] = "random/alignment.csv",
    [FILE_RUNNING_TIMES] = "random/running_times.csv",
    [FILE_POSSESSIONS] = "random/possessions.csv",
    [FILE_OPTIONS] = "random/options.csv",
    [FILE_VARIANTS] = "random/variants.csv",
    [FILE_TERMINALS] = "random/terminals.csv",
    [FILE_TIMETABLE] = "random/timetable.csv",
    [FILE_SERVICES] = "random/services.csv",
    [FILE_FLOWS] = "random/flows.csv",
    [FILE_ECONOMICS] = "random/economics.csv",
};

const char *draft_file_path(enum draft_file file) {
    return PATHS[file];
}

FILE *draft_file(struct draft *draft, enum draft_file file, const char *header) {
    struct random_railway *railway = draft->railway;
    if (draft->streams[file]) return draft->streams[file];
    struct input_file *input = &railway->files[railway->file_count++];
    input->path = strdup(PATHS[file]);
    draft->streams[file] = open_memstream(&input->content, &input->size);
    if (!input->path || !draft->streams[file]) abort();
    fprintf(draft->streams[file], "%s\n", header);
    return draft->streams[file];
}

void draft_has(struct draft *draft, enum railway_feature feature) {
    draft->railway->has[feature] = true;
}

/* ---- ways ---- */

bool fits_station(const struct draft *draft, int32_t station, int32_t type) {
    const struct draft_station *at = &draft->stations[station];
    for (int32_t i = 0; i < at->track_count; i++)
        if (at->tracks[i].length_m >= draft->types[type].length_m) return true;
    return false;
}

static bool may_run(const struct draft *draft, const struct draft_section *section, int32_t type) {
    int32_t gauge = draft->types[type].gauge_mm;
    if (section->gauge_mm != 0 && gauge != 0 && gauge != section->gauge_mm) return false;
    return !section->low || !draft->types[type].tall;
}

static bool search_way(struct draft *draft, int32_t type, int32_t to, int32_t way[MOST_STATIONS], int32_t *count) {
    int32_t at = way[*count - 1], first = roll(draft, draft->section_count);
    if (at == to) return true;
    for (int32_t i = 0; i < draft->section_count; i++) {
        const struct draft_section *section = &draft->sections[(first + i) % draft->section_count];
        if (section->from != at && section->to != at) continue;
        int32_t next = section->from == at ? section->to : section->from;
        bool seen = !may_run(draft, section, type);
        for (int32_t k = 0; k < *count && !seen; k++) seen = way[k] == next;
        if (seen) continue;
        way[(*count)++] = next;
        if (search_way(draft, type, to, way, count)) return true;
        (*count)--;
    }
    return false;
}

int32_t draw_way(struct draft *draft, int32_t type, int32_t from, int32_t to, int32_t way[MOST_STATIONS]) {
    int32_t count = 1;
    way[0] = from;
    return search_way(draft, type, to, way, &count) ? count : 0;
}

double way_km(const struct draft *draft, int32_t from, int32_t to) {
    for (int32_t i = 0; i < draft->section_count; i++) {
        const struct draft_section *section = &draft->sections[i];
        if ((section->from == from && section->to == to) || (section->from == to && section->to == from))
            return section->km;
    }
    return 0;
}

/* ---- together ---- */

/* One that may turn out to have no trains: nowhere a way for any of them. */
static struct random_railway *make(uint64_t seed, uint64_t attempt) {
    struct random_railway *railway = calloc(1, sizeof *railway);
    if (!railway) abort();
    railway->seed = seed;
    struct draft draft = {.railway = railway, .stream = {seed, STREAM_TEST, attempt}};
    draw_shape(&draft);
    draft.freight_dice = true;
    draft.freight = chance(&draft, 60);
    draft.freight_dice = false;
    draw_settings(&draft);
    draw_types(&draft);
    draw_stations(&draft);
    draw_sections(&draft);
    draw_schedules(&draft);
    draft.freight_dice = true;
    draw_freight(&draft);
    for (int32_t file = 0; file < FILE_COUNT; file++)
        if (draft.streams[file] && fclose(draft.streams[file]) != 0) abort();
    for (int32_t i = 0; i < railway->override_count; i++) railway->overrides[i] = railway->override_texts[i];
    return railway;
}

struct random_railway *random_railway_make(uint64_t seed) {
    for (uint64_t attempt = 1;; attempt++) {
        struct random_railway *railway = make(seed, attempt);
        if (railway->has[RAILWAY_TIMETABLE] || railway->has[RAILWAY_SERVICES]) return railway;
        random_railway_free(railway);
    }
}

void random_railway_free(struct random_railway *railway) {
    if (!railway) return;
    for (int32_t i = 0; i < railway->file_count; i++) {
        free(railway->files[i].path);
        free(railway->files[i].content);
    }
    free(railway);
}

struct scenario *random_railway_read(const struct random_railway *railway, struct diagnostics *diagnostics) {
    const struct scenario_request request = {.folder = "random",
                                             .schedules = railway->schedules,
                                             .schedule_count = railway->schedule_count,
                                             .with_options = railway->options,
                                             .with_option_count = railway->option_count,
                                             .variant = railway->variant,
                                             .overrides = railway->overrides,
                                             .override_count = railway->override_count};
    return scenario_read_inputs(&request, railway->files, railway->file_count, diagnostics);
}

static bool write_file(const struct input_file *file, const char *folder) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, strrchr(file->path, '/') + 1);
    FILE *stream = fopen(path, "w");
    if (!stream) return false;
    bool done = fwrite(file->content, 1, file->size, stream) == file->size;
    return fclose(stream) == 0 && done;
}

bool random_railway_write(const struct random_railway *railway, const char *folder) {
    mkdir(folder, 0777);
    for (int32_t i = 0; i < railway->file_count; i++)
        if (!write_file(&railway->files[i], folder)) return false;
    printf("bering run %s", folder);
    for (int32_t i = 0; i < railway->schedule_count; i++)
        printf(" --schedule %s/%s", folder, strrchr(railway->schedules[i], '/') + 1);
    for (int32_t i = 0; i < railway->option_count; i++) printf(" --with %s", railway->options[i]);
    if (railway->variant) printf(" --variant %s", railway->variant);
    for (int32_t i = 0; i < railway->override_count; i++) printf(" --set '%s'", railway->overrides[i]);
    printf("\n");
    return true;
}
