# The part of the variance between settings that each axis explains alone.
# Table: axis, percent.
height = 60 + places*28
eval(start)
set rmargin 3; set tmargin 0.8; set bmargin 3.4
unset grid; set border 2 linecolor rgb muted linewidth 0.8
set ytics scale 0
set xrange [0:112]; unset xtics
set xtics ('0' 0, '50' 50, '100 %%' 100) nomirror scale 0 textcolor rgb muted
set yrange [places - 0.4:-0.6]
plot data using ($2/2.):0:(0):2:($0 - 0.3):($0 + 0.3):yticlabels(short(strcol(1), \
    narrow ? 14 : 40)) with boxxyerror fillstyle solid noborder fillcolor rgb veil('30', blue), \
     data using 2:0:(sprintf('%.1f', $2)) with labels left offset 0.6,0 textcolor rgb ink
