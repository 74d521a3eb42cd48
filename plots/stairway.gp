# Blocking times. Data files: x in km, y in hours, downwards; parts of stairs as boxes, those without blocks as closed lines.

set xrange [X_FROM:X_TO] noextend
set yrange [Y_BOTTOM:Y_TOP] noextend
# Before the head is in, from there to where it is out, and until the block is free again: three shades of a direction.
DOWN_BEFORE = '#D3E6F3'; DOWN_RUNNING = '#6BAEDB'; DOWN_AFTER = '#A5CCE8'
UP_BEFORE = '#FBE3D2'; UP_RUNNING = '#EC9A5E'; UP_AFTER = '#F5C29C'
ANY_BEFORE = '#E3E3E3'; ANY_RUNNING = '#9C9C9C'; ANY_AFTER = '#C6C6C6'

# ---- legend
SAMPLE(x, colour) = sprintf("set object rectangle from screen %f, %f to screen %f, %f fillstyle solid 1 noborder fillcolor rgb '%s'", \
                            SX(x), SY(LEGEND_Y + 7), SX(x + 28), SY(LEGEND_Y - 7), colour)
eval SAMPLE(LEGEND_BEFORE, ANY_BEFORE)
eval SAMPLE(LEGEND_RUNNING, ANY_RUNNING)
eval SAMPLE(LEGEND_AFTER, ANY_AFTER)
eval SAMPLE(LEGEND_DOWN, DOWN_RUNNING)
eval SAMPLE(LEGEND_UP, UP_RUNNING)
set arrow from screen SX(LEGEND_DOWN), SY(LEGEND_Y - 7) to screen SX(LEGEND_DOWN + 28), SY(LEGEND_Y + 7) nohead lw 1.6 lc rgb DOWN front
set arrow from screen SX(LEGEND_UP), SY(LEGEND_Y + 7) to screen SX(LEGEND_UP + 28), SY(LEGEND_Y - 7) nohead lw 1.6 lc rgb UP front

# ---- stations and hours behind, then the stairs, the trains on top
set style fill transparent solid 0.85 noborder
plot 'zones.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb BAND, \
     'faint.dat' using 1:2 with lines lw 0.5 lc rgb '#ececec', \
     'heavy.dat' using 1:2 with lines lw 0.8 lc rgb '#d0d0d0', \
     'midnight.dat' using 1:2 with lines lw 1.4 lc rgb '#8a8a8a', \
     'before_down.dat' using 1:2:3:4:5:6 with boxxyerror lc rgb DOWN_BEFORE, \
     'before_up.dat' using 1:2:3:4:5:6 with boxxyerror lc rgb UP_BEFORE, \
     'band_before_down.dat' using 1:2 with filledcurves closed lc rgb DOWN_BEFORE, \
     'band_before_up.dat' using 1:2 with filledcurves closed lc rgb UP_BEFORE, \
     'after_down.dat' using 1:2:3:4:5:6 with boxxyerror lc rgb DOWN_AFTER, \
     'after_up.dat' using 1:2:3:4:5:6 with boxxyerror lc rgb UP_AFTER, \
     'running_down.dat' using 1:2:3:4:5:6 with boxxyerror lc rgb DOWN_RUNNING, \
     'running_up.dat' using 1:2:3:4:5:6 with boxxyerror lc rgb UP_RUNNING, \
     'band_down.dat' using 1:2 with filledcurves closed lc rgb DOWN_AFTER, \
     'band_up.dat' using 1:2 with filledcurves closed lc rgb UP_AFTER, \
     'blocks.dat' using 1:2 with lines lw 0.5 lc rgb '#bbbbbb', \
     'paths_down.dat' using 1:2 with lines lw 1.6 lc rgb DOWN, \
     'paths_up.dat' using 1:2 with lines lw 1.6 lc rgb UP
set output
