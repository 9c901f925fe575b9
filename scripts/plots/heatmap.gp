# The mean of the metric over two settings; the frame marks the best.
# Table: column, row, mean, label.
cell = rows > 24 ? 480./rows : rows > 14 ? 20. : narrow ? 26. : 30.
cell = cell*rows < 110 ? 110./rows : cell
cell = cell > 48 ? 48. : cell
steps_x = ceil(columns / (narrow ? 6. : 14.)); steps_y = ceil(rows / 24.)
tilted = (longest > (narrow ? 12 : 18) ? (narrow ? 12 : 18) : longest) > (narrow ? 36 : 70)/(columns/steps_x)
height = int(100 + (tilted ? 42 : 0) + rows*cell)
eval(start)
longest = least(longest, narrow ? 12 : 18); longest_y = least(longest_y, narrow ? 12 : 18)
set lmargin (longest_y < 6 ? 8 : longest_y + 2); set rmargin (narrow ? 8 : 11); set tmargin 2.4; set bmargin 4
unset grid; set border 0; set tics scale 0
set xlabel x_label offset 0,0.2
set label 1000 y_label at screen 0.004, graph 1 offset 0.3,1 textcolor rgb ink
set label 1001 z_label at graph 1, graph 1 right offset 0,1 textcolor rgb muted
set xrange [-0.5:columns - 0.5]; set yrange [-0.5:rows - 0.5]
if (log_z) { set logscale cb }
z_mid = log_z ? sqrt(z_low*z_high) : (z_low + z_high)/2
set cbtics (sprintf('%.3g', z_low) z_low, sprintf('%.3g', z_mid) z_mid, sprintf('%.3g', z_high) z_high)
set cbrange [z_low:z_high]
# ColorBrewer's YlGn, dark is better
set palette defined (0 '#004529', 0.14 '#006837', 0.28 '#238443', 0.43 '#41ab5d', 0.57 '#78c679', 0.71 '#addd8e', \
    0.86 '#d9f0a3', 1 '#f7fcb9')
if (dark_high) { set palette negative }
set colorbox user origin graph 1.03, graph 0 size (narrow ? 0.025 : 0.018), graph 1 noborder
set cbtics textcolor rgb ink
share(z) = log_z ? log(z/z_low)/log(z_high/z_low) : (z - z_low)/(z_high - z_low)
light(z) = (dark_high ? 1 - share(z) : share(z)) > 0.38
words = columns <= (narrow ? 6 : 12) ? 1 : 0
if (tilted) { set xtics rotate by 25 right; set bmargin 6.5 }
set object 1 rectangle from first best_x - 0.485, first best_y - 0.47 to first best_x + 0.485, first best_y + 0.47 \
    front fillstyle empty border linecolor rgb paper linewidth 5
set object 2 rectangle from first best_x - 0.485, first best_y - 0.47 to first best_x + 0.485, first best_y + 0.47 \
    front fillstyle empty border linecolor rgb ink linewidth 2.2
plot data using 1:2:($1 - 0.485):($1 + 0.485):($2 - 0.47):($2 + 0.47):3 with boxxyerror fillstyle solid noborder \
    linecolor palette, \
     for [w=1:words] data using (light($3) ? $1 : NaN):2:4 with labels textcolor rgb '#010101', \
     for [w=1:words] data using (light($3) ? NaN : $1):2:4 with labels textcolor rgb '#fefefe', \
     axis_x using 0:(NaN):xticlabels(int($0) % int(steps_x) == 0 ? short(strcol(1), \
         narrow ? 12 : 18) : '') with points, \
     axis_y using (NaN):0:yticlabels(int($0) % int(steps_y) == 0 ? short(strcol(1), \
         narrow ? 12 : 18) : '') with points
