# How long containers take. Data files NAME_1.dat for the first flow and so on, x in hours, y in percent of what was
# delivered; when they are due as x, y, 0, height.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend

do for [i = Y_FIRST:Y_LAST] {
  set arrow from X_FROM, i * Y_STEP to X_TO, i * Y_STEP nohead lw 0.6 lc rgb GRID back
}
do for [i = X_FIRST:X_LAST] {
  set arrow from i * X_STEP, Y_BOTTOM to i * X_STEP, Y_TOP nohead lw 0.6 lc rgb GRID back
  set arrow from first i * X_STEP, screen SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}

# ---- legend
set label '' at screen SX(LEGEND_MEDIAN + 20), SY(LEGEND_Y) point pt 7 ps 1.2 lc rgb SOFT
set label '' at screen SX(LEGEND_MOST + 20), SY(LEGEND_Y) point pt 5 ps 1.2 lc rgb SOFT
if (exists('LEGEND_DUE')) {
  set arrow from screen SX(LEGEND_DUE), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 1.4 dt (8, 4) lc rgb INK
}

# ---- the curves
FILE(name, i) = sprintf('%s_%d.dat', name, i)
plot 'due.dat' using 1:2:3:4 with vectors nohead lw 1.4 dt (8, 4) lc rgb INK, \
     for [i = 1:int(FLOWS)] FILE('curve', i) using 1:2 with lines lw 2 lc rgb FLOW[i], \
     for [i = 1:int(FLOWS)] FILE('median', i) using 1:2 with points pt 7 ps 1.2 lc rgb FLOW[i], \
     for [i = 1:int(FLOWS)] FILE('most', i) using 1:2 with points pt 5 ps 1.2 lc rgb FLOW[i]
set output
