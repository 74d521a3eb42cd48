#include "written_chart.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart/text_width.h"
#include "chart_tests.h"
#include "results/scratch.h"

void written_make(struct written_chart *written, const char *kind, struct database *database,
                  const struct chart_request *request) {
    struct failure failure = {""};
    char path[4096];
    written->job = gnuplot_begin(&failure);
    ck_assert_msg(written->job != NULL, "%s", failure.text);
    ck_assert_msg(chart_kind_of(kind)->write(database, request, PICTURE_SVG, written->job, &written->result, &failure),
                  "%s", failure.text);
    ck_assert_str_eq(failure.text, ""); /* untouched by what succeeds */
    snprintf(path, sizeof path, "%s/%s", gnuplot_folder(written->job), GNUPLOT_SCRIPT);
    written->script = file_content(path);
}

void written_free(struct written_chart *written) {
    free(written->script);
    gnuplot_end(written->job);
}

double written_number(const struct written_chart *written, const char *name) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\n%s = ", name);
    const char *found = strstr(written->script, wanted);
    ck_assert_msg(found != NULL, "no %s in the script", name);
    return strtod(found + strlen(wanted), NULL);
}

int written_rows(const struct written_chart *written, const char *file, int columns, double rows[][WRITTEN_COLUMNS]) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", gnuplot_folder(written->job), file);
    char *text = file_content(path);
    int count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (line[0] == '#' || strncmp(line, "-1e6", 4) == 0) continue;
        ck_assert_int_lt(count, WRITTEN_ROWS);
        char *rest = line;
        for (int column = 0; column < columns; column++) {
            char *from = rest;
            rows[count][column] = strtod(from, &rest);
            ck_assert_msg(rest != from, "%s: '%s' has too few numbers", file, line);
        }
        count++;
    }
    free(text);
    return count;
}

/* ---- texts ---- */

/* Takes a gnuplot string apart; gives what stands behind it. */
static const char *take_string(const char *from, char *text, size_t size) {
    size_t used = 0;
    ck_assert_int_eq(*from, '\'');
    for (from++; from[0] != '\'' || from[1] == '\''; from++) {
        if (from[0] == '\'') from++;
        ck_assert_uint_lt(used + 1, size);
        text[used++] = *from;
    }
    text[used] = '\0';
    return from + 1;
}

static void take_text(const char *line, struct written_text *text) {
    double x, y, size, angle;
    char align[16], face[8];
    const char *rest = take_string(line, text->text, sizeof text->text);
    const int found = sscanf(rest, " at screen SX(%lf), SY(%lf) %15s font %5[A-Z](%lf) rotate by %lf", &x, &y, align,
                             face, &size, &angle);
    ck_assert_msg(found == 6, "%s", rest);
    const double width = strcmp(face, "BOLD") == 0 ? text_width_bold(text->text, size) : text_width(text->text, size);
    const double turn = -angle * acos(0) / 90;
    const double shift = strcmp(align, "left") == 0 ? width / 2 : strcmp(align, "right") == 0 ? -width / 2 : 0;
    text->box = (struct box){x + shift * cos(turn), y + shift * sin(turn), width / 2, size * 0.45, turn};
}

int written_texts(const struct written_chart *written, struct written_text *texts) {
    static const char label[] = "\nset label ";
    int count = 0;
    for (const char *here = written->script; (here = strstr(here, label)) != NULL;) {
        here += strlen(label);
        if (strncmp(here, "''", 2) == 0) continue; /* a mark of the legend */
        ck_assert_int_lt(count, WRITTEN_TEXTS);
        take_text(here, &texts[count++]);
    }
    return count;
}

static struct written_text texts[WRITTEN_TEXTS];

int written_says(const struct written_chart *written, const char *text) {
    const int count = written_texts(written, texts);
    int same = 0;
    for (int index = 0; index < count; index++) same += strcmp(texts[index].text, text) == 0;
    return same;
}

int written_mentions(const struct written_chart *written, const char *part) {
    const int count = written_texts(written, texts);
    int found = 0;
    for (int index = 0; index < count; index++) found += strstr(texts[index].text, part) != NULL;
    return found;
}

void assert_texts_lie_well(const struct written_chart *written, int least) {
    const double width = written_number(written, "W"), height = written_number(written, "H");
    const int count = written_texts(written, texts);
    ck_assert_int_ge(count, least);
    for (int one = 0; one < count; one++) {
        const struct box *box = &texts[one].box;
        const double across = fabs(box->half_width * cos(box->angle)) + fabs(box->half_height * sin(box->angle));
        const double down = fabs(box->half_width * sin(box->angle)) + fabs(box->half_height * cos(box->angle));
        ck_assert_msg(box->x - across >= 0 && box->x + across <= width && box->y - down >= 0 && box->y + down <= height,
                      "'%s' lies beyond the picture", texts[one].text);
        for (int other = 0; other < one; other++)
            ck_assert_msg(!boxes_overlap(box, &texts[other].box), "'%s' lies on '%s'", texts[one].text,
                          texts[other].text);
    }
}

/* ---- drawing ---- */

void assert_draws_silently(const char *kind, struct database *database, const struct chart_request *request) {
    static const char *const names[] = {"a.svg", "a.png", "a.pdf"};
    if (!gnuplot_is_there()) return;
    for (int format = PICTURE_SVG; format <= PICTURE_PDF; format++) {
        struct failure failure = {""};
        struct chart_result result;
        char path[SCRATCH_PATH];
        struct gnuplot *job = gnuplot_begin(&failure);
        ck_assert_msg(
            chart_kind_of(kind)->write(database, request, (enum picture_format)format, job, &result, &failure) &&
                gnuplot_draw(job, scratch_file(names[format], path), &failure),
            "%s", failure.text);
        ck_assert_str_eq(gnuplot_messages(job), "");
        gnuplot_end(job);
    }
}

void assert_chart_refused(const char *kind, struct database *database, const struct chart_request *request,
                          const char *words) {
    struct failure failure = {""};
    struct chart_result result;
    char path[SCRATCH_PATH];
    ck_assert(!chart_draw(chart_kind_of(kind), database, request, scratch_file("a.svg", path), &result, &failure));
    ck_assert_msg(strstr(failure.text, words) != NULL, "%s", failure.text);
}
