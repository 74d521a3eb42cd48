/* How full each section is: one row for each, side by side for the variants of a study, or by direction for a run. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/chart.h"
#include "chart/line_map.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/study_names.h"
#include "chart/study_tables.h"
#include "chart/text_width.h"
#include "study/formulas.h"

enum {
    CANVAS_WIDTH = 1500,
    PLOT_TOP = 122,
    BELOW = 66,
    EDGE = 16,
    NAME_GAP = 10,
    LEAST_NAMES = 90,
    MOST_NAMES = 400,
    PANEL_GAP = 52, /* the numbers below two panels stand apart */
    FIGURES = 330,  /* room for what one panel alone says behind its bars */
    MOST_PANELS = 6,
    MOST_HEIGHT = 4000,
    TEXT_SIZE = 512,
    NAME_SIZE = 256,
};
static const double row_px = 13, heading_px = 13, most_row_height = 30, least_row_height = 17;

/* A section, or one road of it. */
struct row {
    char *section, *name;
    int32_t line_track; /* 1, or 2: the road of a two-track section; 0: of a run, both */
};

/* How full it is in one panel. */
struct cell {
    bool there;
    double share[2]; /* compressed in [0]; or of a run, downwards and upwards */
    bool beside;     /* the two are bars of their own instead of one behind the other */
    double total;    /* both, NAN where they are beside each other */
    int32_t trains;  /* of a study */
    double occupied_min, trains_per_day;
};

struct panel {
    const char *heading;
    struct cell *cells; /* [row] */
    double left, right; /* pixels */
};

struct occupation_picture {
    struct gnuplot *job;
    struct study study;
    struct graph_run run;
    struct line_map map;
    bool of_run;
    struct row *rows;
    int32_t row_count, row_room;
    struct panel panels[MOST_PANELS];
    int32_t panel_count;
    double most; /* the greatest share, at least 1 */
    double row_height;
    struct sheet_frame frame;
    char subtitle[TEXT_SIZE];
};

static void picture_free(struct occupation_picture *picture) {
    for (int32_t index = 0; index < picture->row_count; index++) {
        free(picture->rows[index].section);
        free(picture->rows[index].name);
    }
    for (int32_t index = 0; index < picture->panel_count; index++) free(picture->panels[index].cells);
    free(picture->rows);
    study_free(&picture->study);
    graph_run_free(&picture->run);
    line_map_free(&picture->map);
}

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

/* ---- rows ---- */

static int32_t find_row(const struct occupation_picture *picture, const char *section, int32_t line_track) {
    for (int32_t index = 0; index < picture->row_count; index++)
        if (picture->rows[index].line_track == line_track && strcmp(picture->rows[index].section, section) == 0)
            return index;
    return -1;
}

/* Puts a row at a place, those from there on behind it. */
static bool insert_row(struct occupation_picture *picture, int32_t place, const char *section, const char *name,
                       int32_t line_track) {
    struct row *rows = array_room(picture->rows, picture->row_count, &picture->row_room, sizeof *rows);
    if (rows == NULL) return false;
    picture->rows = rows;
    memmove(rows + place + 1, rows + place, (size_t)(picture->row_count - place) * sizeof *rows);
    rows[place] = (struct row){strdup(section), strdup(name), line_track};
    picture->row_count++;
    return rows[place].section != NULL && rows[place].name != NULL;
}

static bool add_panel(struct occupation_picture *picture, const char *heading, struct failure *failure) {
    struct panel *panel = &picture->panels[picture->panel_count];
    *panel = (struct panel){.heading = heading, .cells = calloc((size_t)picture->row_count + 1, sizeof *panel->cells)};
    if (panel->cells == NULL) return no_memory(failure);
    picture->panel_count++;
    return true;
}

/* ---- of a study ---- */

/* Whether a variant has the section with a road each way; `there`: whether it has it at all. */
static bool is_two_track(const struct study_variant *variant, const char *section, bool *there) {
    bool two_track = false;
    *there = false;
    for (int32_t index = 0; index < variant->section_count; index++) {
        if (strcmp(variant->sections[index].section, section) != 0) continue;
        *there = true;
        two_track = two_track || variant->sections[index].line_track == 2;
    }
    return two_track;
}

/* By the stations at its ends. The first road is told apart where nobody has the section with one track alone. */
static void name_section(const struct study *study, const struct study_names *names,
                         const struct study_section *section, char *name, size_t size) {
    bool always = true;
    for (int32_t index = 0; index < study->variant_count; index++) {
        bool there;
        const bool two_track = is_two_track(&study->variants[index], section->section, &there);
        always = always && (two_track || !there);
    }
    study_names_section(names, section->section, name, size);
    const size_t used = strlen(name);
    if (section->line_track == 2 || always)
        snprintf(name + used, size - used, ", %s", section->line_track == 2 ? "backward road" : "forward road");
}

/* All sections of all variants, each where its own variant has it: behind the one before it. */
static bool merge_rows(struct occupation_picture *picture, const struct study_names *names,
                       const struct study_variant *variant) {
    int32_t place = 0;
    for (int32_t index = 0; index < variant->section_count; index++) {
        const struct study_section *section = &variant->sections[index];
        const int32_t known = find_row(picture, section->section, section->line_track);
        char name[NAME_SIZE];
        name_section(&picture->study, names, section, name, sizeof name);
        if (known < 0 && !insert_row(picture, place, section->section, name, section->line_track)) return false;
        place = known < 0 ? place + 1 : known + 1;
    }
    return true;
}

static void fill_compressed(struct occupation_picture *picture, struct panel *panel,
                            const struct study_variant *variant) {
    for (int32_t index = 0; index < variant->section_count; index++) {
        const struct study_section *section = &variant->sections[index];
        struct cell *cell = &panel->cells[find_row(picture, section->section, section->line_track)];
        /* of several blocks of a road the fullest counts */
        if (isnan(section->occupancy) || (cell->there && cell->total >= section->occupancy)) continue;
        *cell = (struct cell){.there = true,
                              .share = {section->occupancy, 0},
                              .total = section->occupancy,
                              .trains = section->trains,
                              .occupied_min = section->occupied_min,
                              .trains_per_day = section->trains_per_day};
    }
}

static bool read_study(struct occupation_picture *picture, struct database *database,
                       const struct chart_request *request, struct failure *failure) {
    struct study *study = &picture->study;
    if (!study_read(database, request->experiment_id, request->variant, STUDY_SECTIONS, study, failure)) return false;
    const int32_t shown = study->variant_count < MOST_PANELS ? study->variant_count : MOST_PANELS;
    struct study_names names;
    if (!study_names_read(database, study->input_sha256, &names, failure)) return false;
    bool merged = true;
    for (int32_t index = 0; merged && index < shown; index++)
        merged = merge_rows(picture, &names, &study->variants[index]);
    study_names_free(&names);
    if (!merged) return no_memory(failure);
    for (int32_t index = 0; index < shown; index++) {
        if (!add_panel(picture, study->variants[index].name, failure)) return false;
        fill_compressed(picture, &picture->panels[index], &study->variants[index]);
    }
    study_title(study, picture->subtitle, sizeof picture->subtitle);
    const size_t used = strlen(picture->subtitle);
    if (shown < study->variant_count)
        snprintf(picture->subtitle + used, sizeof picture->subtitle - used,
                 " · the first %" PRId32 " of %" PRId32 " variants; --variant shows another", shown,
                 study->variant_count);
    return true;
}

/* ---- of a run ---- */

/* The row of stations first, by their names; sections off it behind, by their ids. */
static bool row_of_map(struct occupation_picture *picture) {
    const struct line_map *map = &picture->map;
    for (int32_t index = 0; index + 1 < map->station_count; index++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "%.120s – %.120s", map->stations[index].name, map->stations[index + 1].name);
        if (!insert_row(picture, picture->row_count, map->sections[index].id, name, 0)) return false;
    }
    return true;
}

static bool add_other_sections(struct occupation_picture *picture, struct database *database, struct failure *failure) {
    static const char sql[] = "SELECT DISTINCT section FROM section_use WHERE run_id = ?1";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->run.run_id);
    int step;
    bool well = true;
    while (well && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *section = (const char *)sqlite3_column_text(statement, 0);
        if (find_row(picture, section, 0) < 0) well = insert_row(picture, picture->row_count, section, section, 0);
    }
    sqlite3_finalize(statement);
    if (!well) return no_memory(failure);
    return step == SQLITE_DONE || database_explain(database, failure);
}

/* Whether a section runs downwards is known of those in the row; of the others forward is taken for it. */
static bool runs_down(const struct line_map *map, const char *section) {
    for (int32_t index = 0; index + 1 < map->station_count; index++)
        if (strcmp(map->sections[index].id, section) == 0) return map->sections[index].downwards;
    return true;
}

static void take_use(struct occupation_picture *picture, sqlite3_stmt *statement) {
    const char *section = (const char *)sqlite3_column_text(statement, 0);
    const bool forward = strcmp((const char *)sqlite3_column_text(statement, 1), "forward") == 0;
    struct cell *cell = &picture->panels[0].cells[find_row(picture, section, 0)];
    cell->there = true;
    cell->share[forward == runs_down(&picture->map, section) ? 0 : 1] = sqlite3_column_double(statement, 2);
    cell->total = fmax(cell->total, sqlite3_column_double(statement, 3));
    /* a line track of its own is busy just as long as its one direction */
    cell->beside = (forward || cell->beside) && sqlite3_column_int64(statement, 4) != 0;
}

static bool read_uses(struct occupation_picture *picture, struct database *database, struct failure *failure) {
    static const char sql[] = "SELECT section, direction, utilisation, line_utilisation, line_busy_ms = busy_ms AND"
                              " (SELECT sum(busy_ms) FROM section_use o WHERE o.run_id = u.run_id AND o.section ="
                              " u.section) > line_busy_ms FROM section_use u WHERE run_id = ?1"
                              " ORDER BY section, direction DESC";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->run.run_id);
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) take_use(picture, statement);
    sqlite3_finalize(statement);
    return step == SQLITE_DONE || database_explain(database, failure);
}

static bool read_run(struct occupation_picture *picture, struct database *database, int64_t run_id,
                     struct failure *failure) {
    picture->of_run = true;
    if (!graph_run_read_any(database, run_id, &picture->run, failure)) return false;
    /* a run without trains has no row, and a file without calls none either */
    struct failure unmapped = {0};
    const bool mapped = line_map_read(database, picture->run.run_id, &picture->map, &unmapped);
    if (!mapped && !picture->map.without_trains) {
        *failure = unmapped;
        return false;
    }
    if (mapped && !row_of_map(picture)) return no_memory(failure);
    if (!add_other_sections(picture, database, failure) || !add_panel(picture, "", failure) ||
        !read_uses(picture, database, failure))
        return false;
    if (picture->row_count == 0)
        return failure_set(failure, "run %" PRId64 " has no use of sections (its status is %s)", picture->run.run_id,
                           picture->run.status);
    const struct graph_run *run = &picture->run;
    const double days = (double)run->horizon_ms / 86400000;
    snprintf(picture->subtitle, sizeof picture->subtitle,
             "%s · run %" PRId64 "%s%s · dispatch %s · %.4g day%s measured", run->scenario, run->run_id,
             run->variant != NULL ? " · variant " : "", run->variant != NULL ? run->variant : "", run->dispatch, days,
             days == 1 ? "" : "s");
    return true;
}

/* ---- layout ---- */

static void lay_out_panels(struct occupation_picture *picture) {
    double names = LEAST_NAMES;
    for (int32_t index = 0; index < picture->row_count; index++)
        names = fmax(names, text_width_bold(picture->rows[index].name, row_px) + 1);
    const double left = EDGE + ceil(fmin(names, MOST_NAMES)) + NAME_GAP;
    const bool alone = picture->panel_count == 1;
    const double right = CANVAS_WIDTH - (alone && !picture->of_run ? FIGURES : PANEL_GAP);
    const double width = (right - left + PANEL_GAP) / picture->panel_count - PANEL_GAP;
    for (int32_t index = 0; index < picture->panel_count; index++) {
        picture->panels[index].left = left + (width + PANEL_GAP) * index;
        picture->panels[index].right = picture->panels[index].left + width;
    }
    picture->frame.left = left;
    picture->frame.right = right;
}

static void lay_out(struct occupation_picture *picture) {
    picture->most = 1;
    for (int32_t panel = 0; panel < picture->panel_count; panel++) {
        for (int32_t row = 0; row < picture->row_count; row++) {
            const struct cell *cell = &picture->panels[panel].cells[row];
            if (cell->there) picture->most = fmax(picture->most, fmax(cell->total, cell->share[0]));
        }
    }
    picture->row_height = fmin(most_row_height, fmax(least_row_height, 640.0 / picture->row_count));
    if (picture->row_height * picture->row_count > MOST_HEIGHT)
        picture->row_height = (double)MOST_HEIGHT / picture->row_count;
    const double bottom = PLOT_TOP + picture->row_height * picture->row_count;
    picture->frame = (struct sheet_frame){.width = CANVAS_WIDTH,
                                          .height = (int32_t)ceil(bottom) + BELOW,
                                          .top = PLOT_TOP,
                                          .bottom = bottom,
                                          .y_top = PLOT_TOP,
                                          .y_bottom = bottom};
    lay_out_panels(picture);
    picture->frame.x_from = picture->frame.left;
    picture->frame.x_to = picture->frame.right;
}

static double share_x(const struct occupation_picture *picture, const struct panel *panel, double share) {
    return panel->left + fmin(share, picture->most) / picture->most * (panel->right - panel->left);
}

static double row_y(const struct occupation_picture *picture, int32_t row) {
    return PLOT_TOP + picture->row_height * (row + 0.5);
}

/* ---- data files: in pixels, with the share behind ---- */

static void put_bar(const struct occupation_picture *picture, FILE *file, const struct panel *panel, double from,
                    double to, double upper, double lower) {
    const double left = share_x(picture, panel, from), right = share_x(picture, panel, to);
    fprintf(file, "%.3f %.3f %.3f %.3f %.3f %.3f %.6f\n", (left + right) / 2, (upper + lower) / 2, left, right, upper,
            lower, to - from);
}

static bool write_bars(const struct occupation_picture *picture, const char *name, int way, struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    const double half = picture->row_height * 0.36;
    for (int32_t index = 0; index < picture->panel_count; index++) {
        const struct panel *panel = &picture->panels[index];
        for (int32_t row = 0; row < picture->row_count; row++) {
            const struct cell *cell = &panel->cells[row];
            const double from = way == 1 && !cell->beside ? cell->share[0] : 0, y = row_y(picture, row);
            if (!cell->there) continue;
            put_bar(picture, file, panel, from, from + cell->share[way], way == 1 && cell->beside ? y : y - half,
                    way == 0 && cell->beside ? y : y + half);
        }
    }
    return gnuplot_close(picture->job, file, failure);
}

/* Lines down a panel at every quarter, or at the ceiling: x y 0 length. */
static bool write_lines(const struct occupation_picture *picture, const char *name, bool ceiling,
                        struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    const double height = picture->frame.bottom - picture->frame.top;
    const double recommended = occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_DAY);
    for (int32_t index = 0; index < picture->panel_count && !(ceiling && picture->of_run); index++)
        for (double share = ceiling ? recommended : 0; share <= (ceiling ? recommended : picture->most) + 1e-9;
             share += ceiling ? 1 : 0.25)
            fprintf(file, "%.3f %.3f 0 %.3f\n", share_x(picture, &picture->panels[index], share), picture->frame.top,
                    height);
    return gnuplot_close(picture->job, file, failure);
}

static bool write_data(const struct occupation_picture *picture, struct failure *failure) {
    return write_bars(picture, picture->of_run ? "down.dat" : "compressed.dat", 0, failure) &&
           (!picture->of_run || write_bars(picture, "up.dat", 1, failure)) &&
           write_lines(picture, "quarters.dat", false, failure) && write_lines(picture, "ceiling.dat", true, failure);
}

/* ---- texts ---- */

/* The fullest of a panel's rows; −1: none is there. */
static int32_t fullest_of(const struct occupation_picture *picture, const struct panel *panel) {
    int32_t fullest = -1;
    for (int32_t row = 0; row < picture->row_count; row++)
        if (panel->cells[row].there && (fullest < 0 || panel->cells[row].total > panel->cells[fullest].total))
            fullest = row;
    return fullest;
}

/* Where rows are lower than their letters, only as many have names and figures as there is room for. */
static int32_t rows_apart(const struct occupation_picture *picture) {
    return (int32_t)ceil(row_px * 1.2 / picture->row_height - 1e-9);
}

static void put_names(const struct occupation_picture *picture, const struct sheet *sheet) {
    const int32_t fullest = picture->panel_count == 1 ? fullest_of(picture, &picture->panels[0]) : -1;
    for (int32_t row = 0; row < picture->row_count; row += rows_apart(picture))
        sheet_text_within(sheet, picture->rows[row].name, picture->frame.left - NAME_GAP - EDGE,
                          picture->frame.left - NAME_GAP, row_y(picture, row), ALIGN_RIGHT,
                          &(struct sheet_font){.size = row_px, .ink = "INK", .bold = row == fullest});
}

static void format_cell(const struct cell *cell, char *text, size_t size) {
    if (cell->beside)
        snprintf(text, size, "%.0f %%, %.0f %%", 100 * cell->share[0], 100 * cell->share[1]);
    else
        snprintf(text, size, "%.0f %%", 100 * cell->total);
}

/* Where a figure begins: behind its bar, or within it where it would lie across the ceiling or in the next panel;
 * behind the ceiling where the bar is too short for that. */
static double figure_x(const struct occupation_picture *picture, const struct panel *panel, double end, double width) {
    const double ceiling =
        picture->of_run ? -INFINITY : share_x(picture, panel, occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_DAY));
    const double behind = end + 7, within = end - 7 - width, last = panel->right + PANEL_GAP / 2;
    const bool fits_behind = behind + width <= last && (ceiling <= behind - 2 || ceiling >= behind + width + 2);
    const bool fits_within = within > panel->left + 3 && (ceiling <= within - 2 || ceiling >= within + width + 2);
    if (fits_behind) return behind;
    return fits_within ? within : fmax(behind, ceiling + 5);
}

static void put_figures(const struct occupation_picture *picture, const struct sheet *sheet,
                        const struct panel *panel) {
    const int32_t fullest = fullest_of(picture, panel);
    for (int32_t row = 0; row < picture->row_count; row += rows_apart(picture)) {
        const struct cell *cell = &panel->cells[row];
        if (!cell->there) continue;
        char text[64];
        format_cell(cell, text, sizeof text);
        const double share = cell->beside ? fmax(cell->share[0], cell->share[1]) : cell->total;
        const double end = share_x(picture, panel, share);
        sheet_text(sheet, text, figure_x(picture, panel, end, text_width_bold(text, row_px)), row_y(picture, row),
                   ALIGN_LEFT, &(struct sheet_font){.size = row_px, .ink = "INK", .bold = row == fullest});
    }
}

/* What there is room for beside one panel alone. */
static void put_columns(const struct occupation_picture *picture, const struct sheet *sheet) {
    static const char *const headings[] = {"trains", "hours held", "trains a day at the ceiling"};
    static const double at[] = {60, 145, 314};
    const struct sheet_font font = {.size = row_px, .ink = "GREY"};
    const struct panel *panel = &picture->panels[0];
    for (int column = 0; column < 3; column++)
        sheet_text(sheet, headings[column], panel->right + at[column], PLOT_TOP - 14, ALIGN_RIGHT,
                   &(struct sheet_font){.size = 11, .ink = "GREY"});
    for (int32_t row = 0; row < picture->row_count; row += rows_apart(picture)) {
        const struct cell *cell = &panel->cells[row];
        char texts[3][32] = {"", "", ""};
        if (!cell->there) continue;
        snprintf(texts[0], sizeof texts[0], "%" PRId32, cell->trains);
        if (!isnan(cell->occupied_min)) snprintf(texts[1], sizeof texts[1], "%.1f", cell->occupied_min / 60);
        if (!isnan(cell->trains_per_day)) snprintf(texts[2], sizeof texts[2], "%.1f", cell->trains_per_day);
        for (int column = 0; column < 3; column++)
            sheet_text(sheet, texts[column], panel->right + at[column], row_y(picture, row), ALIGN_RIGHT, &font);
    }
}

static void put_panel(const struct occupation_picture *picture, const struct sheet *sheet, const struct panel *panel) {
    sheet_text_within(sheet, panel->heading, panel->right - panel->left + PANEL_GAP / 2, panel->left, PLOT_TOP - 16,
                      ALIGN_LEFT, &(struct sheet_font){.size = heading_px, .ink = "INK", .bold = true});
    const double quarter = (panel->right - panel->left) / picture->most / 4;
    const int step = quarter > 50 ? 1 : quarter > 25 ? 2 : quarter > 12 ? 4 : 20;
    for (int mark = 0; 0.25 * mark <= picture->most; mark += step) {
        char text[16];
        snprintf(text, sizeof text, "%d %%", 25 * mark);
        sheet_text(sheet, text, share_x(picture, panel, 0.25 * mark), picture->frame.bottom + 16, ALIGN_CENTRE,
                   &(struct sheet_font){.size = row_px, .ink = "INK"});
    }
    char ceiling[32];
    snprintf(ceiling, sizeof ceiling, "ceiling %.0f %%", 100 * occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_DAY));
    if (!picture->of_run)
        sheet_text(sheet, ceiling, share_x(picture, panel, occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_DAY)),
                   picture->frame.bottom + 36, ALIGN_CENTRE, &(struct sheet_font){.size = row_px, .ink = "SOFT"});
    put_figures(picture, sheet, panel);
}

static void put_head(const struct occupation_picture *picture, const struct sheet *sheet) {
    const struct line_map *map = &picture->map;
    char down[NAME_SIZE] = "forward", up[NAME_SIZE] = "backward", name[128];
    if (map->station_count > 0) {
        text_fit(map->stations[map->station_count - 1].name, row_px, 200, name, sizeof name);
        snprintf(down, sizeof down, "by trains to %s", name);
        text_fit(map->stations[0].name, row_px, 200, name, sizeof name);
        snprintf(up, sizeof up, "to %s", name);
    }
    const struct sheet_legend of_run[] = {{"DOWN", down}, {"UP", up}};
    const struct sheet_legend of_study[] = {{"COMPRESSED", "compressed timetable, share of the open time"},
                                            {"CEILING", "recommended ceiling (UIC 406)"}};
    sheet_head(sheet, picture->of_run ? "Sections occupied" : "Occupation of the sections", picture->subtitle,
               picture->of_run ? of_run : of_study, 2);
}

static bool write_script(const struct occupation_picture *picture, enum picture_format format,
                         struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    put_head(picture, &sheet);
    put_names(picture, &sheet);
    for (int32_t index = 0; index < picture->panel_count; index++) put_panel(picture, &sheet, &picture->panels[index]);
    if (picture->panel_count == 1 && !picture->of_run) put_columns(picture, &sheet);
    sheet_number(&sheet, "OF_RUN", picture->of_run);
    return sheet_end(&sheet, occupation_script, failure);
}

bool occupation_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                            struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct occupation_picture picture = {.job = job};
    const bool asked = request->run_id != 0 || request->experiment_id != 0 || request->variant != NULL;
    bool of_study = request->run_id == 0;
    bool well = asked || study_exists(database, STUDY_SECTIONS, &of_study, failure);
    if (well)
        well = of_study ? read_study(&picture, database, request, failure)
                        : read_run(&picture, database, request->run_id, failure);
    if (well) {
        lay_out(&picture);
        well = write_data(&picture, failure) && write_script(&picture, format, failure);
    }
    *result = (struct chart_result){.run_id = picture.run.run_id,
                                    .experiment_id = picture.study.experiment_id,
                                    .item = "sections",
                                    .items = picture.row_count};
    picture_free(&picture);
    return well;
}
