#include "scenario/columns.h"

#include <assert.h>
#include <string.h>

#include "scenario/text.h"

#define KMH (1000.0 / 3600.0)
#define COUNT_OF(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

/* Shorthand for the tables below; the macros expand to initialisers of struct column. */
#define IDENTIFIER(NAME)                                                                                               \
    { .name = NAME, .kind = CELL_IDENTIFIER, .required = true }
#define REFERENCE(NAME, TABLE)                                                                                         \
    { .name = NAME, .kind = CELL_REFERENCE, .required = true, .words = TABLE }
#define TEXT(NAME)                                                                                                     \
    { .name = NAME, .kind = CELL_TEXT }
#define OPTION                                                                                                         \
    { .name = "option", .kind = CELL_OPTIONS }
#define SOURCE                                                                                                         \
    { .name = "source", .kind = CELL_TEXT }
#define NUMBER(NAME, LEAST, MOST, UNIT, DEFAULT)                                                                       \
    { .name = NAME, .kind = CELL_NUMBER, .minimum = LEAST, .maximum = MOST, .unit = UNIT, .standard = DEFAULT }
#define NEEDED_NUMBER(NAME, LEAST, MOST, UNIT)                                                                         \
    { .name = NAME, .kind = CELL_NUMBER, .required = true, .minimum = LEAST, .maximum = MOST, .unit = UNIT }
#define WHOLE(NAME, LEAST, MOST, DEFAULT)                                                                              \
    { .name = NAME, .kind = CELL_WHOLE, .minimum = LEAST, .maximum = MOST, .standard = DEFAULT }
#define WORD(NAME, WORDS, DEFAULT)                                                                                     \
    { .name = NAME, .kind = CELL_WORD, .words = WORDS, .standard = DEFAULT }
#define LAW(NAME, LEAST, MOST, DEFAULT)                                                                                \
    { .name = NAME, .kind = CELL_LAW, .minimum = LEAST, .maximum = MOST, .standard = DEFAULT }
#define CLOCK(NAME, MOST_HOURS, DEFAULT)                                                                               \
    { .name = NAME, .kind = CELL_CLOCK, .maximum = MOST_HOURS, .standard = DEFAULT }

static const struct column station_columns[STATIONS_COLUMNS] = {
    [STATIONS_STATION] = IDENTIFIER("station"),
    [STATIONS_NAME] = TEXT("name"),
    [STATIONS_KIND] = {.name = "kind", .kind = CELL_WORD, .required = true, .words = "terminal|siding|junction|portal"},
    [STATIONS_LATITUDE] = NUMBER("latitude", -90, 90, 1, NULL),
    [STATIONS_LONGITUDE] = NUMBER("longitude", -180, 180, 1, NULL),
    [STATIONS_CROSSING_INTERVAL] = NUMBER("crossing_interval_s", 0, 86400, 1, "0"),
    [STATIONS_ARRIVAL_INTERVAL] = NUMBER("arrival_interval_s", 0, 86400, 1, "0"),
    [STATIONS_OPTION] = OPTION,
    [STATIONS_SOURCE] = SOURCE,
};

static const struct column track_columns[TRACKS_COLUMNS] = {
    [TRACKS_STATION] = REFERENCE("station", "stations"),
    [TRACKS_TRACK] = IDENTIFIER("track"),
    [TRACKS_COUNT] =
        {.name = "count", .kind = CELL_WHOLE, .minimum = 1, .maximum = 1000, .words = "*", .standard = "1"},
    [TRACKS_LENGTH] = NUMBER("length_m", 1, 100000, 1, NULL),
    [TRACKS_SPEED] = NUMBER("speed_kmh", 1, 1000, KMH, NULL),
    [TRACKS_OPTION] = OPTION,
    [TRACKS_SOURCE] = SOURCE,
};

static const struct column section_columns[SECTIONS_COLUMNS] = {
    [SECTIONS_SECTION] = IDENTIFIER("section"),
    [SECTIONS_FROM] = REFERENCE("from", "stations"),
    [SECTIONS_TO] = REFERENCE("to", "stations"),
    [SECTIONS_LENGTH] = NEEDED_NUMBER("length_km", 0.01, 5000, 1000),
    [SECTIONS_TRACKS] = WHOLE("tracks", 1, 2, "1"),
    [SECTIONS_BLOCK] = NUMBER("block_km", 0.05, 5000, 1000, NULL),
    [SECTIONS_SPEED] = NUMBER("speed_kmh", 1, 1000, KMH, NULL),
    [SECTIONS_SIGNALLING] = WORD("signalling", "fixed|moving", "fixed"),
    [SECTIONS_HEADWAY] = NUMBER("headway_s", 0, 86400, 1, NULL),
    [SECTIONS_RELEASE] = NUMBER("release_s", 0, 86400, 1, "0"),
    [SECTIONS_PURGE] = NUMBER("purge_s", 0, 86400, 1, "0"),
    [SECTIONS_PURGE_AFTER] = WORD("purge_after", "forward|backward|both", "both"),
    [SECTIONS_PURGE_BEFORE] = WORD("purge_before", "forward|backward|both", "both"),
    [SECTIONS_MAX_TRAINS] = WHOLE("max_trains", 1, 1000, NULL),
    [SECTIONS_GAUGE] = WHOLE("gauge_mm", 300, 3000, NULL),
    [SECTIONS_CLEARANCE] = NUMBER("clearance_m", 1, 30, 1, NULL),
    [SECTIONS_OPTION] = OPTION,
    [SECTIONS_SOURCE] = SOURCE,
};

static const struct column type_columns[TYPES_COLUMNS] = {
    [TYPES_TYPE] = IDENTIFIER("train_type"),
    [TYPES_NAME] = TEXT("name"),
    [TYPES_GAUGE] = WHOLE("gauge_mm", 300, 3000, NULL),
    [TYPES_LENGTH] = NEEDED_NUMBER("length_m", 1, 20000, 1),
    [TYPES_MASS] = NUMBER("mass_t", 1, 500000, 1000, NULL),
    [TYPES_MAX_SPEED] = NEEDED_NUMBER("max_speed_kmh", 1, 1000, KMH),
    [TYPES_POWER] = NUMBER("power_kw", 1, 1000000, 1000, NULL),
    [TYPES_EFFORT] = NUMBER("tractive_effort_kn", 1, 100000, 1000, NULL),
    [TYPES_BRAKE] = NUMBER("brake_ms2", 0.01, 5, 1, NULL),
    [TYPES_DAVIS_A] = NUMBER("davis_a_n", 0, 1e8, 1, "0"),
    [TYPES_DAVIS_B] = NUMBER("davis_b_ns_m", 0, 1e7, 1, "0"),
    [TYPES_DAVIS_C] = NUMBER("davis_c_ns2_m2", 0, 1e6, 1, "0"),
    [TYPES_ROTATING_MASS] = NUMBER("rotating_mass", 1, 2, 1, "1"),
    [TYPES_TUNNEL_DRAG] = NUMBER("tunnel_drag", 0.1, 100, 1, "1"),
    [TYPES_SUPPLEMENT] = NUMBER("supplement_percent", 0, 500, 1, "0"),
    [TYPES_RUNNING_FACTOR] = LAW("running_factor", 0, 1000, "1"),
    [TYPES_HEIGHT] = NUMBER("height_m", 0.1, 30, 1, NULL),
    [TYPES_CAPACITY] = NUMBER("capacity_teu", 0, 100000, 1, "0"),
    [TYPES_PRIORITY] = WHOLE("priority", -1000, 1000, "1"),
    [TYPES_DELAY_WEIGHT] = NUMBER("delay_weight", 0, 1e6, 1, "1"),
    [TYPES_COST_KM] = NUMBER("cost_per_train_km_usd", 0, 1e9, 1, "0"),
    [TYPES_COST_HOUR] = NUMBER("cost_per_hour_usd", 0, 1e9, 1, "0"),
    [TYPES_ENERGY] = WORD("energy", "electric|diesel|steam", NULL),
    [TYPES_REVENUE] = NUMBER("revenue_per_train_usd", 0, 1e9, 1, "0"),
    [TYPES_EMPTY_MASS] = NUMBER("empty_mass_t", 1, 500000, 1000, NULL),
    [TYPES_EMPTY_LENGTH] = NUMBER("empty_length_m", 1, 20000, 1, NULL),
    [TYPES_OPTION] = OPTION,
    [TYPES_SOURCE] = SOURCE,
};

static const struct column alignment_columns[ALIGNMENT_COLUMNS] = {
    [ALIGNMENT_SECTION] = REFERENCE("section", "sections"),
    [ALIGNMENT_FROM] = NEEDED_NUMBER("from_km", 0, 5000, 1000),
    [ALIGNMENT_TO] = NEEDED_NUMBER("to_km", 0, 5000, 1000),
    [ALIGNMENT_GRADIENT] = NUMBER("gradient_permille", -200, 200, 1, "0"),
    [ALIGNMENT_CURVE] = NUMBER("curve_radius_m", 50, 1000000, 1, NULL),
    [ALIGNMENT_SPEED] = NUMBER("speed_kmh", 1, 1000, KMH, NULL),
    [ALIGNMENT_TUNNEL] = WORD("tunnel", "no|yes", "no"),
    [ALIGNMENT_OPTION] = OPTION,
    [ALIGNMENT_SOURCE] = SOURCE,
};

static const struct column running_time_columns[TIMES_COLUMNS] = {
    [TIMES_SECTION] = REFERENCE("section", "sections"),
    [TIMES_TYPE] = REFERENCE("train_type", "train_types"),
    [TIMES_DIRECTION] = WORD("direction", "forward|backward|both", "both"),
    [TIMES_RUN] = NEEDED_NUMBER("run_s", 1, 1000000, 1),
    [TIMES_START] = NUMBER("start_s", 0, 86400, 1, "0"),
    [TIMES_STOP] = NUMBER("stop_s", 0, 86400, 1, "0"),
    [TIMES_OPTION] = OPTION,
    [TIMES_SOURCE] = SOURCE,
};

static const struct column possession_columns[POSSESSIONS_COLUMNS] = {
    [POSSESSIONS_SECTION] = REFERENCE("section", "sections"),
    [POSSESSIONS_LINE_TRACK] = WHOLE("line_track", 1, 2, NULL),
    [POSSESSIONS_DIRECTION] = WORD("direction", "forward|backward|both", "both"),
    [POSSESSIONS_WEEKDAY] = {.name = "weekday", .kind = CELL_WEEKDAYS, .standard = "daily"},
    [POSSESSIONS_FROM] = {.name = "from", .kind = CELL_CLOCK, .required = true, .maximum = 24},
    [POSSESSIONS_TO] = {.name = "to", .kind = CELL_CLOCK, .required = true, .maximum = 24},
    [POSSESSIONS_OPTION] = OPTION,
    [POSSESSIONS_SOURCE] = SOURCE,
};

static const struct column option_columns[OPTIONS_COLUMNS] = {
    [OPTIONS_OPTION] = IDENTIFIER("option"),
    [OPTIONS_NAME] = TEXT("name"),
    [OPTIONS_CAPEX] = NUMBER("capex_usd", 0, 1e15, 1, NULL),
    [OPTIONS_OPEX] = NUMBER("opex_usd_per_year", 0, 1e15, 1, NULL),
    [OPTIONS_REQUIRES] = {.name = "requires", .kind = CELL_OPTIONS},
    [OPTIONS_SOURCE] = SOURCE,
};

static const struct column variant_columns[VARIANTS_COLUMNS] = {
    [VARIANTS_VARIANT] = IDENTIFIER("variant"),
    [VARIANTS_NAME] = TEXT("name"),
    [VARIANTS_OPTIONS] = {.name = "options", .kind = CELL_OPTIONS},
    [VARIANTS_SETTINGS] = TEXT("settings"),
    [VARIANTS_SOURCE] = SOURCE,
};

static const struct column terminal_columns[TERMINALS_COLUMNS] = {
    [TERMINALS_STATION] = REFERENCE("station", "stations"),
    [TERMINALS_CRANES] = WHOLE("cranes", 0, 10000, NULL),
    [TERMINALS_LIFT] = NUMBER("lift_s", 0, 86400, 1, "0"),
    [TERMINALS_LIFT_CV] = NUMBER("lift_cv", 0, 10, 1, "0"),
    [TERMINALS_YARD] = NUMBER("yard_teu", 0, 1e9, 1, NULL),
    [TERMINALS_GAUGE_CHANGE] = WORD("gauge_change", "transship|bogie", NULL),
    [TERMINALS_TURNAROUND] = NUMBER("turnaround_s", 0, 604800, 1, "0"),
    [TERMINALS_HOLD] = NUMBER("hold_for_full_min", 0, 100000, 1, "0"),
    [TERMINALS_CLOSING] = NUMBER("closing_min", 0, 100000, 1, NULL),
    [TERMINALS_PICKUP] = NUMBER("pickup_h", 0, 100000, 1, "0"),
    [TERMINALS_SHIFTS] = {.name = "shifts", .kind = CELL_SHIFTS},
    [TERMINALS_OPTION] = OPTION,
    [TERMINALS_SOURCE] = SOURCE,
};

static const struct column flow_columns[FLOWS_COLUMNS] = {
    [FLOWS_FLOW] = IDENTIFIER("flow"),
    [FLOWS_ORIGIN] = REFERENCE("origin", "stations"),
    [FLOWS_DESTINATION] = REFERENCE("destination", "stations"),
    [FLOWS_COMMODITY] = TEXT("commodity"),
    [FLOWS_TEU_PER_DAY] = NEEDED_NUMBER("teu_per_day", 0, 1e7, 1),
    [FLOWS_ARRIVALS] = WORD("arrivals", "poisson|regular|batch", "poisson"),
    [FLOWS_BATCH] = NUMBER("batch_teu", 1, 1e6, 1, NULL),
    [FLOWS_TARIFF] = NUMBER("tariff_usd_per_teu", 0, 1e7, 1, "0"),
    [FLOWS_DUE] = NUMBER("due_h", 0, 100000, 1, NULL),
    [FLOWS_LATE] = NUMBER("late_usd_per_teu_day", 0, 1e7, 1, "0"),
    [FLOWS_SEASONALITY] = {.name = "seasonality", .kind = CELL_SEASONS, .maximum = 12},
    [FLOWS_SHARE_40FT] = NUMBER("share_40ft", 0, 1, 1, "0"),
    [FLOWS_EMPTIES_RETURN] = WORD("empties_return", "no|yes", "no"),
    [FLOWS_OPTION] = OPTION,
    [FLOWS_SOURCE] = SOURCE,
};

static const struct column hazard_columns[] = {
    IDENTIFIER("hazard"),
    {.name = "kind", .kind = CELL_TEXT, .required = true},
    TEXT("place"),
    NUMBER("rate_per_year", 0, 1e6, 1, NULL),
    NUMBER("rate_per_train_km", 0, 1e6, 1, NULL),
    NUMBER("duration_h", 0, 1e6, 1, NULL),
    LAW("duration_law", 0, 1e6, "0"),
    WORD("effect", "close|speed|length|fail_train|purge", NULL),
    TEXT("value"),
    TEXT("months"),
    OPTION,
    SOURCE,
};

static const struct column scenario_columns[SCENARIO_COLUMNS] = {
    [SCENARIO_KEY] = IDENTIFIER("key"),
    [SCENARIO_VALUE] = {.name = "value", .kind = CELL_TEXT, .present = true},
    [SCENARIO_UNIT] = TEXT("unit"),
    [SCENARIO_SOURCE] = SOURCE,
};

static const struct column setting_columns[SETTING_COLUMNS] = {
    [SETTING_NAME] = TEXT("name"),
    [SETTING_DESCRIPTION] = TEXT("description"),
    [SETTING_START_DATE] = {.name = "start_date", .kind = CELL_DATE, .standard = "2030-01-01"},
    [SETTING_WARMUP] = {.name = "warmup_days", .kind = CELL_NUMBER, .maximum = 36500, .words = "auto", .standard = "0"},
    [SETTING_HORIZON] = NUMBER("horizon_days", 0.001, 36500, 1, "1"),
    [SETTING_REPLICATIONS] = WHOLE("replications", 1, 1000000, "1"),
    [SETTING_SEED] = WHOLE("seed", 0, 9007199254740992, "1"),
    [SETTING_DISPATCH] = {.name = "dispatch",
                          .kind = CELL_WORD,
                          .words = "fcfs|priority|fleet",
                          .standard = "fcfs",
                          .later = "lookahead"},
    [SETTING_FLEET_SIZE] = WHOLE("fleet_size", 1, 10000, "1"),
    [SETTING_FLEET_WINDOW] = NUMBER("fleet_window_min", 0.1, 10080, 60, NULL),
    [SETTING_ROUTE_SETTING] = NUMBER("route_setting_s", 0, 3600, 1, "0"),
    [SETTING_REACTION] = NUMBER("reaction_s", 0, 3600, 1, "0"),
    [SETTING_SIGHTING] = NUMBER("sighting_m", 0, 10000, 1, "0"),
    [SETTING_MOVING_MARGIN] = NUMBER("moving_margin_m", 0, 100000, 1, "100"),
    [SETTING_REPEAT] = WORD("repeat", "daily|once", "daily"),
    [SETTING_DETAIL] = WORD("detail", "summary|trains|calls|blocks|containers|full", "calls"),
    [SETTING_SCHEDULE] = TEXT("schedule"),
    [SETTING_CLEAR_BY_LENGTH] = WORD("clear_by_length", "no|yes", "no"),
    [SETTING_DELAY_LIMIT] = NUMBER("delay_limit_min", 0, 100000, 1, "30"),
    [SETTING_PRICE_YEAR] = WHOLE("price_year", 1800, 2300, NULL),
};

#define ECONOMIC(LAW_NAME) [ECONOMICS_LAWS + ECONOMIC_##LAW_NAME]
static const struct column economics_columns[ECONOMICS_COLUMNS] = {
    [ECONOMICS_VIEWPOINT] = WORD("viewpoint", "project|manager|operator", "project"),
    [ECONOMICS_CURRENCY] = WORD("currency", "usd", "usd"),
    [ECONOMICS_DISCOUNTING] = WORD("discounting", "end_of_year|mid_year|start_of_year", "end_of_year"),
    [ECONOMICS_FIRST_YEAR] = WHOLE("first_year", 1800, 2300, NULL),
    [ECONOMICS_PROFILE] = TEXT("construction_profile"),
    [ECONOMICS_INTEREST] = WORD("interest_during_construction", "no|yes", "no"),
    ECONOMIC(CAPEX_OVERRUN) = LAW("capex_overrun", 0, 100, "1"),
    ECONOMIC(OPENING_DELAY) = LAW("opening_delay_years", 0, 100, "0"),
    ECONOMIC(TARIFF_FACTOR) = LAW("tariff_factor", 0, 1000, "1"),
    ECONOMIC(DEMAND_FACTOR) = LAW("demand_factor", 0, 1000, "1"),
    ECONOMIC(EXCHANGE_RATE) = LAW("exchange_rate_usd", 0, 1e6, "1"),
    ECONOMIC(CAPEX) = LAW("capex_usd", 0, 1e15, "0"),
    ECONOMIC(OPEX_FIXED) = LAW("opex_fixed_usd_per_year", 0, 1e15, "0"),
    ECONOMIC(GROWTH) = LAW("growth_per_year", -0.5, 1, "0"),
    ECONOMIC(RAMP_UP) = LAW("ramp_up_years", 0, 100, "0"),
    ECONOMIC(CONSTRUCTION) = LAW("construction_years", 0, 100, "1"),
    ECONOMIC(DISCOUNT_RATE) = LAW("discount_rate", 0, 1, "0.08"),
    ECONOMIC(LIFE) = LAW("life_years", 1, 400, "30"),
    ECONOMIC(TRACK_ACCESS) = LAW("track_access_usd_per_train_km", 0, 1e6, "0"),
    ECONOMIC(ENERGY) = LAW("energy_usd_per_kwh", 0, 1e4, "0"),
    ECONOMIC(LIFT) = LAW("lift_usd", 0, 1e6, "0"),
    ECONOMIC(YARD) = LAW("yard_usd_per_teu_day", 0, 1e6, "0"),
    ECONOMIC(RENEWALS_SHARE) = LAW("renewals_share", 0, 10, "0"),
    ECONOMIC(RENEWALS_EVERY) = LAW("renewals_every_years", 0, 400, "0"),
    ECONOMIC(RESIDUAL_SHARE) = LAW("residual_share", 0, 1, "0"),
    ECONOMIC(SEA_TARIFF) = LAW("sea_tariff_usd_per_teu", 0, 1e7, "0"),
    ECONOMIC(RAIL_TARIFF) = LAW("rail_tariff_usd_per_teu_km", 0, 1e6, "0"),
    ECONOMIC(VALUE_OF_TIME) = LAW("value_of_time_usd_per_teu_day", 0, 1e6, "0"),
    ECONOMIC(DAYS_SAVED) = LAW("days_saved", -365, 365, "0"),
};

static const struct column timetable_columns[TIMETABLE_COLUMNS] = {
    [TIMETABLE_TRAIN] = IDENTIFIER("train"),
    [TIMETABLE_TYPE] = REFERENCE("train_type", "train_types"),
    [TIMETABLE_STATION] = REFERENCE("station", "stations"),
    [TIMETABLE_ARRIVAL] = CLOCK("arrival", 8760, NULL),
    [TIMETABLE_DEPARTURE] = CLOCK("departure", 8760, NULL),
    [TIMETABLE_MIN_DWELL] = NUMBER("min_dwell_s", 0, 1000000, 1, "0"),
    [TIMETABLE_TRACK] = TEXT("track"),
    [TIMETABLE_ENTRY_DELAY] = LAW("entry_delay_s", 0, 1e6, "0"),
    [TIMETABLE_DWELL] = LAW("dwell_s", 0, 1e6, "0"),
    [TIMETABLE_OPTION] = OPTION,
    [TIMETABLE_SOURCE] = SOURCE,
};

static const struct column service_columns[SERVICES_COLUMNS] = {
    [SERVICES_SERVICE] = IDENTIFIER("service"),
    [SERVICES_TYPE] = REFERENCE("train_type", "train_types"),
    [SERVICES_ORIGIN] = REFERENCE("origin", "stations"),
    [SERVICES_DESTINATION] = REFERENCE("destination", "stations"),
    [SERVICES_FIRST] = CLOCK("first_departure", 24, "00:00"),
    [SERVICES_LAST] = CLOCK("last_departure", 24, "24:00"),
    [SERVICES_INTERVAL] = NUMBER("interval_min", 0.1, 10080, 1, NULL),
    [SERVICES_TRAINS_PER_DAY] = NUMBER("trains_per_day", 0.01, 10000, 1, NULL),
    [SERVICES_DAYS] = {.name = "days", .kind = CELL_WEEKDAYS, .standard = "daily"},
    [SERVICES_ARRIVALS] = WORD("arrivals", "regular|poisson|saturated", "regular"),
    [SERVICES_STOPS] = {.name = "stops", .kind = CELL_STOPS, .maximum = 1000000},
    [SERVICES_RETURN_OF] = {.name = "return_of", .kind = CELL_REFERENCE, .words = "services"},
    [SERVICES_ENTRY_DELAY] = LAW("entry_delay_s", 0, 1e6, "0"),
    [SERVICES_OPTION] = OPTION,
    [SERVICES_SOURCE] = SOURCE,
};

#define COLUMNS(array) .columns = array, .column_count = COUNT_OF(array)

static const struct table_description descriptions[TABLE_COUNT] = {
    [TABLE_STATIONS] = {"stations", "stations.csv", true, true, 1, COLUMNS(station_columns)},
    [TABLE_TRACKS] = {"tracks", "tracks.csv", true, true, 2, COLUMNS(track_columns)},
    [TABLE_SECTIONS] = {"sections", "sections.csv", true, true, 1, COLUMNS(section_columns)},
    [TABLE_TRAIN_TYPES] = {"train_types", "train_types.csv", true, true, 1, COLUMNS(type_columns)},
    [TABLE_ALIGNMENT] = {"alignment", "alignment.csv", false, true, 1, COLUMNS(alignment_columns)},
    [TABLE_RUNNING_TIMES] = {"running_times", "running_times.csv", false, true, 2, COLUMNS(running_time_columns)},
    [TABLE_POSSESSIONS] = {"possessions", "possessions.csv", false, true, 1, COLUMNS(possession_columns)},
    [TABLE_OPTIONS] = {"options", "options.csv", false, true, 1, COLUMNS(option_columns)},
    [TABLE_VARIANTS] = {"variants", "variants.csv", false, true, 1, COLUMNS(variant_columns)},
    [TABLE_TERMINALS] = {"terminals", "terminals.csv", false, true, 1, COLUMNS(terminal_columns)},
    [TABLE_FLOWS] = {"flows", "flows.csv", false, true, 1, COLUMNS(flow_columns)},
    [TABLE_HAZARDS] = {"hazards", "hazards.csv", false, false, 1, COLUMNS(hazard_columns)},
    [TABLE_ECONOMICS] = {"economics", "economics.csv", false, true, 1, COLUMNS(scenario_columns)},
    [TABLE_SCENARIO] = {"scenario", "scenario.csv", true, true, 1, COLUMNS(scenario_columns)},
    [TABLE_SETTINGS] = {"settings", NULL, false, true, 0, COLUMNS(setting_columns)},
    [TABLE_ECONOMIC_KEYS] = {"economics", NULL, false, true, 0, COLUMNS(economics_columns)},
    [TABLE_TIMETABLE] = {"schedule", NULL, false, true, 1, COLUMNS(timetable_columns)},
    [TABLE_SERVICES] = {"schedule", NULL, false, true, 1, COLUMNS(service_columns)},
};

const struct table_description *table_description(enum table_name table) {
    return &descriptions[table];
}

int32_t table_column(const struct table_description *description, const char *name) {
    for (int32_t i = 0; i < description->column_count; i++)
        if (strcmp(description->columns[i].name, name) == 0) return i;
    return -1;
}

/* The length of the words of two names, joined by _, that are the same up to there; 0 where a word is too short to
 * tell. */
static size_t common_stem(const char *one, const char *other) {
    enum { LEAST_STEM = 4 };
    size_t stem = 0;
    for (size_t i = 0;; i++) {
        const bool ends = (one[i] == '_' || one[i] == '\0') && (other[i] == '_' || other[i] == '\0');
        if (ends) stem = i;
        if (one[i] == '\0' || one[i] != other[i]) break;
    }
    return stem >= LEAST_STEM ? stem : 0;
}

static const char *nearest_in_letters(const struct table_description *description, const char *name) {
    const char *nearest = NULL;
    int32_t least = INT32_MAX;
    for (int32_t i = 0; i < description->column_count; i++) {
        const int32_t distance = text_distance(name, description->columns[i].name);
        if (distance >= least) continue;
        least = distance;
        nearest = description->columns[i].name;
    }
    return nearest && text_near(name, least) ? nearest : NULL;
}

const char *columns_nearest(const struct table_description *description, const char *name) {
    const char *nearest = nearest_in_letters(description, name);
    size_t longest = 0;
    for (int32_t i = 0; i < description->column_count && !nearest; i++) {
        const size_t stem = common_stem(name, description->columns[i].name);
        if (stem > longest) longest = stem;
    }
    for (int32_t i = 0; i < description->column_count && longest > 0; i++) {
        const char *column = description->columns[i].name;
        if (common_stem(name, column) == longest && (!nearest || strlen(column) < strlen(nearest))) nearest = column;
    }
    return nearest;
}

const char *columns_meant(const struct table_description *description, const char *name,
                          char text[COLUMNS_MEANT_SIZE]) {
    const char *nearest = columns_nearest(description, name);
    if (nearest) {
        snprintf(text, COLUMNS_MEANT_SIZE, ", did you mean '%s'?", nearest);
        return text;
    }
    int32_t used = snprintf(text, COLUMNS_MEANT_SIZE, ", expected ");
    for (int32_t i = 0; i < description->column_count && used < COLUMNS_MEANT_SIZE; i++)
        used += snprintf(text + used, (size_t)(COLUMNS_MEANT_SIZE - used), "%s%s",
                         i == 0                              ? ""
                         : i + 1 < description->column_count ? ", "
                                                             : " or ",
                         description->columns[i].name);
    return text;
}

/* "a|b|c" as "a, b or c". */
static void list_words(const char *words, char *text, int32_t size) {
    int32_t used = 0;
    assert(words); /* every CELL_WORD has some */
    for (const char *word = words; *word != '\0';) {
        const int length = (int)strcspn(word, "|");
        const char *next = word + length + (word[length] == '|');
        const char *joint = word == words ? "" : *next == '\0' ? " or " : ", ";
        if (used < size) used += snprintf(text + used, (size_t)(size - used), "%s%.*s", joint, length, word);
        word = next;
    }
}

const char *column_expected(const struct column *column, char *text, int32_t size) {
    const char *also = column->words ? column->words : "", *joint = column->words ? " or " : "";
    const size_t room = (size_t)size;
    switch (column->kind) {
    case CELL_TEXT:
        snprintf(text, room, "text");
        break;
    case CELL_IDENTIFIER:
        snprintf(text, room, "1 to 63 characters of A-Z a-z 0-9 _ . -");
        break;
    case CELL_REFERENCE:
        snprintf(text, room, "a row of %s", column->words);
        break;
    case CELL_NUMBER:
        snprintf(text, room, "%.16g to %.16g%s%s", column->minimum, column->maximum, joint, also);
        break;
    case CELL_WHOLE:
        snprintf(text, room, "a whole number from %.16g to %.16g%s%s", column->minimum, column->maximum, joint, also);
        break;
    case CELL_WORD:
        list_words(column->words, text, size);
        break;
    case CELL_LAW:
        snprintf(text, room, "a number from %.16g to %.16g or a law of such", column->minimum, column->maximum);
        break;
    case CELL_CLOCK:
        snprintf(text, room, "HH:MM or HH:MM:SS from 00:00 to %g:00", column->maximum);
        break;
    case CELL_DATE:
        snprintf(text, room, "a date YYYY-MM-DD from 1900-01-01 to 2199-12-31");
        break;
    case CELL_WEEKDAYS:
        snprintf(text, room, "daily, or days of mon;tue;wed;thu;fri;sat;sun");
        break;
    case CELL_OPTIONS:
        snprintf(text, room, "options joined by ;, with ! before one that must be off");
        break;
    case CELL_STOPS:
        snprintf(text, room, "STATION:dwell_s joined by ;, dwells from %.16g to %.16g", column->minimum,
                 column->maximum);
        break;
    case CELL_SEASONS:
        snprintf(text, room, "12 factors joined by ;, January first, each %.16g to %.16g, of mean 1", column->minimum,
                 column->maximum);
        break;
    case CELL_SHIFTS:
        snprintf(text, room, "HH:MM-HH:MM joined by ;, at most 6");
        break;
    }
    return text;
}

void columns_print(FILE *stream) {
    static const enum table_name order[] = {
        TABLE_SETTINGS,      TABLE_STATIONS,      TABLE_TRACKS,    TABLE_SECTIONS, TABLE_TRAIN_TYPES, TABLE_ALIGNMENT,
        TABLE_RUNNING_TIMES, TABLE_POSSESSIONS,   TABLE_OPTIONS,   TABLE_VARIANTS, TABLE_TERMINALS,   TABLE_FLOWS,
        TABLE_HAZARDS,       TABLE_ECONOMIC_KEYS, TABLE_TIMETABLE, TABLE_SERVICES,
    };
    char expected[200];
    fprintf(stream, "table,column,required,expected,default\n");
    for (int32_t i = 0; i < COUNT_OF(order); i++) {
        const struct table_description *table = &descriptions[order[i]];
        const char *name = order[i] == TABLE_SETTINGS    ? "scenario"
                           : order[i] == TABLE_TIMETABLE ? "timetable"
                           : order[i] == TABLE_SERVICES  ? "services"
                                                         : table->name;
        for (int32_t c = 0; c < table->column_count; c++) {
            const struct column *column = &table->columns[c];
            fprintf(stream, "%s,%s,%s,\"%s\",%s\n", name, column->name, column->required ? "yes" : "no",
                    column_expected(column, expected, sizeof expected), column->standard ? column->standard : "");
        }
    }
}
