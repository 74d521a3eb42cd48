/* Bering as its users have it, on a bad day: the program itself, started in a folder of its own with a small line and
 * databases, under conditions that go wrong. Shared by the tests of this room.
 *
 * What must hold after every fault is in check_database. With BERING_TEST_LONG=1 there are many more moments. */
#ifndef BERING_TESTS_FAULTS_FAULTS_H
#define BERING_TESTS_FAULTS_FAULTS_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Before and after each test: a new folder, which becomes the current one, with the scenarios `line` and, for
 * appraise, `pays`. */
void place_make(void);
void place_remove(void);

int64_t moments(int64_t few, int64_t many); /* how many to try: few, or in a long test many */
double seconds_now(void);
void sleep_for(double seconds);
void write_file(const char *name, const char *text, mode_t mode);
void make_folder(const char *name);
void copy_file(const char *from, const char *to);
bool exists(const char *name);
bool same_bytes(const char *one, const char *other);

/* A file system of `kilobytes` at "small", for this process and those it starts alone; umount removes it. False where
 * the system does not let us. */
bool mount_small(int kilobytes);

int files_like(const char *folder, const char *beginning); /* how many names begin so */

/* Where its output goes. */
enum output_to {
    TO_A_FILE,   /* "printed" */
    TO_NOBODY,   /* a pipe whose reader has gone */
    TO_A_READER, /* a pipe whose reader goes after the first line */
    TO_A_FULL_DISK,
    TO_NOTHING /* it is started with its output closed */
};

/* What the program is started with; all zero is an ordinary day. */
struct conditions {
    enum output_to output;
    const char *preloaded;    /* the environment variable that names the library, NULL: none */
    const char *variables[8]; /* NAME=VALUE, over those of the test; ends with NULL */
    rlim_t memory;            /* RLIMIT_AS; 0: no limit */
    rlim_t files;             /* RLIMIT_NOFILE; 0: no limit */
    bool nobody;              /* as a user without rights, where the test has them all */
};

struct ending {
    int status;      /* as a shell tells it: 128 and the signal where one ended it */
    char said[4096]; /* its standard error */
};

/* Starts `bering ARGUMENTS`, which are parted at blanks; its output goes to files of the folder. */
pid_t bering_start(const struct conditions *conditions, const char *arguments);
struct ending bering_end(pid_t process);
struct ending bering_run(const struct conditions *conditions, const char *arguments);
bool bering_gone(pid_t process, struct ending *ending); /* whether it has ended; does not wait */

void forget(const char *path);    /* removes a database with all that lies beside it */
void must(const char *arguments); /* runs it, and it must go well */

/* kept.db, with something of every kind, for all commands and charts to read. */
void make_kept(void);

/* What lies in a database. */
struct standing {
    int64_t runs, complete, running, interrupted, failed;
    int64_t experiments, answers, appraisals; /* answers: of `capacity` */
    bool made;                                /* the file has tables */
};

/* Integrity, foreign keys; every complete run has all its rows, by its hash, and no other run has any; each ledger
 * is what containers and trains come to, to the cent; complete runs are those of `reference`, another database (NULL:
 * not compared), made with the same settings. Reads a copy, so that what is found is what the fault has left. */
struct standing check_database(const char *path, const char *reference);

/* Whether one has as many finished things as the other: complete runs, experiments, answers and appraisals. */
bool same_finished(const struct standing *one, const struct standing *other);

/* Nothing but the database itself is left, and no run is `running`. */
void check_at_rest(const char *path);

int64_t ask(const char *path, const char *sql); /* of a database at rest */

/* The number in the file that FAULT_COUNT names, and a second one if there is one. */
void read_count(const char *name, int64_t *first, int64_t *second);

int run_fault_suite(const char *name, const TTest *const *tests, size_t count);

/* How often check_database found everything right, in this process. */
int64_t checks_passed(void);

#endif
