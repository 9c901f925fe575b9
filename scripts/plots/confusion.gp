# Confusion matrix: counts, right ones green, mistakes wine red, stronger the more.
# Table: true, answered, rows.
cell = narrow ? 300./classes : 420./classes
cell = cell > 44 ? 44 : cell
height = int(74 + classes*(cell > 30 ? 30 : cell))
eval(start)
set lmargin at screen (narrow ? 26. : 34.)/width
set rmargin at screen ((narrow ? 26. : 34.) + classes*cell)/width
set tmargin 2.4; set bmargin 3.6
unset grid; set border 0; set tics scale 0
set xrange [-0.5:classes - 0.5]; set yrange [classes - 0.5:-0.5]
set xtics 0,1,classes - 1; set ytics 0,1,classes - 1
set xlabel 'answered' offset 0,0.2
set label 1000 'true' at screen 0.004, graph 1 offset 0.3,0.7 textcolor rgb ink
level(n) = ceil(6.*n/most)
alpha(l) = sprintf('%02x', int(245 - 30*l))
plot data using ($1 == $2 ? $2 : NaN):1:($2 - 0.47):($2 + 0.47):($1 - 0.45):($1 + 0.45) with boxxyerror fillstyle \
    solid noborder fillcolor rgb veil('b0', green), \
     for [l=1:6] data using ($1 != $2 && $3 > 0 && level($3) == l ? $2 : NaN):1:($2 - 0.47):($2 + 0.47):($1 - \
         0.45):($1 + 0.45) \
         with boxxyerror fillstyle solid noborder fillcolor rgb veil(alpha(l), wine), \
     data using ($3 > 0 ? $2 : NaN):1:(sprintf('%d', $3)) with labels textcolor rgb ink
