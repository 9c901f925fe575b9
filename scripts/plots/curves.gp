# Learning curves, a panel a setting: median over the runs and the band that holds most of them.
# Table: epoch, then for each panel and series median, low, high.
across = narrow ? (panels > 1 ? 2 : 1) : panels < 4 ? panels : panels == 4 ? 2 : 3
down = int(ceil(panels / (1.0*across)))
panel_height = panels == 1 ? (narrow ? 240 : 330) : narrow ? 165 : 190
height = 54 + down*panel_height + 58
eval(start)
left = (narrow ? 46. : 58.)/width; right = 1 - (narrow ? 10. : 14.)/width
top = 1 - 54./height; bottom = 58./height
gap_x = (narrow ? 10. : 18.)/width; gap_y = 30./height
panel_w = (right - left - gap_x*(across - 1))/across
panel_h = (top - bottom - gap_y*(down - 1))/down
hue(s) = colour(value('colour_'.s))
clip(v) = v < y_low ? y_low : v > y_high ? y_high : v
set xrange [x_low:x_high]
set yrange [y_low:y_high]
if (log_x) { set logscale x }
if (log_y) { set logscale y }
set multiplot
set label 1000 y_label at screen 0.004, screen 1 offset 0.3,-0.8 textcolor rgb ink
do for [p=1:panels] {
    row = (p - 1) / across; col = (p - 1) % across
    set lmargin at screen left + col*(panel_w + gap_x); set rmargin at screen left + col*(panel_w + gap_x) + panel_w
    set tmargin at screen top - row*(panel_h + gap_y); set bmargin at screen top - row*(panel_h + gap_y) - panel_h
    set label 1 short(value('title_'.p), int(panel_w*width/(0.55*size_text))) at graph 0, \
        graph 1 offset 0.4,0.7 textcolor rgb ink
    below = p + across > panels
    unset xtics; unset ytics
    set xtics nomirror out scale 0.6,0.3 textcolor rgb ink; set ytics nomirror out scale 0.6,0.3 textcolor rgb ink
    bare = below ? 0 : 1
    if (log_x) { eval(log_ticks('x', x_low, x_high, panels == 1 ? 8 : narrow ? 3 : 4)) } else { set xtics \
        even(x_high - x_low, panels == 1 ? 8 : narrow ? 2 : 3) }
    bare = col == 0 ? 0 : 1
    if (log_y) { eval(log_ticks('y', y_low, y_high, panels == 1 ? 7 : 5)) }
    if (below) { set format x '%g' } else { set format x '' }
    if (col == 0) { set format y '%g' } else { set format y '' }
    if (below) { set xlabel x_label offset 0,0.4 } else { unset xlabel }
    if (p == 1) { do for [s=1:series] { set label 10+s value('name_'.s) at graph 0, \
        graph 0 left offset 0.9,0.8+1.25*(series - s) textcolor rgb hue(s) } } \
    else { do for [s=1:series] { unset label 10+s } }
    first(s) = 2 + ((p - 1)*series + s - 1)*3
    plot for [s=1:series] data using 1:(clip(column(first(s) + 1))):(clip(column(first(s) + 2))) \
             with filledcurves fillcolor rgb veil('b4', hue(s)) fillstyle solid noborder, \
         for [s=1:series] data using 1:(column(first(s))) with lines linecolor rgb hue(s) linewidth 1.8
    unset label 1000
}
unset multiplot
