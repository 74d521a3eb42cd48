# Trains a day by variant. Data files: bars as boxes, x in trains a day, y in pixels; intervals as x, y, from, to.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend
set border 1 lw 1 lc rgb EDGE

do for [i = 0:int(X_TO / X_STEP + 1e-9)] {
  set arrow from screen SX(LEFT + (RIGHT - LEFT) * i * X_STEP / X_TO), SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}

# ---- legend
if (exists('LEGEND_FORMULA')) {
  set object rectangle from screen SX(LEGEND_FORMULA), SY(LEGEND_Y + 6) to screen SX(LEGEND_FORMULA + 28), SY(LEGEND_Y - 6) \
    fillstyle solid 1 border lc rgb THEORETICAL fillcolor rgb PAPER
}
if (exists('LEGEND_COMPRESSED')) {
  set object rectangle from screen SX(LEGEND_COMPRESSED), SY(LEGEND_Y + 6) to screen SX(LEGEND_COMPRESSED + 28), SY(LEGEND_Y - 6) \
    fillstyle solid 1 noborder fillcolor rgb COMPRESSED
}
if (exists('LEGEND_SIMULATED')) {
  set object rectangle from screen SX(LEGEND_SIMULATED), SY(LEGEND_Y + 6) to screen SX(LEGEND_SIMULATED + 14), SY(LEGEND_Y - 6) \
    fillstyle solid 1 noborder fillcolor rgb SATURATED
  set object rectangle from screen SX(LEGEND_SIMULATED + 14), SY(LEGEND_Y + 6) to screen SX(LEGEND_SIMULATED + 28), SY(LEGEND_Y - 6) \
    fillstyle solid 1 noborder fillcolor rgb PRACTICAL
}
if (exists('LEGEND_INTERVAL')) {
  set arrow from screen SX(LEGEND_INTERVAL + 6), SY(LEGEND_Y) rto screen 16.0 / W, 0 heads size screen 0.003, 90 lw 1.6 lc rgb INK
}

# ---- the bars
plot 'grid.dat' using 1:2:3:4 with vectors nohead lw 0.6 lc rgb GRID, \
     'theoretical.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 border lc rgb THEORETICAL fillcolor rgb PAPER, \
     'compressed.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb COMPRESSED, \
     'saturated.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb SATURATED, \
     'practical.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb PRACTICAL, \
     'axis.dat' using 1:2:3:4 with vectors nohead lw 1 lc rgb EDGE, \
     'saturated_interval.dat' using 1:2:3:4 with xerrorbars pt 0 lw 1.6 lc rgb INK, \
     'practical_interval.dat' using 1:2:3:4 with xerrorbars pt 0 lw 1.6 lc rgb INK
set output
