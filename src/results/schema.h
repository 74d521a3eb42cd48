/* The tables and views of a Bering database (docs/formats.md §4). Tables change only by adding a step; views hold no
 * data and are made anew after every step.
 *
 * Each view carries its own description and an example query as a comment, which SQLite keeps: `.schema v_trains` in
 * the sqlite3 shell shows it. */
#ifndef BERING_RESULTS_SCHEMA_H
#define BERING_RESULTS_SCHEMA_H

enum { SCHEMA_APPLICATION_ID = 0x42726e67 }; /* "Brng" */
enum { SCHEMA_VERSION = 6 };

/* schema_steps[n] is the NULL-terminated list of statements that turns version n into n + 1; version 0 is an empty
 * file. SCHEMA_VERSION entries. */
extern const char *const *const schema_steps[SCHEMA_VERSION];

/* schema_reading[n] is the NULL-terminated list of statements after which a file of version n, left as it is, can be
 * read as if it were of SCHEMA_VERSION: temporary views of the connection, which go before the tables of the same name
 * (and on which the views of schema_views are made anew, temporary as well). A new step adds what it needs to every list
 * before it. */
extern const char *const *const schema_reading[SCHEMA_VERSION];

/* Every view, as a CREATE VIEW statement; NULL-terminated. */
struct schema_view {
    const char *name;
    const char *statement;
};
extern const struct schema_view schema_views[];

#endif
