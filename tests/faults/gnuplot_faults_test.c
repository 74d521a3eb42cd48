/* plot with a gnuplot that is missing, fails, is killed, draws nothing or does not end: an exit status, a word, the old
 * picture as it was, and nothing left behind. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"

static const char plot[] = "plot traingraph --db kept.db -o picture.svg";

/* A gnuplot of ours is the only one there is. */
static void put_gnuplot(const char *script) {
    mkdir("programs", 0755);
    mkdir("temporary", 0755);
    if (script == NULL)
        unlink("programs/gnuplot");
    else
        write_file("programs/gnuplot", script, 0755);
}

static void set_variables(struct conditions *conditions) {
    static char path[600], temporary[600], folder[512];
    ck_assert_ptr_nonnull(getcwd(folder, sizeof folder));
    snprintf(path, sizeof path, "PATH=%s/programs", folder);
    snprintf(temporary, sizeof temporary, "TMPDIR=%s/temporary", folder);
    *conditions = (struct conditions){.variables = {path, temporary}};
}

static void check_nothing_left(const char *what) {
    ck_assert_msg(files_like("temporary", "") == 2, "%s: files are left in TMPDIR", what);
    ck_assert_msg(files_like(".", ".bering-") == 0, "%s: half a picture is left", what);
    FILE *file = fopen("picture.svg", "r");
    char text[20] = "";
    ck_assert(file != NULL && fgets(text, sizeof text, file) != NULL);
    fclose(file);
    ck_assert_msg(strcmp(text, "the old one") == 0, "%s: the old picture is gone", what);
}

START_TEST(a_gnuplot_that_fails) {
    static const struct {
        const char *script, *words;
    } cases[] = {
        {NULL, "gnuplot is not there, and charts are drawn with it: install it"},
        {"#!/bin/sh\necho 'no such terminal' >&2\nexit 3\n", "gnuplot failed with exit status 3: no such terminal"},
        {"#!/bin/sh\nkill -9 $$\n", "gnuplot was ended by signal 9"},
        {"#!/bin/sh\nexit 0\n", "gnuplot drew nothing"},
        {"#!/bin/sh\n: > picture\nexit 0\n", "gnuplot drew nothing"},
        {"#!/bin/sh\necho '<?xml half' > picture\nkill -11 $$\n", "gnuplot was ended by signal 11"},
        {"#!/bin/sh\necho '<?xml half' > picture\n", "gnuplot drew half a picture"},
        {"#!/bin/sh\necho '<?xml><svg> half' > picture\n", "gnuplot drew half a picture"},
        {"#!/no/such/shell\n", "gnuplot failed with exit status 127"},
    };
    must("run line --db kept.db");
    write_file("picture.svg", "the old one", 0644);
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        struct conditions conditions;
        set_variables(&conditions);
        put_gnuplot(cases[index].script);
        const struct ending ending = bering_run(&conditions, plot);
        ck_assert_msg(ending.status == 1, "%d: %s", ending.status, ending.said);
        ck_assert_msg(strstr(ending.said, cases[index].words) != NULL, "%s instead of %s", ending.said,
                      cases[index].words);
        check_nothing_left(cases[index].words);
    }
    check_at_rest("kept.db");
}
END_TEST

START_TEST(plot_is_interrupted) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    must("run line --db kept.db");
    write_file("picture.svg", "the old one", 0644);
    for (int index = 0; index < 3; index++) {
        struct conditions conditions;
        set_variables(&conditions);
        unlink("began");
        put_gnuplot("#!/bin/sh\necho $$ > ../../began\nexec /bin/sleep 30\n");
        const pid_t process = bering_start(&conditions, plot);
        for (double until = seconds_now() + 20; !exists("began") && seconds_now() < until;) sleep_for(0.01);
        sleep_for(0.05);
        const double asked = seconds_now();
        kill(process, signals[index]);
        const struct ending ending = bering_end(process);
        ck_assert_msg(ending.status == 130, "%d: %s", ending.status, ending.said);
        ck_assert_msg(strstr(ending.said, "interrupted, nothing was drawn") != NULL, "%s", ending.said);
        ck_assert(seconds_now() - asked < 10);
        int64_t gnuplot = 0;
        read_count("began", &gnuplot, NULL);
        ck_assert_msg(kill((pid_t)gnuplot, 0) != 0, "gnuplot is still there");
        check_nothing_left("interrupted");
    }
}
END_TEST

/* At any moment there is the whole picture or none. */
START_TEST(plot_is_killed_at_any_moment) {
    struct conditions conditions;
    set_variables(&conditions);
    conditions.variables[0] = conditions.variables[1]; /* TMPDIR alone: what is left there goes with the place */
    conditions.variables[1] = NULL;
    make_folder("temporary");
    must("run line --db kept.db");
    const double started = seconds_now();
    must("plot traingraph --db kept.db -o whole.svg");
    const double takes_s = seconds_now() - started;
    struct stat whole, found;
    ck_assert_int_eq(stat("whole.svg", &whole), 0);
    const int64_t count = moments(4, 100);
    int64_t none = 0;
    for (int64_t moment = 0; moment < count; moment++) {
        unlink("picture.svg");
        const pid_t process = bering_start(&conditions, plot);
        sleep_for(takes_s * ((double)moment + 0.5) / (double)count);
        kill(process, SIGKILL);
        bering_end(process);
        const bool there = stat("picture.svg", &found) == 0;
        ck_assert(!there || found.st_size == whole.st_size);
        none += !there;
    }
    ck_assert_int_gt(none, 0);
}
END_TEST

/* Fills the small disk but for so many kilobytes. */
static void leave_room(int kilobytes) {
    write_file("small/ballast", "", 0644);
    FILE *file = fopen("small/ballast", "w");
    for (int kilobyte = kilobytes; kilobyte < 512; kilobyte++) fprintf(file, "%1024d", 0);
    fclose(file);
}

/* Nobody is told by gnuplot that its picture did not find room: it must not take the place of the old one. */
START_TEST(no_room_for_what_is_drawn) {
    static const char *const endings[] = {"svg", "png", "pdf"};
    must("run line --db kept.db");
    char folder[400], variable[500];
    ck_assert_ptr_nonnull(getcwd(folder, sizeof folder));
    snprintf(variable, sizeof variable, "TMPDIR=%s/small", folder);
    const struct conditions full = {.variables = {variable}};
    if (!mount_small(512)) {
        printf("no_room_for_what_is_drawn: not tested, nothing can be mounted here\n");
        return;
    }
    int64_t told = 0, drawn = 0, count = 0;
    for (int kind = 0; kind < 3; kind++) {
        char command[200], picture[40], well[40];
        snprintf(well, sizeof well, "whole.%s", endings[kind]);
        snprintf(command, sizeof command, "plot traingraph --db kept.db -o %s", well);
        must(command);
        snprintf(picture, sizeof picture, "picture.%s", endings[kind]);
        snprintf(command, sizeof command, "plot traingraph --db kept.db -o %s", picture);
        struct stat whole, found;
        ck_assert_int_eq(stat(well, &whole), 0);
        for (int room = 0; room <= 160; room += (int)moments(16, 1), count++) {
            write_file(picture, "the old one", 0644);
            leave_room(room);
            const struct ending ending = bering_run(&full, command);
            ck_assert_int_eq(stat(picture, &found), 0);
            ck_assert_msg(ending.status == 1 || ending.status == 0, "%d: %s", ending.status, ending.said);
            ck_assert_msg(found.st_size == (ending.status == 0 ? whole.st_size : (off_t)strlen("the old one")),
                          "%s with %d kB left: %d bytes: %s", picture, room, (int)found.st_size, ending.said);
            if (ending.status == 1)
                ck_assert_msg(strstr(ending.said, "make room") != NULL || strstr(ending.said, "is full") != NULL, "%s",
                              ending.said);
            ck_assert_int_eq(files_like("small", "bering-") + files_like(".", ".bering-"), 0);
            told += ending.status == 1, drawn += ending.status == 0;
        }
    }
    umount("small");
    printf("no room for what is drawn: %d times, told %d times, drawn all the same %d times\n", (int)count, (int)told,
           (int)drawn);
    ck_assert_int_gt(told, 3);
    ck_assert_int_gt(drawn, 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_gnuplot_that_fails, plot_is_interrupted, plot_is_killed_at_any_moment,
                                  no_room_for_what_is_drawn};
    return run_fault_suite("gnuplot_faults", tests, sizeof tests / sizeof *tests);
}
