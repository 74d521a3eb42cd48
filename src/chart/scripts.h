/* The gnuplot scripts of plots/, built into the program so that it finds them wherever it runs. */
#ifndef BERING_CHART_SCRIPTS_H
#define BERING_CHART_SCRIPTS_H

extern const char traingraph_script[]; /* plots/traingraph.gp */

#endif
