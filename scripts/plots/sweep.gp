# Series against one setting: every run a dot, the mean a line, its 95 % interval a band (bars between words).
# Table: x, label, n, then for each series mean, low, high and its runs.
height = narrow ? 300 : 400
eval(start)
set lmargin (narrow ? 7 : 8)
words = 0
do for [s=1:series] { words = strlen(value('name_'.s)) > words ? strlen(value('name_'.s)) : words }
set rmargin (words > 6 ? words + 1 : narrow ? 6 : 8)
set tmargin (mark == mark ? 3.4 : 2.2)
set bmargin (category && !narrow ? 4 : 3.6)
set xlabel x_label offset 0,(category ? 0 : 0.2)
# The vertical axis is named above it, where it is read without turning one's head.
set label 1000 y_label at graph 0, graph 1 offset (narrow ? -6 : -7),(mark == mark ? 2 : 1.1) textcolor rgb ink
set xrange [x_low:x_high]
set yrange [y_low:y_high]
if (log_x) { set logscale x; eval(log_ticks('x', x_low, x_high, narrow ? 6 : 9)) }
if (log_y) { set logscale y; eval(log_ticks('y', y_low, y_high, 7)) }
step = ceil(places / (narrow ? 6. : 12.))
# Few values, far enough apart, have a tick each.
own = strlen(ticks) && tightest > (narrow ? 0.13 : 0.07)
if (own) { eval('set xtics ('.ticks.')'); unset mxtics }
if (!log_x && !category && !own) { set xtics even(x_high - x_low, narrow ? 5 : 9) }
if (category) { unset xtics
    set xtics nomirror out scale 0.6 textcolor rgb ink
    longest = least(longest, narrow ? 12 : 18)
    if (longest > (narrow ? 36 : 90) / (places / step)) { set xtics rotate by 25 right; set bmargin (narrow ? 7 : \
        6) } }
clip(v) = v < y_low ? y_low : v > y_high ? y_high : v
first(s) = 4 + (s - 1)*(3 + runs)
hue(s) = colour(value('colour_'.s))
dashed(s) = value('dashed_'.s)
dash(s) = dashed(s) ? 2 : 1
dot(s) = dashed(s) ? 6 : 7
# Where an interval is cut.
marked = cut ? series : 0
up(v) = v > y_high ? y_high : NaN
down(v) = v < y_low ? y_low : NaN
shift(s) = category ? (s - (series + 1)/2.)*0.16 : 0
if (zero) { set arrow 999 from graph 0, first 0 to graph 1, first 0 nohead back linecolor rgb muted linewidth 0.8 }
if (mark == mark) { set arrow 998 from mark, graph 0 to mark, graph 1 nohead back linecolor rgb muted linewidth 0.8 \
    dashtype (3,4)
    # Above the dots, not among them.
    if (mark_right) { set label 998 short(mark_label, narrow ? 20 : 40) at mark, \
        graph 1 right offset 0.6,0.6 textcolor rgb muted } \
    else { set label 998 short(mark_label, narrow ? 20 : 40) at mark, graph 1 left offset -0.6,0.6 textcolor rgb \
        muted } }
do for [s=1:series] { if (strlen(value('name_'.s))) { set label 900+s value('name_'.s) at graph 1, \
    graph value('end_'.s) left offset 0.7,0 textcolor rgb hue(s) } }
dots = places*runs > 200 ? 'a0' : '80'
dot_size = places*runs > 600 ? 0.22 : places*runs > 100 ? 0.3 : 0.4
if (category) {
    plot for [s=1:series] for [r=0:runs-1] data using ($1 + shift(s)):(column(first(s) + 3 + r)*scale) \
             with points pointtype 7 pointsize dot_size*(narrow ? 0.8 : 1) linecolor rgb veil(dots, hue(s)), \
         for [s=1:series] data using ($1 + shift(s)):(clip(column(first(s) + 1)*scale)):(0):(clip(column(first(s) + \
             2)*scale) - clip(column(first(s) + 1)*scale)) \
             with vectors nohead linecolor rgb hue(s) linewidth 1.6, \
         for [s=1:marked] data using ($1 + shift(s)):(up(column(first(s) + 2)*scale)) with points pointtype 9 \
             pointsize 0.7 linecolor rgb hue(s), \
         for [s=1:marked] data using ($1 + shift(s)):(down(column(first(s) + 1)*scale)) with points pointtype 11 \
             pointsize 0.7 linecolor rgb hue(s), \
         for [s=1:series] data using ($1 + shift(s)):(column(first(s))*scale) with points pointtype dot(s) pointsize \
             0.55 linecolor rgb hue(s), \
         data using 1:(NaN):xticlabels(int($0) % step == 0 ? short(strcol(2), narrow ? 12 : 18) : '') with points
} else {
    plot for [s=1:series] for [r=0:runs-1] data using 1:(column(first(s) + 3 + r)*scale) \
             with points pointtype 7 pointsize dot_size*(narrow ? 0.8 : 1) linecolor rgb veil(dots, hue(s)), \
         for [s=1:series] data using 1:(clip(column(first(s) + 1)*scale)):(clip(column(first(s) + 2)*scale)) \
             with filledcurves fillcolor rgb veil(dashed(s) ? 'dc' : 'b4', hue(s)) fillstyle solid noborder, \
         for [s=1:marked] data using 1:(up(column(first(s) + 2)*scale)) with points pointtype 9 pointsize 0.7 \
             linecolor rgb hue(s), \
         for [s=1:marked] data using 1:(down(column(first(s) + 1)*scale)) with points pointtype 11 pointsize 0.7 \
             linecolor rgb hue(s), \
         for [s=1:series] data using 1:(column(first(s))*scale) with lines linecolor rgb hue(s) linewidth 2 \
             dashtype dash(s), \
         for [s=1:(places > 15 ? 0 : series)] data using 1:(column(first(s))*scale) \
             with points pointtype dot(s) pointsize 0.55 linecolor rgb hue(s)
}
