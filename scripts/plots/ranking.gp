# The best settings, best on top: mean and 95 % interval of each, every run a dot.
# Table: rank, label, mean, low, high, kind (1 best, 2 smallest near the best, 0 other), then the runs.
name_room = 52
height = 74 + (places < 3 ? 14 : 0) + places*row_height(longest, name_room)
eval(start)
set rmargin 2; set tmargin 0.8; set bmargin 3.6
if (narrow) { set lmargin 4 }
unset grid; set grid xtics linecolor rgb faint linewidth 0.8 linetype 1
set border 1 linecolor rgb muted linewidth 0.8
set ytics scale 0
set xrange [x_low:x_high]
if (log_x) { set logscale x; eval(log_ticks('x', x_low, x_high, 8)) }
if (!log_x) { set xtics even(x_high - x_low, narrow ? 4 : 5) }
set yrange [places + 0.6:0.4]
set label 1 x_label at graph 1, graph 0 right offset 0,-2.4 textcolor rgb ink
clip(v) = v < x_low ? x_low : v > x_high ? x_high : v
# Where an interval is cut: the head of an arrow.
stub = (x_high - x_low)*0.012
array hue[3] = [ink, green, purple]
name(i, label) = narrow ? sprintf('%d', i) : wrap(label, name_room)
plot for [r=0:runs-1] data using (column(7 + r)*scale):1 with points pointtype 7 pointsize 0.28 linecolor rgb \
    veil('90', muted), \
     for [k=0:2] data using ($6 == k ? clip($4*scale) : NaN):1:(clip($5*scale) - clip($4*scale)):(0) \
         with vectors nohead linecolor rgb hue[k + 1] linewidth 1.3, \
     for [k=0:(cut ? 2 : -1)] data using ($6 == k && $5*scale > x_high ? x_high - stub : NaN):1:(stub):(0) \
         with vectors head size screen 0.012,25 filled linecolor rgb hue[k + 1] linewidth 1.3, \
     for [k=0:(cut ? 2 : -1)] data using ($6 == k && $4*scale < x_low ? x_low + stub : NaN):1:(-stub):(0) \
         with vectors head size screen 0.012,25 filled linecolor rgb hue[k + 1] linewidth 1.3, \
     for [k=0:2] data using ($6 == k ? $3*scale : NaN):1 with points pointtype 7 pointsize 0.6 linecolor rgb hue[k \
         + 1], \
     data using (NaN):1:yticlabels(name($1, strcol(2))) with points
