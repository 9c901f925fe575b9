# Confusion matrix: counts, right ones blue, mistakes red, stronger the more.
# Table: true, answered, rows, and where they are: row, column.
cell = narrow ? 300./classes : 420./classes
cell = cell > 44 ? 44 : cell
beside = 22. + 7.7*letters
cell = narrow && beside + classes*cell > 334 ? (334 - beside)/classes : cell
tilt = 7.*letters > cell - 6
below = tilt ? 34 + 6.4*letters : 50.
height = int(32 + below + classes*(cell > 30 ? 30 : cell))
eval(start)
set lmargin at screen beside/width
set rmargin at screen (beside + classes*cell)/width
set tmargin 2.4; set bmargin at screen below/height
unset grid; set border 0; set tics scale 0
set xrange [-0.5:classes - 0.5]; set yrange [classes - 0.5:-0.5]
set xtics () noenhanced; set ytics () noenhanced
set for [i=1:classes] xtics add (value(sprintf('class_%d', i)) i - 1)
set for [i=1:classes] ytics add (value(sprintf('class_%d', i)) i - 1)
if (tilt) { set xtics rotate by 60 right }
set label 1001 'answered' at graph 0.5, screen 0 offset 0,0.8 center textcolor rgb ink
set label 1000 'true' at screen 0.004, graph 1 offset 0.3,0.7 textcolor rgb ink
level(n) = ceil(6.*n/most)
alpha(l) = sprintf('%02x', int(245 - 30*l))
plot data using ($4 == $5 ? $5 : NaN):4:($5 - 0.47):($5 + 0.47):($4 - 0.45):($4 + 0.45) with boxxyerror fillstyle \
    solid noborder fillcolor rgb veil('c8', blue), \
     for [l=1:6] data using ($4 != $5 && $3 > 0 && level($3) == l ? $5 : NaN):4:($5 - 0.47):($5 + 0.47):($4 - \
         0.45):($4 + 0.45) \
         with boxxyerror fillstyle solid noborder fillcolor rgb veil(alpha(l), vermillion), \
     data using ($3 > 0 ? $5 : NaN):4:(sprintf('%d', $3)) with labels textcolor rgb ink
