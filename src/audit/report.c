#include "audit/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *purpose;
} checks[AUDIT_CHECK_COUNT] = {
    [AUDIT_INPUTS_INTACT] = {"inputs_intact", "the files kept are those that were read"},
    [AUDIT_INPUTS_READ] = {"inputs_read", "the files kept can be understood"},
    [AUDIT_RESULTS_INTACT] = {"results_intact", "the rows kept are those that were written"},
    [AUDIT_SETTINGS] = {"settings", "what is told of the run is what its settings and its rows say"},
    [AUDIT_REFERENCES] = {"references", "rows name only what there is"},
    [AUDIT_BLOCK] = {"block", "never two trains in one block, release included"},
    [AUDIT_OPPOSING] = {"opposing", "never two directions on one line track"},
    [AUDIT_RELEASE] = {"release", "head in, tail out, released, in this order and in time"},
    [AUDIT_CROSSING_INTERVAL] = {"crossing_interval", "an opposing train waits for the crossing interval"},
    [AUDIT_HEADWAY] = {"headway", "followers keep their distance and their order"},
    [AUDIT_PURGE] = {"purge", "nobody enters while a section is being ventilated"},
    [AUDIT_MAX_TRAINS] = {"max_trains", "no more trains in a section than allowed"},
    [AUDIT_POSSESSION] = {"possession", "nobody in a section that is closed for work"},
    [AUDIT_PATH] = {"path", "trains run block by block over sections that join"},
    [AUDIT_TRACK] = {"track", "never two trains on one track of a station"},
    [AUDIT_STATION_CAPACITY] = {"station_capacity", "no more trains at a station than it has tracks"},
    [AUDIT_TRACK_FIT] = {"track_fit", "each train stands on a track that is there and fits it"},
    [AUDIT_TRACK_BINDING] = {"track_binding", "a track named by the timetable is the one used"},
    [AUDIT_ARRIVAL_INTERVAL] = {"arrival_interval", "arrivals over different sections keep their interval"},
    [AUDIT_STANDING] = {"standing", "nobody stands on single line or at a station of one track"},
    [AUDIT_DEPARTURE] = {"departure", "nobody leaves before its time"},
    [AUDIT_STOPS] = {"stops", "planned stops are made, for the least dwell"},
    [AUDIT_ORDER_OF_CALLS] = {"order_of_calls", "the times of a train run forwards"},
    [AUDIT_ROUTE] = {"route", "from origin to destination over sections there are, no station twice"},
    [AUDIT_PLAN] = {"plan", "the plan kept with the results is that of the schedule"},
    [AUDIT_GAUGE] = {"gauge", "gauge and clearance fit the train"},
    [AUDIT_PHYSICS] = {"physics", "nobody is faster than the train can be"},
    [AUDIT_ACCOUNTED] = {"accounted", "every train planned is there once, with a status that is true"},
    [AUDIT_DELAY] = {"delay", "delays follow from the times"},
    [AUDIT_WAITS] = {"waits", "waits follow from the times, and name their cause"},
    [AUDIT_METRICS] = {"metrics", "the figures of the run follow from its rows"},
    [AUDIT_SECTION_USE] = {"section_use", "the use of sections follows from the rows"},
    [AUDIT_STATION_USE] = {"station_use", "the use of stations follows from the rows"},
    [AUDIT_ESTIMATES] = {"estimates", "means and intervals follow from the replications"},
    [AUDIT_DEADLOCK] = {"deadlock", "a deadlock is one, and names its trains"},
    [AUDIT_CONTAINERS] = {"containers",
                          "containers are accounted for every day, on trains with room, at their tariffs"},
    [AUDIT_LEDGER] = {"ledger", "the ledger is what trains, containers and prices make, to the cent"},
};

const char *audit_check_name(enum audit_check check) {
    return checks[check].name;
}

const char *audit_check_purpose(enum audit_check check) {
    return checks[check].purpose;
}

void audit_report_free(struct audit_report *report) {
    for (int32_t i = 0; i < report->kept_count; i++) {
        free(report->kept[i].train);
        free(report->kept[i].place);
        free(report->kept[i].text);
    }
    free(report->kept);
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) free(report->tallies[check].skipped_because);
    *report = (struct audit_report){0};
}

void audit_tested(struct audit_report *report, enum audit_check check, int64_t cases) {
    report->tallies[check].tested += cases;
}

static char *copy(struct audit_report *report, const char *text) {
    if (text == NULL) return NULL;
    const size_t size = strlen(text) + 1;
    char *copied = malloc(size);
    if (copied == NULL)
        report->out_of_memory = true;
    else
        memcpy(copied, text, size);
    return copied;
}

void audit_skip(struct audit_report *report, enum audit_check check, const char *because) {
    if (report->tallies[check].skipped_because == NULL) report->tallies[check].skipped_because = copy(report, because);
}

static struct audit_violation *keep(struct audit_report *report) {
    if (report->kept_count == AUDIT_VIOLATIONS_KEPT) return NULL;
    if (report->kept == NULL) report->kept = calloc(AUDIT_VIOLATIONS_KEPT, sizeof *report->kept);
    if (report->kept == NULL) {
        report->out_of_memory = true;
        return NULL;
    }
    return &report->kept[report->kept_count++];
}

void audit_violation(struct audit_report *report, enum audit_check check, const char *train, const char *place,
                     int64_t time_ms, const char *format, ...) {
    report->tallies[check].violations++;
    report->violation_count++;
    if (report->tallies[check].violations > AUDIT_VIOLATIONS_KEPT_OF_CHECK) return;
    struct audit_violation *violation = keep(report);
    if (violation == NULL) return;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    *violation = (struct audit_violation){.check = check,
                                          .train = copy(report, train),
                                          .place = copy(report, place),
                                          .timed = time_ms != AUDIT_NO_TIME,
                                          .time_ms = time_ms,
                                          .text = copy(report, text)};
}

bool audit_report_good(const struct audit_report *report) {
    int64_t tested = 0;
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) tested += report->tallies[check].tested;
    return tested > 0 && report->violation_count == 0 && !report->out_of_memory;
}
