#include "study/planning.h"

struct planning {
    const struct scenario *scenario;
    struct diagnostics *diagnostics;
};

static void tell(void *context, int32_t index, const char *message) {
    const struct planning *planning = context;
    const struct train_plan *plan = index >= 0 ? &planning->scenario->timetable.plans[index] : NULL;
    const bool written = plan != NULL && plan->file != NULL;
    diagnostics_error(planning->diagnostics, written ? plan->file : planning->scenario->folder,
                      written ? plan->line : 0, written ? plan->column : 0, "%s", message);
}

struct simulation_plan *planning_create(const struct scenario *scenario, struct diagnostics *diagnostics) {
    struct planning planning = {scenario, diagnostics};
    return simulation_plan_create_telling(scenario, tell, &planning);
}
