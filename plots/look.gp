# What all charts have in common. Bering writes what is above this line: the terminal, the canvas (W, H) and the frame of
# the plot on it (LEFT, RIGHT, TOP, BOTTOM), in pixels from the upper left corner. Below it follow the texts, each at its
# place, and then the script of the chart. PX turns pixels into this terminal's unit of font size.

# One colour for one thing in every chart, told apart by colour-blind eyes and by their lightness in print (Okabe-Ito,
# the last a darker shade of its purple).
DOWN = '#0072B2'; UP = '#D55E00'            # directions: towards the end of the row of stations, towards its beginning
DOWN_PALE = '#8FC3E0'; UP_PALE = '#F0B088'
THEORETICAL = '#4D4D4D'; COMPRESSED = '#E69F00'; SATURATED = '#009E73'; PRACTICAL = '#8E3A72'   # answers
INK = '#222222'; SOFT = '#555555'; GREY = '#666666'; EDGE = '#444444'; CLOSED = '#EFE6D0'; BAND = '#ECECEC'
GRID = '#E2E2E2'; PAPER = '#FFFFFF'
CASES_PALE = '#DDEFFA'; CASES = '#A3D3F0'; CASES_DARK = '#1B6E9E'   # of an appraisal, many together
INPUT_LOW = '#8CC6EC'; INPUT_HIGH = '#C28A00'   # an assumption's ends
# What is earned, what is spent.
MONEY_TARIFF = '#2E7D5B'; MONEY_TRAIN_REVENUE = '#93CDB0'; MONEY_TRAINS = '#A6482F'; MONEY_ENERGY = '#E9A03B'
MONEY_TERMINALS = '#E7C9A0'; MONEY_FIXED = '#7A869A'; MONEY_PENALTIES = '#B0307A'
# Flows of containers, by name.
array FLOW[7] = ['#0072B2', '#C8500A', '#00876A', '#A8508A', '#B07C00', '#3E9AC8', '#2B2F77']
# Variants of one answer: its shades, and a mark each.
array SHADE[7] = ['#8E3A72', '#3F1232', '#C268A6', '#6B2455', '#A9528C', '#1F0818', '#D792C2']
array MARK[6] = [7, 5, 9, 13, 11, 15]

SX(x) = x / W
SY(y) = 1 - y / H
PLAIN(size) = sprintf('DejaVu Sans,%.2f', size * PX)
BOLD(size) = sprintf('DejaVu Sans:Bold,%.2f', size * PX)

set lmargin at screen SX(LEFT)
set rmargin at screen SX(RIGHT)
set tmargin at screen SY(TOP)
set bmargin at screen SY(BOTTOM)
set border 15 lw 1 lc rgb EDGE
set clip two
unset key
unset xtics
unset ytics

