# How full each section is. Data files in pixels: bars as boxes, lines as x, y, 0, length.

set xrange [LEFT:RIGHT] noextend
set yrange [BOTTOM:TOP] noextend
unset border

# ---- legend
if (exists('LEGEND_COMPRESSED')) {
  set object rectangle from screen SX(LEGEND_COMPRESSED), SY(LEGEND_Y + 6) to screen SX(LEGEND_COMPRESSED + 28), SY(LEGEND_Y - 6) \
    fillstyle solid 1 noborder fillcolor rgb COMPRESSED
}
if (exists('LEGEND_CEILING')) {
  set arrow from screen SX(LEGEND_CEILING + 14), SY(LEGEND_Y + 9) rto screen 0, 18.0 / H nohead lw 1.6 dt (6, 3) lc rgb INK
}
if (exists('LEGEND_DOWN')) {
  set object rectangle from screen SX(LEGEND_DOWN), SY(LEGEND_Y + 6) to screen SX(LEGEND_DOWN + 28), SY(LEGEND_Y - 6) \
    fillstyle solid 1 noborder fillcolor rgb DOWN_PALE
}
if (exists('LEGEND_UP')) {
  set object rectangle from screen SX(LEGEND_UP), SY(LEGEND_Y + 6) to screen SX(LEGEND_UP + 28), SY(LEGEND_Y - 6) \
    fillstyle solid 1 noborder fillcolor rgb UP_PALE
}

# ---- the bars
if (OF_RUN) {
  plot 'quarters.dat' using 1:2:3:4 with vectors nohead lw 0.8 lc rgb '#C8C8C8', \
       'down.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb DOWN_PALE, \
       'up.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb UP_PALE
} else {
  plot 'quarters.dat' using 1:2:3:4 with vectors nohead lw 0.8 lc rgb '#C8C8C8', \
       'compressed.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb COMPRESSED, \
       'ceiling.dat' using 1:2:3:4 with vectors nohead lw 1.6 dt (6, 3) lc rgb INK
}
set output
