# Net present value by one assumption at a time. Data files: bars as boxes, x in money, y in pixels.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend
set border 1 lw 1 lc rgb EDGE

do for [i = X_FIRST:X_LAST] {
  set arrow from i * X_STEP, Y_BOTTOM to i * X_STEP, Y_TOP nohead lw 0.6 lc rgb GRID back
  set arrow from first i * X_STEP, screen SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}
set arrow from 0, Y_BOTTOM to 0, Y_TOP nohead lw 1.4 lc rgb INK front
set arrow from SINGLE, Y_BOTTOM to SINGLE, Y_TOP nohead lw 1 dt (4, 4) lc rgb SOFT front

# ---- legend
set object rectangle from screen SX(LEGEND_LOW), SY(LEGEND_Y + 6) to screen SX(LEGEND_LOW + 28), SY(LEGEND_Y - 6) \
  fillstyle solid 1 noborder fillcolor rgb INPUT_LOW
set object rectangle from screen SX(LEGEND_HIGH), SY(LEGEND_Y + 6) to screen SX(LEGEND_HIGH + 28), SY(LEGEND_Y - 6) \
  fillstyle solid 1 noborder fillcolor rgb INPUT_HIGH

# ---- the bars
plot 'low.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb INPUT_LOW, \
     'high.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb INPUT_HIGH
set output
