#include "chart/chart.h"

#include <string.h>

#include "chart/traingraph.h"

static bool write_traingraph(struct database *database, const struct chart_request *request, enum picture_format format,
                             struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    const struct traingraph_request wanted = {.run_id = request->run_id, .from = request->from, .to = request->to};
    struct traingraph_result drawn;
    const bool well = traingraph_write(database, &wanted, format, job, &drawn, failure);
    *result = (struct chart_result){.run_id = drawn.run_id,
                                    .from_ms = drawn.from_ms,
                                    .to_ms = drawn.to_ms,
                                    .item = "trains",
                                    .items = drawn.trains};
    return well;
}

const struct chart_kind chart_kinds[CHART_KIND_COUNT] = {
    {"traingraph", "trains over distance and time, and how long each section was occupied", TAKES_RUN | TAKES_WINDOW,
     write_traingraph},
    {"stairway", "blocking times: which train holds which block from when to when", TAKES_RUN | TAKES_WINDOW,
     stairway_write},
    {"occupation", "how full each section is: compressed, or as a run used it", TAKES_RUN | TAKES_EXPERIMENT,
     occupation_chart_write},
    {"capacity", "trains a day by variant: theoretical, compressed, saturated, practical", TAKES_EXPERIMENT,
     capacity_chart_write},
    {"delay", "delay against demand, with the limit and the answers it gives", TAKES_EXPERIMENT, delay_chart_write},
    {"revenue", "what a run earned and spent by day, month or year, from its ledger", TAKES_RUN, revenue_chart_write},
    {"waiting", "TEU waiting for their first train, flow by flow, and those refused", TAKES_RUN, waiting_chart_write},
    {"transit", "how long containers take, flow by flow, and when they are due", TAKES_RUN, transit_chart_write},
    {"earnings", "revenue, cost and margin a day against trains a day, with what the line can carry", TAKES_EXPERIMENT,
     earnings_chart_write},
    {"cash", "all money of an appraisal so far, discounted, with the fan of its cases", TAKES_EXPERIMENT,
     cash_chart_write},
    {"tornado", "what each uncertain assumption of an appraisal does to its value", TAKES_EXPERIMENT,
     tornado_chart_write},
};

const struct chart_kind *chart_kind_of(const char *name) {
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++)
        if (strcmp(name, chart_kinds[kind].name) == 0) return &chart_kinds[kind];
    return NULL;
}

/* All is read from one state of the file, whoever writes to it meanwhile. */
static bool write_data(const struct chart_kind *kind, struct database *database, const struct chart_request *request,
                       enum picture_format format, struct gnuplot *job, struct chart_result *result,
                       struct failure *failure) {
    if (!database_execute(database, "BEGIN", failure)) return false;
    const bool well = kind->write(database, request, format, job, result, failure);
    return database_execute(database, "ROLLBACK", well ? failure : &(struct failure){0}) && well;
}

bool chart_draw(const struct chart_kind *kind, struct database *database, const struct chart_request *request,
                const char *path, struct chart_result *result, struct failure *failure) {
    enum picture_format format;
    if (!picture_format_of(path, &format))
        return failure_set(failure, "%s is no picture that can be drawn: its name must end in .svg, .png or .pdf",
                           path);
    struct gnuplot *job = gnuplot_begin(failure);
    if (job == NULL) return false;
    const bool well =
        write_data(kind, database, request, format, job, result, failure) && gnuplot_draw(job, path, failure);
    gnuplot_end(job);
    return well;
}
