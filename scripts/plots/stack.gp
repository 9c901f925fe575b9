# How many of the runs of each setting ended how: bars that add up.
# Table: label, then a column for each way of ending.
step = ceil(places / (narrow ? 7. : 17.))
tilted = (longest > (narrow ? 12 : 18) ? (narrow ? 12 : 18) : longest)*places/step > (narrow ? 40 : 95)
height = (narrow ? 270 : 300) + (tilted ? 50 : 0)
eval(start)
# What is well is grey; what needs a look has a colour.
array hue[11] = [faint, green, '#f0e442', purple, olive, teal, '#117733', '#c0c0c0', '#909090', wine, ink]
tint(h) = h == 1 || h == 8 ? muted : h == 3 ? '#8a8000' : hue[h]
set lmargin (narrow ? 5 : 6); set rmargin 2; set bmargin 3.4
set label 1000 y_label at graph 0, graph 1 offset (narrow ? -4.4 : -5),0.9 textcolor rgb ink
set xlabel x_label offset 0,0.2
set xrange [-0.6:places - 0.4]
set yrange [0:most]
tick = most <= 5 ? 1 : even(most, 5) # in brackets it would be the only one
set ytics tick
longest = least(longest, narrow ? 12 : 18)
if (tilted) { set xtics rotate by 25 right; set bmargin (narrow ? 7 : 6) }
half = places > 25 ? 0.5 : 0.42
# The words, in the colours of what they name, in rows above the bars.
unit = narrow ? 7./width : 7.6/width
first = (narrow ? 40. : 48.)/width
seat = first; row = 0
do for [i=1:kinds] { if (seat > first && seat + unit*strlen(value('name_'.i)) > 1) { seat = first; row = row + 1 }
    set label 100+i value('name_'.i) at screen seat, screen 1 offset 0,-0.9-1.1*row textcolor rgb \
    tint(value('hue_'.i))
    seat = seat + unit*(strlen(value('name_'.i)) + 2.2) }
set tmargin 4.2+1.1*row
under(i) = i < 2 ? 0 : sum [j=2:i] column(j)
plot for [i=1:kinds] data using 0:(under(i) + column(i + 1)/2.):($0 - half):($0 + half):(under(i)):(under(i) + \
    column(i + 1)):\
     xticlabels(int($0) % step == 0 ? short(strcol(1), narrow ? 12 : 18) : '') with boxxyerror fillstyle solid \
         noborder fillcolor rgb hue[value('hue_'.i)]
