#include "study/planning.h"

struct planning {
    const struct scenario *scenario;
    struct diagnostics *diagnostics;
};

static void tell(void *context, int32_t index, const char *message) {
    const struct planning *planning = context;
    if (index < 0) {
        diagnostics_no_memory(planning->diagnostics, planning->scenario->folder);
        return;
    }
    const struct train_plan *plan = &planning->scenario->timetable.plans[index];
    const bool written = plan->file != NULL;
    diagnostics_error(planning->diagnostics, written ? plan->file : planning->scenario->folder,
                      written ? plan->line : 0, written ? plan->column : 0, "%s", message);
}

struct simulation_plan *planning_create(const struct scenario *scenario, struct diagnostics *diagnostics) {
    struct planning planning = {scenario, diagnostics};
    return simulation_plan_create_telling(scenario, tell, &planning);
}
