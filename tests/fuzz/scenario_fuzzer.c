/* Any bytes as a scenario: the input is cut at lines that begin with `=`, which name the file (or `set`, an override a
 * line) that follows; files it does not bring are those of a small good scenario. No crash, no leak, and either a
 * scenario or an error. */
#include "scenario/scenario.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { MOST_FILES = 24, MOST_OVERRIDES = 8 };

static const char *const good[][2] = {
    {"scenario.csv", "key,value\nschedule,day.csv\n"},
    {"stations.csv", "station,kind\nA,terminal\nM,siding\nB,terminal\n"},
    {"tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nB,yard,4,1500\n"},
    {"sections.csv", "section,from,to,length_km\nA-M,A,M,20\nM-B,M,B,30\n"},
    {"train_types.csv", "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2\n"
                        "F,1000,4000,80,5000,300,0.3\n"},
    {"day.csv", "service,train_type,origin,destination,interval_min\neast,F,A,B,120\nwest,F,B,A,120\n"},
};

struct folder {
    struct input_file files[MOST_FILES];
    int32_t count;
    char *overrides[MOST_OVERRIDES];
    int32_t override_count;
};

static char *copy(const char *text, size_t size) {
    char *bytes = malloc(size + 1);
    if (!bytes) abort();
    memcpy(bytes, text, size);
    bytes[size] = '\0';
    return bytes;
}

static bool has(const struct folder *folder, const char *name) {
    for (int32_t i = 0; i < folder->count; i++)
        if (strcmp(folder->files[i].path, name) == 0) return true;
    return false;
}

static void add_overrides(struct folder *folder, const char *text, size_t size) {
    while (size > 0 && folder->override_count < MOST_OVERRIDES) {
        const char *end = memchr(text, '\n', size);
        const size_t length = end ? (size_t)(end - text) : size;
        folder->overrides[folder->override_count++] = copy(text, length);
        size -= length + (end != NULL);
        text += length + (end != NULL);
    }
}

/* The next piece: its name and content. */
static void add_piece(struct folder *folder, const char *piece, size_t size) {
    const char *end = memchr(piece, '\n', size);
    const size_t name = end ? (size_t)(end - piece) : size, skipped = name + (end != NULL);
    if (name == 3 && memcmp(piece, "set", 3) == 0) {
        add_overrides(folder, piece + skipped, size - skipped);
        return;
    }
    struct input_file file = {.path = copy(piece, name), .size = size - skipped};
    if (folder->count == MOST_FILES || has(folder, file.path)) {
        free(file.path);
        return;
    }
    file.content = copy(piece + skipped, file.size);
    folder->files[folder->count++] = file;
}

static void cut(struct folder *folder, const char *text, size_t size) {
    while (size > 0) {
        size_t length = 0;
        while (length < size && !(text[length] == '\n' && length + 1 < size && text[length + 1] == '=')) length++;
        add_piece(folder, text + (text[0] == '='), length - (length > 0 && text[0] == '='));
        const size_t taken = length < size ? length + 1 : length;
        text += taken, size -= taken;
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0] && folder->count < MOST_FILES; i++)
        if (!has(folder, good[i][0]))
            folder->files[folder->count++] = (struct input_file){
                copy(good[i][0], strlen(good[i][0])), copy(good[i][1], strlen(good[i][1])), strlen(good[i][1])};
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct folder folder = {0};
    struct diagnostics diagnostics = {0};
    cut(&folder, (const char *)data, size);
    const struct scenario_request request = {.folder = "",
                                             .variant = has(&folder, "variants.csv") ? "v" : NULL,
                                             .overrides = (const char *const *)folder.overrides,
                                             .override_count = folder.override_count};
    struct scenario *scenario = scenario_read_inputs(&request, folder.files, folder.count, &diagnostics);
    assert((scenario != NULL) == (diagnostics.errors == 0));
    for (int32_t i = 0; scenario && i < scenario->timetable.plan_count; i++) {
        const struct train_plan *plan = &scenario->timetable.plans[i];
        assert(plan->call_count >= 2 && plan->route_length >= 1);
        assert(plan->kind == PLAN_TIMETABLE || plan->interval_ms > 0);
    }
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    for (int32_t i = 0; i < folder.count; i++) free(folder.files[i].path), free(folder.files[i].content);
    for (int32_t i = 0; i < folder.override_count; i++) free(folder.overrides[i]);
    return 0;
}
