# Money a day against trains a day. Data files NAME_1.dat for the first group of points and so on: x, y and the ends of
# their intervals; of each answer what the line can carry, as a box from the lower edge to the upper.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend

do for [i = Y_FIRST:Y_LAST] {
  set arrow from X_FROM, i * Y_STEP to X_TO, i * Y_STEP nohead lw 0.6 lc rgb GRID back
}
do for [i = X_FIRST:X_LAST] {
  set arrow from i * X_STEP, Y_BOTTOM to i * X_STEP, Y_TOP nohead lw 0.6 lc rgb GRID back
  set arrow from first i * X_STEP, screen SY(BOTTOM) rto screen 0, -5.0 / H nohead lw 1 lc rgb EDGE
}
set arrow from X_FROM, 0 to X_TO, 0 nohead lw 1.4 lc rgb INK back

# ---- legend
array MONEY[3] = [MONEY_TARIFF, MONEY_TRAINS, INK]
do for [i = 1:3] {
  x = value('LEGEND_' . word('REVENUE COST MARGIN', i))
  set arrow from screen SX(x), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 2 lc rgb MONEY[i]
  set label '' at screen SX(x + 14), SY(LEGEND_Y) point pt 7 ps 0.8 lc rgb MONEY[i]
}
if (exists('LEGEND_INTERVAL')) {
  set arrow from screen SX(LEGEND_INTERVAL + 20), SY(LEGEND_Y + 9) rto screen 0, 18.0 / H heads size screen 0.003, 90 lw 1.2 lc rgb INK
}

# ---- what the line can carry, and the points on it
FILE(name, i) = sprintf('%s_%d.dat', word('revenue cost margin', name), i)
ANSWER(i) = word('compressed saturated practical', i) . '.dat'
array ANSWERS[3] = [COMPRESSED, SATURATED, PRACTICAL]
plot for [i = 1:3] ANSWER(i) using 1:2:3:4:5:6 with boxxyerror fillstyle transparent solid 0.25 noborder lc rgb ANSWERS[i], \
     for [i = 1:3] ANSWER(i) using 1:5:(0):($6 - $5) with vectors nohead lw 1.4 lc rgb ANSWERS[i], \
     for [k = 1:3] for [i = 1:int(GROUPS)] FILE(k, i) using 1:2 with lines lw 2 lc rgb MONEY[k], \
     for [k = 1:3] for [i = 1:int(GROUPS)] FILE(k, i) using 1:2:3:4:5:6 with xyerrorbars \
       pt MARK[(i - 1) % |MARK| + 1] ps 1 lw 1.2 lc rgb MONEY[k]
set output
