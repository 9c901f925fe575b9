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
    # The words of the outer axes start and end at the edges of the figure.
    seat = a == 1 ? 'screen 0.004' : a == axes ? 'screen 0.996' : sprintf('first %d', a)
    side = a == 1 ? 'left' : a == axes ? 'right' : 'center'
    eval(sprintf("set label %d short(value('title_%d'), room) at %s, graph 1 %s offset 0,2.1 textcolor rgb ink", \
        100 + a, a, seat, side))
    eval(sprintf("set label %d short(value('high_%d'), room) at %s, graph 1 %s offset 0,0.8 textcolor rgb muted", \
        200 + a, a, seat, side))
    eval(sprintf("set label %d short(value('low_%d'), room) at %s, graph 0 %s offset 0,-0.9 textcolor rgb muted", \
        300 + a, a, seat, side))
}
line(k) = k == 2 ? ink : k == 1 ? veil('60', green) : veil('c8', muted)
plot for [k=0:2] data using ($1 == k ? $2 : NaN):3 with lines linecolor rgb line(k) linewidth (k == 2 ? 2.4 : 1.1)
