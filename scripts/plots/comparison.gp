# Differences from the best setting with their 95 % intervals, a line a setting.
# Table: setting, difference, low, high.
name_room = 52
height = 74 + (places < 3 ? 14 : 0) + places*row_height(longest, name_room)
eval(start)
set rmargin 3; set tmargin 0.8; set bmargin 3.6
if (narrow) { set lmargin 4 }
unset grid; set grid xtics linecolor rgb faint linewidth 0.8 linetype 1
set border 1 linecolor rgb muted linewidth 0.8
set ytics scale 0
set xrange [x_low:x_high]; set xtics even(x_high - x_low, narrow ? 4 : 7)
set yrange [places + 0.6:0.4]
set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead back linecolor rgb muted linewidth 1
set label 1 x_label at graph 1, graph 0 right offset 0,-2.4 textcolor rgb ink
name(i, label) = narrow ? sprintf('%d', i) : wrap(label, name_room)
plot data using 3:($0 + 1):($4 - $3):(0) with vectors nohead linecolor rgb muted linewidth 1.6, \
     data using 2:($0 + 1) with points pointtype 7 pointsize 0.6 linecolor rgb ink, \
     data using (NaN):($0 + 1):yticlabels(name($0 + 1, strcol(1))) with points
