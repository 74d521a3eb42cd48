/* The railway of a random_railway: what lies in the ground, and the trains there are. */
#include <math.h>
#include <stdlib.h>

#include "support/railway_draft.h"

/* ---- shape ---- */

static void connect(struct draft *draft, int32_t a, int32_t b) {
    bool turned = chance(draft, 50);
    draft->sections[draft->section_count++] =
        (struct draft_section){.from = turned ? b : a, .to = turned ? a : b, .km = between(draft, 4, 34)};
    draft->stations[a].degree++;
    draft->stations[b].degree++;
}

static void draw_ring(struct draft *draft) {
    int32_t round = 3 + roll(draft, 5);
    draft_has(draft, RAILWAY_RING);
    draft->station_count = round + roll(draft, 2);
    for (int32_t i = 0; i < round; i++) connect(draft, i, (i + 1) % round);
    if (draft->station_count > round) connect(draft, roll(draft, round), round);
    draft->stations[0].terminal = draft->stations[round / 2].terminal = true;
    draft->stations[roll(draft, round)].terminal = true;
}

void draw_shape(struct draft *draft) {
    int32_t kind = roll(draft, 5);
    if (kind == 0) {
        draw_ring(draft);
    } else {
        bool tree = kind < 3;
        draft_has(draft, tree ? RAILWAY_TREE : RAILWAY_LINE);
        draft->station_count = tree ? 4 + roll(draft, 6) : 2 + roll(draft, 7);
        for (int32_t i = 1; i < draft->station_count; i++)
            connect(draft, tree && i > 2 && (i == 3 || chance(draft, 40)) ? 1 + roll(draft, i - 2) : i - 1, i);
    }
    for (int32_t i = 0; i < draft->station_count; i++)
        if (draft->stations[i].degree == 1 || chance(draft, 15)) draft->stations[i].terminal = true;
}

/* ---- settings ---- */

static void draw_options(struct draft *draft) {
    static const char *const CHOICES[] = {NULL, "loop", "double"};
    struct random_railway *railway = draft->railway;
    draft_has(draft, RAILWAY_OPTIONS);
    FILE *file = draft_file(draft, FILE_OPTIONS, "option,name,capex_usd,requires");
    fprintf(file, "loop,More tracks,1e6,\ndouble,\"A second track, here and there\",2e7,\n");
    draft->loop_built = chance(draft, 50);
    draft->double_built = chance(draft, 50);
    int32_t way = roll(draft, 3);
    if (way == 0) {
        if (draft->loop_built) railway->options[railway->option_count++] = CHOICES[1];
        if (draft->double_built) railway->options[railway->option_count++] = CHOICES[2];
    } else if (way == 1) {
        snprintf(railway->override_texts[railway->override_count++], RAILWAY_TEXT, "options=%s%s%s",
                 draft->loop_built ? CHOICES[1] : "", draft->loop_built && draft->double_built ? "+" : "",
                 draft->double_built ? CHOICES[2] : "");
    } else {
        file = draft_file(draft, FILE_VARIANTS, "variant,name,options,settings");
        fprintf(file, "chosen,,%s%s%s,%s\nother,,double,seed=3\n", draft->loop_built ? CHOICES[1] : "",
                draft->loop_built && draft->double_built ? ";" : "", draft->double_built ? CHOICES[2] : "",
                chance(draft, 50) ? "sections.release_s=45" : "");
        railway->variant = "chosen";
    }
}

static void draw_overrides(struct draft *draft) {
    struct random_railway *railway = draft->railway;
    draft_has(draft, RAILWAY_OVERRIDES);
    char *text = railway->override_texts[railway->override_count++];
    switch (roll(draft, 4)) {
    case 0:
        snprintf(text, RAILWAY_TEXT, "sections.release_s=%d", roll(draft, 90));
        break;
    case 1:
        snprintf(text, RAILWAY_TEXT, "train_types.max_speed_kmh=*0.9");
        break;
    case 2:
        snprintf(text, RAILWAY_TEXT, "stations[N0].crossing_interval_s=%d", roll(draft, 90));
        break;
    default:
        snprintf(text, RAILWAY_TEXT, "route_setting_s=%d", roll(draft, 40));
    }
}

static void draw_dispatch(struct draft *draft, FILE *file) {
    static const char *const POLICIES[] = {"fcfs", "priority", "fleet"};
    int32_t policy = roll(draft, 3);
    fprintf(file, "dispatch,%s,,\n", POLICIES[policy]);
    if (policy != 2) return;
    fprintf(file, "fleet_size,%d,trains,\n", 1 + roll(draft, 4));
    if (!chance(draft, 30)) return;
    fprintf(file, "fleet_window_min,%d,min,\n", 60 + 30 * roll(draft, 7));
    draft_has(draft, RAILWAY_FLEET_WINDOW);
}

static void draw_days(struct draft *draft, FILE *file) {
    draft->once = chance(draft, 55);
    draft_has(draft, draft->once ? RAILWAY_ONCE : RAILWAY_DAILY);
    int32_t month = 1 + roll(draft, 9), day = 1 + roll(draft, 28);
    fprintf(file, "start_date,2030-0%d-%02d,,\n", month, day);
    fprintf(file, "repeat,%s,,\n", draft->once ? "once" : "daily");
    if (draft->once) return;
    fprintf(file, "horizon_days,%.2f,days,\n", between(draft, 0.5, 2));
    if (!chance(draft, 40)) return;
    fprintf(file, "warmup_days,%.2f,days,\n", between(draft, 0.1, 1));
    draft_has(draft, RAILWAY_WARMUP);
}

void draw_settings(struct draft *draft) {
    FILE *file = draft_file(draft, FILE_SCENARIO, "key,value,unit,source");
    fprintf(file, "name,Railway %llu,,\nseed,%llu,,\n", (unsigned long long)draft->railway->seed,
            (unsigned long long)draft->railway->seed);
    static const char *const DETAILS[] = {"full", "blocks", "calls", "trains"};
    int32_t detail = roll(draft, 100);
    if (draft->freight)
        fprintf(file, "detail,%s,,\n", detail > 75 ? "containers" : DETAILS[0]);
    else
        fprintf(file, "detail,%s,,\n", DETAILS[(detail > 45) + (detail > 92) + (detail > 97)]);
    draw_dispatch(draft, file);
    draw_days(draft, file);
    if (chance(draft, 60)) fprintf(file, "route_setting_s,%d,s,\n", roll(draft, 30));
    if (chance(draft, 40)) fprintf(file, "reaction_s,%d,s,\n", roll(draft, 12));
    if (chance(draft, 40)) fprintf(file, "sighting_m,%d,m,\n", roll(draft, 400));
    if (chance(draft, 40)) fprintf(file, "moving_margin_m,%d,m,\n", 50 + roll(draft, 300));
    if (chance(draft, 40)) {
        fprintf(file, "clear_by_length,yes,,\n");
        draft_has(draft, RAILWAY_CLEAR_BY_LENGTH);
    }
    if (chance(draft, 25)) draw_options(draft);
    if (chance(draft, 20)) draw_overrides(draft);
    draft->all_fixed = chance(draft, 30);
}

/* ---- train types ---- */

/* Strong enough to climb 15 ‰ in a curve and still to start. */
/* Its mass. */
static double write_traction(struct draft *draft, FILE *file, int32_t length_m) {
    double mass_t = length_m * between(draft, 1, 4) + 100, power_kw = mass_t * between(draft, 2, 8) + 500;
    fprintf(file, ",%.0f,%.0f,%.0f", mass_t, power_kw, mass_t * 9.81 * 0.03 + 50);
    fprintf(file, ",%.2f", between(draft, 0.2, 0.8));
    fprintf(file, ",%.0f", mass_t * between(draft, 5, 15));
    fprintf(file, ",%.0f", between(draft, 0, 300));
    fprintf(file, ",%.1f", between(draft, 5, 40));
    fprintf(file, ",%.2f", between(draft, 1, 1.1));
    fprintf(file, ",%.1f", between(draft, 1, 3));
    return floor(mass_t);
}

static void write_type(struct draft *draft, int32_t index, bool with_traction, bool with_factor) {
    static const char *const FACTORS[] = {"\"lognormal(0,0.05)\"", "\"uniform(0.9,1.3)\"", "1.1",
                                          "\"triangular(0.95,1,1.4)\""};
    static const char *const ENERGIES[] = {"electric", "diesel", "steam", ""};
    struct draft_type *type = &draft->types[index];
    FILE *file = draft->streams[FILE_TRAIN_TYPES];
    fprintf(file, "y%d,%.0f,%d", index, type->length_m, 60 + roll(draft, 80));
    double mass_t = 0;
    if (with_traction)
        mass_t = write_traction(draft, file, (int32_t)type->length_m);
    else
        fprintf(file, ",,,,0.%d,,,,,", 2 + roll(draft, 7)); /* moving block asks for the brakes */
    fprintf(file, ",%d", chance(draft, 50) ? 0 : roll(draft, 8));
    fprintf(file, ",%s", with_factor ? FACTORS[roll(draft, 4)] : "");
    fprintf(file, type->gauge_mm ? ",%d" : ",", type->gauge_mm);
    fprintf(file, ",%s", type->tall ? "5.2" : chance(draft, 50) ? "4.1" : "");
    fprintf(file, ",%d", roll(draft, 3));
    fprintf(file, ",%d", 1 + roll(draft, 3));
    fprintf(file, ",%s", ENERGIES[roll(draft, 4)]);
    draft->freight_dice = true;
    write_type_freight(draft, type, file, mass_t);
    draft->freight_dice = false;
}

void draw_types(struct draft *draft) {
    bool with_traction = !draft->all_fixed || chance(draft, 50), with_factor = chance(draft, 30);
    draft_file(draft, FILE_TRAIN_TYPES,
               "train_type,length_m,max_speed_kmh,mass_t,power_kw,tractive_effort_kn,brake_ms2,davis_a_n,davis_b_ns_m,"
               "davis_c_ns2_m2,rotating_mass,tunnel_drag,supplement_percent,running_factor,gauge_mm,height_m,priority,"
               "delay_weight,energy,capacity_teu,empty_mass_t,empty_length_m,cost_per_hour_usd,cost_per_train_km_usd,"
               "revenue_per_train_usd");
    draft->type_count = 1 + roll(draft, MOST_TYPES);
    for (int32_t i = 0; i < draft->type_count; i++) {
        draft->types[i].length_m = floor(between(draft, 80, 1300));
        draft->types[i].gauge_mm = chance(draft, 40) ? 1520 : 0;
        draft->types[i].tall = chance(draft, 30);
        write_type(draft, i, with_traction, with_factor);
    }
    if (with_factor) draft_has(draft, RAILWAY_RUNNING_FACTOR);
}

/* ---- stations ---- */

enum lengths { LENGTHS_NONE, LENGTHS_LONG, LENGTHS_MIXED };

static void build_track(struct draft_station *station, double length_m, const char *format, int32_t number) {
    struct draft_track *track = &station->tracks[station->track_count++];
    track->length_m = length_m;
    snprintf(track->id, sizeof track->id, format, number);
}

/* A row; `option` may be "". */
static void write_track(struct draft *draft, int32_t station, const char *id, const char *count, double length_m,
                        const char *option) {
    FILE *file = draft->streams[FILE_TRACKS];
    fprintf(file, "N%d,%s,%s", station, id, count);
    if (isfinite(length_m))
        fprintf(file, ",%.0f", length_m);
    else
        fprintf(file, ",");
    bool slow = chance(draft, 25);
    if (slow) draft_has(draft, RAILWAY_TURNOUT_SPEEDS);
    if (slow)
        fprintf(file, ",%d", 40 + roll(draft, 50));
    else
        fprintf(file, ",");
    fprintf(file, ",%s\n", option);
}

static double draw_length(struct draft *draft, enum lengths lengths, bool first) {
    if (lengths == LENGTHS_NONE) return INFINITY;
    if (lengths == LENGTHS_LONG || first) return floor(between(draft, 1300, 1700));
    return floor(between(draft, 200, 1700));
}

static void draw_tracks(struct draft *draft, int32_t index) {
    struct draft_station *station = &draft->stations[index];
    enum lengths lengths = (enum lengths)roll(draft, 3);
    int32_t count = station->degree > 1 ? (int32_t[]){1, 2, 2, 2, 3, 3, 4}[roll(draft, 7)] : 1 + roll(draft, 3);
    char text[16];
    if (station->unlimited) {
        build_track(station, chance(draft, 80) ? INFINITY : 1700, "yard", 0);
        write_track(draft, index, "yard", "*", station->tracks[0].length_m, "");
    } else if (chance(draft, 40)) {
        double length = draw_length(draft, lengths, true);
        for (int32_t k = 1; k <= count; k++) build_track(station, length, count > 1 ? "t.%d" : "t", k);
        snprintf(text, sizeof text, "%d", count);
        write_track(draft, index, "t", text, length, "");
    } else {
        for (int32_t k = 0; k < count; k++) {
            build_track(station, draw_length(draft, lengths, k == 0), "k%d", k);
            write_track(draft, index, station->tracks[k].id, k % 2 ? "1" : "", station->tracks[k].length_m, "");
        }
    }
    if (!draft->streams[FILE_OPTIONS] || !chance(draft, 40)) return;
    bool without = chance(draft, 30);
    double length = draw_length(draft, lengths, false);
    if (draft->loop_built != without) build_track(station, length, "more", 0);
    write_track(draft, index, "more", "", length, without ? "!loop" : "loop");
}

static void note_station(struct draft *draft, const struct draft_station *station) {
    if (station->track_count == 1 && station->degree > 1 && !station->unlimited) draft_has(draft, RAILWAY_BLOCK_POST);
    if (station->degree == 1 && !station->unlimited) draft_has(draft, RAILWAY_LIMITED_TERMINAL);
    for (int32_t i = 0; i < station->track_count; i++)
        for (int32_t type = 0; type < draft->type_count; type++) {
            if (station->tracks[i].length_m >= draft->types[type].length_m) continue;
            draft_has(draft, RAILWAY_SHORT_TRACKS);
            draft->any_track = false;
        }
}

void draw_stations(struct draft *draft) {
    static const char *const KINDS[] = {"siding", "junction", "portal"};
    FILE *file = draft_file(draft, FILE_STATIONS, "station,kind,crossing_interval_s,arrival_interval_s,name");
    draft_file(draft, FILE_TRACKS, "station,track,count,length_m,speed_kmh,option");
    bool crossing = chance(draft, 50), arrival = chance(draft, 35);
    draft->any_track = true;
    for (int32_t i = 0; i < draft->station_count; i++) {
        struct draft_station *station = &draft->stations[i];
        int32_t crossing_s = crossing ? 30 * roll(draft, 4) : 0, arrival_s = arrival ? 60 * roll(draft, 5) : 0;
        station->unlimited = station->terminal && chance(draft, station->degree == 1 ? 50 : 20);
        fprintf(file, "N%d,%s,%d,%d,\n", i, station->terminal ? "terminal" : KINDS[roll(draft, 3)], crossing_s,
                arrival_s);
        if (crossing_s > 0) draft_has(draft, RAILWAY_CROSSING_INTERVAL);
        if (arrival_s > 0 && station->degree > 1) draft_has(draft, RAILWAY_ARRIVAL_INTERVAL);
        draw_tracks(draft, i);
        note_station(draft, station);
    }
}

/* ---- sections ---- */

static void section_id(const struct draft_section *section, char id[16]) {
    snprintf(id, 16, "N%d-N%d", section->from % 100, section->to % 100);
}

struct separation {
    char block_km[16], headway_s[16];
    bool moving;
    int32_t release_s;
};

static struct separation draw_separation(struct draft *draft, struct draft_section *section) {
    struct separation separation = {.release_s = 30 * roll(draft, 3)};
    switch (roll(draft, 7)) {
    case 0:
    case 1:
        snprintf(separation.block_km, sizeof separation.block_km, "%.2f", between(draft, 1.5, 8));
        draft_has(draft, RAILWAY_BLOCKS);
        break;
    case 2:
        section->queue = true;
        snprintf(separation.headway_s, sizeof separation.headway_s, "%d", 90 + 30 * roll(draft, 8));
        draft_has(draft, RAILWAY_HEADWAY);
        break;
    case 3:
        section->queue = separation.moving = true;
        draft_has(draft, RAILWAY_MOVING_BLOCK);
        break;
    default:
        break;
    }
    if (separation.release_s > 0) draft_has(draft, RAILWAY_RELEASE);
    return separation;
}

/* purge_s, purge_after, purge_before, max_trains */
static void draw_purge(struct draft *draft, struct draft_section *section, char text[48]) {
    static const char *const WAYS[] = {"both", "", "forward", "backward"};
    char most[12] = "";
    int32_t way = roll(draft, 4), before = roll(draft, 4);
    bool purge = chance(draft, 15);
    bool queue = section->queue && section->line_tracks == 2;
    if (chance(draft, queue ? 85 : purge ? 60 : 12)) snprintf(most, sizeof most, "%d", 1 + roll(draft, queue ? 9 : 3));
    section->endless = queue && !*most;
    if (*most) draft_has(draft, RAILWAY_MAX_TRAINS);
    if (purge) draft_has(draft, RAILWAY_PURGE);
    if (purge && (way > 1 || before > 1)) draft_has(draft, RAILWAY_PURGE_ONE_WAY);
    if (purge)
        snprintf(text, 48, "%d,%s,%s,%s", 120 + 60 * roll(draft, 15), WAYS[way], WAYS[before], most);
    else
        snprintf(text, 48, ",,,%s", most);
}

static void draw_barriers(struct draft *draft, struct draft_section *section, bool gauges, bool bores) {
    if (gauges && chance(draft, 40)) section->gauge_mm = chance(draft, 90) ? 1520 : 1435;
    section->low = bores && chance(draft, 20);
    if (section->gauge_mm) draft_has(draft, RAILWAY_GAUGES);
    if (section->low) draft_has(draft, RAILWAY_CLEARANCE);
}

static void draw_section(struct draft *draft, struct draft_section *section) {
    FILE *file = draft->streams[FILE_SECTIONS];
    char id[16], purge[48], limit[12] = "", gauge[12] = "";
    section_id(section, id);
    struct separation separation = draw_separation(draft, section);
    section->line_tracks = 1 + chance(draft, 20);
    bool optional = draft->streams[FILE_OPTIONS] && chance(draft, 40);
    int32_t without = section->line_tracks;
    if (optional && draft->double_built) section->line_tracks = 2;
    draw_purge(draft, section, purge);
    if (chance(draft, 60)) snprintf(limit, sizeof limit, "%d", 50 + roll(draft, 80));
    if (section->gauge_mm) snprintf(gauge, sizeof gauge, "%d", section->gauge_mm);
    for (int32_t row = 0; row < 1 + optional; row++)
        fprintf(file, "%s,N%d,N%d,%.2f,%d,%s,%s,%s,%s,%d,%s,%s,%s,%s\n", id, section->from, section->to, section->km,
                row ? 2 : without, separation.block_km, limit, separation.moving ? "moving" : "", separation.headway_s,
                separation.release_s, purge, gauge, section->low ? "4.5" : "",
                optional ? (row ? "double" : "!double") : "");
    if (section->line_tracks == 2) draft_has(draft, RAILWAY_TWO_TRACKS);
}

static void draw_alignment(struct draft *draft, const struct draft_section *section) {
    FILE *file =
        draft_file(draft, FILE_ALIGNMENT, "section,from_km,to_km,gradient_permille,curve_radius_m,speed_kmh,tunnel");
    char id[16];
    double at = chance(draft, 50) ? 0 : between(draft, 0, section->km / 2);
    section_id(section, id);
    for (int32_t pieces = 1 + roll(draft, 4); pieces > 0; pieces--) {
        double end = pieces == 1 && chance(draft, 50) ? section->km : between(draft, at, section->km);
        if (end - at < 0.1) break;
        fprintf(file, "%s,%.2f,%.2f,%.1f", id, at, end, between(draft, -12, 12));
        fprintf(file, chance(draft, 30) ? ",%d" : ",", 300 + roll(draft, 2000));
        fprintf(file, chance(draft, 20) ? ",%d" : ",", 40 + roll(draft, 60));
        fprintf(file, ",%s\n", chance(draft, 25) ? "yes" : "");
        at = floor(end * 100 + 0.5) / 100;
        if (chance(draft, 30)) at = floor(between(draft, at, section->km) * 100) / 100;
    }
    draft_has(draft, RAILWAY_ALIGNMENT);
}

static void draw_own_running_time(struct draft *draft, FILE *file, const char *id, int32_t run_s) {
    int32_t type = roll(draft, draft->type_count), more_s = roll(draft, 300);
    fprintf(file, "%s,y%d,%s,%d,,15\n", id, type, chance(draft, 50) ? "both" : "forward", run_s + more_s);
}

static void draw_running_time(struct draft *draft, struct draft_section *section) {
    FILE *file = draft_file(draft, FILE_RUNNING_TIMES, "section,train_type,direction,run_s,start_s,stop_s");
    char id[16];
    int32_t run_s = (int32_t)(section->km * between(draft, 32, 80)), start_s = 30 * roll(draft, 4),
            stop_s = 20 * roll(draft, 4);
    section_id(section, id);
    fprintf(file, "%s,*,,%d,%d,%d\n", id, run_s, start_s, stop_s);
    if (chance(draft, 30)) fprintf(file, "%s,*,backward,%d,%d,%d\n", id, run_s + roll(draft, 200), start_s, stop_s);
    if (chance(draft, 30)) draw_own_running_time(draft, file, id, run_s);
    section->fixed = true;
    draft_has(draft, RAILWAY_FIXED_TIMES);
}

/* One window of at most three hours a day: the rest is longer than any stretch takes. */
static void draw_possession(struct draft *draft, const struct draft_section *section) {
    static const char *const DAYS[] = {"", "daily", "mon;tue;wed", "sat;sun", "fri"};
    static const char *const WAYS[] = {"", "both", "forward", "backward"};
    FILE *file = draft_file(draft, FILE_POSSESSIONS, "section,line_track,direction,weekday,from,to");
    char id[16], track[12] = "";
    int32_t from_min = 15 * roll(draft, 96), to_min = (from_min + 30 + roll(draft, 150)) % 1440;
    section_id(section, id);
    if (section->line_tracks == 2 && chance(draft, 60)) snprintf(track, sizeof track, "%d", 1 + roll(draft, 2));
    int32_t way = roll(draft, 4), days = roll(draft, 5);
    fprintf(file, "%s,%s,%s,%s,%02d:%02d,%02d:%02d\n", id, track, WAYS[way], DAYS[days], from_min / 60, from_min % 60,
            to_min / 60, to_min % 60);
    draft_has(draft, RAILWAY_POSSESSION);
}

void draw_sections(struct draft *draft) {
    bool gauges = chance(draft, 20), bores = chance(draft, 20), hills = chance(draft, 60), closed = chance(draft, 25);
    int32_t some_fixed = chance(draft, 30) ? 40 : 0;
    draft_file(draft, FILE_SECTIONS,
               "section,from,to,length_km,tracks,block_km,speed_kmh,signalling,headway_s,release_s,purge_s,purge_after,"
               "purge_before,max_trains,gauge_mm,clearance_m,option");
    for (int32_t i = 0; i < draft->section_count; i++) {
        struct draft_section *section = &draft->sections[i];
        draw_barriers(draft, section, gauges, bores);
        draw_section(draft, section);
        if (hills && !draft->all_fixed && chance(draft, 60)) draw_alignment(draft, section);
        if (draft->all_fixed || chance(draft, some_fixed)) draw_running_time(draft, section);
        if (!section->fixed) draft_has(draft, RAILWAY_PHYSICS);
        if (closed && chance(draft, 40)) draw_possession(draft, section);
    }
}
