# Published values (rings) on our own history (line), one panel.
# Table: epoch, ours. Table `rings`: epoch, published.
height = narrow ? 270 : 320
eval(start)
set lmargin (narrow ? 8 : 9); set rmargin (narrow ? 4 : 6); set tmargin 2.2; set bmargin 3.4
set label 1000 y_label at graph 0, graph 1 offset (narrow ? -7 : -8),1.1 textcolor rgb ink
set xlabel 'epoch'
set xrange [x_low:x_high]; set yrange [y_low:y_high]
if (narrow) { set xtics even(x_high, 3) }
if (log_y) { set logscale y; eval(log_ticks('y', y_low, y_high, 6)) }
if (x_last < 10) { set xtics 1 }
free = rising ? 0 : 1  # of the right corners: the one where the line does not end
set label 1 'published' at graph 1, graph free right offset -0.5,(rising ? 2.0 : -0.8) textcolor rgb ink
set label 2 'ours' at graph 1, graph free right offset -0.5,(rising ? 0.8 : -2.0) textcolor rgb colour(hue)
plot data using 1:2 with lines linecolor rgb colour(hue) linewidth 1.6, \
     rings using 1:2 with points pointtype 6 pointsize 0.7 linecolor rgb ink linewidth 1.2
