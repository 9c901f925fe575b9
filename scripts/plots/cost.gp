# The metric against the number of parameters, a dot a setting, with the front of those that no smaller one beats.
# Table: parameters, mean, front (1 or 0).
height = narrow ? 280 : 340
eval(start)
set lmargin (narrow ? 7 : 8); set rmargin 2.5; set tmargin 2.2; set bmargin 3.6
set label 1000 y_label at graph 0, graph 1 offset (narrow ? -6 : -7),1.1 textcolor rgb ink
set xlabel 'parameters' offset 0,0.2
set xrange [x_low:x_high]; set yrange [y_low:y_high]
if (log_x) { set logscale x; eval(log_ticks('x', x_low, x_high, narrow ? 4 : 9)) } else { set xtics even(x_high - \
    x_low, narrow ? 4 : 8) }
if (log_y) { set logscale y; eval(log_ticks('y', y_low, y_high, 6)) }
plot data using 1:2 with points pointtype 7 pointsize 0.4 linecolor rgb veil('80', muted), \
     data using ($3 == 1 ? $1 : 1/0):2 with linespoints pointtype 7 pointsize 0.5 linecolor rgb green linewidth 1.8
