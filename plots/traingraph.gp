# The train graph. Bering writes what is above plots/look.gp, the texts and where each stands (NAMES, KMS, TRAINS, CLOCK,
# DAYS, BAR_…, PERCENTS, LEGEND, each with …_COUNT), and beside the script the data files: x in hours, y in kilometres.

set xrange [FROM_H:TO_H] noextend
set yrange [BOTTOM_KM:TOP_KM] noextend

# ---- title, legend
set label TITLE at screen SX(LEFT), SY(32) left font BOLD(TITLE_PX) tc rgb INK
set label SUBTITLE at screen SX(LEFT), SY(62) left font PLAIN(SUBTITLE_PX) tc rgb '#555555'
array LEGEND_COLOUR[4] = [DOWN, UP, '#555555', CLOSED]
array LEGEND_TEXT[4] = [DOWN, UP, '#555555', '#555555']
array LEGEND_WIDTH[4] = [2, 2, 5, 11]
do for [i = 1:LEGEND_COUNT] {
  set arrow from screen SX(LEGEND_X[i]), SY(32) to screen SX(LEGEND_X[i] + 28), SY(32) nohead \
    lw LEGEND_WIDTH[i] lc rgb LEGEND_COLOUR[i]
  set label LEGEND[i] at screen SX(LEGEND_X[i] + 34), SY(32) left font PLAIN(SUBTITLE_PX) tc rgb LEGEND_TEXT[i]
}

# ---- stations at the left, kilometres at the right; a thin line leads from a name that had to move
do for [i = 1:NAMES_COUNT] {
  set label NAMES[i] at screen SX(LEFT - 11), SY(NAME_Y[i]) right font PLAIN(NAME_PX) tc rgb INK
  set arrow from screen SX(LEFT - 8), SY(NAME_Y[i]) to screen SX(LEFT), SY(NAME_AT[i]) nohead lw 0.7 lc rgb '#888888'
}
do for [i = 1:KMS_COUNT] {
  set label KMS[i] at screen SX(RIGHT + 42), SY(KM_Y[i]) right font PLAIN(KM_PX) tc rgb GREY
}
set label 'km' at screen SX(RIGHT + 42), SY(TOP - 14) right font PLAIN(KM_PX) tc rgb GREY

# ---- hours and days below
do for [i = 1:CLOCK_COUNT] {
  set label CLOCK[i] at screen SX(CLOCK_X[i]), SY(BOTTOM + 16) center font PLAIN(SUBTITLE_PX) tc rgb INK
  set arrow from screen SX(CLOCK_X[i]), SY(BOTTOM) to screen SX(CLOCK_X[i]), SY(BOTTOM + 5) nohead lw 1 lc rgb '#444444'
}
do for [i = 1:DAYS_COUNT] {
  set label DAYS[i] at screen SX(DAY_X[i]), SY(BOTTOM + 40) center font PLAIN(SUBTITLE_PX) tc rgb GREY
}

# ---- how long each section was occupied
BAR_X(share) = SX(PANEL_LEFT + (share > 1 ? 1 : share) * (PANEL_RIGHT - PANEL_LEFT))
do for [i = 0:4] {
  set arrow from screen BAR_X(i / 4.0), SY(TOP) to screen BAR_X(i / 4.0), SY(BOTTOM) nohead \
    lw (i % 4 == 0 ? 1 : 0.6) lc rgb (i % 4 == 0 ? '#444444' : '#d4d4d4') back
}
do for [y in sprintf('%d %d', TOP, BOTTOM)] {
  set arrow from screen BAR_X(0), SY(real(y)) to screen BAR_X(1), SY(real(y)) nohead lw 1 lc rgb '#444444'
}
do for [i = 0:2] {
  set label sprintf('%d%%', 50 * i) at screen BAR_X(i / 2.0), SY(BOTTOM + 16) center font PLAIN(KM_PX) tc rgb INK
}
do for [i = 1:BAR_COLOUR_COUNT] {
  if (BAR_TO[i] > BAR_FROM[i]) {
    set object rectangle from screen BAR_X(BAR_FROM[i]), SY(BAR_UPPER[i]) to screen BAR_X(BAR_TO[i]), SY(BAR_LOWER[i]) \
      fillstyle solid 1 noborder fillcolor rgb (BAR_COLOUR[i] < 0.5 ? DOWN_PALE : UP_PALE) front
  }
}
do for [i = 1:PERCENTS_COUNT] {
  set label PERCENTS[i] at screen SX(PERCENT_X[i]), SY(PERCENT_Y[i]) left font PLAIN(PERCENT_PX) tc rgb INK front
}
set label 'track occupied' at screen SX((PANEL_LEFT + PANEL_RIGHT) / 2), SY(TOP - 14) center \
  font BOLD(PERCENT_PX) tc rgb INK
set label MEASURED at screen SX((PANEL_LEFT + PANEL_RIGHT) / 2), SY(BOTTOM + 40) center font PLAIN(KM_PX) tc rgb GREY

# ---- the trains
plot 'closures.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb CLOSED, \
     'bands.dat' using 1:2:3:4:5:6 with boxxyerror fillstyle solid 1 noborder lc rgb BAND, \
     'faint.dat' using 1:2 with lines lw 0.5 lc rgb '#e6e6e6', \
     'heavy.dat' using 1:2 with lines lw 0.8 lc rgb '#c0c0c0', \
     'midnight.dat' using 1:2 with lines lw 1.4 lc rgb '#8a8a8a', \
     'stations.dat' using 1:2 with lines lw 0.7 lc rgb '#9a9a9a', \
     'runs_down.dat' using 1:2 with lines lw 1.5 lc rgb DOWN, \
     'runs_up.dat' using 1:2 with lines lw 1.5 lc rgb UP, \
     'stops_down.dat' using 1:2:3:4 with vectors nohead lw 4 lc rgb DOWN, \
     'stops_up.dat' using 1:2:3:4 with vectors nohead lw 4 lc rgb UP, \
     'numbers_down.dat' using 1:2:(TRAINS[int($3) < 1 ? 1 : int($3)]):4 with labels rotate variable \
       font PLAIN(NUMBER_PX) tc rgb DOWN, \
     'numbers_up.dat' using 1:2:(TRAINS[int($3) < 1 ? 1 : int($3)]):4 with labels rotate variable \
       font PLAIN(NUMBER_PX) tc rgb UP
set output
