# Where the error comes from: noise, bias² and variance as areas one upon the other (bars between words), the measured
# error as dots. Where the truth is unknown noise and bias² are one area.
# Table: x, label, repeats, then with low and high: error, noise, bias2, variance; and more that is not drawn.
height = narrow ? 300 : 400
eval(start)
set lmargin (narrow ? 7 : 8); set rmargin (narrow ? 2 : 3); set bmargin (category && !narrow ? 4 : 3.6); set tmargin 4.4
set xlabel x_label offset 0,(category ? 0 : 0.2)
set label 1000 y_label at graph 0, graph 1 offset (narrow ? -6 : -7),1.1 textcolor rgb ink
set xrange [x_low:x_high]
set yrange [0:y_high]
if (log_x) { set logscale x; eval(log_ticks('x', x_low, x_high, narrow ? 6 : 9)) }
step = ceil(places / (narrow ? 6. : 12.))
# Few values, far enough apart, have a tick each.
own = strlen(ticks) && tightest > (narrow ? 0.13 : 0.07) && tightest > (longest + 1)*(narrow ? 0.025 : 0.0125)
if (own) { eval('set xtics ('.ticks.')'); unset mxtics }
if (!log_x && !category && !own) { set xtics even(x_high - x_low, narrow ? 5 : 9) }
if (category) { unset xtics
    set xtics nomirror out scale 0.6 textcolor rgb ink
    longest = least(longest, narrow ? 12 : 18)
    if (longest > (narrow ? 36 : 90) / (places / step)) { set xtics rotate by 25 right; set bmargin (narrow ? 7 : \
        6) } }
array hue[3] = [muted, green, purple]
grey = veil('90', muted)
# The words, in the colours of what they name, in a row above the areas.
unit = narrow ? 7./width : 7.6/width
seat = (narrow ? 14. : 16.)/width
do for [i=1:kinds] { set label 100+i value('name_'.i) at screen seat, screen 1 offset 0,-0.9 textcolor rgb \
    (i == kinds ? ink : hue[value('hue_'.i)])
    seat = seat + unit*(strlen(value('name_'.i)) + 2.2) }
# Heights: an estimate below 0 is drawn as 0. Gaps of the table stay gaps.
positive(v) = v > 0 ? v : v == v ? 0 : NaN
cut(v) = v > y_high ? y_high : v
first(x) = cut(known ? positive(column(7)) : positive(column(4) - column(13)))
second(x) = cut(known ? first(0) + positive(column(10)) : first(0))
third(x) = cut(second(0) + positive(column(13)))
base = known ? grey : veil('80', green)
if (category) {
    half = 0.35
    plot data using 1:(first(0)/2):($1 - half):($1 + half):(0):(first(0)) with boxxyerror fillstyle solid noborder \
             fillcolor rgb base, \
         data using 1:(first(0)):($1 - half):($1 + half):(first(0)):(second(0)) with boxxyerror fillstyle solid \
             noborder fillcolor rgb veil('80', green), \
         data using 1:(second(0)):($1 - half):($1 + half):(second(0)):(third(0)) with boxxyerror fillstyle solid \
             noborder fillcolor rgb veil('80', purple), \
         data using 1:4 with points pointtype 7 pointsize 0.5 linecolor rgb ink, \
         data using 1:(NaN):xticlabels(int($0) % step == 0 ? short(strcol(2), narrow ? 12 : 18) : '') with points
} else {
    plot data using 1:(0):(first(0)) with filledcurves fillcolor rgb base fillstyle solid noborder, \
         data using 1:(first(0)):(second(0)) with filledcurves fillcolor rgb veil('80', green) fillstyle solid \
             noborder, \
         data using 1:(second(0)):(third(0)) with filledcurves fillcolor rgb veil('80', purple) fillstyle solid \
             noborder, \
         data using 1:(first(0)) with lines linecolor rgb (known ? muted : green) linewidth 1.2, \
         data using 1:(known ? second(0) : NaN) with lines linecolor rgb green linewidth 1.2, \
         data using 1:(third(0)) with lines linecolor rgb purple linewidth 1.2, \
         data using 1:4 with points pointtype 7 pointsize (places > 25 ? 0.35 : 0.5) linecolor rgb ink
}
