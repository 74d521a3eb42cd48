# Delay against demand. Data files NAME_1.dat for the first variant and so on, x in trains a day, y in minutes.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend
COLOUR(i) = SHADE[(i - 1) % |SHADE| + 1]

do for [i = 1:int(X_TO / X_STEP + 1e-9)] {
  set arrow from i * X_STEP, Y_BOTTOM to i * X_STEP, Y_TOP nohead lw 0.6 lc rgb GRID back
  set arrow from screen SX(LEFT + (RIGHT - LEFT) * i * X_STEP / X_TO), SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}
do for [i = 1:int(Y_TOP / Y_STEP + 1e-9)] {
  set arrow from X_FROM, i * Y_STEP to X_TO, i * Y_STEP nohead lw 0.6 lc rgb GRID back
}

# ---- legend
if (exists('LEGEND_CURVE')) {
  set arrow from screen SX(LEGEND_CURVE), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 2 lc rgb PRACTICAL
  set arrow from screen SX(LEGEND_CURVE + 14), SY(LEGEND_Y + 9) rto screen 0, 18.0 / H nohead lw 1.2 lc rgb PRACTICAL
  set label '' at screen SX(LEGEND_CURVE + 14), SY(LEGEND_Y) point pt 7 ps 0.8 lc rgb PRACTICAL
}
if (exists('LEGEND_MEAN')) {
  set arrow from screen SX(LEGEND_MEAN + 14), SY(LEGEND_Y + 9) rto screen 0, 18.0 / H nohead lw 1.2 lc rgb PRACTICAL
  set label '' at screen SX(LEGEND_MEAN + 14), SY(LEGEND_Y) point pt 6 ps 0.8 lc rgb PRACTICAL
}
if (exists('LEGEND_FIT')) {
  set arrow from screen SX(LEGEND_FIT), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 1.1 dt (5, 3) lc rgb PRACTICAL
}
if (exists('LEGEND_LIMIT')) {
  set arrow from screen SX(LEGEND_LIMIT), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 1.4 dt (10, 5) lc rgb INK
}
if (exists('LEGEND_PRACTICAL')) {
  set arrow from screen SX(LEGEND_PRACTICAL), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 4 lc rgb PRACTICAL
  set label '' at screen SX(LEGEND_PRACTICAL + 14), SY(LEGEND_Y) point pt 5 ps 1 lc rgb INK
}
if (exists('LEGEND_KNEE')) {
  set label '' at screen SX(LEGEND_KNEE + 20), SY(LEGEND_Y) point pt 12 ps 2 lw 1.6 lc rgb INK
}
if (exists('LEGEND_SATURATED')) {
  set object rectangle from screen SX(LEGEND_SATURATED + 12), SY(LEGEND_Y + 11) to screen SX(LEGEND_SATURATED + 28), SY(LEGEND_Y - 11) \
    fillstyle transparent solid 0.25 noborder fillcolor rgb SATURATED
  set arrow from screen SX(LEGEND_SATURATED + 20), SY(LEGEND_Y + 11) rto screen 0, 22.0 / H nohead lw 1.4 lc rgb SATURATED
}

# ---- the curves, on top what is said of them
FILE(name, i) = sprintf('%s_%d.dat', name, i)
plot for [i = 1:VARIANTS] FILE('saturated', i) using 1:2:3:4:5:6 with boxxyerror \
       fillstyle transparent solid 0.25 noborder lc rgb SATURATED, \
     for [i = 1:VARIANTS] FILE('saturated', i) using 1:5:(0):6 with vectors nohead lw 1.4 lc rgb SATURATED, \
     for [i = 1:VARIANTS] FILE('limit', i) using 1:2 with lines lw 1.4 dt (10, 5) lc rgb INK, \
     for [i = 1:VARIANTS] FILE('practical', i) using 1:(0):(0):2 with vectors nohead lw 0.9 dt (2, 4) lc rgb COLOUR(i), \
     for [i = 1:VARIANTS] FILE('fit', i) using 1:2 with lines lw 1.1 dt (5, 3) lc rgb COLOUR(i), \
     for [i = 1:VARIANTS] FILE('curve', i) using 1:2 with lines lw 2 lc rgb COLOUR(i), \
     for [i = 1:VARIANTS] FILE('means', i) using 1:2:3:4 with yerrorbars pt 6 ps 0.8 lw 1.2 lc rgb COLOUR(i), \
     for [i = 1:VARIANTS] FILE('points', i) using 1:2:3:4 with yerrorbars pt MARK[(i - 1) % |MARK| + 1] ps 0.8 lw 1.2 lc rgb COLOUR(i), \
     for [i = 1:VARIANTS] FILE('knee', i) using 1:2 with points pt 12 ps 2 lw 1.6 lc rgb INK, \
     for [i = 1:VARIANTS] FILE('practical', i) using 3:2:($4 - $3):(0) with vectors nohead lw 4 lc rgb COLOUR(i), \
     for [i = 1:VARIANTS] FILE('practical', i) using 1:2 with points pt 5 ps 1 lc rgb INK
set output
