#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

enum { MOST_TRACKS = 1000000 };

void report_duplicates(struct reader *reader, const struct table *table, int32_t column, const struct names *names) {
    for (int32_t i = 1; i < names->count; i++) {
        const struct name *before = &names->entries[i - 1], *name = &names->entries[i];
        if (name->index < 0 || strcmp(before->text, name->text) != 0) continue;
        const struct row row = reader_row(reader, table, name->row);
        row_error(&row, column, "%s '%s' a second time, first in line %d", table->description->columns[column].name,
                  name->text, table->lines[before->row]);
    }
}

static double or_infinity(double value) {
    return isnan(value) ? INFINITY : value;
}

/* Arrays for `count` things and their rows; never NULL for none, so that NULL means out of memory. */
static bool make_arrays(int32_t count, size_t size, void **things, int32_t **rows) {
    *things = calloc((size_t)count + 1, size);
    *rows = calloc((size_t)count + 1, sizeof **rows);
    return *things && *rows;
}

/* ---- stations ---- */

static bool read_station(struct reader *reader, const struct row *row) {
    struct network *network = &reader->scenario->network;
    struct station station = {
        .kind = (enum station_kind)cell_word(row, STATIONS_KIND, STATION_TERMINAL),
        .latitude = cell_number(row, STATIONS_LATITUDE),
        .longitude = cell_number(row, STATIONS_LONGITUDE),
        .crossing_interval_ms = cell_milliseconds(row, STATIONS_CROSSING_INTERVAL, 0),
        .arrival_interval_ms = cell_milliseconds(row, STATIONS_ARRIVAL_INTERVAL, 0),
    };
    const char *id = cell_text(row, STATIONS_STATION);
    const bool active = options_hold(reader, row, STATIONS_OPTION);
    if (*id == '\0') {
        reader->stations.damaged = true;
        return true;
    }
    names_add(&reader->stations, id, active ? network->station_count : -1, row->index);
    if (!active) return true;
    const char *name = cell_text(row, STATIONS_NAME);
    station.id = text_copy(id);
    station.name = text_copy(*name ? name : id);
    reader->station_rows[network->station_count] = row->index;
    network->stations[network->station_count++] = station;
    return station.id && station.name;
}

bool read_stations(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_STATIONS];
    void *stations;
    reader->stations = (struct names){.table = "stations.csv", .damaged = table->damaged};
    if (!names_reserve(&reader->stations, table->row_count)) return false;
    const bool room = make_arrays(table->row_count, sizeof(struct station), &stations, &reader->station_rows);
    reader->scenario->network.stations = stations;
    if (!room) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        if (!read_station(reader, &row)) return false;
    }
    names_sort(&reader->stations);
    report_duplicates(reader, table, STATIONS_STATION, &reader->stations);
    return true;
}

/* ---- tracks ---- */

/* A row of tracks.csv that exists, before its tracks are numbered. */
struct track_group {
    const char *id;
    int32_t station, row, count;
    bool numbered; /* count > 1: TRACK.1 … */
    struct track track;
};

static bool read_track_group(struct reader *reader, const struct row *row, struct track_group *group) {
    const struct network *network = &reader->scenario->network;
    const bool unlimited = strcmp(cell_raw(row, TRACKS_COUNT), "*") == 0;
    *group = (struct track_group){.row = row->index};
    const enum name_state state = cell_reference(row, TRACKS_STATION, &reader->stations, &group->station);
    const char *id = cell_text(row, TRACKS_TRACK);
    const int64_t count = unlimited ? 1 : cell_whole(row, TRACKS_COUNT, 1);
    group->track = (struct track){.station = group->station,
                                  .length_m = or_infinity(cell_number(row, TRACKS_LENGTH)),
                                  .speed_ms = or_infinity(cell_number(row, TRACKS_SPEED)),
                                  .unlimited = unlimited};
    const bool active = options_hold(reader, row, TRACKS_OPTION);
    group->id = id;
    group->count = (int32_t)count;
    group->numbered = count > 1;
    if (state != NAME_FOUND || !active || *id == '\0') return false;
    if (unlimited && network->stations[group->station].kind != STATION_TERMINAL)
        row_error(row, TRACKS_COUNT, "count '*' at '%s', which is no terminal, expected a whole number from 1 to 1000",
                  network->stations[group->station].id);
    return true;
}

static bool add_tracks(struct reader *reader, const struct track_group *group) {
    struct network *network = &reader->scenario->network;
    struct station *station = &network->stations[group->station];
    if (station->track_count == 0) station->first_track = network->track_count;
    for (int32_t number = 1; number <= group->count; number++) {
        struct track track = group->track;
        track.id = group->numbered ? text_format("%s.%d", group->id, number) : text_copy(group->id);
        if (!track.id) return false;
        reader->track_rows[network->track_count] = group->row;
        network->tracks[network->track_count++] = track;
        station->track_count++;
        station->unlimited = station->unlimited || track.unlimited;
    }
    return true;
}

static int compare_groups(const void *left, const void *right) {
    const struct track_group *one = left, *other = right;
    if (one->station != other->station) return one->station < other->station ? -1 : 1;
    return (one->row > other->row) - (one->row < other->row);
}

static int compare_group_names(const void *left, const void *right) {
    const struct track_group *one = left, *other = right;
    const int ids = strcmp(one->id, other->id);
    if (one->station != other->station || ids == 0) return compare_groups(left, right);
    return ids;
}

/* Reports rows that declare what another one has declared, and leaves them out. */
static int32_t drop_double_groups(struct reader *reader, struct track_group *groups, int32_t count) {
    int32_t kept = 0;
    qsort(groups, (size_t)count, sizeof *groups, compare_group_names);
    for (int32_t i = 0; i < count; i++) {
        const struct track_group *group = &groups[i], *before = &groups[kept - (kept > 0)];
        if (kept > 0 && before->station == group->station && strcmp(before->id, group->id) == 0) {
            const struct row row = reader_row(reader, &reader->tables[TABLE_TRACKS], group->row);
            row_error(&row, TRACKS_TRACK, "track '%s' of '%s' a second time, first in line %d", group->id,
                      reader->scenario->network.stations[group->station].id, row.table->lines[before->row]);
        } else {
            groups[kept++] = *group;
        }
    }
    return kept;
}

static int compare_tracks(const void *left, const void *right) {
    const struct name *one = left, *other = right;
    const int texts = strcmp(one->text, other->text);
    return texts != 0 ? texts : (one->index > other->index) - (one->index < other->index);
}

static bool check_track_names(struct reader *reader, const struct station *station) {
    const struct network *network = &reader->scenario->network;
    struct name *names = malloc((size_t)station->track_count * sizeof *names);
    if (!names) return false;
    for (int32_t i = 0; i < station->track_count; i++) {
        const int32_t track = station->first_track + i;
        names[i] = (struct name){.text = network->tracks[track].id, .index = track, .row = reader->track_rows[track]};
    }
    qsort(names, (size_t)station->track_count, sizeof *names, compare_tracks);
    for (int32_t i = 1; i < station->track_count; i++) {
        if (strcmp(names[i - 1].text, names[i].text) != 0) continue;
        const struct row row = reader_row(reader, &reader->tables[TABLE_TRACKS], names[i].row);
        row_error(&row, TRACKS_TRACK, "track '%s' of '%s' a second time, first in line %d", names[i].text, station->id,
                  row.table->lines[names[i - 1].row]);
        while (i + 1 < station->track_count && names[i + 1].row == names[i].row) i++; /* once for a row */
    }
    free(names);
    return true;
}

static bool build_tracks(struct reader *reader, struct track_group *groups, int32_t count, int64_t total) {
    struct network *network = &reader->scenario->network;
    void *tracks;
    const bool room = make_arrays((int32_t)total, sizeof(struct track), &tracks, &reader->track_rows);
    network->tracks = tracks;
    if (!room) return false;
    count = drop_double_groups(reader, groups, count);
    qsort(groups, (size_t)count, sizeof *groups, compare_groups);
    for (int32_t i = 0; i < count; i++)
        if (!add_tracks(reader, &groups[i])) return false;
    for (int32_t i = 0; i < network->station_count; i++)
        if (network->stations[i].track_count > 1 && !check_track_names(reader, &network->stations[i])) return false;
    return true;
}

bool read_tracks(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_TRACKS];
    struct track_group *groups = malloc(((size_t)table->row_count + 1) * sizeof *groups);
    int32_t count = 0;
    int64_t total = 0;
    if (!groups) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        if (!read_track_group(reader, &row, &groups[count])) continue;
        total += groups[count].count;
        if (total > MOST_TRACKS) {
            row_error(&row, TRACKS_COUNT, "more than %d tracks in all, expected fewer", MOST_TRACKS);
            total -= groups[count].count;
            break;
        }
        count++;
    }
    const bool done = build_tracks(reader, groups, count, total);
    free(groups);
    return done;
}

/* ---- sections ---- */

static void read_separation(const struct row *row, struct section *section) {
    section->block_m = cell_number(row, SECTIONS_BLOCK);
    if (isnan(section->block_m)) section->block_m = 0;
    section->signalling = (enum signalling)cell_word(row, SECTIONS_SIGNALLING, SIGNALLING_FIXED);
    section->headway_ms = cell_milliseconds(row, SECTIONS_HEADWAY, -1);
    if (section->headway_ms >= 0 && section->signalling == SIGNALLING_MOVING) {
        row_warning(row, SECTIONS_SIGNALLING, "signalling 'moving' has no effect where headway_s is given");
        section->signalling = SIGNALLING_FIXED;
    }
    const bool blocks = section->headway_ms < 0 && section->signalling == SIGNALLING_FIXED;
    if (section->block_m > 0 && !blocks) {
        row_warning(row, SECTIONS_BLOCK, "block_km has no effect where %s",
                    section->headway_ms >= 0 ? "headway_s is given" : "signalling is 'moving'");
        section->block_m = 0;
    }
}

/* Everything but id and ends. */
static void read_section_cells(const struct row *row, struct section *section) {
    const double clearance = cell_number(row, SECTIONS_CLEARANCE);
    section->length_m = cell_number(row, SECTIONS_LENGTH);
    section->tracks = (int32_t)cell_whole(row, SECTIONS_TRACKS, 1);
    section->speed_ms = or_infinity(cell_number(row, SECTIONS_SPEED));
    section->release_ms = cell_milliseconds(row, SECTIONS_RELEASE, 0);
    section->purge_ms = cell_milliseconds(row, SECTIONS_PURGE, 0);
    section->purge_after = cell_directions(row, SECTIONS_PURGE_AFTER);
    section->purge_before = cell_directions(row, SECTIONS_PURGE_BEFORE);
    section->max_trains = (int32_t)cell_whole(row, SECTIONS_MAX_TRAINS, 0);
    section->gauge_mm = (int32_t)cell_whole(row, SECTIONS_GAUGE, 0);
    section->clearance_m = or_infinity(clearance);
    read_separation(row, section);
}

static bool read_section(struct reader *reader, const struct row *row) {
    struct network *network = &reader->scenario->network;
    struct section section = {0};
    const char *id = cell_text(row, SECTIONS_SECTION);
    const enum name_state from = cell_reference(row, SECTIONS_FROM, &reader->stations, &section.from);
    const enum name_state to = cell_reference(row, SECTIONS_TO, &reader->stations, &section.to);
    read_section_cells(row, &section);
    const bool holds = options_hold(reader, row, SECTIONS_OPTION);
    if (*id == '\0') {
        reader->sections.damaged = true;
        return true;
    }
    const bool loop = from != NAME_BAD && strcmp(cell_raw(row, SECTIONS_FROM), cell_raw(row, SECTIONS_TO)) == 0;
    if (loop)
        row_error(row, SECTIONS_TO, "section '%s' begins and ends at '%s', expected two stations", id,
                  cell_raw(row, SECTIONS_FROM));
    const bool active = holds && !loop && from == NAME_FOUND && to == NAME_FOUND;
    names_add(&reader->sections, id, active ? network->section_count : -1, row->index);
    if (!active) return true;
    section.id = text_copy(id);
    reader->section_rows[network->section_count] = row->index;
    network->sections[network->section_count++] = section;
    return section.id != NULL;
}

bool read_sections(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_SECTIONS];
    void *sections;
    reader->sections = (struct names){.table = "sections.csv", .damaged = table->damaged};
    if (!names_reserve(&reader->sections, table->row_count)) return false;
    const bool room = make_arrays(table->row_count, sizeof(struct section), &sections, &reader->section_rows);
    reader->scenario->network.sections = sections;
    if (!room) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        if (!read_section(reader, &row)) return false;
    }
    names_sort(&reader->sections);
    report_duplicates(reader, table, SECTIONS_SECTION, &reader->sections);
    return true;
}

/* ---- alignment ---- */

struct aligned {
    struct alignment alignment;
    int32_t row;
};

static int compare_aligned(const void *left, const void *right) {
    const struct aligned *one = left, *other = right;
    if (one->alignment.section != other->alignment.section)
        return one->alignment.section < other->alignment.section ? -1 : 1;
    if (one->alignment.from_m != other->alignment.from_m)
        return one->alignment.from_m < other->alignment.from_m ? -1 : 1;
    return (one->row > other->row) - (one->row < other->row);
}

static bool read_aligned(struct reader *reader, const struct row *row, struct aligned *aligned) {
    struct alignment *alignment = &aligned->alignment;
    *aligned = (struct aligned){.row = row->index};
    const enum name_state state = cell_reference(row, ALIGNMENT_SECTION, &reader->sections, &alignment->section);
    const double curve = cell_number(row, ALIGNMENT_CURVE);
    alignment->from_m = cell_number(row, ALIGNMENT_FROM);
    alignment->to_m = cell_number(row, ALIGNMENT_TO);
    alignment->gradient_permille = cell_number(row, ALIGNMENT_GRADIENT);
    alignment->curve_radius_m = isnan(curve) ? 0 : curve;
    alignment->speed_ms = or_infinity(cell_number(row, ALIGNMENT_SPEED));
    alignment->tunnel = cell_word(row, ALIGNMENT_TUNNEL, 0) == 1;
    const bool active = options_hold(reader, row, ALIGNMENT_OPTION);
    if (isnan(alignment->from_m) || isnan(alignment->to_m)) return false;
    if (alignment->from_m >= alignment->to_m) {
        row_error(row, ALIGNMENT_TO, "to_km %s is not after from_km %s, expected more than %s",
                  cell_raw(row, ALIGNMENT_TO), cell_raw(row, ALIGNMENT_FROM), cell_raw(row, ALIGNMENT_FROM));
        return false;
    }
    return state == NAME_FOUND && active;
}

/* A millimetre of rounding is forgiven, and cut off. */
static void check_within_section(struct reader *reader, const struct row *row, struct alignment *alignment) {
    const struct section *section = &reader->scenario->network.sections[alignment->section];
    if (alignment->to_m > section->length_m + 1e-3)
        row_error(row, ALIGNMENT_TO, "to_km %s is beyond the end of section '%s', expected at most %.16g",
                  cell_raw(row, ALIGNMENT_TO), section->id, section->length_m / 1000);
    else if (alignment->to_m > section->length_m)
        alignment->to_m = section->length_m;
}

static void link_alignment(struct reader *reader, const struct aligned *aligned, int32_t count) {
    struct network *network = &reader->scenario->network;
    const struct table *table = &reader->tables[TABLE_ALIGNMENT];
    for (int32_t i = 0; i < count; i++) {
        struct alignment alignment = aligned[i].alignment;
        const struct row row = reader_row(reader, table, aligned[i].row);
        struct section *section = &network->sections[alignment.section];
        check_within_section(reader, &row, &alignment);
        const struct alignment *before = section->alignment_count ? &network->alignments[i - 1] : NULL;
        if (!before) section->first_alignment = i;
        if (before && alignment.from_m < before->to_m - 1e-3)
            row_error(&row, ALIGNMENT_FROM,
                      "from_km %s overlaps line %d, which ends at km %.16g, expected that or more",
                      cell_raw(&row, ALIGNMENT_FROM), table->lines[aligned[i - 1].row], before->to_m / 1000);
        section->alignment_count++;
        reader->alignment_rows[i] = aligned[i].row;
        network->alignments[i] = alignment;
        network->alignment_count = i + 1;
    }
}

bool read_alignment(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_ALIGNMENT];
    void *alignments;
    struct aligned *aligned = malloc(((size_t)table->row_count + 1) * sizeof *aligned);
    const bool room =
        make_arrays(table->row_count, sizeof(struct alignment), &alignments, &reader->alignment_rows) && aligned;
    reader->scenario->network.alignments = alignments;
    int32_t count = 0;
    for (int32_t i = 0; room && i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        count += read_aligned(reader, &row, &aligned[count]);
    }
    if (room) qsort(aligned, (size_t)count, sizeof *aligned, compare_aligned);
    if (room) link_alignment(reader, aligned, count);
    free(aligned);
    return room;
}

/* ---- possessions ---- */

static bool read_possession(struct reader *reader, const struct row *row, struct possession *possession) {
    const struct network *network = &reader->scenario->network;
    const enum name_state state = cell_reference(row, POSSESSIONS_SECTION, &reader->sections, &possession->section);
    possession->line_track = (int32_t)cell_whole(row, POSSESSIONS_LINE_TRACK, 0);
    possession->directions = cell_directions(row, POSSESSIONS_DIRECTION);
    possession->weekdays = cell_weekdays(row, POSSESSIONS_WEEKDAY);
    possession->from_ms = cell_clock(row, POSSESSIONS_FROM, -1);
    possession->to_ms = cell_clock(row, POSSESSIONS_TO, -1);
    const bool active = options_hold(reader, row, POSSESSIONS_OPTION);
    if (possession->from_ms < 0 || possession->to_ms < 0) return false;
    if (possession->from_ms == MILLISECONDS_PER_DAY) {
        row_error(row, POSSESSIONS_FROM, "from '24:00' belongs to the next day, expected 00:00");
        return false;
    }
    if (possession->from_ms == possession->to_ms) {
        row_error(row, POSSESSIONS_TO, "from and to are both %s, expected a window (a whole day is 00:00 to 24:00)",
                  cell_raw(row, POSSESSIONS_TO));
        return false;
    }
    if (possession->to_ms < possession->from_ms) possession->to_ms += MILLISECONDS_PER_DAY;
    if (state != NAME_FOUND || !active) return false;
    if (possession->line_track > network->sections[possession->section].tracks) {
        row_error(row, POSSESSIONS_LINE_TRACK, "line_track 2 of section '%s', which has one track, expected 1",
                  network->sections[possession->section].id);
        return false;
    }
    return true;
}

bool read_possessions(struct reader *reader) {
    struct network *network = &reader->scenario->network;
    const struct table *table = &reader->tables[TABLE_POSSESSIONS];
    void *possessions;
    const bool room = make_arrays(table->row_count, sizeof(struct possession), &possessions, &reader->possession_rows);
    network->possessions = possessions;
    for (int32_t i = 0; room && i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        if (!read_possession(reader, &row, &network->possessions[network->possession_count])) continue;
        reader->possession_rows[network->possession_count++] = i;
    }
    return room;
}
