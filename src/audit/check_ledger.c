/* The ledger, account by account and day by day, against the trains and containers that it was posted for and the
 * prices of the scenario. All in cents, and exact. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "audit/books.h"

#define DAY_MS INT64_C(86400000)
enum { DAYS_PER_YEAR = 365 };

static void wrong(const struct books *books, int64_t day, const char *account, int64_t told, int64_t made) {
    const bool timed = day > 0 && day <= AUDIT_FARTHEST_MS / DAY_MS;
    audit_violation(books->report, AUDIT_LEDGER, NULL, NULL, timed ? (day - 1) * DAY_MS : AUDIT_NO_TIME,
                    "%s is %" PRId64 " cents and should be %" PRId64, account, told, made);
}

/* ---- trains ---- */

/* How far a train went, by its calls; NAN: not known. */
static double km_of(const struct books *books, const struct audit_train_row *train) {
    double metres = 0;
    enum audit_direction direction;
    for (int32_t k = 0; k + 1 < train->call_count; k++) {
        const int32_t section = books_section_after(books, train->first_call + k, &direction);
        metres += section < 0 ? NAN : books->world->sections[section].length_m;
    }
    return train->call_count < 2 ? NAN : metres / 1000;
}

/* Adds a posting of whole cents; where the half decides, either way is granted. */
static void add_cents(double cents, int64_t *sum, int64_t *open) {
    if (!isfinite(cents)) return; /* not kept: whoever asks for the sum knows */
    *sum += llround(cents);
    if (fabs(fabs(cents - trunc(cents)) - 0.5) < 1e-6) ++*open;
}

/* What is posted when it arrives, before the run ends. */
static void check_train(const struct books *books, const struct audit_train_row *train) {
    if (train->type < 0) return;
    const struct audit_type *type = &books->world->types[train->type];
    const struct audit_prices *prices = &books->world->prices;
    const bool capped = books->end_ms >= books->count_to_ms;
    const bool ended = train->arrival_ms != AUDIT_NULL_MS && train->departure_ms != AUDIT_NULL_MS &&
                       (train->arrival_ms < books->end_ms || (train->arrival_ms == books->end_ms && !capped));
    const double km = km_of(books, train), hours = ((double)train->arrival_ms - (double)train->departure_ms) / 3600000;
    int64_t revenue_cents = 0, cost_cents = 0, open = 0, none = 0;
    if (ended) {
        add_cents(100 * type->revenue_per_train_usd, &revenue_cents, &none);
        add_cents(100 * type->cost_per_hour_usd * hours, &cost_cents, &open);
        add_cents(100 * type->cost_per_train_km_usd * km, &cost_cents, &open);
        add_cents(prices->access_cents_per_km * km, &cost_cents, &open);
        add_cents(prices->energy_cents_per_kwh * train->energy_kwh, &cost_cents, &open);
    }
    audit_tested(books->report, AUDIT_LEDGER, 1);
    if (train->revenue_cents != revenue_cents)
        audit_violation(books->report, AUDIT_LEDGER, train->train, NULL, train->arrival_ms,
                        "it earned %" PRId64 " cents and should have earned %" PRId64, train->revenue_cents,
                        revenue_cents);
    const bool known = !ended || (!isnan(km) && !isnan(prices->access_cents_per_km) &&
                                  !isnan(prices->energy_cents_per_kwh) && !isnan(train->energy_kwh));
    if (known && (train->cost_cents < cost_cents - open || train->cost_cents > cost_cents + open))
        audit_violation(books->report, AUDIT_LEDGER, train->train, NULL, train->arrival_ms,
                        "it cost %" PRId64 " cents and should have cost %" PRId64, train->cost_cents, cost_cents);
}

/* ---- day by day ---- */

/* What comes whatever runs: a year's sum in whole cents over 365 days, with the rest spread evenly. */
static int64_t fixed_of_day(int64_t cents_per_year, int64_t day) {
    const int64_t place = (day - 1) % DAYS_PER_YEAR, rest = cents_per_year % DAYS_PER_YEAR;
    return cents_per_year / DAYS_PER_YEAR + rest * (place + 1) / DAYS_PER_YEAR - rest * place / DAYS_PER_YEAR;
}

static bool check_fixed(const struct books *books) {
    if (isnan(books->world->prices.fixed_cents_per_year)) return true;
    const int64_t yearly_cents = llround(books->world->prices.fixed_cents_per_year);
    const bool capped = books->end_ms >= books->count_to_ms;
    const int64_t last_ms = capped ? books->end_ms - 1 : books->end_ms;
    int64_t days = last_ms < 0 ? 0 : last_ms / DAY_MS + 1, told_days = 0;
    sqlite3_stmt *statement =
        books_query(books, "SELECT day, amount_cents FROM ledger WHERE run_id = ?1 AND account = 'fixed' ORDER BY day");
    if (statement == NULL) return false;
    int code;
    for (; (code = sqlite3_step(statement)) == SQLITE_ROW; told_days++) {
        const int64_t day = sqlite3_column_int64(statement, 0), told = sqlite3_column_int64(statement, 1);
        const int64_t made = day >= 1 && day <= days ? -fixed_of_day(yearly_cents, day) : 0;
        audit_tested(books->report, AUDIT_LEDGER, 1);
        if (told != made) wrong(books, day, "fixed", told, made);
    }
    if (yearly_cents >= DAYS_PER_YEAR && told_days != days)
        audit_violation(books->report, AUDIT_LEDGER, NULL, NULL, AUDIT_NO_TIME,
                        "fixed is posted on %" PRId64 " days of %" PRId64, told_days, days);
    return books_done(books, statement, code);
}

/* Each row: a day, an account (or `trains` for all that a train costs), what the ledger tells and what is made of
 * rows. */
static const char by_day[] =
    "SELECT day, account, sum(told), sum(made) FROM ("
    "SELECT day, CASE WHEN account IN ('energy', 'train_hours', 'train_km', 'track_access_paid') THEN 'trains' ELSE "
    "account END AS account, amount_cents AS told, 0 AS made FROM ledger WHERE run_id = ?1 "
    "UNION ALL SELECT day, 'track_access_received', 0, -amount_cents FROM ledger WHERE run_id = ?1 AND account = "
    "'track_access_paid' "
    "UNION ALL SELECT arrival_ms / 86400000 + 1, 'trains', 0, -cost_cents FROM trains WHERE run_id = ?1 AND cost_cents "
    "<> "
    "0 "
    "UNION ALL SELECT arrival_ms / 86400000 + 1, 'train_revenue', 0, revenue_cents FROM trains WHERE run_id = ?1 AND "
    "revenue_cents <> 0 "
    "UNION ALL SELECT delivered_ms / 86400000 + 1, 'tariff', 0, revenue_cents FROM containers WHERE run_id = ?1 AND "
    "revenue_cents <> 0 "
    "UNION ALL SELECT delivered_ms / 86400000 + 1, 'late_penalty', 0, -penalty_cents FROM containers WHERE run_id = ?1 "
    "AND "
    "penalty_cents <> 0) GROUP BY day, account ORDER BY day, account";

static bool check_days(const struct books *books) {
    static const struct {
        const char *account;
        bool trains, containers; /* needs rows of them */
    } accounts[] = {{"tariff", false, true},
                    {"late_penalty", false, true},
                    {"train_revenue", true, false},
                    {"trains", true, false},
                    {"track_access_received", false, false}};
    const struct audit_detail *detail = &books->rows->detail;
    sqlite3_stmt *statement = books_query(books, by_day);
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *account = (const char *)sqlite3_column_text(statement, 1);
        const int64_t told = sqlite3_column_int64(statement, 2), made = sqlite3_column_int64(statement, 3);
        for (size_t i = 0; account != NULL && i < sizeof accounts / sizeof *accounts; i++) {
            if (strcmp(account, accounts[i].account) != 0) continue;
            if ((accounts[i].trains && !detail->trains) || (accounts[i].containers && !detail->containers)) continue;
            audit_tested(books->report, AUDIT_LEDGER, 1);
            if (told != made) wrong(books, sqlite3_column_int64(statement, 0), account, told, made);
        }
    }
    return books_done(books, statement, code);
}

/* ---- lifts and yards ---- */

/* One sum over the run's rows. */
static bool sum_of(const struct books *books, const char *sql, int64_t *value) {
    sqlite3_stmt *statement = books_query(books, sql);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 2, books->from_ms);
    const int code = sqlite3_step(statement);
    *value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    return books_done(books, statement, code == SQLITE_ROW ? SQLITE_DONE : code);
}

static bool check_handling(const struct books *books) {
    int64_t told, made, lifts_told, lifts;
    if (!sum_of(books,
                "SELECT coalesce(-sum(amount_cents), 0) FROM ledger WHERE run_id = ?1 AND ?2 IS NOT NULL AND "
                "account IN ('lifts', 'yard')",
                &told) ||
        !sum_of(books, "SELECT coalesce(sum(cost_cents), 0) FROM containers WHERE run_id = ?1 AND ?2 IS NOT NULL",
                &made) ||
        !sum_of(books,
                "SELECT coalesce(-sum(amount_cents), 0) FROM ledger WHERE run_id = ?1 AND account = 'lifts' "
                "AND (day - 1) * 86400000 >= ?2",
                &lifts_told) ||
        !sum_of(books, "SELECT coalesce(sum(lifts), 0) FROM terminal_use WHERE run_id = ?1 AND ?2 IS NOT NULL", &lifts))
        return false;
    if (books->rows->detail.containers) {
        audit_tested(books->report, AUDIT_LEDGER, 1);
        if (told != made) wrong(books, 0, "lifts and yard", told, made);
    }
    const double lift_cents = books->world->prices.lift_cents;
    if (isnan(lift_cents) || books->from_ms % DAY_MS != 0 || books->world->flow_count == 0) return true;
    audit_tested(books->report, AUDIT_LEDGER, 1);
    const int64_t most = INT64_C(1) << 32; /* lifts beyond all reason cost what can be told */
    const int64_t lifts_made = (lifts > most ? most : lifts < -most ? -most : lifts) * llround(lift_cents);
    if (lifts_told != lifts_made) wrong(books, 0, "lifts of the window", lifts_told, lifts_made);
    return true;
}

/* ---- what flows are said to earn ---- */

static bool check_accounts(const struct books *books, int64_t *postings) {
    sqlite3_stmt *statement =
        books_query(books, "SELECT account, count(*) FROM ledger WHERE run_id = ?1 GROUP BY account");
    static const char known[] = "|tariff|late_penalty|train_revenue|energy|train_hours|train_km|track_access_paid|"
                                "track_access_received|lifts|yard|fixed|";
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        char account[40] = "";
        const char *word = (const char *)sqlite3_column_text(statement, 0);
        const size_t length = word != NULL ? strlen(word) : 0;
        if (length + 3 <= sizeof account && length > 0) {
            account[0] = '|';
            memcpy(account + 1, word, length);
            memcpy(account + 1 + length, "|", 2);
        }
        *postings += sqlite3_column_int64(statement, 1);
        audit_tested(books->report, AUDIT_LEDGER, 1);
        if (account[0] == '\0' || strstr(known, account) == NULL)
            audit_violation(books->report, AUDIT_LEDGER, NULL, NULL, AUDIT_NO_TIME, "there is no account %.40s",
                            word != NULL ? word : "NULL");
    }
    return books_done(books, statement, code);
}

/* Runs of before the ledger have none, and no figure of what they earned net. */
static bool was_kept(const struct books *books, bool *kept) {
    int64_t margin = 0;
    const bool good = sum_of(
        books, "SELECT count(*) FROM metrics WHERE run_id = ?1 AND ?2 IS NOT NULL AND metric = 'margin_usd'", &margin);
    *kept = margin > 0;
    return good;
}

bool books_check_ledger(const struct books *books) {
    int64_t postings = 0;
    bool kept = false;
    if (!check_accounts(books, &postings) || !was_kept(books, &kept)) return false;
    if (postings == 0 && !kept) {
        audit_skip(books->report, AUDIT_LEDGER, "the run kept no ledger");
        return true;
    }
    if (books->rows->detail.trains)
        for (int32_t i = 0; i < books->rows->train_count; i++) check_train(books, &books->rows->trains[i]);
    return check_fixed(books) && check_days(books) && check_handling(books);
}
