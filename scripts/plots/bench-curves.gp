# How cost grows: a trial's with their number, a pass's with hidden units and with samples, speed with threads.
# Table: curve (0 trials, 1 hidden, 2 samples, 3 threads), x, y. y3 and `alone` are seconds.
height = 520
eval(start)
set multiplot layout 2,2
set lmargin 8; set rmargin 3; set tmargin 2.4; set bmargin 3.4
set label 1000 '' at graph 0, graph 1 offset -6,1.1 textcolor rgb ink
set logscale xy
panel = 'data using ($1 == which ? $2 : NaN):3 with linespoints pointtype 7 pointsize 0.6 linecolor rgb green ' \
    .'linewidth 2'
least_top(v) = v*1.5
which = 0; set xlabel 'trials' offset 0,0.2; set label 1000 'us a trial, whole process'
set xrange [8:x0*1.3]; set yrange [l0/1.5:least_top(y0)]
eval(log_ticks('x', 8, x0*1.3, 6)); eval(log_ticks('y', l0/1.5, least_top(y0), 6))
plot @panel
which = 1; set xlabel 'hidden units'; set label 1000 'us a pass over 200 rows, 1 thread'
set xrange [0.8:x1*1.3]; set yrange [l1/1.5:least_top(y1)]
eval(log_ticks('x', 0.8, x1*1.3, 6)); eval(log_ticks('y', l1/1.5, least_top(y1), 6))
plot @panel
which = 2; set xlabel 'samples'; set label 1000 'ns a row and pass, 5 hidden units, 1 thread'
unset logscale y; set ytics autofreq
set xrange [80:x2*1.3]; set yrange [0:least_top(y2)]
eval(log_ticks('x', 80, x2*1.3, 6))
plot @panel
which = 3; set xlabel 'threads'; set label 1000 'speed-up, 100 equal trials (grey: ideal)'
unset logscale; set xtics autofreq; set ytics autofreq
set xrange [0.8:x3 + 0.2]; set yrange [0:(x3 > 2 ? x3 : 2)*1.1]
if (x3 < 12) { set xtics 1; set ytics 1 }
plot x linecolor rgb faint linewidth 2, \
     data using ($1 == 3 ? $2 : NaN):(alone/$3) with linespoints pointtype 7 pointsize 0.6 linecolor rgb green \
         linewidth 2
unset multiplot
