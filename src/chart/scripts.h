/* The gnuplot scripts of plots/, built into the program so that it finds them wherever it runs. */
#ifndef BERING_CHART_SCRIPTS_H
#define BERING_CHART_SCRIPTS_H

extern const char look_script[]; /* plots/look.gp, the first part of every chart */

extern const char traingraph_script[]; /* plots/traingraph.gp */
extern const char delay_script[];
extern const char capacity_script[];
extern const char occupation_script[];
extern const char stairway_script[];
extern const char cash_script[];
extern const char tornado_script[];
extern const char revenue_script[];
extern const char waiting_script[];
extern const char transit_script[];
extern const char earnings_script[];

#endif
