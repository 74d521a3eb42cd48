/* Whatever Bering asks for — memory, SQLite, the system — fails once at every place from which it is asked, told by the
 * two calls that lead there, or with BERING_TEST_LONG=1 three. Bering says so and ends with status 1, or it could do
 * without: then it prints and draws the very same, and keeps as much. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"

enum what { READS, WRITES, CHANGES };

/* A line that carries so few trains that to simulate it takes no time. */
#define SLOW                                                                                                           \
    " --days 2 --warmup 0 --precision 50 --set sections[middle-east].speed_kmh=5 --set "                               \
    "sections[west-middle].speed_kmh=5"                                                                                \
    " --set delay_limit_min=100 --jobs 1"
#define FEW " --set sections[W-E].headway_s=14400 --jobs 1"

/* kept.db is read, place.db made anew or, by what changes it, from kept.db; picture.svg drawn. */
static const struct {
    enum what what;
    bool in_long; /* in a long test alone: it takes its time, or tests in process do the same */
    const char *arguments;
    int64_t removed; /* how many finished runs it takes away */
} commands[] = {
    {READS, false, "check line"},
    {READS, false, "check pays --format json"},
    {READS, false, "runs --db kept.db"},
    {READS, false, "runs --format json --db kept.db"},
    {CHANGES, true, "runs --delete 1 --db place.db", 1},
    {WRITES, false, "run line --replications 2 --jobs 1 --db place.db"},
    {WRITES, true, "run pays --detail full --days 2 --replications 2 --jobs 2 --db place.db"},
    {WRITES, true, "sweep line --vary seed=1,2 --replications 2 --jobs 1 --db place.db"},
    {CHANGES, true, "sweep line --vary seed=1,2 --replications 1 --jobs 1 --resume --experiment 2 --db place.db"},
    {READS, true, "audit --run 8 --db kept.db"},
    {READS, false, "rerun 1 --db kept.db"},
    {READS, true, "plot revenue --run 7 --db kept.db -o picture.svg"},
    {READS, true, "audit --run 1 --db kept.db"},
    {READS, true, "audit --run 7 --db kept.db"},
    {READS, true, "rerun 7 --db kept.db"},
    {WRITES, false, "capacity line --theory --options --db place.db"},
    {WRITES, true, "capacity line" SLOW " --db place.db"},
    {CHANGES, true, "appraise pays --samples 64" FEW " --db place.db"},
    {WRITES, true, "appraise pays --samples 32" FEW " --db place.db"},
    {READS, true, "plot traingraph --run 1 --db kept.db -o picture.svg"},
    {READS, true, "plot stairway --run 8 --db kept.db -o picture.svg"},
    {READS, true, "plot occupation --run 1 --db kept.db -o picture.svg"},
    {READS, true, "plot occupation --db kept.db -o picture.svg"},
    {READS, true, "plot capacity --db kept.db -o picture.svg"},
    {READS, true, "plot delay --db kept.db -o picture.svg"},
    {READS, true, "plot waiting --run 7 --db kept.db -o picture.svg"},
    {READS, true, "plot transit --run 7 --db kept.db -o picture.svg"},
    {READS, true, "plot earnings --experiment 3 --db kept.db -o picture.svg"},
    {READS, true, "plot cash --db kept.db -o picture.svg"},
    {READS, true, "plot tornado --db kept.db -o picture.svg"},
};
enum { COMMANDS = sizeof commands / sizeof *commands, MOST_PLACES = 1 << 15 };

/* A gnuplot whose picture is all that it was given. */
static const char drawer[] = "#!/bin/sh\nPATH=/usr/bin:/bin\n"
                             "{ echo '<?xml'; for f in *; do [ $f = picture ] || cat $f; done; echo '</svg>'; } > picture\n";

static char path_variable[600];

static void make_every_kind(void) {
    char folder[500];
    ck_assert_ptr_nonnull(getcwd(folder, sizeof folder));
    snprintf(path_variable, sizeof path_variable, "PATH=%s/programs", folder);
    mkdir("programs", 0755);
    write_file("programs/gnuplot", drawer, 0755);
    must("run line --replications 2 --jobs 1 --db kept.db");
    must("sweep line --vary seed=1,2 --replications 1 --jobs 1 --db kept.db");
    must("sweep pays --vary schedule.trains_per_day=*0.5,*1 --days 3 --replications 1 --jobs 1 --db kept.db");
    must("runs --delete 4 --db kept.db"); /* of the first sweep, so that it can be gone on with */
    must("run pays --detail containers --days 3 --replications 1 --jobs 1 --db kept.db");
    must("run line --detail blocks --days 1 --replications 1 --jobs 1 --db kept.db");
    must("capacity line" SLOW " --db kept.db");
    must("appraise pays --samples 32" FEW " --db kept.db");
}

/* The whole of a file, with a NUL behind it; the caller frees it. Empty where there is none. */
static char *text_of(const char *name) {
    FILE *file = fopen(name, "rb");
    struct stat status = {0};
    if (file != NULL) ck_assert_int_eq(fstat(fileno(file), &status), 0);
    char *text = calloc(1, (size_t)status.st_size + 1);
    ck_assert_ptr_nonnull(text);
    if (file != NULL) ck_assert_int_eq(fread(text, 1, (size_t)status.st_size, file), status.st_size);
    if (file != NULL) fclose(file);
    return text;
}

static struct ending run_with(const char *library, int command, const char *variable) {
    const struct conditions conditions = {.preloaded = library,
                                          .variables = {variable, "FAULT_COUNT=count", path_variable,
                                                        moments(0, 1) ? "FAULT_FRAMES=3" : "FAULT_FRAMES=2"}};
    forget("place.db");
    unlink("picture.svg");
    if (commands[command].what == CHANGES) copy_file("kept.db", "place.db");
    return bering_run(&conditions, commands[command].arguments);
}

/* ------------------------------------------------------------------------------------------------------- the places */

struct places {
    uint64_t numbers[MOST_PLACES];
    int count;
};

static bool add_place(struct places *places, uint64_t number) {
    for (int index = 0; index < places->count; index++)
        if (places->numbers[index] == number) return false;
    ck_assert_int_lt(places->count, MOST_PLACES);
    places->numbers[places->count++] = number;
    return true;
}

/* What the command prints, draws and keeps, and whether it frees what it takes, when all goes well. */
struct well {
    char *printed, *drawn;
    int64_t blocks;
    struct standing kept;
};

/* kept.db, with which those begin that change it. */
static struct standing begun;

/* One place after the other is told, not the first alone. */
static int failures;

static void hold(bool well, int command, const char *variable, const char *what, const char *said) {
    if (well) return;
    failures++;
    printf("FAILED: %s, %s: %s: %s\n", commands[command].arguments, variable, what, said);
}

static void check_same(const struct well *well, int command, const char *variable) {
    if (commands[command].what != READS) return; /* it says how long it took */
    char *printed = text_of("printed"), *drawn = text_of("picture.svg");
    hold(strcmp(printed, well->printed) == 0, command, variable, "told nothing, and printed something else", "");
    hold(strcmp(drawn, well->drawn) == 0, command, variable, "told nothing, and drew something else", "");
    free(printed);
    free(drawn);
}

static void check_kept(const struct well *well, int command, const char *variable, const struct ending *ending) {
    if (commands[command].what == READS) return;
    const struct standing left = check_database("place.db", NULL);
    ck_assert_int_eq(left.complete + left.running + left.interrupted + left.failed, left.runs);
    hold(ending->status != 0 || same_finished(&left, &well->kept), command, variable, "told nothing, and kept less",
         ending->said);
    if (commands[command].what != CHANGES) return;
    hold(left.complete >= begun.complete - commands[command].removed && left.answers >= begun.answers &&
             left.appraisals >= begun.appraisals,
         command, variable, "what was there is lost", ending->said);
}

/* Whether it was told. */
static bool fail_at(const char *library, int command, uint64_t place, const struct well *well) {
    char variable[60];
    int64_t asked = 0, left = 0;
    snprintf(variable, sizeof variable, "FAULT_SITE=%llx", (unsigned long long)place);
    const bool memory = strcmp(library, "FAULTY_MEMORY") == 0;
    const struct ending ending = run_with(library, command, variable);
    hold(ending.status == 0 || ending.status == 1, command, variable, "another exit status", ending.said);
    if (ending.status == 0) check_same(well, command, variable);
    if (ending.status == 1)
        hold(strstr(ending.said, memory ? "memory" : "\n") != NULL, command, variable, "said", ending.said);
    check_kept(well, command, variable, &ending);
    if (memory) read_count("count", &asked, &left);
    hold(left <= well->blocks + 2, command, variable, "not all blocks are freed", ending.said);
    return ending.status != 0;
}

/* The places that no earlier command has. */
static void fail_at_each(const char *library, int command, struct places *seen) {
    const struct ending ending = run_with(library, command, "FAULT_SITES=sites");
    ck_assert_msg(ending.status == 0, "%s: %d: %s", commands[command].arguments, ending.status, ending.said);
    struct well well = {.printed = text_of("printed"), .drawn = text_of("picture.svg")};
    if (commands[command].what != READS) well.kept = check_database("place.db", NULL);
    int64_t asked = 0;
    if (strcmp(library, "FAULTY_MEMORY") == 0) read_count("count", &asked, &well.blocks);
    FILE *file = fopen("sites", "r");
    ck_assert_ptr_nonnull(file);
    int count = 0, told = 0;
    for (unsigned long long place; fscanf(file, "%llx", &place) == 1;)
        if (add_place(seen, place)) count++, told += fail_at(library, command, place, &well);
    fclose(file);
    printf("%s, %s: %d new places, told at %d\n", library, commands[command].arguments, count, told);
    free(well.printed);
    free(well.drawn);
}

/* The sanitizers bring an allocator of their own. */
static bool sanitized(void) {
    const char *sanitizer = getenv("FAULTS_SANITIZED");
    return sanitizer != NULL && strcmp(sanitizer, "none") != 0;
}

static void fail_everywhere(const char *library) {
    static struct places seen;
    seen.count = failures = 0;
    if (sanitized()) return;
    make_every_kind();
    begun = check_database("kept.db", NULL);
    for (int command = 0; command < COMMANDS; command++)
        if (!commands[command].in_long || moments(0, 1)) fail_at_each(library, command, &seen);
    printf("%s: %d places, %d not as they should be\n", library, seen.count, failures);
    ck_assert_int_eq(failures, 0);
}

START_TEST(memory_at_every_place) {
    fail_everywhere("FAULTY_MEMORY");
}
END_TEST

START_TEST(calls_at_every_place) {
    fail_everywhere("FAULTY_CALLS");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {memory_at_every_place, calls_at_every_place};
    return run_fault_suite("every_place", tests, sizeof tests / sizeof *tests);
}
