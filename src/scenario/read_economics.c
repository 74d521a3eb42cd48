#include <math.h>
#include <string.h>

#include "scenario/reader.h"

static const struct column *column_of(enum economic_law law) {
    return &table_description(TABLE_ECONOMIC_KEYS)->columns[ECONOMICS_LAWS + law];
}

const char *economics_key(enum economic_law law) {
    return column_of(law)->name;
}

void economics_range(enum economic_law law, double *minimum, double *maximum) {
    *minimum = column_of(law)->minimum;
    *maximum = column_of(law)->maximum;
}

double economics_mean(const struct economics *economics, enum economic_law law) {
    return law_mean(&economics->laws[law]);
}

void economics_free(struct economics *economics) {
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++) law_free(&economics->laws[law]);
    *economics = (struct economics){0};
}

double economics_capex_of_options(const struct option_offered *options, int32_t count) {
    double sum = 0;
    for (int32_t i = 0; i < count; i++)
        if (options[i].on && !isnan(options[i].capex_usd)) sum += options[i].capex_usd;
    return sum;
}

double economics_opex_of_options(const struct option_offered *options, int32_t count) {
    double sum = 0;
    for (int32_t i = 0; i < count; i++)
        if (options[i].on && !isnan(options[i].opex_usd_per_year)) sum += options[i].opex_usd_per_year;
    return sum;
}

/* ---- the shares of construction ---- */

enum { NUMBER_SIZE = 64 };

/* The next number of a list; `next` moves on behind it. */
static bool next_share(const char **next, double *share) {
    char number[NUMBER_SIZE];
    const char *text = *next + strspn(*next, " ");
    size_t length = strcspn(text, ";");
    *next = text[length] == '\0' ? NULL : text + length + 1;
    while (length > 0 && text[length - 1] == ' ') length--;
    if (length >= sizeof number) return false;
    memcpy(number, text, length);
    number[length] = '\0';
    return number_parse(number, share) && *share >= 0 && *share <= 1;
}

/* Evenly, when the cell is empty or wrong. */
static void read_shares(const struct row *row, struct economics *economics) {
    const char *text = cell_raw(row, ECONOMICS_PROFILE), *next = text;
    double sum = 0;
    int32_t count = 0;
    economics->construction_shares[0] = 1;
    economics->construction_share_count = 1;
    if (*text == '\0') return;
    double shares[ECONOMICS_MOST_SHARES];
    for (; next; count++) {
        if (count == ECONOMICS_MOST_SHARES) {
            row_error(row, ECONOMICS_PROFILE, "construction_profile has more than %d shares, expected fewer",
                      ECONOMICS_MOST_SHARES);
            return;
        }
        if (!next_share(&next, &shares[count])) {
            row_error(row, ECONOMICS_PROFILE,
                      "construction_profile '%.*s', share %d is no number from 0 to 1, expected shares joined by ;",
                      text_shown(text), text, (int)count + 1);
            return;
        }
        sum += shares[count];
    }
    if (fabs(sum - 1) > 1e-6) {
        row_error(row, ECONOMICS_PROFILE, "construction_profile '%.*s' sums to %.9g, expected 1", text_shown(text),
                  text, sum);
        return;
    }
    for (int32_t i = 0; i < count; i++) economics->construction_shares[i] = shares[i] / sum;
    economics->construction_share_count = count;
}

/* Planned to open in the year the scenario starts in. */
static int32_t standard_first_year(const struct reader *reader) {
    const double years = economics_mean(&reader->scenario->economics, ECONOMIC_CONSTRUCTION);
    return reader->scenario->settings.start_year - (int32_t)ceil(years);
}

bool read_economics(struct reader *reader) {
    struct economics *economics = &reader->scenario->economics;
    const struct row row = reader_row(reader, &reader->economics, 0);
    economics->viewpoint = (enum viewpoint)cell_word(&row, ECONOMICS_VIEWPOINT, VIEWPOINT_PROJECT);
    economics->discounting = (enum discounting)cell_word(&row, ECONOMICS_DISCOUNTING, DISCOUNTING_END_OF_YEAR);
    economics->interest_during_construction = cell_word(&row, ECONOMICS_INTEREST, 0) == 1;
    cell_word(&row, ECONOMICS_CURRENCY, 0);
    read_shares(&row, economics);
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++) cell_law(&row, ECONOMICS_LAWS + law, &economics->laws[law]);
    economics->first_year = (int32_t)cell_whole(&row, ECONOMICS_FIRST_YEAR, standard_first_year(reader));
    return true;
}
