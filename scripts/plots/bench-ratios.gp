# How many times as fast as each peer: a bar from 1, the goal a stroke across it, the range over the rounds a thin
# line. Table: place, label, ratio, low, high, goal (0: none), state (0 no goal, 1 reached, 2 missed).
height = 84 + places*20
eval(start)
set lmargin (narrow ? 4 : 52); set rmargin 5; set tmargin 0.8; set bmargin 3.6
unset grid; set grid xtics linecolor rgb faint linewidth 0.8 linetype 1
set border 1 linecolor rgb muted linewidth 0.8
set ytics scale 0
set logscale x
set xrange [x_low:x_high]
set yrange [places + 0.6:0.4]
eval(log_ticks('x', x_low, x_high, 6))
set label 1 'times as fast as the peer (logarithmic); stroke: goal; purple: goal missed' at graph 1, \
    graph 0 right offset 0,-2.4 textcolor rgb ink
set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor rgb muted linewidth 1
array hue[3] = [muted, green, purple]
plot for [k=0:2] data using ($7 == k ? $3 : NaN):1:($3 < 1 ? $3 : 1):($3 < 1 ? 1 : $3):($1 - 0.32):($1 + 0.32) \
         with boxxyerror fillstyle solid noborder linecolor rgb hue[k + 1], \
     data using 4:1:($5 - $4):(0) with vectors nohead linecolor rgb ink linewidth 1, \
     data using ($6 > 0 ? $6 : NaN):($1 - 0.42):(0):(0.84) with vectors nohead linecolor rgb ink linewidth 2, \
     data using ($5 > $6 ? $5 : $6):1:(log_tick($3 < 1 ? int($3*100 + 0.5)/100. : $3 < 10 ? int($3*10 + 0.5)/10. : \
         int($3 + 0.5))) with labels left offset 0.6,0 textcolor rgb ink, \
     data using (NaN):1:yticlabels(strcol(2)) with points
