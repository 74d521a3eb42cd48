/* The library's own face: making a run again. Thin: it translates, and decides nothing. */
#include <stdio.h>

#include "study/library.h"
#include "study/rerun.h"

static void tell_why(const struct rerun *found, struct bering_rerun *rerun) {
    const char *cause = rerun_cause(found);
    if (found->outcome == RERUN_IMPOSSIBLE)
        snprintf(rerun->why, sizeof rerun->why, "%s%s%s", kept_run_obstacle_text(found->obstacle),
                 found->details[0] != '\0' ? ": " : "", found->details);
    else if (cause != NULL)
        snprintf(rerun->why, sizeof rerun->why, "%s", cause);
}

static void translate(const struct rerun *found, struct bering_rerun *rerun) {
    static const enum bering_rerun_outcome same[] = {[RERUN_SAME] = BERING_RERUN_SAME,
                                                     [RERUN_DIFFERENT] = BERING_RERUN_DIFFERENT,
                                                     [RERUN_IMPOSSIBLE] = BERING_RERUN_IMPOSSIBLE,
                                                     [RERUN_INTERRUPTED] = BERING_RERUN_INTERRUPTED};
    const struct run_difference *difference = &found->difference;
    *rerun = (struct bering_rerun){.outcome = same[found->outcome]};
    tell_why(found, rerun);
    snprintf(rerun->made_by, sizeof rerun->made_by, "%s", found->made_by);
    snprintf(rerun->stored_sha256, sizeof rerun->stored_sha256, "%s", found->kept_sha256);
    snprintf(rerun->rows_sha256, sizeof rerun->rows_sha256, "%s", found->rows_sha256);
    snprintf(rerun->sha256, sizeof rerun->sha256, "%s", found->sha256);
    for (int32_t table = 0; table < difference->count; table++)
        rerun->rows_different += difference->tables[table].different;
    if (difference->count == 0) return;
    snprintf(rerun->first_table, sizeof rerun->first_table, "%s", difference->tables[0].table);
    row_difference_words(&difference->tables[0].first, rerun->first_row);
}

bool bering_rerun(const char *database, int64_t run_id, const struct bering_stop *stop, struct bering_rerun *rerun,
                  struct bering_error *error) {
    const struct rerun_request request = {
        .database = database, .run_id = run_id, .stop = stop != NULL ? &stop->set : NULL};
    struct rerun found;
    struct failure failure;
    const bool done = rerun_run(&request, &found, &failure);
    if (done)
        translate(&found, rerun);
    else if (error != NULL)
        snprintf(error->text, sizeof error->text, "%s", failure.text);
    return done;
}
