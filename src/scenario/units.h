/* The column `unit` of scenario.csv and economics.csv. It is a remark, but one that names another unit than the key's
 * tells that the value beside it is not what it will be taken for. */
#ifndef BERING_SCENARIO_UNITS_H
#define BERING_SCENARIO_UNITS_H

/* The unit of `key`, in words, if `unit` names another one: "days" of horizon_days and hours, "USD" of capex_usd and
 * EUR or USD bn, "a fraction, 0.05 for 5 %" of discount_rate and % per year. Capitals, brackets and full stops make no
 * difference. NULL: it does not, or says nothing that is known.
 */
const char *unit_contradicted(const char *key, const char *unit);

#endif
