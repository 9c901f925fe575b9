# The share of the variance that each setting explains, alone and with another one; marks: what luck alone would have.
# Table: effect, share, luck (in percent, empty where there is none), p, p_holm.
name_room = narrow ? 24 : 52
height = 64 + places*row_height(longest, name_room)
eval(start)
set rmargin 3; set tmargin 0.8; set bmargin 3.4
unset grid; set grid xtics linecolor rgb faint linewidth 0.8 linetype 1
set border 1 linecolor rgb muted linewidth 0.8
set ytics scale 0
set xrange [0:x_high]
set xtics even(x_high, narrow ? 4 : 8) format '%g %%'
set yrange [places - 0.4:-0.6]
name(label) = narrow ? short(label, name_room) : wrap(label, name_room)
bar(v) = v > 0 ? v : 0
right(v, mark) = strlen(mark) && real(mark) > v ? real(mark) : bar(v)
percent(v) = abs(v) < 0.05 ? '0.0' : (v < 0 ? '−' : '').sprintf('%.1f', abs(v))
own(v) = column(0) == luck_row ? NaN : bar(v)
plot data using (bar($2)/2.):0:(0):(bar($2)):($0 - 0.3):($0 + 0.3):yticlabels(name(strcol(1))) \
         with boxxyerror fillstyle solid noborder fillcolor rgb veil('60', muted), \
     data using (own($2)/2.):0:(0):(own($2)):($0 - 0.3):($0 + 0.3) \
         with boxxyerror fillstyle solid noborder fillcolor rgb green, \
     data using 3:($0 - 0.36):(0):(0.72) with vectors nohead linecolor rgb ink linewidth 1.6, \
     data using (right($2, strcol(3))):0:(percent($2)) with labels left offset 0.6,0 textcolor rgb ink
