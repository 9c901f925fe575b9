# Small square pictures, each with a line of words above it. Green is above zero, purple below, paler nearer to it.
# Table: x, y, then a column a picture.
across = narrow ? 4 : 8
across = tiles < across ? tiles : across
down = int(ceil(tiles / (1.0*across)))
side_px = narrow ? 74. : 74.; gap = narrow ? 10. : 10.; head = 20.
height = int(down*(side_px + head + 4) + 8)
eval(start)
unset tics; unset grid; unset xlabel; unset ylabel
set border 15 linecolor rgb faint linewidth 0.8
set xrange [-0.5:side - 0.5]; set yrange [-0.5:side - 0.5]
set multiplot
do for [t=1:tiles] {
    row = (t - 1) / across; col = (t - 1) % across
    x0 = 6 + col*(side_px + gap); y0 = row*(side_px + head + 4) + head
    set lmargin at screen x0/width; set rmargin at screen (x0 + side_px)/width
    set tmargin at screen 1 - y0/height; set bmargin at screen 1 - (y0 + side_px)/height
    set label 1 value('title_'.t) at graph 0, graph 1 offset 0,0.6 textcolor rgb ink
    plot data using 1:2:(column(2 + t) < 0 ? 204 : 0):(column(2 + t) < 0 ? 121 : 158):(column(2 + t) < 0 ? 167 : \
        115):(255*abs(column(2 + t))/largest) with rgbalpha
}
unset multiplot
