#include "audit/checks.h"

#include <inttypes.h>
#include <stddef.h>

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

bool audit_check_money(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                       struct failure *failure) {
    if (!check_flows(database, rows, report, failure)) return false;
    if (report->tallies[AUDIT_CONTAINERS].tested == 0)
        audit_skip(report, AUDIT_CONTAINERS, "the run carried no containers");
    return true;
}
