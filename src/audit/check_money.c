#include "audit/checks.h"

#include <inttypes.h>
#include <stddef.h>

/* One sum over the run's rows. */
static bool sum(struct database *database, int64_t run_id, const char *sql, int64_t *value, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || database_explain(database, failure);
}

static bool check_flows(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                        struct failure *failure) {
    static const char sql[] = "SELECT flow, teu_offered, teu_delivered + teu_riding + teu_waiting + teu_refused, "
                              "min(teu_offered, teu_delivered, teu_riding, teu_waiting, teu_refused) "
                              "FROM flow_use WHERE run_id = ?1";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, rows->run_id);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const int64_t offered = sqlite3_column_int64(statement, 1), found = sqlite3_column_int64(statement, 2);
        audit_tested(report, AUDIT_CONTAINERS, 1);
        if (offered != found)
            audit_violation(report, AUDIT_CONTAINERS, NULL, (const char *)sqlite3_column_text(statement, 0),
                            AUDIT_NO_TIME, "%" PRId64 " TEU were offered and %" PRId64 " are accounted for", offered,
                            found);
        const int64_t least = sqlite3_column_int64(statement, 3);
        if (least < 0)
            audit_violation(report, AUDIT_CONTAINERS, NULL, (const char *)sqlite3_column_text(statement, 0),
                            AUDIT_NO_TIME, "%" PRId64 " TEU is less than nothing", least);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || database_explain(database, failure);
}

/* What the containers earned is what the ledger says of tariffs, so far as containers are kept. */
static bool check_ledger(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                         struct failure *failure) {
    int64_t postings = 0, flows = 0, of_flows = 0, of_containers = 0;
    if (!sum(database, rows->run_id, "SELECT count(*) FROM ledger WHERE run_id = ?1", &postings, failure) ||
        !sum(database, rows->run_id, "SELECT count(*) FROM flow_use WHERE run_id = ?1", &flows, failure))
        return false;
    if (flows == 0) {
        audit_skip(report, AUDIT_LEDGER,
                   postings == 0 ? "the run kept no ledger" : "postings without flows: nothing to hold them against");
        return true;
    }
    if (!rows->detail.containers) {
        audit_skip(report, AUDIT_LEDGER, "needs detail containers or full");
        return true;
    }
    if (!sum(database, rows->run_id, "SELECT coalesce(sum(revenue_cents), 0) FROM flow_use WHERE run_id = ?1",
             &of_flows, failure) ||
        !sum(database, rows->run_id, "SELECT coalesce(sum(revenue_cents), 0) FROM containers WHERE run_id = ?1",
             &of_containers, failure))
        return false;
    audit_tested(report, AUDIT_LEDGER, 1);
    if (of_flows != of_containers)
        audit_violation(report, AUDIT_LEDGER, NULL, NULL, AUDIT_NO_TIME,
                        "the flows earned %" PRId64 " cents, their containers %" PRId64, of_flows, of_containers);
    return true;
}

bool audit_check_money(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                       struct failure *failure) {
    if (!check_flows(database, rows, report, failure)) return false;
    if (report->tallies[AUDIT_CONTAINERS].tested == 0)
        audit_skip(report, AUDIT_CONTAINERS, "the run carried no containers");
    return check_ledger(database, rows, report, failure);
}
