/* What an audit found: for every check how many cases it looked at, how many broke the rule, and why it was left out if
 * it was; and the broken cases themselves. */
#ifndef BERING_AUDIT_REPORT_H
#define BERING_AUDIT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

/* The order is that of the report. What each means: audit_check_purpose(). */
enum audit_check {
    /* the file */
    AUDIT_INPUTS_INTACT,  /* input_sha256 is that of the files kept */
    AUDIT_RESULTS_INTACT, /* results_sha256 is that of the rows kept */
    AUDIT_INPUTS_READ,    /* the files kept can be understood */
    AUDIT_SETTINGS,       /* the run's row says what its settings say, and no table holds more than its detail */
    AUDIT_REFERENCES,     /* rows name trains, stations, tracks, sections that exist; words and times make sense */
    /* the line */
    AUDIT_BLOCK,             /* two trains in one block, release included */
    AUDIT_OPPOSING,          /* two directions on one line track */
    AUDIT_RELEASE,           /* release is not clear + release_s; head in, tail out, release in that order */
    AUDIT_CROSSING_INTERVAL, /* an opposing train departs before crossing_interval_s is over */
    AUDIT_HEADWAY,           /* followers closer than headway_s or the moving block, or overtaking on the line */
    AUDIT_PURGE,
    AUDIT_MAX_TRAINS,
    AUDIT_POSSESSION,
    AUDIT_PATH, /* occupations that do not follow the calls: blocks left out, sections that do not join */
    /* the stations */
    AUDIT_TRACK,            /* two trains on one track */
    AUDIT_STATION_CAPACITY, /* more trains than tracks */
    AUDIT_TRACK_FIT,        /* a train stands where it does not fit, or on a track that is not there */
    AUDIT_TRACK_BINDING,    /* not the track that the timetable names */
    AUDIT_ARRIVAL_INTERVAL,
    AUDIT_STANDING, /* standing where nobody may: on single line, between the ends, at a station of one track */
    /* the trains */
    AUDIT_DEPARTURE,      /* before its time */
    AUDIT_STOPS,          /* planned stops not made, or shorter than the least dwell */
    AUDIT_ORDER_OF_CALLS, /* times that run backwards, seq with holes */
    AUDIT_ROUTE,          /* not from origin to destination by sections that exist, or a station twice */
    AUDIT_PLAN,           /* the plan in the results is not that of the schedule */
    AUDIT_GAUGE,          /* gauge or clearance */
    AUDIT_PHYSICS,        /* faster than the train can */
    AUDIT_ACCOUNTED,      /* trains planned and not in the results, twice or out of nowhere; a status that is not so */
    /* the books */
    AUDIT_DELAY,   /* delay_ms, unimpeded_ms of trains */
    AUDIT_WAITS,   /* wait_ms, cause and train waited for */
    AUDIT_METRICS, /* metrics against the rows they count */
    AUDIT_SECTION_USE,
    AUDIT_STATION_USE,
    AUDIT_ESTIMATES,  /* means and intervals against the metrics of the replications */
    AUDIT_DEADLOCK,   /* a run that says it deadlocked did, and names the trains; one that says it did not, did not */
    AUDIT_CONTAINERS, /* offered = delivered + riding + waiting + refused, on every day, container by container; on
                         trains that go their way and have room; at their tariffs */
    AUDIT_LEDGER,     /* accounts against trains, containers and prices, day by day, to the cent */
    AUDIT_CHECK_COUNT
};

const char *audit_check_name(enum audit_check check);    /* "block": the word of the report, whole words joined by _ */
const char *audit_check_purpose(enum audit_check check); /* "no two trains in one block, until its release" */

struct audit_violation {
    enum audit_check check;
    char *train; /* NULL: of no train */
    char *place; /* NULL: nowhere */
    bool timed;
    int64_t time_ms; /* if timed */
    char *text;      /* what is wrong, in a sentence without a full stop, with the figures */
};

/* Of one check, so that a flood of one does not hide the others, and of a run; the rest is counted. */
enum { AUDIT_VIOLATIONS_KEPT_OF_CHECK = 100, AUDIT_VIOLATIONS_KEPT = AUDIT_CHECK_COUNT * 100 };

struct audit_report {
    int64_t run_id;
    struct audit_tally {
        int64_t tested, violations;
        char *skipped_because; /* NULL: it was not skipped */
    } tallies[AUDIT_CHECK_COUNT];
    struct audit_violation *kept;
    int32_t kept_count;
    int64_t violation_count;
    bool out_of_memory; /* some violation could not be kept: the audit has failed */
};

/* A zeroed report with its run_id is ready. */
void audit_report_free(struct audit_report *report);

void audit_tested(struct audit_report *report, enum audit_check check, int64_t cases);
/* Says why a check is left out; the first reason given counts. A check that was tested too is reported as tested. */
void audit_skip(struct audit_report *report, enum audit_check check, const char *because);
#define AUDIT_NO_TIME INT64_MIN
/* train, place may be NULL, time_ms AUDIT_NO_TIME. Counts a violation; the case itself is counted by audit_tested. */
void audit_violation(struct audit_report *report, enum audit_check check, const char *train, const char *place,
                     int64_t time_ms, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Nothing violated and something checked. */
bool audit_report_good(const struct audit_report *report);

#endif
