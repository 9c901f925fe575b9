# Fitted curves over the training rows (blue), a panel a setting: the first run thick, the others thin.
# Table: x, then for each panel its runs. Table `points`: x, y.
across = panels == 1 ? 1 : narrow ? 1 : panels == 2 || panels == 4 ? 2 : 3
down = int(ceil(panels / (1.0*across)))
panel_height = panels == 1 ? (narrow ? 230 : 330) : narrow ? 165 : 220
height = 54 + down*panel_height + 36
eval(start)
left = (narrow ? 46. : 58.)/width; right = 1 - 12./width
top = 1 - 54./height; bottom = 58./height
gap_x = (narrow ? 10. : 18.)/width; gap_y = 30./height
panel_w = (right - left - gap_x*(across - 1))/across
panel_h = (top - bottom - gap_y*(down - 1))/down
set xrange [x_low:x_high]; set yrange [y_low:y_high]
set multiplot
set label 1000 y_label at screen 0.004, screen 1 offset 0.3,-0.8 textcolor rgb ink
do for [p=1:panels] {
    row = (p - 1) / across; col = (p - 1) % across
    set lmargin at screen left + col*(panel_w + gap_x); set rmargin at screen left + col*(panel_w + gap_x) + panel_w
    set tmargin at screen top - row*(panel_h + gap_y); set bmargin at screen top - row*(panel_h + gap_y) - panel_h
    set label 1 short(value('title_'.p), int(panel_w*width/(0.55*size_text))) at graph 0, \
        graph 1 offset 0.4,0.7 textcolor rgb ink
    below = p + across > panels
    set xtics even(x_high - x_low, panels == 1 ? 8 : 5); set ytics even(y_high - y_low, 5)
    if (below) { set format x '%g'; set xlabel x_label offset 0,0.4 } else { set format x ''; unset xlabel }
    if (col == 0) { set format y '%g' } else { set format y '' }
    curve(r) = 2 + (p - 1)*runs + r
    plot points using 1:2 with points pointtype 7 pointsize (narrow ? 0.3 : 0.35) linecolor rgb veil('70', blue), \
         for [r=runs-1:0:-1] data using 1:(column(curve(r))) with lines linecolor rgb veil(r == 0 ? '00' : '90', \
             green) linewidth (r == 0 ? 2.2 : 1)
    unset label 1000
}
unset multiplot
