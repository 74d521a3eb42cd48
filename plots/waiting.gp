# TEU waiting by day. Data files NAME_1.dat for the first flow and so on, x in days from the start of the run, y in TEU:
# what waits at the end of each day, and what was refused on it as boxes.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend

if (WARMUP_DAYS > 0) {
  set object rectangle from 0, Y_BOTTOM to WARMUP_DAYS, Y_TOP fillstyle solid 1 noborder fillcolor rgb BAND behind
}
do for [i = Y_FIRST:Y_LAST] {
  set arrow from X_FROM, i * Y_STEP to X_TO, i * Y_STEP nohead lw 0.6 lc rgb GRID back
}
do for [i = 0:int(X_LAST)] {
  set arrow from i * X_STEP, Y_BOTTOM to i * X_STEP, Y_TOP nohead lw 0.6 lc rgb GRID back
  set arrow from first i * X_STEP, screen SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}

# ---- legend
set arrow from screen SX(LEGEND_WAITING), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 2 lc rgb SOFT
if (exists('LEGEND_REFUSED')) {
  set object rectangle from screen SX(LEGEND_REFUSED), SY(LEGEND_Y + 7) to screen SX(LEGEND_REFUSED + 28), SY(LEGEND_Y - 7) \
    fillstyle transparent solid 0.4 noborder fillcolor rgb SOFT
}
if (exists('LEGEND_WARMUP')) {
  set object rectangle from screen SX(LEGEND_WARMUP), SY(LEGEND_Y + 7) to screen SX(LEGEND_WARMUP + 28), SY(LEGEND_Y - 7) \
    fillstyle solid 1 noborder fillcolor rgb BAND
}

# ---- the lines, below them what was refused
FILE(name, i) = sprintf('%s_%d.dat', name, i)
plot for [i = 1:int(FLOWS)] FILE('refused', i) using 1:2:3:4:5:6 with boxxyerror \
       fillstyle transparent solid 0.4 noborder lc rgb FLOW[i], \
     for [i = 1:int(FLOWS)] FILE('waiting', i) using 1:2 with lines lw 2 lc rgb FLOW[i]
set output
