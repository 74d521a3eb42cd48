# Earned and spent by day, month or year. Data files: stacks of boxes, x in periods from 0, y in money; what is left over.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend

do for [i = Y_FIRST:Y_LAST] {
  set arrow from X_FROM, i * Y_STEP to X_TO, i * Y_STEP nohead lw 0.6 lc rgb GRID back
}
set arrow from X_FROM, 0 to X_TO, 0 nohead lw 1.4 lc rgb INK front

# ---- legend
PARTS = 'TARIFF TRAIN_REVENUE TRAINS ENERGY TERMINALS FIXED PENALTIES'
do for [part in PARTS] {
  if (exists('LEGEND_' . part)) {
    x = value('LEGEND_' . part)
    set object rectangle from screen SX(x), SY(LEGEND_Y + 6) to screen SX(x + 28), SY(LEGEND_Y - 6) \
      fillstyle solid 1 noborder fillcolor rgb value('MONEY_' . part)
  }
}
set arrow from screen SX(LEGEND_LEFT_OVER), SY(LEGEND_Y) rto screen 28.0 / W, 0 nohead lw 1.6 lc rgb INK
set label '' at screen SX(LEGEND_LEFT_OVER + 14), SY(LEGEND_Y) point pt 7 ps 0.7 lc rgb INK

# ---- the bars, on top what is left over
plot 'tariff.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_TARIFF, \
     'train_revenue.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_TRAIN_REVENUE, \
     'trains.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_TRAINS, \
     'energy.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_ENERGY, \
     'terminals.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_TERMINALS, \
     'fixed.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_FIXED, \
     'penalties.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb MONEY_PENALTIES, \
     'left.dat' using 1:2 with linespoints pt 7 ps 0.7 lw 1.6 lc rgb INK
set output
