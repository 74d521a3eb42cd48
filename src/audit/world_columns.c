#include <string.h>

#include "audit/world_reading.h"

/* Columns, ranges and defaults are those of docs/ranges.md. */
#define ID(NAME)                                                                                                       \
    { .name = NAME, .required = true }
#define TEXT(NAME)                                                                                                     \
    { .name = NAME }
#define WORD(NAME, DEFAULT)                                                                                            \
    { .name = NAME, .standard = DEFAULT }
#define NUMBER(NAME, LEAST, MOST, DEFAULT)                                                                             \
    { .name = NAME, .kind = WORLD_NUMBER, .least = LEAST, .most = MOST, .standard = DEFAULT }
#define NEEDED(NAME, LEAST, MOST)                                                                                      \
    { .name = NAME, .kind = WORLD_NUMBER, .required = true, .least = LEAST, .most = MOST }
#define WHOLE(NAME, LEAST, MOST, DEFAULT)                                                                              \
    { .name = NAME, .kind = WORLD_WHOLE, .least = LEAST, .most = MOST, .standard = DEFAULT }

static const struct world_column stations[STATION_COLUMNS] = {
    [STATION_ID] = ID("station"),
    [STATION_NAME] = TEXT("name"),
    [STATION_KIND] = ID("kind"),
    [STATION_LATITUDE] = NUMBER("latitude", -90, 90, NULL),
    [STATION_LONGITUDE] = NUMBER("longitude", -180, 180, NULL),
    [STATION_CROSSING] = NUMBER("crossing_interval_s", 0, 86400, "0"),
    [STATION_ARRIVAL] = NUMBER("arrival_interval_s", 0, 86400, "0"),
    [STATION_OPTION] = TEXT("option"),
    [STATION_SOURCE] = TEXT("source"),
};

static const struct world_column tracks[TRACK_COLUMNS] = {
    [TRACK_STATION] = ID("station"),
    [TRACK_ID] = ID("track"),
    [TRACK_COUNT] = WHOLE("count", 1, 1000, "1"),
    [TRACK_LENGTH] = NUMBER("length_m", 1, 100000, NULL),
    [TRACK_SPEED] = NUMBER("speed_kmh", 1, 1000, NULL),
    [TRACK_OPTION] = TEXT("option"),
    [TRACK_SOURCE] = TEXT("source"),
};

static const struct world_column sections[SECTION_COLUMNS] = {
    [SECTION_ID] = ID("section"),
    [SECTION_FROM] = ID("from"),
    [SECTION_TO] = ID("to"),
    [SECTION_LENGTH] = NEEDED("length_km", 0.01, 5000),
    [SECTION_TRACKS] = WHOLE("tracks", 1, 2, "1"),
    [SECTION_BLOCK] = NUMBER("block_km", 0.05, 5000, NULL),
    [SECTION_SPEED] = NUMBER("speed_kmh", 1, 1000, NULL),
    [SECTION_SIGNALLING] = WORD("signalling", "fixed"),
    [SECTION_HEADWAY] = NUMBER("headway_s", 0, 86400, NULL),
    [SECTION_RELEASE] = NUMBER("release_s", 0, 86400, "0"),
    [SECTION_PURGE] = NUMBER("purge_s", 0, 86400, "0"),
    [SECTION_PURGE_AFTER] = WORD("purge_after", "both"),
    [SECTION_PURGE_BEFORE] = WORD("purge_before", "both"),
    [SECTION_MOST_TRAINS] = WHOLE("max_trains", 1, 1000, NULL),
    [SECTION_GAUGE] = WHOLE("gauge_mm", 300, 3000, NULL),
    [SECTION_CLEARANCE] = NUMBER("clearance_m", 1, 30, NULL),
    [SECTION_OPTION] = TEXT("option"),
    [SECTION_SOURCE] = TEXT("source"),
};

static const struct world_column types[TYPE_COLUMNS] = {
    [TYPE_ID] = ID("train_type"),
    [TYPE_NAME] = TEXT("name"),
    [TYPE_GAUGE] = WHOLE("gauge_mm", 300, 3000, NULL),
    [TYPE_LENGTH] = NEEDED("length_m", 1, 20000),
    [TYPE_MASS] = NUMBER("mass_t", 1, 500000, NULL),
    [TYPE_SPEED] = NEEDED("max_speed_kmh", 1, 1000),
    [TYPE_POWER] = NUMBER("power_kw", 1, 1e6, NULL),
    [TYPE_EFFORT] = NUMBER("tractive_effort_kn", 1, 100000, NULL),
    [TYPE_BRAKE] = NUMBER("brake_ms2", 0.01, 5, NULL),
    [TYPE_DAVIS_A] = NUMBER("davis_a_n", 0, 1e8, "0"),
    [TYPE_DAVIS_B] = NUMBER("davis_b_ns_m", 0, 1e7, "0"),
    [TYPE_DAVIS_C] = NUMBER("davis_c_ns2_m2", 0, 1e6, "0"),
    [TYPE_ROTATING_MASS] = NUMBER("rotating_mass", 1, 2, "1"),
    [TYPE_TUNNEL_DRAG] = NUMBER("tunnel_drag", 0.1, 100, "1"),
    [TYPE_SUPPLEMENT] = NUMBER("supplement_percent", 0, 500, "0"),
    [TYPE_RUNNING_FACTOR] = WORD("running_factor", "1"),
    [TYPE_HEIGHT] = NUMBER("height_m", 0.1, 30, NULL),
    [TYPE_CAPACITY] = NUMBER("capacity_teu", 0, 100000, "0"),
    [TYPE_PRIORITY] = WHOLE("priority", -1000, 1000, "1"),
    [TYPE_DELAY_WEIGHT] = NUMBER("delay_weight", 0, 1e6, "1"),
    [TYPE_COST_KM] = NUMBER("cost_per_train_km_usd", 0, 1e9, "0"),
    [TYPE_COST_HOUR] = NUMBER("cost_per_hour_usd", 0, 1e9, "0"),
    [TYPE_ENERGY] = TEXT("energy"),
    [TYPE_REVENUE] = NUMBER("revenue_per_train_usd", 0, 1e9, "0"),
    [TYPE_EMPTY_MASS] = NUMBER("empty_mass_t", 1, 500000, NULL),
    [TYPE_EMPTY_LENGTH] = NUMBER("empty_length_m", 1, 20000, NULL),
    [TYPE_OPTION] = TEXT("option"),
    [TYPE_SOURCE] = TEXT("source"),
};

static const struct world_column alignment[ALIGNMENT_COLUMNS] = {
    [ALIGNMENT_SECTION] = ID("section"),
    [ALIGNMENT_FROM] = NEEDED("from_km", 0, 5000),
    [ALIGNMENT_TO] = NEEDED("to_km", 0, 5000),
    [ALIGNMENT_GRADIENT] = NUMBER("gradient_permille", -200, 200, "0"),
    [ALIGNMENT_CURVE] = NUMBER("curve_radius_m", 50, 1e6, NULL),
    [ALIGNMENT_SPEED] = NUMBER("speed_kmh", 1, 1000, NULL),
    [ALIGNMENT_TUNNEL] = WORD("tunnel", "no"),
    [ALIGNMENT_OPTION] = TEXT("option"),
    [ALIGNMENT_SOURCE] = TEXT("source"),
};

static const struct world_column running_times[TIME_COLUMNS] = {
    [TIME_SECTION] = ID("section"),
    [TIME_TYPE] = ID("train_type"),
    [TIME_DIRECTION] = WORD("direction", "both"),
    [TIME_RUN] = NEEDED("run_s", 1, 1e6),
    [TIME_START] = NUMBER("start_s", 0, 86400, "0"),
    [TIME_STOP] = NUMBER("stop_s", 0, 86400, "0"),
    [TIME_OPTION] = TEXT("option"),
    [TIME_SOURCE] = TEXT("source"),
};

static const struct world_column possessions[POSSESSION_COLUMNS] = {
    [POSSESSION_SECTION] = ID("section"),
    [POSSESSION_LINE_TRACK] = WHOLE("line_track", 1, 2, NULL),
    [POSSESSION_DIRECTION] = WORD("direction", "both"),
    [POSSESSION_WEEKDAY] = WORD("weekday", "daily"),
    [POSSESSION_FROM] = ID("from"),
    [POSSESSION_TO] = ID("to"),
    [POSSESSION_OPTION] = TEXT("option"),
    [POSSESSION_SOURCE] = TEXT("source"),
};

static const struct world_column terminals[TERMINAL_COLUMNS] = {
    [TERMINAL_STATION] = ID("station"),
    [TERMINAL_CRANES] = WHOLE("cranes", 0, 10000, NULL),
    [TERMINAL_LIFT] = NUMBER("lift_s", 0, 86400, "0"),
    [TERMINAL_LIFT_CV] = NUMBER("lift_cv", 0, 10, "0"),
    [TERMINAL_YARD] = NUMBER("yard_teu", 0, 1e9, NULL),
    [TERMINAL_GAUGE_CHANGE] = TEXT("gauge_change"),
    [TERMINAL_TURNAROUND] = NUMBER("turnaround_s", 0, 604800, "0"),
    [TERMINAL_HOLD] = NUMBER("hold_for_full_min", 0, 100000, "0"),
    [TERMINAL_CLOSING] = NUMBER("closing_min", 0, 100000, NULL),
    [TERMINAL_PICKUP] = NUMBER("pickup_h", 0, 100000, "0"),
    [TERMINAL_SHIFTS] = TEXT("shifts"),
    [TERMINAL_OPTION] = TEXT("option"),
    [TERMINAL_SOURCE] = TEXT("source"),
};

static const struct world_column flows[FLOW_COLUMNS] = {
    [FLOW_ID] = ID("flow"),
    [FLOW_ORIGIN] = ID("origin"),
    [FLOW_DESTINATION] = ID("destination"),
    [FLOW_COMMODITY] = TEXT("commodity"),
    [FLOW_TEU_PER_DAY] = NEEDED("teu_per_day", 0, 1e7),
    [FLOW_ARRIVALS] = WORD("arrivals", "poisson"),
    [FLOW_BATCH] = NUMBER("batch_teu", 1, 1e6, NULL),
    [FLOW_TARIFF] = NUMBER("tariff_usd_per_teu", 0, 1e7, "0"),
    [FLOW_DUE] = NUMBER("due_h", 0, 100000, NULL),
    [FLOW_LATE] = NUMBER("late_usd_per_teu_day", 0, 1e7, "0"),
    [FLOW_SEASONALITY] = TEXT("seasonality"),
    [FLOW_SHARE_40FT] = NUMBER("share_40ft", 0, 1, "0"),
    [FLOW_EMPTIES_RETURN] = WORD("empties_return", "no"),
    [FLOW_OPTION] = TEXT("option"),
    [FLOW_SOURCE] = TEXT("source"),
};

static const struct world_column economics[ECONOMICS_COLUMNS] = {
    [ECONOMICS_KEY] = ID("key"),
    [ECONOMICS_VALUE] = TEXT("value"),
    [ECONOMICS_UNIT] = TEXT("unit"),
    [ECONOMICS_SOURCE] = TEXT("source"),
};

static const struct world_column options[OPTION_COLUMNS] = {
    [OPTION_ID] = ID("option"),
    [OPTION_NAME] = TEXT("name"),
    [OPTION_CAPEX] = NUMBER("capex_usd", 0, 1e15, NULL),
    [OPTION_OPEX] = NUMBER("opex_usd_per_year", 0, 1e15, NULL),
    [OPTION_REQUIRES] = TEXT("requires"),
    [OPTION_SOURCE] = TEXT("source"),
};

static const struct world_column timetable[CALL_COLUMNS] = {
    [CALL_TRAIN] = ID("train"),           [CALL_TYPE] = ID("train_type"),
    [CALL_STATION] = ID("station"),       [CALL_ARRIVAL] = TEXT("arrival"),
    [CALL_DEPARTURE] = TEXT("departure"), [CALL_MIN_DWELL] = NUMBER("min_dwell_s", 0, 1e6, "0"),
    [CALL_TRACK] = TEXT("track"),         [CALL_ENTRY_DELAY] = WORD("entry_delay_s", "0"),
    [CALL_DWELL] = WORD("dwell_s", "0"),  [CALL_OPTION] = TEXT("option"),
    [CALL_SOURCE] = TEXT("source"),
};

static const struct world_column services[SERVICE_COLUMNS] = {
    [SERVICE_ID] = ID("service"),
    [SERVICE_TYPE] = ID("train_type"),
    [SERVICE_ORIGIN] = ID("origin"),
    [SERVICE_DESTINATION] = ID("destination"),
    [SERVICE_FIRST] = WORD("first_departure", "00:00"),
    [SERVICE_LAST] = WORD("last_departure", "24:00"),
    [SERVICE_INTERVAL] = NUMBER("interval_min", 0.1, 10080, NULL),
    [SERVICE_TRAINS_PER_DAY] = NUMBER("trains_per_day", 0.01, 10000, NULL),
    [SERVICE_DAYS] = WORD("days", "daily"),
    [SERVICE_ARRIVALS] = WORD("arrivals", "regular"),
    [SERVICE_STOPS] = TEXT("stops"),
    [SERVICE_RETURN_OF] = TEXT("return_of"),
    [SERVICE_ENTRY_DELAY] = WORD("entry_delay_s", "0"),
    [SERVICE_OPTION] = TEXT("option"),
    [SERVICE_SOURCE] = TEXT("source"),
};

_Static_assert((int)TYPE_COLUMNS <= (int)WORLD_MOST_COLUMNS, "no table has more columns than train_types");

static const struct world_form forms[WORLD_FORMS] = {
    [WORLD_STATIONS] = {"stations", "stations.csv", true, stations, STATION_COLUMNS},
    [WORLD_TRACKS] = {"tracks", "tracks.csv", true, tracks, TRACK_COLUMNS},
    [WORLD_SECTIONS] = {"sections", "sections.csv", true, sections, SECTION_COLUMNS},
    [WORLD_TRAIN_TYPES] = {"train_types", "train_types.csv", true, types, TYPE_COLUMNS},
    [WORLD_ALIGNMENT] = {"alignment", "alignment.csv", false, alignment, ALIGNMENT_COLUMNS},
    [WORLD_RUNNING_TIMES] = {"running_times", "running_times.csv", false, running_times, TIME_COLUMNS},
    [WORLD_POSSESSIONS] = {"possessions", "possessions.csv", false, possessions, POSSESSION_COLUMNS},
    [WORLD_TERMINALS] = {"terminals", "terminals.csv", false, terminals, TERMINAL_COLUMNS},
    [WORLD_FLOWS] = {"flows", "flows.csv", false, flows, FLOW_COLUMNS},
    [WORLD_ECONOMICS] = {"economics", "economics.csv", false, economics, ECONOMICS_COLUMNS},
    [WORLD_OPTIONS] = {"options", "options.csv", false, options, OPTION_COLUMNS},
    [WORLD_TIMETABLE] = {"schedule", NULL, false, timetable, CALL_COLUMNS},
    [WORLD_SERVICES] = {"schedule", NULL, false, services, SERVICE_COLUMNS},
};

static const char *const others[] = {"scenario", "variants", "hazards", "economics"};

const struct world_form *world_form(enum world_form_name name) {
    return &forms[name];
}

bool world_other_table(const char *name) {
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i], name) == 0) return true;
    return false;
}
