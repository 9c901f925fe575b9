# Every setting a line across the axes: 2 the best, 1 the best tenth, 0 others.
# Table: kind, axis, where it stands on it (0 to 1); an empty line after each setting.
height = narrow ? 280 : 330
eval(start)
set lmargin at screen (narrow ? 34. : 54.)/width; set rmargin at screen 1 - (narrow ? 34. : 54.)/width
set tmargin at screen 1 - 48./height; set bmargin at screen 26./height
unset tics; unset grid; unset border; unset xlabel; unset ylabel
set xrange [1:axes]; set yrange [0:1]
room = int((narrow ? 330. : 640.)/axes/(0.6*size_text))
do for [a=1:axes] {
    set arrow a from first a, graph 0 to first a, graph 1 nohead back linecolor rgb muted linewidth 0.8
    set label 100+a short(value('title_'.a), room) at first a, graph 1 center offset 0,2.1 textcolor rgb ink
    set label 200+a short(value('high_'.a), room) at first a, graph 1 center offset 0,0.8 textcolor rgb muted
    set label 300+a short(value('low_'.a), room) at first a, graph 0 center offset 0,-0.9 textcolor rgb muted
}
line(k) = k == 2 ? vermillion : k == 1 ? veil('80', blue) : veil('c8', muted)
plot for [k=0:2] data using ($1 == k ? $2 : NaN):3 with lines linecolor rgb line(k) linewidth (k == 2 ? 2.4 : 1.1)
