# Share of the starts that get every row right, with Wilson's interval, a line a setting.
# Table: setting, right, runs, share, low, high (in percent).
name_room = 52
height = 74 + places*row_height(longest, name_room)
eval(start)
set rmargin 9; set tmargin 0.8; set bmargin 3.6
if (narrow) { set lmargin 4; set rmargin 8 }
unset grid; set grid xtics linecolor rgb faint linewidth 0.8 linetype 1
set border 1 linecolor rgb muted linewidth 0.8
set ytics scale 0
set xrange [-2:102]; set xtics 0,25,100
set yrange [places + 0.6:0.4]
set label 1 x_label at graph 1, graph 0 right offset 0,-2.4 textcolor rgb ink
name(i, label) = narrow ? sprintf('%d', i) : wrap(label, name_room)
plot data using 5:($0 + 1):($6 - $5):(0) with vectors nohead linecolor rgb muted linewidth 1.6, \
     data using ($4 >= 100 ? $4 : NaN):($0 + 1) with points pointtype 7 pointsize 0.7 linecolor rgb green, \
     data using ($4 < 100 && $4 > 0 ? $4 : NaN):($0 + 1) with points pointtype 7 pointsize 0.7 linecolor rgb olive, \
     data using ($4 <= 0 ? $4 : NaN):($0 + 1) with points pointtype 7 pointsize 0.7 linecolor rgb wine, \
     data using (102):($0 + 1):(sprintf('%d of %d', $2, $3)) with labels left offset 0.6,0 textcolor rgb ink, \
     data using (NaN):($0 + 1):yticlabels(name($0 + 1, strcol(1))) with points
