# The sum of all money so far, discounted, by year. Data file: year, five quantiles of the cases, the case of all means.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend

do for [i = Y_FIRST:Y_LAST] {
  set arrow from X_FROM, i * Y_STEP to X_TO, i * Y_STEP nohead lw 0.6 lc rgb GRID back
}
do for [i = X_FIRST:X_LAST] {
  set arrow from i * X_STEP, Y_BOTTOM to i * X_STEP, Y_TOP nohead lw 0.6 lc rgb GRID back
  set arrow from first i * X_STEP, screen SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}
set arrow from X_FROM, 0 to X_TO, 0 nohead lw 1.4 lc rgb INK front
if (exists('OPENING')) {
  set arrow from OPENING, Y_BOTTOM to OPENING, Y_TOP nohead lw 1 dt (4, 4) lc rgb SOFT back
}

# ---- legend
if (exists('LEGEND_MOST')) {
  set object rectangle from screen SX(LEGEND_MOST), SY(LEGEND_Y + 8) to screen SX(LEGEND_MOST + 28), SY(LEGEND_Y - 8) \
    fillstyle solid 1 noborder fillcolor rgb CASES_PALE
}
if (exists('LEGEND_HALF')) {
  set object rectangle from screen SX(LEGEND_HALF), SY(LEGEND_Y + 8) to screen SX(LEGEND_HALF + 28), SY(LEGEND_Y - 8) \
    fillstyle solid 1 noborder fillcolor rgb CASES
}
if (exists('LEGEND_MIDDLE')) {
  set arrow from screen SX(LEGEND_MIDDLE), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 2 lc rgb CASES_DARK
}
set arrow from screen SX(LEGEND_SINGLE), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 2 dt (8, 4) lc rgb INK

# ---- the fan, and the lines in it
if (FAN) {
  plot 'sums.dat' using 1:2:6 with filledcurves fillstyle solid 1 noborder lc rgb CASES_PALE, \
       'sums.dat' using 1:3:5 with filledcurves fillstyle solid 1 noborder lc rgb CASES, \
       'sums.dat' using 1:4 with lines lw 2 lc rgb CASES_DARK, \
       'sums.dat' using 1:7 with lines lw 2 dt (8, 4) lc rgb INK
} else {
  plot 'sums.dat' using 1:7 with lines lw 2 dt (8, 4) lc rgb INK
}
set output
